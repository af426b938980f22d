// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hooks that synhole uses by default, with programs that do nothing: what the kernel itself
 * takes for them, below which no program comes.
 *
 * Usage: bench_hooks INTERFACE. Holds them until it is interrupted.
 */
#include "bench.h"
#include "io/hook.h"

#include "bench.skel.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <err.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static struct bench *load(void)
{
	struct bench *bench = bench__open();
	struct bpf_program *program;

	if (!bench)
		err(1, "cannot open the programs");
	bpf_object__for_each_program(program, bench->obj) bpf_program__set_autoload(
		program, program == bench->progs.empty_tc || program == bench->progs.empty_drop);
	if (bench__load(bench))
		err(1, "cannot load the programs");
	return bench;
}

int main(int argc, char **argv)
{
	struct hook in, out;
	struct bench *bench;
	__u32 ifindex;
	int tc;

	if (argc != 2)
		errx(2, "usage: bench_hooks INTERFACE");
	ifindex = if_nametoindex(argv[1]);
	if (!ifindex)
		err(1, "%s", argv[1]);
	bench = load();
	tc = bpf_program__fd(bench->progs.empty_tc);
	if (hook_tcx(tc, ifindex, false, &in) < 0 || hook_tcx(tc, ifindex, true, &out) < 0)
		errx(1, "cannot attach to %s by tcx, which needs Linux 6.6", argv[1]);
	if (!bpf_program__attach(bench->progs.empty_drop))
		err(1, "cannot attach to the tracepoint");
	signal(SIGINT, SIG_DFL); /* which a shell ignores for what it runs in the background */
	puts("attached");
	fflush(stdout);
	pause();
	return 0;
}
