/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The counting table in this process's own memory, for what no program in the kernel counts: the
 * frames of a recording.
 *
 * One region of the table that abi.h describes, counted in by the same lines (region.h), so known
 * addresses are as exact and strangers as bounded as in a live capture. Beside each slot stand the
 * times of its first and last count in full, because a recording may be of years.
 */
#ifndef SYNHOLE_CORE_TALLY_H
#define SYNHOLE_CORE_TALLY_H

#include "core/input.h"
#include "table.h"

/* Slots: 84 MiB with their times, of which only what is used is ever touched. A power of two. */
#define TALLY_SLOTS (1 << 20)

/* What is known of an address: a mask of enum known_flags. */
typedef uint32_t tally_known_fn(void *data, const struct addr *a);

struct tally;

/* `seed` is random, or whoever made the frames can aim at a set. */
int tally_new(struct tally **ret_tally, const struct table_seed *seed, tally_known_fn *known,
	      void *data);
void tally_free(struct tally **tally);

/* Counts one of this key at this time, which is not 0. Returns what is known of its destination. */
uint32_t tally_count(struct tally *tally, const struct slot_key *key, const struct addr *src,
		     when_t now);

/* Was one of this key ever counted? */
bool tally_has(struct tally *tally, const struct slot_key *key);

/* What found no slot: `unattributed` SYNs, and `forgotten` of the other kinds. */
struct counters tally_losses(const struct tally *tally);

/* Tells the whole table: INPUT_COUNTS_BEGIN, an INPUT_COUNT for each slot, INPUT_COUNTS_END. */
void tally_tell(const struct tally *tally, when_t now, bool answers_watched, input_fn *hear,
		void *data);

/* Slots that tally_tell() tells. */
size_t tally_used(const struct tally *tally);

#endif
