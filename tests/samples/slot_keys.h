/* SPDX-License-Identifier: GPL-2.0-only */
/* Keys of the counting table, and seeds to hash them with: the same in every run. */
#ifndef SYNHOLE_TESTS_SAMPLES_SLOT_KEYS_H
#define SYNHOLE_TESTS_SAMPLES_SLOT_KEYS_H

#include "table.h"

#include <stdbool.h>
#include <stdint.h>

#define SLOT_KEYS 8
#define SLOT_WORDS (sizeof(struct slot_key) / sizeof(__u32))
/* SLOT_KEYS to the power of SLOT_WORDS */
#define SLOT_MIXTURES (1U << 3 * 6)

/* Keys differ in each of their words. */
struct slot_key slot_key_of(unsigned id);

/* A mixture is a key whose word i is that of the key of ids[i]; `number` is below SLOT_MIXTURES. */
void slot_mixture(unsigned number, unsigned ret_ids[SLOT_WORDS]);
struct slot_key slot_key_mixed(const unsigned ids[SLOT_WORDS]);
bool slot_mixture_is_whole(const unsigned ids[SLOT_WORDS]);

/* The next of a row that begins with any number. */
struct table_seed slot_seed_drawn(uint64_t *random);
/* One with which no mixture passes for a key. */
struct table_seed slot_seed_clear(void);

#endif
