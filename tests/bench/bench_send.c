// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generator: sends SYNs out of one end of a veth pair as fast as the kernel takes them.
 *
 * Usage: bench_send INTERFACE MAC random|WORD one|many COUNT [CPU]
 *
 * They are live frames (BPF_F_TEST_XDP_LIVE_FRAMES, Linux 5.18) of IPv6, from the vectors, to
 * 2001:db8:1:0:8000::WORD (hexadecimal) or to a new address of that /64 each time, from one client
 * or many. The receiving end takes them only if it has a native XDP program or `ethtool -K END gro
 * on`. Prints how many seconds that took.
 */
#include "rig.h"

#include "bench.skel.h"

#include <bpf/bpf.h>
#include <err.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

static double seconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Seconds that the thread has run which takes what arrives off our hands when it is too much. */
static double helper_seconds(int cpu)
{
	char command[96];
	double nanoseconds = 0;
	FILE *pipe;

	snprintf(command, sizeof(command), "cat /proc/$(pgrep -x ksoftirqd/%d)/schedstat", cpu);
	pipe = popen(command, "r");
	if (!pipe || fscanf(pipe, "%lf", &nanoseconds) != 1)
		errx(1, "how long ksoftirqd/%d has run is not to be had", cpu);
	pclose(pipe);
	return nanoseconds / 1e9;
}

static struct bench *load(const char *target, bool many)
{
	struct bench *bench = bench__open();
	struct bpf_program *program;

	if (!bench)
		err(1, "cannot open the generator");
	bpf_object__for_each_program(program, bench->obj)
		bpf_program__set_autoload(program, program == bench->progs.generate6);
	if (bench__load(bench))
		err(1, "cannot load the generator");
	if (strcmp(target, "random") == 0)
		bench->bss->aim.mask = 0xffffffff;
	else
		bench->bss->aim.base = (__u32)strtoul(target, NULL, 16);
	bench->bss->aim.many = many;
	if (getrandom(&bench->bss->aim.random, sizeof(bench->bss->aim.random), 0) < 0)
		err(1, "no random numbers");
	bench->bss->aim.random |= 1;
	return bench;
}

/* Right for a frame in which the generator's words add up to nothing (RFC 9293, 3.1; RFC
 * 8200, 8.1).
 */
static void set_checksum(struct frame *frame)
{
	const unsigned tcp = BENCH_SEQ6 - 4, addresses = BENCH_SRC6 - 12, field = tcp + 16;
	__u32 sum = IPPROTO_TCP + frame->len - tcp;

	memset(frame->bytes + BENCH_SRC6, 0, 4);
	memset(frame->bytes + BENCH_DST6, 0, 4);
	memset(frame->bytes + BENCH_SEQ6, 0, 8);
	memset(frame->bytes + field, 0, 2);
	for (unsigned at = addresses; at + 1 < frame->len; at += 2)
		sum += (__u32)frame->bytes[at] << 8 | frame->bytes[at + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~(sum + (sum >> 16));
	frame->bytes[field] = (__u8)(sum >> 8);
	frame->bytes[field + 1] = (__u8)sum;
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
	double start, busy;
	int cpu;

	if (argc < 6 || argc > 7 ||
	    sscanf(argv[2], "%x:%x:%x:%x:%x:%x", &mac[0], &mac[1], &mac[2], &mac[3], &mac[4],
		   &mac[5]) != 6)
		errx(2, "usage: bench_send INTERFACE MAC random|WORD one|many COUNT [CPU]");
	for (int i = 0; i < 6; i++)
		frame.bytes[i] = (__u8)mac[i];
	set_checksum(&frame);
	cpu = argc == 7 ? atoi(argv[6]) : libbpf_num_possible_cpus() - 1;
	rig_pin(cpu);
	bench = load(argv[3], strcmp(argv[4], "many") == 0);
	busy = helper_seconds(cpu) + seconds(CLOCK_PROCESS_CPUTIME_ID);
	start = seconds(CLOCK_MONOTONIC);
	send_frames(bpf_program__fd(bench->progs.generate6), &frame, if_nametoindex(argv[1]),
		    atoi(argv[5]));
	start = seconds(CLOCK_MONOTONIC) - start;
	busy = helper_seconds(cpu) + seconds(CLOCK_PROCESS_CPUTIME_ID) - busy;
	printf("%.6f %.6f\n", start, busy);
	bench__destroy(bench);
	return 0;
}
