// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the verifier makes of each program on this kernel: instructions that it walked through, of
 * its limit of a million, and what came out of it. Needs nothing but the kernel, so that others can
 * be asked, too (tests/kernels).
 */
#include "pkt.h"
#include "table.h"

#include "drop.skel.h"
#include "synhole.skel.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <err.h>
#include <stdio.h>
#include <string.h>

#define BPF_LOG_STATS 4 /* include/linux/bpf_verifier.h: the last lines only */

static char said[1 << 16];

/* Kernels before 5.16 do not tell it but in the log. */
static unsigned verified(void)
{
	const char *line = strstr(said, "processed ");
	unsigned n = 0;

	if (line)
		sscanf(line, "processed %u insns", &n);
	return n;
}

static void tell(const char *what, const struct bpf_program *program)
{
	struct bpf_prog_info info = {0};
	__u32 len = sizeof(info);

	if (bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &len))
		err(1, "cannot ask about the program");
	printf("%-14s %12u %12u %10u B\n", what, verified(), info.xlated_prog_len / 8,
	       info.jited_prog_len);
}

/* Loads this one of the object's programs alone. */
static void load(const char *what, struct bpf_object *object, struct bpf_program *wanted)
{
	struct bpf_program *program;

	said[0] = '\0';
	bpf_object__for_each_program(program, object)
		bpf_program__set_autoload(program, program == wanted);
	bpf_program__set_log_level(wanted, BPF_LOG_STATS);
	bpf_program__set_log_buf(wanted, said, sizeof(said));
	if (bpf_object__load(object) == 0)
		tell(what, wanted);
	else
		printf("%-14s not on this kernel\n", what);
}

static struct synhole *open_synhole(bool frags)
{
	struct synhole *s = synhole__open();

	if (!s)
		err(1, "cannot open the programs");
	s->rodata->regions = 1;
	s->rodata->xdp_frags = frags;
	if (frags)
		bpf_program__set_flags(s->progs.ingress_xdp, BPF_F_XDP_HAS_FRAGS);
	return s;
}

static struct drop *open_drop(void)
{
	struct drop *d = drop__open();

	if (!d)
		err(1, "cannot open the programs");
	return d;
}

static int ignore(enum libbpf_print_level level, const char *format, va_list arguments)
{
	return 0;
}

int main(void)
{
	bool frags = libbpf_probe_bpf_helper(BPF_PROG_TYPE_XDP, BPF_FUNC_xdp_load_bytes, NULL) == 1;
	struct synhole *s;
	struct drop *d;

	libbpf_set_print(ignore);
	printf("%-14s %12s %12s %12s\n", "program", "verified", "instructions", "machine code");
	s = open_synhole(frags);
	load("ingress_xdp", s->obj, s->progs.ingress_xdp);
	synhole__destroy(s);
	s = open_synhole(false);
	load("ingress_tc", s->obj, s->progs.ingress_tc);
	synhole__destroy(s);
	s = open_synhole(false);
	load("egress_tc", s->obj, s->progs.egress_tc);
	synhole__destroy(s);
	d = open_drop();
	load("drop_syn", d->obj, d->progs.drop_syn);
	drop__destroy(d);
	d = open_drop();
	load("drop_syn_old", d->obj, d->progs.drop_syn_old);
	drop__destroy(d);
	return 0;
}
