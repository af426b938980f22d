// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generator: sends SYNs out of one end of a veth pair as fast as the kernel takes them.
 *
 * Usage: bench_send INTERFACE MAC one|random COUNT
 *
 * They are live frames (BPF_F_TEST_XDP_LIVE_FRAMES, Linux 5.18) of IPv6, from the vectors, to one
 * address of 2001:db8:1::/64 or to a new one each time. The receiving end takes them only if it has
 * a native XDP program or `ethtool -K END gro on`. Prints how many seconds that took.
 */
#include "rig.h"

#include "bench.skel.h"

#include <bpf/bpf.h>
#include <err.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct bench *load(bool random)
{
	struct bench *bench = bench__open();
	struct bpf_program *program;

	if (!bench)
		err(1, "cannot open the generator");
	bpf_object__for_each_program(program, bench->obj)
		bpf_program__set_autoload(program, program == bench->progs.generate6);
	if (bench__load(bench))
		err(1, "cannot load the generator");
	bench->bss->aim.mask = random ? 0xffffffff : 0;
	bench->bss->aim.base = random ? 0 : 2;
	bench->bss->aim.random = (__u32)time(NULL) | 1;
	return bench;
}

static void send_frames(int program, const struct frame *frame, __u32 ifindex, int count)
{
	struct xdp_md ctx = {.data_end = frame->len, .ingress_ifindex = ifindex};
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame->bytes, .data_size_in = frame->len,
		    .ctx_in = &ctx, .ctx_size_in = sizeof(ctx), .repeat = count,
		    .flags = BPF_F_TEST_XDP_LIVE_FRAMES);

	if (bpf_prog_test_run_opts(program, &opts))
		err(1, "cannot send live frames");
}

int main(int argc, char **argv)
{
	struct frame frame = *rig_frame("v6 linux");
	struct bench *bench;
	unsigned mac[6];
	double start;

	if (argc != 5 || sscanf(argv[2], "%x:%x:%x:%x:%x:%x", &mac[0], &mac[1], &mac[2], &mac[3],
				&mac[4], &mac[5]) != 6)
		errx(2, "usage: bench_send INTERFACE MAC one|random COUNT");
	for (int i = 0; i < 6; i++)
		frame.bytes[i] = (__u8)mac[i];
	rig_pin(libbpf_num_possible_cpus() - 1);
	bench = load(strcmp(argv[3], "random") == 0);
	start = seconds();
	send_frames(bpf_program__fd(bench->progs.generate6), &frame, if_nametoindex(argv[1]),
		    atoi(argv[4]));
	printf("%.6f\n", seconds() - start);
	bench__destroy(bench);
	return 0;
}
