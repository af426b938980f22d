/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a CPU may do in a tick: a flood must not become a flood of work. */
#ifndef SYNHOLE_BUDGET_H
#define SYNHOLE_BUDGET_H

#include "maps.h"

struct budget spent[ABI_MAX_CPUS];

/* A burst is none yet: what a loop sends round comes all at once. */
#define CROWDED_TICKS 4

/*
 * So many strangers in the last tick that one in five at least was not remembered: if that goes on,
 * hardly a client is found among them, and looking for it would be half of what a SYN costs here.
 */
static __always_inline bool was_crowded(const struct budget *b, __u64 tick)
{
	__u64 remembered = (__u64)allowances[ALLOW_STRANGER] + allowances[ALLOW_ATTEMPT];

	return b->tick + 1 == tick && b->strangers > remembered + remembered / 4;
}

static __always_inline struct budget *budget_of(__u32 cpu)
{
	struct budget *b = &spent[cpu & (ABI_MAX_CPUS - 1)];
	__u64 tick = bpf_jiffies64();

	if (b->tick == tick)
		return b;
	b->crowded = was_crowded(b, tick) ? b->crowded + 1 : 0;
	b->tick = tick;
	b->strangers = 0;
	for (int i = 0; i < ALLOWANCES; i++)
		b->left[i] = allowances[i];
	if (b->crowded >= CROWDED_TICKS)
		b->left[ALLOW_ATTEMPT] = 0;
	return b;
}

/* Counts a stranger for whom nothing is left of this tick. False: there is, or it is a new tick,
 * and nothing was counted. */
static __always_inline bool is_stranger_too_many(__u32 cpu)
{
	struct budget *b = &spent[cpu & (ABI_MAX_CPUS - 1)];

	if (b->tick != bpf_jiffies64() || b->left[ALLOW_STRANGER] || b->left[ALLOW_ATTEMPT])
		return false;
	b->strangers++;
	return true;
}

/* Takes one of its kind from what is left of this tick. False: there is nothing left. */
static __always_inline bool afford(struct budget *b, enum allowance what)
{
	if (!b->left[what])
		return false;
	b->left[what]--;
	return true;
}

#endif
