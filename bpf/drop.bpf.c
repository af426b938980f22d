// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Why the kernel dropped it: SYNs that end in kfree_skb, counted by destination and reason.
 *
 * The tracepoint is the whole machine's: other network namespaces are left out. Refusals of closed
 * ports are left out too where the address is owned; they are answered.
 */
#include "event.h"

#include <bpf/bpf_core_read.h>

const volatile __u32 netns; /* the inode of this process's network namespace */

/* Received by an interface of this network namespace, and not made here. */
static __always_inline bool is_ours(const struct sk_buff *skb)
{
	const struct net_device *dev = skb->dev;

	return skb->skb_iif && dev && dev->nd_net.net->ns.inum == netns;
}

/* Leaves at once for what is no TCP, before anything is copied. */
static __always_inline bool may_be_tcp(const struct sk_buff *skb, const void *header)
{
	__u8 next = 0;

	if (skb->protocol == wire_16(WIRE_TYPE_IPV4)) {
		bpf_probe_read_kernel(&next, 1, header + 9);
		return next == WIRE_TCP;
	}
	if (skb->protocol != wire_16(WIRE_TYPE_IPV6))
		return false;
	bpf_probe_read_kernel(&next, 1, header + 6);
	return next == WIRE_TCP || pkt_is_extension(next);
}

static __always_inline void count_drop(const struct pkt *pkt, __u32 reason)
{
	struct slot_key key = {.dst = pkt->dst, .port = reason, .kind = SLOT_DROP};

	if (known_of(&key.dst) & KNOWN_OWNED &&
	    reason == bpf_core_enum_value(enum skb_drop_reason, SKB_DROP_REASON_NO_SOCKET))
		return;
	tell_fate(pkt, 0, count(&key, &pkt->src, bpf_get_smp_processor_id()), SLOT_DROP);
}

static __always_inline void look(const struct sk_buff *skb, const void *header, __u32 reason)
{
	__u32 zero = 0, end = skb->tail - skb->network_header;
	struct copy *copy = bpf_map_lookup_elem(&copies, &zero);
	struct pkt_buf buf = {.shape = PKT_SHAPE_COPY};
	struct pkt pkt;

	if (!copy || skb->tail <= skb->network_header)
		return;
	buf.data = copy->bytes;
	buf.len = pkt_copy_size(end);
	if (bpf_probe_read_kernel(copy->bytes, buf.len, header))
		return;
	if (pkt_parse(&buf, PKT_LINK_RAW, PKT_WANT_CALLS, &pkt) == PKT_SYN)
		count_drop(&pkt, reason);
}

/* (skb, location, reason): the reason is there from Linux 5.17 on. */
SEC("tp_btf/kfree_skb")
int drop_syn(__u64 *args)
{
	const struct sk_buff *skb = (const struct sk_buff *)args[0];
	const void *header = skb->head + skb->network_header;
	__u32 reason = args[2];

	/* Reasons of subsystems have their number in the upper half, and are not TCP's. */
	if (reason <= 0xffff && is_ours(skb) && may_be_tcp(skb, header))
		look(skb, header, reason);
	return 0;
}
