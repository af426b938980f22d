/* SPDX-License-Identifier: GPL-2.0-only */
/* The scales of a picture: counts in bars over time, round numbers at its edges. */
#ifndef SYNHOLE_CMD_PAGE_SCALE_H
#define SYNHOLE_CMD_PAGE_SCALE_H

#include "cmd/stored.h"

#define PAGE_BARS 180
#define PAGE_TICKS 7

struct page_scale {
	when_t from, to;
	uint64_t step; /* nanoseconds of one bar: whole minutes */
	uint64_t syns[PAGE_BARS], answers[PAGE_BARS];
	size_t bars;
	uint64_t most; /* the largest count of a bar */
	uint64_t top;  /* a round number, `most` or more, above 0 */
	when_t ticks[PAGE_TICKS];
	size_t tick_count;
};

void page_scale_make(struct page_scale *scale, const struct stored *stored, when_t now);

/* 1, 2, 4, 6 or 8 and zeros: the first that is not below `n`. */
uint64_t page_scale_round(uint64_t n);

#endif
