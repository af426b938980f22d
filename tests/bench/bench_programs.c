// SPDX-License-Identifier: GPL-2.0-only
/*
 * What each program costs a packet, beside the empty program and beside kernel maps.
 *
 * In every round the empty program runs and then, on the same frames, each of those compared; what
 * is told is the difference. Before a scenario is timed it is run on frames enough to fill the
 * table, and everything counted must be what was sent.
 */
#include "rig.h"
#include "samples.h"

#include <err.h>
#include <stdio.h>
#include <string.h>

#define WARM 2000000
#define REPEAT 200000

#define DEFAULT_REGION (2U << 20)
#define LARGE_REGION (8U << 20)

static const char *wanted; /* in a scenario's name; NULL: all */

struct scenario {
	const char *name;
	const char *frame; /* without the family in front */
	bool aimed;
	__u32 keys; /* 0: a stranger that was never seen, each time */
	struct rig_setup setup;
	double goal; /* nanoseconds over the empty program, 0: none */
};

static const struct scenario arrives[] = {
	{"UDP", "udp", .setup.region = DEFAULT_REGION, .goal = 5},
	{"TCP ACK", "ack", .setup.region = DEFAULT_REGION, .goal = 5},
	{"SYN, 1 known", "linux", true, 1, {DEFAULT_REGION, 1, false}, 30},
	{"SYN, 4 K known", "linux", true, 4096, {DEFAULT_REGION, 4096, false}, 120},
	{"SYN, 64 K known, 8 MiB", "linux", true, 65536, {LARGE_REGION, 65536, false}, 120},
	{"SYN, 64 K known, 2 MiB", "linux", true, 65536, {DEFAULT_REGION, 65536, false}, 0},
	{"SYN, 64 K strangers, 8 MiB", "linux", true, 65536, {LARGE_REGION, 0, false}, 120},
	{"SYN, new strangers, 2 MiB", "linux", true, 0, {DEFAULT_REGION, 0, false}, 120},
	{"SYN, new strangers, 8 MiB", "linux", true, 0, {LARGE_REGION, 0, false}, 0},
	{"SYN, new strangers, rationed", "linux", true, 0, {DEFAULT_REGION, 0, true}, 120},
	{0},
};

static const struct scenario leaves[] = {
	{"UDP", "udp leaves", .setup.region = DEFAULT_REGION, .goal = 5},
	{"TCP ACK", "ack leaves", .setup.region = DEFAULT_REGION, .goal = 5},
	{"SYN-ACK, 1 known", "syn-ack leaves", true, 1, {DEFAULT_REGION, 1, false}, 30},
	{"SYN-ACK, 4 K known", "syn-ack leaves", true, 4096, {DEFAULT_REGION, 4096, false}, 120},
	{"SYN-ACK, new strangers, 2 MiB",
	 "syn-ack leaves",
	 true,
	 0,
	 {DEFAULT_REGION, 0, false},
	 120},
	{0},
};

static const char *const names[] = {
	[RIG_OURS_XDP] = "synhole xdp",
	[RIG_OURS_TC] = "synhole tc",
	[RIG_OURS_EGRESS] = "synhole out",
	[RIG_PERCPU] = "per-CPU hash",
	[RIG_LRU] = "LRU hash",
};

static bool right_ours(const struct rig *rig, const struct scenario *s, struct rig_counts c)
{
	bool in = rig->program != RIG_OURS_EGRESS;

	if (in && (c.frames != WARM || c.syns != (s->aimed ? WARM : 0)))
		return false;
	if (!s->aimed)
		return !c.taken && !c.lost;
	if (c.counted + c.lost != WARM)
		return false;
	if (s->setup.rationed)
		return c.lost > WARM / 2;
	if (!s->keys)
		return c.taken == rig->slots;
	/* How many find no slot depends on the seed: that is told, and not a condition. */
	return c.lost ? c.taken > 0 : c.taken == s->keys;
}

static bool right_peer(const struct rig *rig, const struct scenario *s, struct rig_counts c)
{
	if (!s->aimed)
		return !c.taken && !c.lost;
	if (rig->program == RIG_LRU) /* what it evicts is lost, and is not counted */
		return s->keys ? c.taken > s->keys * 0.9 : c.taken > BENCH_PEER_ENTRIES / 2;
	return c.counted + c.lost == WARM && c.taken == (s->keys ? s->keys : BENCH_PEER_ENTRIES);
}

static const struct frame *frame_of(const struct scenario *s, bool v6)
{
	char name[64];

	snprintf(name, sizeof(name), "%s %s", v6 ? "v6" : "v4", s->frame);
	return rig_frame(name);
}

/* The share of all that is counted in no slot. */
static double prepare(struct rig *rig, enum rig_program program, const struct scenario *s, bool v6)
{
	const struct frame *frame = frame_of(s, v6);
	struct rig_counts c;

	rig_load(rig, program, v6, &s->setup);
	rig_aim(rig, s->keys);
	rig_run(rig, frame, s->aimed, false, WARM);
	c = rig_counts(rig);
	if (!(rig->ours ? right_ours(rig, s, c) : right_peer(rig, s, c)))
		errx(1,
		     "%s, %s, %s: %llu frames, %llu SYNs, %llu counted in %llu slots, %llu lost "
		     "of %d",
		     names[program], v6 ? "IPv6" : "IPv4", s->name, c.frames, c.syns, c.counted,
		     c.taken, c.lost, WARM);
	return (double)c.lost / WARM;
}

static void tell(enum rig_program program, const struct scenario *s, bool v6, struct samples *net,
		 double ours, double lost)
{
	samples_sort(net);
	printf("%-29s %-4s %-13s %7.0f %7.0f %7.0f", s->name, v6 ? "IPv6" : "IPv4", names[program],
	       samples_least(net), samples_median(net), samples_most(net));
	if (program >= RIG_PERCPU)
		printf("  %5.1f x synhole", samples_median(net) / (ours > 1 ? ours : 1));
	else if (s->goal > 0)
		printf("  at most %.0f: %s", s->goal,
		       samples_median(net) <= s->goal ? "holds" : "DOES NOT HOLD");
	if (s->keys && lost > 0)
		printf("  %s%.2g %% unattributed", s->setup.known ? "not exact: " : "", lost * 100);
	printf("\n");
	fflush(stdout);
}

/* These programs on the same frames, round by round. */
static void compare(const struct scenario *s, bool v6, const enum rig_program *programs,
		    size_t count)
{
	const struct frame *frame = frame_of(s, v6);
	struct samples net[3];
	double lost[3];
	struct rig rigs[3];

	if (wanted && !strstr(s->name, wanted))
		return;
	for (size_t i = 0; i < count; i++)
		lost[i] = prepare(&rigs[i], programs[i], s, v6);
	for (int round = 0; round < SAMPLES_ROUNDS; round++)
		for (size_t i = 0; i < count; i++) {
			double empty = rig_run(&rigs[i], frame, s->aimed, true, REPEAT);

			net[i].values[round] =
				rig_run(&rigs[i], frame, s->aimed, false, REPEAT) - empty;
		}
	for (size_t i = 0; i < count; i++) {
		tell(programs[i], s, v6, &net[i], samples_median(&net[0]), lost[i]);
		rig_unload(&rigs[i]);
	}
}

/* What --write adds: to be read beside the same without. */
static void compare_keeping(void)
{
	static const enum rig_program programs[] = {RIG_OURS_TC};
	static const struct scenario written[] = {
		{"SYN, 1 known", "linux", true, 1, {DEFAULT_REGION, 1, false}, 0},
		{"SYN, 1 known, written", "linux", true, 1, {DEFAULT_REGION, 1, false}, 0},
		{"SYN, 1 known, ration spent", "linux", true, 1, {DEFAULT_REGION, 1, false}, 0},
	};

	printf("\nwith --write\n");
	for (int i = 0; i < 3; i++) {
		rig_keep((enum rig_keeping)i);
		compare(&written[i], true, programs, 1);
	}
	rig_keep(RIG_KEEPS_NONE);
}

/* What who knew the seed could do, and nobody does: all strangers in one set. */
static void compare_chosen(void)
{
	static const char *const where[] = {"anywhere", "all in one set"};
	const struct frame *frame = rig_frame("v6 linux");
	struct samples net[2];
	struct rig rigs[2];

	for (int i = 0; i < 2; i++) {
		struct rig_counts c;

		rig_load(&rigs[i], RIG_OURS_XDP, true,
			 &(struct rig_setup){.region = DEFAULT_REGION});
		rig_choose(&rigs[i], frame, i == 1);
		rig_run(&rigs[i], frame, true, false, WARM);
		c = rig_counts(&rigs[i]);
		if (c.counted + c.lost != WARM || (c.sets == 1) != (i == 1))
			errx(1, "%d chosen strangers fell into %llu sets", BENCH_CHOSEN, c.sets);
	}
	for (int round = 0; round < SAMPLES_ROUNDS; round++)
		for (int i = 0; i < 2; i++) {
			double empty = rig_run(&rigs[i], frame, true, true, REPEAT);

			net[i].values[round] =
				rig_run(&rigs[i], frame, true, false, REPEAT) - empty;
		}
	printf("\n%d strangers, IPv6, synhole xdp\n", BENCH_CHOSEN);
	for (int i = 0; i < 2; i++) {
		samples_sort(&net[i]);
		printf("%-48s %7.0f %7.0f %7.0f\n", where[i], samples_least(&net[i]),
		       samples_median(&net[i]), samples_most(&net[i]));
		rig_unload(&rigs[i]);
	}
}

/* With an argument, only scenarios in whose name it stands. */
int main(int argc, char **argv)
{
	static const enum rig_program xdp[] = {RIG_OURS_XDP, RIG_PERCPU, RIG_LRU};
	static const enum rig_program tc[] = {RIG_OURS_TC};
	static const enum rig_program egress[] = {RIG_OURS_EGRESS};

	wanted = argc > 1 ? argv[1] : NULL;
	rig_pin(libbpf_num_possible_cpus() - 1);
	printf("nanoseconds a packet over the empty program\n");
	printf("%-29s %-4s %-13s %7s %7s %7s\n", "", "", "", "least", "median", "most");
	for (int v6 = 1; v6 >= 0; v6--) {
		for (const struct scenario *s = arrives; s->name; s++)
			compare(s, v6, xdp, 3);
		for (const struct scenario *s = arrives; s->name; s++)
			compare(s, v6, tc, 1);
		for (const struct scenario *s = leaves; s->name; s++)
			compare(s, v6, egress, 1);
	}
	compare_keeping();
	if (!wanted)
		compare_chosen();
	return 0;
}
