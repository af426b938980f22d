// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Why the kernel dropped it: SYNs that end in kfree_skb, counted by destination and reason.
 *
 * The tracepoint is the whole machine's: other network namespaces are left out, and so are refusals
 * of closed ports, which are answered.
 */
#include "budget.h"
#include "event.h"
#include "keep.h"

#include <bpf/bpf_core_read.h>

const volatile __u32 netns; /* the inode of this process's network namespace */

/* Received by an interface of this network namespace, and not made here. */
static __always_inline bool is_ours(const struct sk_buff *skb)
{
	const struct net_device *dev = skb->dev;

	return skb->skb_iif && dev && dev->nd_net.net->ns.inum == netns;
}

/* How to get at the packet: kernels from 6.2 on let a program read without a call, which costs more
 * than all else here; that is inlined, and a program that names it is refused by those before. */
enum reading {
	READ_BY_CALL,
	READ_DIRECTLY,
};

extern void *bpf_rdonly_cast(const void *obj, __u32 btf_id) __ksym __weak;

#define read_as(type, header)                                                                      \
	((const struct type *)bpf_rdonly_cast(header, bpf_core_type_id_kernel(struct type)))

/* Both leave at once for what is no TCP, before anything more is read. */
static __always_inline bool tcp_over_ipv6(const void *header, enum reading how,
					  struct addr *ret_dst)
{
	struct wire_ipv6 copy;
	__u8 next;

	if (how == READ_DIRECTLY) {
		const struct ipv6hdr *ip = read_as(ipv6hdr, header);

		for (int i = 0; i < 4; i++)
			ret_dst->words[i] = ip->daddr.in6_u.u6_addr32[i];
		next = ip->nexthdr;
	} else {
		if (bpf_probe_read_kernel(&copy, sizeof(copy), header))
			return false;
		__builtin_memcpy(ret_dst, copy.dst, sizeof(copy.dst));
		next = copy.next;
	}
	return next == WIRE_TCP || pkt_is_extension(next);
}

static __always_inline bool tcp_over_ipv4(const void *header, enum reading how,
					  struct addr *ret_dst)
{
	struct wire_ipv4 copy;

	if (how == READ_DIRECTLY) {
		const struct iphdr *ip = read_as(iphdr, header);

		*ret_dst = pkt_map_ipv4(ip->daddr);
		return ip->protocol == WIRE_TCP;
	}
	if (bpf_probe_read_kernel(&copy, sizeof(copy), header))
		return false;
	*ret_dst = pkt_map_ipv4(copy.dst);
	return copy.protocol == WIRE_TCP;
}

static __always_inline bool tcp_destination(const struct sk_buff *skb, const void *header,
					    enum reading how, struct addr *ret_dst)
{
	if (skb->protocol == wire_16(WIRE_TYPE_IPV6))
		return tcp_over_ipv6(header, how, ret_dst);
	return skb->protocol == wire_16(WIRE_TYPE_IPV4) && tcp_over_ipv4(header, how, ret_dst);
}

/* Reasons of subsystems have their number in the upper half, and are not TCP's. A call to a closed
 * port ends here too, when it has been answered (tcp_v4_rcv, tcp_v6_rcv). */
static __always_inline bool may_be_lost(__u32 reason)
{
	return reason <= 0xffff &&
	       reason != bpf_core_enum_value(enum skb_drop_reason, SKB_DROP_REASON_NO_SOCKET);
}

/* Each drop of what matters is looked at, and of strangers' as many as can be afforded: what became
 * of those is no news, and a scan of them is what floods. */
static __always_inline bool is_worth_a_look(const struct addr *dst)
{
	__u32 cpu = bpf_get_smp_processor_id();

	if (may_be_known(dst) || afford(budget_of(cpu), ALLOW_DROP))
		return true;
	counters_of(cpu)->drops_held++;
	return false;
}

static __always_inline void count_drop(const struct pkt *pkt, __u32 reason)
{
	struct slot_key key = {.dst = pkt->dst, .port = reason, .kind = SLOT_DROP};

	tell_fate(pkt, 0, region_count(&key, &pkt->src, bpf_get_smp_processor_id()), SLOT_DROP);
}

/* What lies in `copies` is so many bytes of it. A global function: see keep_skb(). */
__noinline int keep_drop(__u32 class, __u32 reason, __u32 length)
{
	const struct keep_as as = {
		.length = length,
		.reason = reason,
		.hook = PACKET_DROP,
		.class = class,
		.link = PKT_LINK_RAW,
	};
	__u32 zero = 0;
	struct copy *copy = keeping ? bpf_map_lookup_elem(&copies, &zero) : NULL;

	if (copy)
		keep(&as, copy->bytes, length);
	return 0;
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
	if (pkt_parse(&buf, PKT_LINK_RAW, PKT_WANT_CALLS, &pkt) != PKT_SYN)
		return;
	count_drop(&pkt, reason);
	if (keeping)
		keep_drop(known_of(&pkt.dst) ? PACKET_DROPPED : PACKET_OTHER, reason, buf.len);
}

/* (skb, location, reason): the reason is there from Linux 5.17 on. */
static __always_inline int drop(__u64 *args, enum reading how)
{
	const struct sk_buff *skb = (const struct sk_buff *)args[0];
	const void *header = skb->head + skb->network_header;
	__u32 reason = args[2];
	struct addr dst;

	if (may_be_lost(reason) && is_ours(skb) && tcp_destination(skb, header, how, &dst) &&
	    is_worth_a_look(&dst))
		look(skb, header, reason);
	return 0;
}

/* One of the two is loaded. */
SEC("tp_btf/kfree_skb")
int drop_syn(__u64 *args)
{
	return drop(args, READ_DIRECTLY);
}

SEC("tp_btf/kfree_skb")
int drop_syn_old(__u64 *args)
{
	return drop(args, READ_BY_CALL);
}
