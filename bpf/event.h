/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Telling user space of one SYN: that it came, or what became of it. */
#ifndef SYNHOLE_EVENT_H
#define SYNHOLE_EVENT_H

#include "count.h"
#include "pkt.h"

#define RB_NO_WAKEUP 1 /* BPF_RB_NO_WAKEUP */

static __always_inline void fill(struct syn_event *event, const struct pkt *pkt, __u32 ifindex,
				 __u32 known, enum slot_kind fate)
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
	};
	__builtin_memcpy(event->src_mac, pkt->src_mac, sizeof(event->src_mac));
}

/* False: the ring is full. */
static __always_inline bool send(const struct pkt *pkt, __u32 ifindex, __u32 known,
				 enum slot_kind fate, __u64 flags)
{
	struct syn_event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return false;
	fill(event, pkt, ifindex, known, fate);
	bpf_ringbuf_submit(event, flags);
	return true;
}

/* The first of its slot, where it proves that a published address is lost. It needs no budget:
 * there are as many as there are slots of known addresses. */
static __always_inline void tell_fate(const struct pkt *pkt, __u32 ifindex, const struct slot *slot,
				      enum slot_kind fate)
{
	if (slot && slot->known == KNOWN_PUBLISHED && table_count(slot) == 1)
		send(pkt, ifindex, KNOWN_PUBLISHED, fate, 0);
}

#endif
