/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Counting in one region of the table: find the slot of a key or make room for it.
 *
 * A set is four slots. A newcomer takes an empty slot, else the smallest that may go. What may go:
 * strangers, and they only once the set has turned away as many newcomers as they have counted, so
 * that a scan of random addresses, one SYN each, wears out its own kind and not the few that call
 * again and again; nor the one for whom a client waits, while there is another. Slots of known
 * destinations never go. They may fill all ways but one of a set; past that they go to a second
 * one, and where that is full too (a scan of all ports of one address) the rest is counted on the
 * address with port 0. So the counts of known addresses are exact whatever strangers do, and every
 * SYN that ends up in no slot is counted as unattributed.
 *
 * Compiled into the BPF programs, where a region is a CPU's (bpf/count.h), and into user space,
 * where a recorded capture is counted (user/core/tally.c). Whoever includes this says before what a
 * region is and where it has its things:
 *
 *	region_t                          whatever names a region
 *	struct slot_set *region_set(region, key)  the set of a key, NULL: there is none
 *	struct slot_set *region_second_set(region, key)
 *	struct counters *region_counters(region)
 *	__u32 region_known(region, addr)  enum known_flags
 *	__u32 region_epoch(region)        changes with what is known
 *	__u32 region_now(region)          in ticks
 *	__u64 region_tag(region, key)     table_tag()
 */
#ifndef SYNHOLE_REGION_H
#define SYNHOLE_REGION_H

#include "abi.h"
#include "table.h"

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif
#ifndef __noinline
#define __noinline __attribute__((noinline))
#endif

#define REGION_KNOWN_WAYS (ABI_WAYS - 1)

/* Keeps the compiler from moving what is written past this. */
#define region_barrier() __asm__ volatile("" ::: "memory")

static __always_inline _Bool region_same_address(const struct addr *a, const struct addr *b)
{
	return a->halves[0] == b->halves[0] && a->halves[1] == b->halves[1];
}

static __always_inline _Bool region_same_key(const struct slot_key *a, const struct slot_key *b)
{
	return region_same_address(&a->dst, &b->dst) && a->ifindex == b->ifindex &&
	       a->port == b->port && a->kind == b->kind;
}

/* The way of that number, from 0 on. But the verifier cannot know that `any` less itself is
 * nothing, takes all ways for one, and so follows what is done with it once. */
static __always_inline struct slot *region_way(struct slot_set *set, __u32 number, __u32 any)
{
	__u32 same = any;

	__asm__ volatile("" : "+r"(same));
	return &set->ways[(number + (any ^ same)) & (ABI_WAYS - 1)];
}

static __always_inline struct slot *region_find(struct slot_set *set, const struct slot_key *key)
{
	for (__u32 i = 0; i < ABI_WAYS; i++)
		if (region_same_key(&set->ways[i].key, key))
			return region_way(set, i, key->port);
	return (void *)0;
}

/* What is known of a slot's destination may have changed since it was last hit. */
static __always_inline void region_refresh(region_t region, struct slot *slot)
{
	if (slot->epoch == (__u16)region_epoch(region))
		return;
	slot->known = (__u16)region_known(region, &slot->key.dst);
	slot->epoch = (__u16)region_epoch(region);
}

static __always_inline void region_hit(region_t region, struct slot *slot, const struct addr *src)
{
	region_refresh(region, slot);
	slot->tagged++;
	slot->last = region_now(region);
	slot->src = *src;
}

/*
 * The order matters to readers: the count goes first and comes last, so that whoever reads the
 * same key with its own fingerprint before and after has read what belongs to it.
 */
static __always_inline void region_replace(region_t region, struct slot *slot,
					   const struct slot_key *key, const struct addr *src,
					   __u32 flags)
{
	*(volatile __u64 *)&slot->tagged = 0;
	region_barrier();
	slot->key = *key;
	slot->src = *src;
	slot->first = slot->last = region_now(region);
	slot->attempt = 0;
	slot->misses = 0;
	slot->known = (__u16)flags;
	slot->epoch = (__u16)region_epoch(region);
	region_barrier();
	*(volatile __u64 *)&slot->tagged = region_tag(region, key) | 1;
}

static __always_inline _Bool region_gives_way(const struct slot *slot, const struct slot *before)
{
	if (!slot->attempt != !before->attempt)
		return !slot->attempt;
	return table_count(slot) < table_count(before);
}

/* The smallest slot that is no known destination's; how many are is returned in `ret_known`. */
static __always_inline struct slot *region_smallest(region_t region, struct slot_set *set,
						    int *ret_known)
{
	const struct slot *smallest = (void *)0;
	__u32 number = 0;

	*ret_known = 0;
	for (__u32 i = 0; i < ABI_WAYS; i++) {
		struct slot *slot = &set->ways[i];

		if (slot->known)
			region_refresh(region, slot);
		if (slot->known) {
			++*ret_known;
		} else if (!smallest || region_gives_way(slot, smallest)) {
			smallest = slot;
			number = i;
		}
	}
	return smallest ? region_way(set, number, smallest->misses) : (void *)0;
}

static __always_inline _Bool region_is_call(__u16 kind)
{
	return kind == SLOT_SYN || kind == SLOT_FOREIGN;
}

/* `n` of this kind are in no slot now. */
static __always_inline void region_lose(struct counters *c, __u16 kind, __u64 n)
{
	if (region_is_call(kind))
		c->unattributed += n;
	else
		c->forgotten += n;
}

/* Turns away as many newcomers as the slot has counted, as far as it can count them. */
static __always_inline _Bool region_defends(struct slot *slot, __u64 count)
{
	if (!count || slot->misses >= count)
		return 0;
	if (slot->misses < 0xffff)
		slot->misses++;
	return slot->misses < count;
}

/* The slot that is now the key's, or (void *)0 where the set has no room for it. */
static __always_inline struct slot *region_admit(region_t region, struct slot_set *set,
						 const struct slot_key *key, const struct addr *src,
						 __u32 flags, struct counters *c)
{
	int taken;
	struct slot *slot = region_smallest(region, set, &taken);
	__u64 count;

	if (!slot || (flags && key->port && taken >= REGION_KNOWN_WAYS))
		return (void *)0;
	count = table_count(slot);
	if (!flags && count && !region_is_call(key->kind) && region_is_call(slot->key.kind))
		return (void *)0; /* evidence of a stranger's fate does not displace a stranger */
	if (!flags && region_defends(slot, count))
		return (void *)0;
	region_lose(c, slot->key.kind, count);
	region_replace(region, slot, key, src, flags);
	return slot;
}

static __always_inline struct slot *region_find_or_admit(region_t region, struct slot_set *set,
							 const struct slot_key *key,
							 const struct addr *src, __u32 flags,
							 struct counters *c)
{
	struct slot *slot = region_find(set, key);

	if (!slot)
		return region_admit(region, set, key, src, flags, c);
	region_hit(region, slot, src);
	return slot;
}

/* May one more known key stand there? */
static __always_inline _Bool region_has_room(const struct slot_set *set)
{
	int taken = 0;

	for (int i = 0; i < ABI_WAYS; i++)
		taken += !!set->ways[i].known;
	return taken < REGION_KNOWN_WAYS;
}

/* A key that is not in its first set. Returns its slot, or that of all the address's other ports.
 */
static __always_inline struct slot *region_newcomer(region_t region, struct slot_set *set,
						    struct slot_key *key, const struct addr *src,
						    __u32 flags, struct counters *c)
{
	struct slot *slot;

	if (flags && !region_has_room(set))
		set = region_second_set(region, key);
	slot = set ? region_find_or_admit(region, set, key, src, flags, c) : (void *)0;
	if (slot || !flags)
		return slot;
	key->port = 0;
	set = region_set(region, key);
	return set ? region_find_or_admit(region, set, key, src, flags, c) : (void *)0;
}

/* Counts what has no slot yet. Apart, because what has one is counted far more often. */
static __noinline struct slot *region_count_new(struct slot_key *key, const struct addr *src,
						region_t region, struct slot_set *set)
{
	struct counters *c = region_counters(region);
	struct slot *slot = (void *)0;

	if (set)
		slot = region_newcomer(region, set, key, src, region_known(region, &key->dst), c);
	if (!slot)
		region_lose(c, key->kind, 1);
	return slot;
}

/* Counts one of this key. Returns its slot, (void *)0 where there is no room. */
static __always_inline struct slot *region_count(struct slot_key *key, const struct addr *src,
						 region_t region)
{
	struct slot_set *set = region_set(region, key);
	struct slot *slot = set ? region_find(set, key) : (void *)0;

	if (!slot)
		return region_count_new(key, src, region, set);
	region_hit(region, slot, src);
	return slot;
}

#endif
