/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The counting table's arithmetic: which set a key lives in, and the fingerprint that proves that
 * a count belongs to the key beside it. Compiled into the BPF programs, which write the table, and
 * into user space, which reads it.
 *
 * Both are multilinear hashes with random 64-bit coefficients: (c0 + c1 w1 + ... + c6 w6) mod 2^64
 * over the key's six 32-bit words, of which the upper 33 bits are strongly universal (Lemire and
 * Kaser, "Strongly universal string hashing is fast", 2014). So whoever picks keys without knowing
 * the coefficients makes two of them meet with no more than chance, whatever he has read here.
 */
#ifndef SYNHOLE_TABLE_H
#define SYNHOLE_TABLE_H

#include "abi.h"

#define TABLE_WORDS 6

struct table_seed {
	__u64 set[TABLE_WORDS + 1];
	__u64 tag[TABLE_WORDS + 1];
};

static inline __attribute__((always_inline)) __u64
table_multilinear(const volatile __u64 c[TABLE_WORDS + 1], const struct slot_key *key)
{
	return c[0] + c[1] * key->dst.words[0] + c[2] * key->dst.words[1] +
	       c[3] * key->dst.words[2] + c[4] * key->dst.words[3] + c[5] * key->ifindex +
	       c[6] * (key->port | (__u32)key->kind << 16);
}

/*
 * The set within a CPU's region; `set_mask` is the number of sets, a power of two, less one. Keys
 * in a row (the addresses of a host) make hashes in a row, which with some coefficients crowd into
 * few sets: so the 32 bits are stirred. That is a bijection, and leaves any two keys as independent
 * as they were.
 */
static inline __attribute__((always_inline)) __u32
table_set(const volatile struct table_seed *seed, const struct slot_key *key, __u32 set_mask)
{
	__u32 hash = table_multilinear(seed->set, key) >> 32;

	hash ^= hash >> 16;
	hash *= 0x7feb352d;
	hash ^= hash >> 15;
	return hash & set_mask;
}

/* Where a known key goes for which there is no room in the set above; as far from that one's
 * neighbours as chance has it, and never that one itself where there are two. */
static inline __attribute__((always_inline)) __u32
table_second_set(const volatile struct table_seed *seed, const struct slot_key *key, __u32 set_mask)
{
	__u32 hash = table_multilinear(seed->tag, key) >> 32;

	return (table_set(seed, key, set_mask) ^ (hash | 1)) & set_mask;
}

/* Never zero, so that an empty slot belongs to no key. In place above the count. */
static inline __attribute__((always_inline)) __u64 table_tag(const volatile struct table_seed *seed,
							     const struct slot_key *key)
{
	return (table_multilinear(seed->tag, key) | 1ULL << ABI_COUNT_BITS) & ~ABI_COUNT_MASK;
}

static inline __attribute__((always_inline)) __u64 table_count(const struct slot *slot)
{
	return slot->tagged & ABI_COUNT_MASK;
}

#endif
