/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Telling user space of single SYNs, as far as each class of them has budget.
 *
 * A flood must not become a flood of events: each CPU may send so many a tick and no more. What is
 * lost for certain has a budget of its own, and so have the repeats of waiting clients, and the
 * copies that a loop makes; no scan can spend the first two. And no destination can spend the whole
 * of a class: what is sent in a loop between two routers comes thirty times, and again.
 */
#ifndef SYNHOLE_TELL_H
#define SYNHOLE_TELL_H

#include "attempts.h"
#include "budget.h"

/* What makes an attempt one: its source, source port and sequence number, in 16 bits. That two
 * meet costs a wrong budget and nothing else. */
static __always_inline __u16 attempt_of(const struct pkt *pkt)
{
	__u32 mixed = pkt->src.words[0] ^ pkt->src.words[1] * 3 ^ pkt->src.words[2] * 5 ^
		      pkt->src.words[3] * 7 ^ (__u32)pkt->sport << 16 ^ pkt->seq;

	return mixed * 0x9e3779b1 >> 16; /* Fibonacci hashing: neighbours are spread */
}

struct shares shares[ABI_MAX_CPUS];

/* False: this destination has had its share of the tick. */
static __always_inline bool has_share(const struct addr *dst, enum event_class class, __u32 tick,
				      __u32 cpu)
{
	struct shares *all = &shares[cpu & (ABI_MAX_CPUS - 1)];
	__u32 place = abi_likely(dst) % ABI_SHARES;
	__u32 share = allowances[class] / 4;

	if (all->of[place].tick != tick) {
		all->of[place].tick = tick;
		for (int i = 0; i < EVENT_CLASSES; i++)
			all->of[place].told[i] = 0;
	}
	share = share < 2 ? 2 : share > 255 ? 255 : share;
	if (all->of[place].told[class] >= share)
		return false;
	all->of[place].told[class]++;
	return true;
}

/* Of an owned address only the last attempt is remembered: what is served must cost no more. */
static __always_inline struct again look_up_owned(const struct pkt *pkt, struct slot *slot)
{
	__u16 attempt = attempt_of(pkt);
	struct again again = {.seen = slot->attempt == attempt};

	slot->attempt = attempt;
	return again;
}

/* Where IP-ID and timestamp are zero, nothing can move; scanners spare themselves all options but
 * the maximum segment size. */
static __always_inline bool may_wait(const struct pkt *pkt, const struct again *again)
{
	return again->gap && (again->moved || (!pkt->ip_id && !pkt->timestamp && pkt->header > 24));
}

static __always_inline enum event_class class_of(const struct pkt *pkt, __u32 known,
						 const struct again *again)
{
	if (known & KNOWN_OWNED)
		return again->seen ? EVENT_REPEAT : EVENT_OTHER;
	if (again->seen && !again->gap)
		return EVENT_COPY;
	if (known)
		return EVENT_LOST;
	return may_wait(pkt, again) ? EVENT_REPEAT : EVENT_OTHER;
}

/* Returns the event's class, told or not. */
static __always_inline enum event_class tell(const struct pkt *pkt, __u32 ifindex,
					     struct slot *slot, struct again again, __u32 cpu)
{
	__u32 known = slot ? slot->known : 0;
	enum event_class class = class_of(pkt, known, &again);
	struct counters *c = counters_of(cpu);
	struct budget *budget = budget_of(cpu);

	if (slot && class == EVENT_REPEAT && !known)
		slot->attempt = 1;
	if (budget->left[class] && has_share(&pkt->dst, class, budget->tick, cpu) &&
	    afford(budget, (enum allowance) class) &&
	    send(pkt, ifindex, known, SLOT_SYN, again, class == EVENT_LOST))
		return class;
	if (class == EVENT_OTHER)
		c->events_held++;
	else
		c->events_lost++;
	return class;
}

#endif
