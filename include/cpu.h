/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the programs of one interface have for each CPU, which nobody else writes. */
#ifndef SYNHOLE_CPU_H
#define SYNHOLE_CPU_H

#include "abi.h"
#include "pkt.h"

struct cpu {
	struct counters counters; /* read by user space */
	struct budget budget;
	struct shares shares;
	/* What has been found out of the packet at hand lies here and not on the stack: so the
	 * verifier forgets what it was, and looks at what follows once instead of for every kind of
	 * packet. That halves its walk. */
	struct pkt in, out;
	__u64 heard;  /* see hear_syn() */
	__u32 answer; /* enum pkt_kind of what leaves */
	__u32 pad[29];
};

_Static_assert(sizeof(struct cpu) == 512, "a CPU's memory begins with a cache line");

#endif
