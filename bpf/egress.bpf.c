// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What is answered: SYN-ACKs, resets and "destination unreachable" that leave, counted under the
 * address that was called. Whoever gives the answer, this host or one behind it, gives it here: an
 * answer seen beats every inference from addresses and routes.
 *
 * And the hairpin: a SYN that leaves by the interface it came in by.
 */
#include "event.h"

static __always_inline void count_answer(const struct addr *called, __u16 port, __u16 kind,
					 const struct addr *caller)
{
	struct slot_key key = {.dst = *called, .port = port, .kind = kind};

	count_only(&key, caller, bpf_get_smp_processor_id());
}

static __always_inline void count_hairpin(const struct pkt *pkt, const struct __sk_buff *skb)
{
	struct slot_key key = {
		.dst = pkt->dst,
		.ifindex = skb->ifindex,
		.port = pkt->dport,
		.kind = SLOT_HAIRPIN,
	};

	if (skb->ingress_ifindex == skb->ifindex)
		tell_fate(pkt, skb->ifindex, count(&key, &pkt->src, bpf_get_smp_processor_id()),
			  SLOT_HAIRPIN);
}

static __always_inline void judge(enum pkt_kind kind, const struct pkt *pkt,
				  const struct __sk_buff *skb)
{
	if (kind == PKT_SYN_ACK)
		count_answer(&pkt->src, pkt->sport, SLOT_SYN_ACK, &pkt->dst);
	else if (kind == PKT_RST)
		count_answer(&pkt->src, pkt->sport, SLOT_RST, &pkt->dst);
	else if (kind == PKT_ICMP)
		count_answer(&pkt->dst, pkt->dport, SLOT_ICMP, &pkt->src);
	else if (kind == PKT_SYN)
		count_hairpin(pkt, skb);
}

/* What the kernel sends has its headers in the linear part; what it forwards may not. */
static __noinline int again(struct __sk_buff *skb)
{
	__u32 size = pkt_copy_size(skb->len);
	__u32 zero = 0;
	struct copy *copy = bpf_map_lookup_elem(&copies, &zero);
	struct pkt pkt =
		{}; /* else unset parts are spilled as what the verifier takes for pointers */

	if (!copy || bpf_skb_load_bytes(skb, 0, copy->bytes, size))
		return 0;
	struct pkt_buf buf = {.shape = PKT_SHAPE_COPY, .data = copy->bytes, .len = size};

	judge(pkt_parse(&buf, link, PKT_WANT_ANSWERS, &pkt), &pkt, skb);
	return 0;
}

SEC("tc")
int egress_tc(struct __sk_buff *skb)
{
	struct pkt_buf buf = {
		.shape = PKT_SHAPE_DIRECT,
		.data = (void *)(long)skb->data,
		.end = (void *)(long)skb->data_end,
	};
	enum pkt_kind kind;
	struct pkt pkt =
		{}; /* else unset parts are spilled as what the verifier takes for pointers */

	kind = pkt_parse(&buf, link, PKT_WANT_ANSWERS, &pkt);
	if (kind == PKT_SHORT && skb->len > skb->data_end - skb->data)
		again(skb);
	else if (kind != PKT_OTHER)
		judge(kind, &pkt, skb);
	return TC_ACT_UNSPEC;
}
