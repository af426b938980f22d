// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What is answered: SYN-ACKs, resets and "destination unreachable" that leave, counted under the
 * address that was called. Whoever gives the answer, this host or one behind it, gives it here: an
 * answer seen beats every inference from addresses and routes.
 *
 * And the hairpin: a SYN that leaves by the interface it came in by.
 */
#include "event.h"
#include "keep.h"

static __always_inline void count_answer(const struct addr *called, __u16 port, __u16 kind,
					 const struct addr *caller)
{
	struct slot_key key = {.dst = *called, .port = port, .kind = kind};

	count_only(&key, caller, bpf_get_smp_processor_id());
}

static __always_inline bool count_hairpin(const struct pkt *pkt, const struct __sk_buff *skb)
{
	struct slot_key key = {
		.dst = pkt->dst,
		.ifindex = skb->ifindex,
		.port = pkt->dport,
		.kind = SLOT_HAIRPIN,
	};

	if (skb->ingress_ifindex != skb->ifindex)
		return false;
	tell_fate(pkt, skb->ifindex, region_count(&key, &pkt->src, bpf_get_smp_processor_id()),
		  SLOT_HAIRPIN);
	return true;
}

/* `length` bytes of the frame are at `from`. */
static __always_inline void keep_frame(const struct __sk_buff *skb, const void *from, __u64 length)
{
	const struct keep_as as = {
		.ifindex = skb->ifindex,
		.length = skb->len,
		.hook = PACKET_OUT,
		.class = PACKET_ANSWER,
		.link = link,
	};

	keep(&as, from, length);
}

/* Global functions: see keep_skb() in ingress.bpf.c. */
__noinline int keep_sent(struct __sk_buff *skb)
{
	if (keeping)
		keep_frame(skb, (void *)(long)skb->data, skb->data_end - skb->data);
	return 0;
}

__noinline int keep_sent_copy(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct copy *copy = keeping ? bpf_map_lookup_elem(&copies, &zero) : NULL;

	if (copy)
		keep_frame(skb, copy->bytes, skb->len);
	return 0;
}

/* Returns whether it was counted. */
static __always_inline bool judge(enum pkt_kind kind, const struct pkt *pkt,
				  const struct __sk_buff *skb)
{
	if (kind == PKT_SYN_ACK)
		count_answer(&pkt->src, pkt->sport, SLOT_SYN_ACK, &pkt->dst);
	else if (kind == PKT_RST)
		count_answer(&pkt->src, pkt->sport, SLOT_RST, &pkt->dst);
	else if (kind == PKT_ICMP)
		count_answer(&pkt->dst, pkt->dport, SLOT_ICMP, &pkt->src);
	else
		return kind == PKT_SYN && count_hairpin(pkt, skb);
	return true;
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

	if (judge(pkt_parse(&buf, link, PKT_WANT_ANSWERS, &pkt), &pkt, skb) && keeping)
		keep_sent_copy(skb);
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
	else if (kind != PKT_OTHER && judge(kind, &pkt, skb) && keeping)
		keep_sent(skb);
	return TC_ACT_UNSPEC;
}
