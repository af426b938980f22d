/* SPDX-License-Identifier: GPL-2.0-only */
/* The counting table as user space sees it: memory that the programs write while it is read. */
#ifndef SYNHOLE_IO_SLOTS_H
#define SYNHOLE_IO_SLOTS_H

#include "core/input.h"
#include "table.h"

#include <stdbool.h>
#include <stddef.h>

struct slots {
	int fd;	       /* of the map, borrowed */
	unsigned cpus; /* regions */
	size_t region; /* bytes of each, a power of two and a multiple of the page size */
	struct table_seed seed;
	bool stays;	    /* keep it mapped: mapping takes as long as reading half of it */
	struct slot *table; /* where it is mapped, or NULL */
};

/* Unmaps what stayed mapped. */
void slots_close(struct slots *slots);

/* One moment on two clocks, and how long a tick is: what makes times of ticks. */
struct tick_clock {
	uint64_t jiffies;
	when_t now;
	uint64_t tick; /* nanoseconds */
};

/* Copies the slot if it is whole. False: it is empty, or it was replaced under our eyes as often
 * as we looked. What is copied was written for this key; its times and source may, on processors
 * that reorder stores, be those of the key before it. */
bool slots_read(const struct table_seed *seed, const struct slot *slot, struct slot *ret_slot);

/* Tells the whole table, or what is there of one destination (`only`, may be NULL):
 * INPUT_COUNTS_BEGIN, an INPUT_COUNT for each slot, INPUT_COUNTS_END. Where the table does not stay
 * mapped, one region is at a time, so that this process stays small. -errno, after the END, if a
 * region could not be mapped. */
int slots_tell(struct slots *slots, const struct tick_clock *clock, const struct addr *only,
	       input_fn *hear, void *data);

/* Bytes of one CPU's region: 2 MiB; on more than 32 CPUs so much less that all regions together
 * take at most 64 MiB, but never less than 64 KiB, which every page size divides. */
size_t slots_region_bytes(unsigned cpus);

/* The same where the whole table may have `total` bytes: the largest power of two that fits. 0:
 * there is no room for 64 KiB each. */
size_t slots_region_of(size_t total, unsigned cpus);

#endif
