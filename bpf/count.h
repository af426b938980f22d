/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Counting in the table that user space maps: what region.h asks for, where a region is a CPU's. */
#ifndef SYNHOLE_COUNT_H
#define SYNHOLE_COUNT_H

#include "maps.h"

typedef __u32 region_t; /* the CPU */

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

static __always_inline struct slot_set *set_of(region_t cpu, __u32 number)
{
	__u32 index = cpu * (set_mask + 1) + number;

	return cpu < regions ? bpf_map_lookup_elem(&table, &index) : NULL;
}

#define region_set(cpu, key) set_of(cpu, table_set(&seed, key, set_mask))
#define region_second_set(cpu, key) set_of(cpu, table_second_set(&seed, key, set_mask))
#define region_counters(cpu) counters_of(cpu)
#define region_known(cpu, dst) known_of(dst)
#define region_epoch(cpu) epoch
#define region_now(cpu) ((__u32)bpf_jiffies64())
#define region_tag(cpu, key) table_tag(&seed, key)

#include "region.h"

/* The same where the slot does not matter. That it is used all the same must be said: a result that
 * nobody uses is left to chance, and the verifier takes a chance pointer for a leak. */
static __always_inline void count_only(struct slot_key *key, const struct addr *src, __u32 cpu)
{
	struct slot *slot = region_count(key, src, cpu);

	pkt_opaque(slot);
}

#endif
