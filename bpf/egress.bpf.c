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

/* What the parser fills, and what it says, lie in memory and are read from there: see
 * ingress.bpf.c. */
struct pkt sent[ABI_MAX_CPUS];
__u32 sent_kinds[ABI_MAX_CPUS]; /* enum pkt_kind */

static __always_inline struct pkt *sent_on(__u32 cpu)
{
	return &sent[cpu & (ABI_MAX_CPUS - 1)];
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

static __always_inline __u16 slot_kind_of(__u32 kind)
{
	return kind == PKT_SYN_ACK ? SLOT_SYN_ACK
	       : kind == PKT_RST   ? SLOT_RST
	       : kind == PKT_ICMP  ? SLOT_ICMP
				   : SLOT_HAIRPIN;
}

/* What answers comes from the address that was called; what quotes a SYN, or is one, goes to it.
 * Returns whether it was counted. */
static __always_inline bool judge(enum pkt_kind said, const struct __sk_buff *skb, __u32 cpu)
{
	const struct pkt *pkt = sent_on(cpu);
	__u32 *place = &sent_kinds[cpu & (ABI_MAX_CPUS - 1)], kind;
	struct slot_key key = {};
	struct slot *slot;
	bool back;

	if (said != PKT_SYN_ACK && said != PKT_RST && said != PKT_ICMP &&
	    (said != PKT_SYN || skb->ingress_ifindex != skb->ifindex))
		return false;
	*place = said;
	region_barrier();
	kind = *place;
	back = kind == PKT_SYN_ACK || kind == PKT_RST;
	key.dst = back ? pkt->src : pkt->dst;
	key.port = back ? pkt->sport : pkt->dport;
	key.kind = slot_kind_of(kind);
	key.ifindex = kind == PKT_SYN ? skb->ifindex : 0;
	slot = region_count(&key, back ? &pkt->dst : &pkt->src, cpu);
	if (kind == PKT_SYN)
		tell_fate(pkt, skb->ifindex, slot, SLOT_HAIRPIN);
	return true;
}

/* What the kernel sends has its headers in the linear part; what it forwards may not. */
static __noinline int again(struct __sk_buff *skb)
{
	__u32 size = pkt_copy_size(skb->len);
	__u32 zero = 0;
	struct copy *copy = bpf_map_lookup_elem(&copies, &zero);
	__u32 cpu = bpf_get_smp_processor_id();

	if (!copy || bpf_skb_load_bytes(skb, 0, copy->bytes, size))
		return 0;
	struct pkt_buf buf = {.shape = PKT_SHAPE_COPY, .data = copy->bytes, .len = size};

	if (judge(pkt_parse(&buf, link, PKT_WANT_ANSWERS, sent_on(cpu)), skb, cpu) && keeping)
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
	__u32 cpu = bpf_get_smp_processor_id();
	enum pkt_kind kind = pkt_parse(&buf, link, PKT_WANT_ANSWERS, sent_on(cpu));

	if (kind == PKT_SHORT && skb->len > skb->data_end - skb->data)
		again(skb);
	else if (kind != PKT_OTHER && judge(kind, skb, cpu) && keeping)
		keep_sent(skb);
	return TC_ACT_UNSPEC;
}
