/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Telling user space of one SYN: that it came, or what became of it. */
#ifndef SYNHOLE_EVENT_H
#define SYNHOLE_EVENT_H

#include "count.h"
#include "pkt.h"

#define RB_NO_WAKEUP 1	  /* BPF_RB_NO_WAKEUP */
#define RB_FORCE_WAKEUP 2 /* BPF_RB_FORCE_WAKEUP */
#define RB_AVAIL_DATA 0	  /* BPF_RB_AVAIL_DATA */

/* So much may lie in the ring before user space is woken for what it need not hear at once. */
#define RB_HEAP 16384

/* What is remembered of the same SYN (see attempts.h). */
struct again {
	bool seen;
	bool moved; /* IP-ID or TCP timestamp are others now */
	__u16 gap;  /* milliseconds since, 0 of a copy */
};

static __always_inline void fill(struct syn_event *event, const struct pkt *pkt, __u32 ifindex,
				 __u32 known, enum slot_kind fate, struct again again)
{
	*event = (struct syn_event){
		.time = bpf_ktime_get_ns(),
		.dst = pkt->dst,
		.src = pkt->src,
		.ifindex = ifindex,
		.seq = pkt->seq,
		.timestamp = pkt->timestamp,
		.sport = pkt->sport,
		.dport = pkt->dport,
		.ip_id = pkt->ip_id,
		.known = known,
		.hop_limit = pkt->hop_limit,
		.header = pkt->header,
		.fate = fate,
		.moved = again.moved,
		.gap = again.gap,
	};
	__builtin_memcpy(event->src_mac, pkt->src_mac, sizeof(event->src_mac));
}

/* By force, or not at all: without a word the kernel wakes only a reader who has read all before.
 */
static __always_inline __u64 wakeup(bool urgent)
{
	return urgent || bpf_ringbuf_query(&events, RB_AVAIL_DATA) > RB_HEAP ? RB_FORCE_WAKEUP
									     : RB_NO_WAKEUP;
}

/* False: the ring is full. */
static __always_inline bool send(const struct pkt *pkt, __u32 ifindex, __u32 known,
				 enum slot_kind fate, struct again again, bool urgent)
{
	struct syn_event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return false;
	fill(event, pkt, ifindex, known, fate, again);
	bpf_ringbuf_submit(event, wakeup(urgent));
	return true;
}

/* The first of its slot, where it proves that a published address is lost. It needs no budget:
 * there are as many as there are slots of known addresses. */
static __always_inline void tell_fate(const struct pkt *pkt, __u32 ifindex, const struct slot *slot,
				      enum slot_kind fate)
{
	if (slot && slot->known == KNOWN_PUBLISHED && table_count(slot) == 1)
		send(pkt, ifindex, KNOWN_PUBLISHED, fate, (struct again){}, true);
}

#endif
