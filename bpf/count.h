/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Counting: find the slot of a key or make room for it.
 *
 * A set is four slots. A newcomer takes an empty slot, else the smallest that may go. What may go:
 * strangers, and they only once the set has turned away as many newcomers as they have counted, so
 * that a scan of random addresses, one SYN each, wears out its own kind and not the few that call
 * again and again. Slots of known destinations never go. They may fill all ways but one of a set;
 * past that (a scan of all ports of one address) the rest is counted on the address with port 0.
 * So the counts of known addresses are exact whatever strangers do, and every SYN that ends up in
 * no slot is counted as unattributed.
 */
#ifndef SYNHOLE_COUNT_H
#define SYNHOLE_COUNT_H

#include "maps.h"

#define KNOWN_WAYS (ABI_WAYS - 1)

static __always_inline struct counters *counters_of(__u32 cpu)
{
	return &counters[cpu & (ABI_MAX_CPUS - 1)];
}

/* False for nearly all strangers, and never for an address that is known. */
static __always_inline bool may_be_known(const struct addr *dst)
{
	__u32 zero = 0, bit = abi_likely(dst);
	const struct likely *bits = bpf_map_lookup_elem(&likely, &zero);

	return !bits || bits->words[bit / 64] >> bit % 64 & 1;
}

static __always_inline __u32 known_of(const struct addr *dst)
{
	const __u32 *flags = may_be_known(dst) ? bpf_map_lookup_elem(&known, dst) : NULL;

	return flags ? *flags : 0;
}

static __always_inline bool same_address(const struct addr *a, const struct addr *b)
{
	return a->halves[0] == b->halves[0] && a->halves[1] == b->halves[1];
}

static __always_inline bool same_key(const struct slot_key *a, const struct slot_key *b)
{
	return same_address(&a->dst, &b->dst) && a->ifindex == b->ifindex && a->port == b->port &&
	       a->kind == b->kind;
}

static __always_inline struct slot_set *set_of(const struct slot_key *key, __u32 cpu)
{
	__u32 index = cpu * (set_mask + 1) + table_set(&seed, key, set_mask);

	return cpu < regions ? bpf_map_lookup_elem(&table, &index) : NULL;
}

static __always_inline struct slot *find(struct slot_set *set, const struct slot_key *key)
{
	for (int i = 0; i < ABI_WAYS; i++)
		if (same_key(&set->ways[i].key, key))
			return &set->ways[i];
	return NULL;
}

/* What is known of a slot's destination may have changed since it was last hit. */
static __always_inline void refresh(struct slot *slot)
{
	if (slot->epoch == (__u16)epoch)
		return;
	slot->known = (__u16)known_of(&slot->key.dst);
	slot->epoch = (__u16)epoch;
}

static __always_inline void hit(struct slot *slot, const struct addr *src)
{
	refresh(slot);
	slot->tagged++;
	slot->last = (__u32)bpf_jiffies64();
	slot->src = *src;
}

/*
 * The order matters to readers: the count goes first and comes last, so that whoever reads the
 * same key with its own fingerprint before and after has read what belongs to it.
 */
static __always_inline void replace(struct slot *slot, const struct slot_key *key,
				    const struct addr *src, __u32 flags)
{
	*(volatile __u64 *)&slot->tagged = 0;
	barrier();
	slot->key = *key;
	slot->src = *src;
	slot->first = slot->last = (__u32)bpf_jiffies64();
	slot->attempt = 0;
	slot->misses = 0;
	slot->known = (__u16)flags;
	slot->epoch = (__u16)epoch;
	barrier();
	*(volatile __u64 *)&slot->tagged = table_tag(&seed, key) | 1;
}

/* The smallest slot that is no known destination's; how many are is returned in `ret_known`. */
static __always_inline struct slot *smallest_stranger(struct slot_set *set, int *ret_known)
{
	struct slot *smallest = NULL;

	*ret_known = 0;
	for (int i = 0; i < ABI_WAYS; i++) {
		struct slot *slot = &set->ways[i];

		if (slot->known)
			refresh(slot);
		if (slot->known)
			++*ret_known;
		else if (!smallest || table_count(slot) < table_count(smallest))
			smallest = slot;
	}
	return smallest;
}

static __always_inline bool is_call(__u16 kind)
{
	return kind == SLOT_SYN || kind == SLOT_FOREIGN;
}

/* `n` of this kind are in no slot now. */
static __always_inline void lose(struct counters *c, __u16 kind, __u64 n)
{
	if (is_call(kind))
		c->unattributed += n;
	else
		c->forgotten += n;
}

/* Turns away as many newcomers as the slot has counted, as far as it can count them. */
static __always_inline bool defends(struct slot *slot, __u64 count)
{
	if (!count || slot->misses >= count)
		return false;
	if (slot->misses < 0xffff)
		slot->misses++;
	return slot->misses < count;
}

/* The slot that is now the key's, or NULL where the set has no room for it. */
static __always_inline struct slot *admit(struct slot_set *set, const struct slot_key *key,
					  const struct addr *src, __u32 flags, struct counters *c)
{
	int taken;
	struct slot *slot = smallest_stranger(set, &taken);
	__u64 count;

	if (!slot || (flags && key->port && taken >= KNOWN_WAYS))
		return NULL;
	count = table_count(slot);
	if (!flags && count && !is_call(key->kind) && is_call(slot->key.kind))
		return NULL; /* evidence of a stranger's fate does not displace a stranger */
	if (!flags && defends(slot, count))
		return NULL;
	lose(c, slot->key.kind, count);
	replace(slot, key, src, flags);
	return slot;
}

/* A key that is not in the table. Returns its slot, or that of all the address's other ports. */
static __always_inline struct slot *newcomer(struct slot_set *set, struct slot_key *key,
					     const struct addr *src, __u32 flags, __u32 cpu,
					     struct counters *c)
{
	struct slot *slot = admit(set, key, src, flags, c);

	if (slot || !flags)
		return slot;
	key->port = 0;
	set = set_of(key, cpu);
	if (!set)
		return NULL;
	slot = find(set, key);
	if (!slot)
		return admit(set, key, src, flags, c);
	hit(slot, src);
	return slot;
}

/* Counts one of this key. Returns its slot, NULL where there is no room. */
static __noinline struct slot *count(struct slot_key *key, const struct addr *src, __u32 cpu)
{
	struct slot_set *set = set_of(key, cpu);
	struct counters *c = counters_of(cpu);
	struct slot *slot = set ? find(set, key) : NULL;

	if (slot) {
		hit(slot, src);
		return slot;
	}
	if (set)
		slot = newcomer(set, key, src, known_of(&key->dst), cpu, c);
	if (!slot)
		lose(c, key->kind, 1);
	return slot;
}

/* The same where the slot does not matter. That it is used all the same must be said: a result that
 * nobody uses is left to chance, and the verifier takes a chance pointer for a leak. */
static __always_inline void count_only(struct slot_key *key, const struct addr *src, __u32 cpu)
{
	struct slot *slot = count(key, src, cpu);

	pkt_opaque(slot);
}

#endif
