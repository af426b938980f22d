/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was counted: SYNs by interface, destination and port, and beside them the evidence of what
 * became of them.
 *
 * Counts come as whole snapshots of the counting table: between INPUT_COUNTS_BEGIN and
 * INPUT_COUNTS_END each INPUT_COUNT is one row, any number of them for one key (one from each CPU);
 * the end adds them up and puts them in order, so that the rows of a destination stand together.
 */
#ifndef SYNHOLE_CORE_COUNTS_H
#define SYNHOLE_CORE_COUNTS_H

#include "core/input.h"

struct counts_rows {
	struct input_count *rows;
	size_t count, room;
};

struct counts {
	struct counts_rows calls;    /* SLOT_SYN and SLOT_FOREIGN, by interface and destination */
	struct counts_rows evidence; /* the other kinds, by destination */
	/* What the window began with; empty where there is but one since the start. */
	struct counts_rows calls_before, evidence_before;
	uint64_t dropped; /* SYNs of rows that found no memory */
};

/* One destination: its rows, in the order of their ports, and their sums. */
struct destination {
	const struct input_count *ports;
	size_t count;
	uint64_t syns;	  /* to this host's MAC address */
	uint64_t foreign; /* to another's */
	when_t first, last;
};

/* What is known of the fate of a destination's SYNs. */
struct evidence {
	uint64_t syn_acks, rsts, icmps;
	when_t last_answer; /* of these */
	uint64_t hairpins, asked;
	when_t first_asked, last_asked;
	uint32_t asked_ifindex;		 /* where it was asked last */
	const struct input_count *drops; /* by reason, in `port` */
	size_t drop_count;
};

void counts_free(struct counts *counts);

/* Hears INPUT_COUNTS_BEGIN, INPUT_COUNT and INPUT_COUNTS_END; ignores the others. */
void counts_feed(struct counts *counts, const struct input *in);

/* Begins a new window: rows tell from now on what was counted since this snapshot, and rows to
 * which nothing was added are left out. `first` is then as late as it can have been: when the first
 * snapshot of the window saw it. */
void counts_rotate(struct counts *counts);

/* The destination whose rows begin at row `at`; false at the end. The next one begins at
 * at + ret_destination->count. */
bool counts_at(const struct counts *counts, size_t at, struct destination *ret_destination);

/* The same destination on one interface after the other; `cursor` starts at 0; false: no more. */
bool counts_find(const struct counts *counts, const struct addr *dst, size_t *cursor,
		 struct destination *ret_destination);

/* SYNs to this host's MAC address since the start, whatever windows there were, in the order of
 * ports. `ret_ports` is to be freed. -ENOMEM. */
struct counts_port {
	uint16_t port; /* 0: ports that are not kept apart */
	uint64_t syns;
};
int counts_ports(const struct counts *counts, const struct addr *dst,
		 struct counts_port **ret_ports, size_t *ret_count);

/* Hairpins and askings of one interface only, unless it is 0; answers and drops of all. */
struct evidence counts_evidence(const struct counts *counts, const struct addr *dst,
				uint32_t ifindex);

/* Answers of any kind that left for this destination and port; `ret_last` is when the last did. */
uint64_t counts_answers(const struct counts *counts, const struct addr *dst, uint16_t port,
			when_t *ret_last);

#endif
