/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Attempts: has this very SYN been here before, when, and did it look the same?
 *
 * A client that hears nothing sends its SYN again a second later, or three. Under a scan the slot
 * of a stranger does not last that long, and most SYNs are not told; so attempts are remembered
 * apart, each in a word: 42 bits of a seeded hash, 11 of what a real stack changes from one SYN to
 * the next, 11 of the time. A set is a cache line, in which a newcomer takes the place of the
 * oldest. All CPUs share the sets: when two write at once one is forgotten, and no harm is done.
 */
#ifndef SYNHOLE_ATTEMPTS_H
#define SYNHOLE_ATTEMPTS_H

#include "event.h"

#define TIME_MASK 0x7ff
#define LOOK_SHIFT 11
#define LOOK_MASK 0x7ff
#define TAG_SHIFT 22

/* What no stack waits less than (FLOWS_INTERVAL_NS): a copy that was made on the way. */
#define COPY_MS 300

const volatile __u32 attempt_shift; /* ticks, as a power of two, that make a unit of time here */
const volatile __u32 attempt_unit;  /* its milliseconds */

/* Multilinear, as the table's; then stirred, because its low bits are worse than its high ones. */
static __always_inline __u64 attempt_hash(const struct pkt *pkt)
{
	__u64 hash = seed.set[0] + seed.set[5] * ((__u32)pkt->sport << 16 | pkt->dport) +
		     seed.set[6] * pkt->seq;

	for (int i = 0; i < 4; i++)
		hash += seed.set[1 + i] * pkt->src.words[i] + seed.tag[1 + i] * pkt->dst.words[i];
	hash ^= hash >> 32;
	hash *= 0x9e3779b97f4a7c15;
	return hash ^ hash >> 29;
}

/* That two looks meet costs a client one retransmission more. */
static __always_inline __u64 attempt_look(const struct pkt *pkt)
{
	__u32 mixed = (pkt->timestamp * 0x9e3779b1 ^ pkt->ip_id) * 0x85ebca6b;

	return mixed >> 21;
}

static __always_inline void remember(struct attempt_set *set, __u64 entry)
{
	__u64 at = set->next;

	if (at >= ABI_ATTEMPT_WAYS)
		at = 0;
	set->ways[at] = entry;
	set->next = at + 1;
}

/* A copy leaves no trace: the interval is that from the first. */
static __always_inline struct again compare(struct attempt_set *set, __u64 *before, __u64 entry)
{
	__u32 gap = ((entry - *before) & TIME_MASK) * attempt_unit;
	struct again again = {.seen = true};

	if (gap < COPY_MS)
		return again;
	again.gap = gap;
	again.moved = (*before ^ entry) >> LOOK_SHIFT & LOOK_MASK;
	*before = 0;
	remember(set, entry);
	return again;
}

static __always_inline struct again find_attempt(const struct pkt *pkt)
{
	__u64 hash = attempt_hash(pkt), now = bpf_jiffies64() >> attempt_shift & TIME_MASK;
	__u64 entry = hash >> TAG_SHIFT << TAG_SHIFT | attempt_look(pkt) << LOOK_SHIFT | now;
	__u32 index = hash & (ABI_ATTEMPT_SETS - 1);
	struct attempt_set *set = bpf_map_lookup_elem(&attempts, &index);

	if (!set)
		return (struct again){};
	for (int i = 0; i < ABI_ATTEMPT_WAYS; i++)
		if (!((set->ways[i] ^ entry) >> TAG_SHIFT))
			return compare(set, &set->ways[i], entry);
	remember(set, entry);
	return (struct again){};
}

/* The same in a function of its own, which returns a number: that is all that one can. */
static __noinline __u32 pack_attempt(const struct pkt *pkt)
{
	struct again again = find_attempt(pkt);

	return again.seen | again.moved << 1 | (__u32)again.gap << 16;
}

static __always_inline struct again unpack_attempt(__u32 packed)
{
	return (struct again){.seen = packed & 1, .moved = packed >> 1 & 1, .gap = packed >> 16};
}

#endif
