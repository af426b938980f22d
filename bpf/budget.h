/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a CPU may do in a tick: a flood must not become a flood of work. */
#ifndef SYNHOLE_BUDGET_H
#define SYNHOLE_BUDGET_H

#include "maps.h"

struct budget spent[ABI_MAX_CPUS];

/* Takes one of its kind from what is left of this tick. False: there is nothing left. */
static __always_inline bool afford(__u32 cpu, enum allowance what)
{
	struct budget *b = &spent[cpu & (ABI_MAX_CPUS - 1)];
	__u64 tick = bpf_jiffies64();

	if (b->tick != tick) {
		b->tick = tick;
		for (int i = 0; i < ALLOWANCES; i++)
			b->left[i] = allowances[i];
	}
	if (!b->left[what])
		return false;
	b->left[what]--;
	return true;
}

#endif
