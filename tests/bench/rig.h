/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A rig: one program to be measured, loaded with maps of its own, and what aims frames at it.
 *
 * Whatever fails ends the benchmark with a sentence: a number that is not sure is not printed.
 */
#ifndef SYNHOLE_TESTS_BENCH_RIG_H
#define SYNHOLE_TESTS_BENCH_RIG_H

#include "bench.h"
#include "frames/frames.h"
#include "table.h"

#include <bpf/libbpf.h>
#include <stdbool.h>
#include <stddef.h>

enum rig_program {
	RIG_OURS_XDP,
	RIG_OURS_TC,
	RIG_OURS_EGRESS,
	RIG_PERCPU, /* the peers, XDP */
	RIG_LRU,
};

#define RIG_KNOWN 16 /* addresses that are always known: a host has so many */

struct bench;
struct synhole;

struct rig {
	enum rig_program program;
	bool v6;
	__u32 known;
	struct bench *bench;
	struct synhole *ours; /* NULL for a peer */
	struct ring_buffer *events;
	struct slot *table; /* all regions */
	size_t slots;	    /* of one region */
};

struct rig_setup {
	size_t region; /* bytes of each CPU's */
	__u32 known;   /* the addresses that end in 0 to `known` - 1 are owned */
	bool rationed; /* SYNs to strangers have the allowance that they have in earnest, else any
			*/
};

void rig_load(struct rig *ret_rig, enum rig_program program, bool v6,
	      const struct rig_setup *setup);
void rig_unload(struct rig *rig);

/* What programs that are loaded from now on keep of packets, as --write does. */
enum rig_keeping {
	RIG_KEEPS_NONE,
	RIG_KEEPS_ALL,
	RIG_KEEPS_NO_MORE, /* it would, but the rations are spent */
};

void rig_keep(enum rig_keeping keeping);

/* This process and all it measures stay on this CPU. */
void rig_pin(int cpu);

/* By its name among the vectors. */
const struct frame *rig_frame(const char *name);

/* What addresses end in from now on: `keys` different words, 0 for all there are. */
void rig_aim(struct rig *rig, __u32 keys);

/* From now on one of BENCH_CHOSEN words: strangers that all fall into one set, or, to compare,
 * as many that fall anywhere. */
void rig_choose(struct rig *rig, const struct frame *frame, bool one_set);

/* Runs the program, or the empty one of its kind, so often: on the frame as it is, or on one that
 * is aimed anew each time. Mean nanoseconds of a run, cut to whole ones by the kernel. */
double rig_run(struct rig *rig, const struct frame *frame, bool aimed, bool empty, __u32 repeat);

/* What has been counted since the loading. */
struct rig_counts {
	__u64 frames, syns;
	__u64 lost;    /* unattributed, forgotten, or refused by a full map */
	__u64 counted; /* the sum over all slots or entries */
	__u64 taken;   /* slots or entries */
	__u64 sets;    /* of which so many sets */
};

struct rig_counts rig_counts(const struct rig *rig);

#endif
