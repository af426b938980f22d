// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What arrives: counts inbound SYNs per destination address and port, and who asks for addresses.
 *
 * Two entries, XDP and tc, over one body. One instance is loaded for each interface, so that what
 * is fixed for an interface is a constant here. Frames always pass, unchanged.
 */
#include "count.h"
#include "keep.h"
#include "tell.h"

#define PACKET_OTHERHOST 3     /* of linux/if_packet.h */
#define NOTHING PACKET_CLASSES /* to be kept */

/* The kernel has bpf_xdp_load_bytes(), and frames of several buffers: from 5.18 on. */
const volatile bool xdp_frags;

/* The MAC addresses by which this host is called on this link (wire_mac()), 0 for none. Without
 * any, no frame is foreign. */
__u64 macs[ABI_MACS];

/* What the parser fills lies in memory and not on the stack: so the verifier forgets what it was,
 * and looks at what follows once instead of for every kind of packet. That halves its walk. */
struct pkt packets[ABI_MAX_CPUS];

/* Filled by `calibrate`: two clocks read at one moment. */
__u64 clock_jiffies, clock_monotonic;

static __always_inline struct pkt *packet_of(__u32 cpu)
{
	return &packets[cpu & (ABI_MAX_CPUS - 1)];
}

/* A host that has become the master of a virtual router has that one's address (RFC 9568, 7.3) on
 * an interface, and a backup has not: no rule of its own is needed. */
static __always_inline bool is_foreign(const struct pkt *pkt)
{
	__u64 mac = wire_mac(pkt->dst_mac);

	if (link != PKT_LINK_ETHERNET || !macs[0] || !mac)
		return false;
	for (int i = 0; i < ABI_MACS; i++)
		if (macs[i] == mac)
			return false;
	return true;
}

static __always_inline struct slot *count_syn(const struct pkt *pkt, __u32 ifindex, bool foreign,
					      __u32 cpu)
{
	struct slot_key key = {
		.dst = pkt->dst,
		.ifindex = ifindex,
		.port = pkt->dport,
		.kind = foreign ? SLOT_FOREIGN : SLOT_SYN,
	};

	return region_count(&key, &pkt->src, cpu);
}

/* What is decided before a SYN is counted lies in memory, too, and is read from there: so the rest
 * is looked at once, and not for each way to it. The low half is what pack_attempt() gives. */
#define HEARD_STRANGER (1ULL << 32)
#define HEARD_FOREIGN (1ULL << 33)
__u64 heard[ABI_MAX_CPUS];

/* A scan of random addresses tells nothing that its first thousands did not: SYNs to strangers
 * beyond what can be afforded go uncounted but in the sum; but for those that come again after a
 * while, of which there are few. */
static __always_inline bool is_worth_counting(const struct pkt *pkt, __u64 *h, __u32 cpu)
{
	struct budget *budget = budget_of(cpu);
	struct again again;
	bool afforded;

	budget->strangers++;
	afforded = afford(budget, ALLOW_STRANGER);
	if (!afforded && !afford(budget, ALLOW_ATTEMPT))
		return false;
	if (!(*h & HEARD_FOREIGN))
		*h |= pack_attempt(pkt);
	again = unpack_attempt(*h);
	return afforded || may_wait(pkt, &again);
}

/* Returns the class that the packet is kept under. */
static __always_inline int count_and_tell(const struct pkt *pkt, __u32 ifindex, __u64 h, __u32 cpu)
{
	struct slot *slot = count_syn(pkt, ifindex, h & HEARD_FOREIGN, cpu);
	struct again again = unpack_attempt(h);

	if (h & HEARD_FOREIGN)
		return PACKET_OTHER;
	if (!(h & HEARD_STRANGER) && slot && slot->known & KNOWN_OWNED)
		again = look_up_owned(pkt, slot);
	else if (!(h & HEARD_STRANGER))
		again = unpack_attempt(pack_attempt(pkt));
	return tell(pkt, ifindex, slot, again, cpu);
}

static __always_inline int leave_uncounted(__u32 cpu)
{
	struct counters *c = counters_of(cpu);

	c->unattributed++;
	c->events_held++;
	return PACKET_OTHER;
}

static __always_inline __u32 hear_syn(const struct pkt *pkt, __u32 ifindex, __u32 cpu)
{
	__u64 *h = &heard[cpu & (ABI_MAX_CPUS - 1)];

	counters_of(cpu)->syns++;
	*h = (may_be_known(&pkt->dst) ? 0 : HEARD_STRANGER) | (is_foreign(pkt) ? HEARD_FOREIGN : 0);
	if (*h & HEARD_STRANGER && !is_worth_counting(pkt, h, cpu))
		return leave_uncounted(cpu);
	region_barrier();
	return count_and_tell(pkt, ifindex, *h, cpu);
}

/* Whoever asks for his own address, or has none yet, claims it (RFC 5227, RFC 4862, 5.4.2). */
static __always_inline bool is_claim(const struct pkt *pkt)
{
	return region_same_address(&pkt->src, &pkt->dst) ||
	       (!pkt->src.halves[0] && !pkt->src.words[3]);
}

/* Only askings for what matters: a router asks for all that is scanned. */
static __always_inline __u32 count_asking(const struct pkt *pkt, __u32 ifindex, __u32 cpu)
{
	struct slot_key key = {.dst = pkt->dst, .ifindex = ifindex, .kind = SLOT_ASKED};

	if (is_claim(pkt) || known_of(&key.dst) != KNOWN_PUBLISHED)
		return NOTHING;
	count_only(&key, &pkt->src, cpu);
	return PACKET_LOST;
}

static __always_inline __u32 judge(enum pkt_kind kind, const struct pkt *pkt, __u32 ifindex,
				   __u32 cpu)
{
	if (kind == PKT_SYN)
		return hear_syn(pkt, ifindex, cpu);
	if (kind == PKT_ASKED)
		return count_asking(pkt, ifindex, cpu);
	if (kind == PKT_SHORT || kind == PKT_BROKEN)
		counters_of(cpu)->unparsed++;
	return NOTHING;
}

/* Under a scan most SYNs go to strangers beyond what can be afforded: of those nothing is read but
 * the destination. Not where packets are kept, which want more. */
static __always_inline bool is_too_many(const struct pkt_buf *buf, const struct pkt_place *place,
					__u32 cpu)
{
	struct addr dst;

	return !keeping && pkt_destination(buf, place, &dst) && !may_be_known(&dst) &&
	       is_stranger_too_many(cpu);
}

static __always_inline enum pkt_kind parse(const struct pkt_buf *buf, __u32 cpu)
{
	struct pkt_place place = {};
	enum pkt_kind kind = pkt_locate(buf, link, PKT_WANT_CALLS, &place);

	if (!pkt_is_wanted(kind))
		return kind;
	if (kind != PKT_SYN || !is_too_many(buf, &place, cpu))
		return pkt_read(buf, link, PKT_WANT_CALLS, kind, &place, packet_of(cpu));
	counters_of(cpu)->syns++;
	leave_uncounted(cpu);
	return PKT_OTHER;
}

/* Of a frame `frame` bytes long, `length` are at `from`. */
static __always_inline int keep_frame(__u32 class, __u32 begins, __u32 ifindex, __u64 frame,
				      const void *from, __u64 length)
{
	const struct keep_as as = {
		.ifindex = ifindex,
		.length = frame,
		.hook = PACKET_IN,
		.class = class,
		.link = begins,
	};

	if (class != NOTHING)
		keep(&as, from, length);
	return 0;
}

/*
 * Global functions, which the verifier walks through once and for themselves, instead of for each
 * way in which a packet was counted before. Older kernels do so also where nobody calls them: hence
 * each asks first.
 */
__noinline int keep_skb(struct __sk_buff *skb, __u32 class)
{
	return keeping ? keep_frame(class, link, skb->ifindex, skb->len, (void *)(long)skb->data,
				    skb->data_end - skb->data)
		       : 0;
}

__noinline int keep_xdp(struct xdp_md *ctx, __u32 class)
{
	if (keeping) {
		__u32 ifindex =
			ctx->ingress_ifindex; /* once: else compilers keep a pointer to it */
		__u64 here = ctx->data_end - ctx->data;
		__u64 frame = xdp_frags ? bpf_xdp_get_buff_len(ctx) : here;

		keep_frame(class, link, ifindex, frame, (void *)(long)ctx->data, here);
	}
	return 0;
}

__noinline int keep_copy(__u32 class, __u32 begins, __u32 ifindex, __u32 frame)
{
	__u32 zero = 0;
	struct copy *copy = keeping ? bpf_map_lookup_elem(&copies, &zero) : NULL;

	return copy ? keep_frame(class, begins, ifindex, frame, copy->bytes, frame) : 0;
}

/* The same again over a copy of the frame's first bytes, of which `len` are there. */
static __always_inline void judge_copy(struct copy *copy, __u32 len, enum pkt_link begins,
				       __u32 ifindex, __u64 frame)
{
	struct pkt_buf buf = {.shape = PKT_SHAPE_COPY, .data = copy->bytes, .len = len};
	__u32 cpu = bpf_get_smp_processor_id();
	struct pkt *pkt = packet_of(cpu);
	__u32 class = judge(pkt_parse(&buf, begins, PKT_WANT_CALLS, pkt), pkt, ifindex, cpu);

	if (keeping)
		keep_copy(class, begins, ifindex, frame);
}

static __always_inline struct copy *copy_of(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&copies, &zero);
}

static __noinline int again_xdp(struct xdp_md *ctx, __u32 len)
{
	__u32 size = pkt_copy_size(len);
	struct copy *copy = copy_of();

	if (copy && !bpf_xdp_load_bytes(ctx, 0, copy->bytes, size))
		judge_copy(copy, size, link, ctx->ingress_ifindex, len);
	return 0;
}

static __noinline int again_tc(struct __sk_buff *skb, enum pkt_link begins)
{
	__u32 size = pkt_copy_size(skb->len);
	struct copy *copy = copy_of();

	if (copy && !bpf_skb_load_bytes(skb, 0, copy->bytes, size))
		judge_copy(copy, size, begins, skb->ifindex, skb->len);
	return 0;
}

SEC("xdp")
int ingress_xdp(struct xdp_md *ctx)
{
	struct pkt_buf buf = {
		.shape = PKT_SHAPE_DIRECT,
		.data = (void *)(long)ctx->data,
		.end = (void *)(long)ctx->data_end,
	};
	__u32 cpu = bpf_get_smp_processor_id();
	struct pkt *pkt = packet_of(cpu);
	enum pkt_kind kind;
	__u32 class;

	counters_of(cpu)->frames++;
	kind = parse(&buf, cpu);
	if (kind == PKT_OTHER)
		return XDP_PASS;
	if (kind == PKT_SHORT && xdp_frags) {
		__u64 len = bpf_xdp_get_buff_len(ctx);

		if (len > ctx->data_end - ctx->data) {
			again_xdp(ctx, len);
			return XDP_PASS;
		}
	}
	class = judge(kind, pkt, ctx->ingress_ifindex, cpu);
	if (keeping)
		keep_xdp(ctx, class);
	return XDP_PASS;
}

/*
 * Behind somebody's generic XDP program that takes frames of several buffers, Linux (6.18 among
 * them) gives us the frame without its Ethernet header: the copy that it makes for the program
 * (skb_pp_cow_data() in net/core/skbuff.c) forgets how long that was.
 */
static __always_inline bool is_headless(const struct __sk_buff *skb, const struct pkt_buf *buf)
{
	const struct wire_eth *eth = pkt_at(buf, 0, sizeof(*eth));

	return link == PKT_LINK_ETHERNET && eth && eth->type != skb->protocol &&
	       (skb->protocol == wire_16(WIRE_TYPE_IPV4) ||
		skb->protocol == wire_16(WIRE_TYPE_IPV6) ||
		skb->protocol == wire_16(WIRE_TYPE_ARP));
}

/* Without a MAC address only the kernel knows for whom it is. */
static __always_inline void judge_headless(struct __sk_buff *skb, __u32 cpu)
{
	if (skb->pkt_type == PACKET_OTHERHOST)
		counters_of(cpu)->unparsed++;
	else
		again_tc(skb, PKT_LINK_RAW);
}

SEC("tc")
int ingress_tc(struct __sk_buff *skb)
{
	struct pkt_buf buf = {
		.shape = PKT_SHAPE_DIRECT,
		.data = (void *)(long)skb->data,
		.end = (void *)(long)skb->data_end,
	};
	__u32 cpu = bpf_get_smp_processor_id();
	struct pkt *pkt = packet_of(cpu);
	enum pkt_kind kind;
	__u32 class;

	/* Segments that the kernel has merged (GRO) came as so many frames. */
	counters_of(cpu)->frames += skb->gso_segs ? skb->gso_segs : 1;
	if (pkt_rare(is_headless(skb, &buf))) {
		judge_headless(skb, cpu);
		return TC_ACT_UNSPEC;
	}
	kind = parse(&buf, cpu);
	if (kind == PKT_OTHER)
		return TC_ACT_UNSPEC;
	if (kind == PKT_SHORT && skb->len > skb->data_end - skb->data) {
		again_tc(skb, link);
		return TC_ACT_UNSPEC;
	}
	class = judge(kind, pkt, skb->ifindex, cpu);
	if (keeping)
		keep_skb(skb, class);
	return TC_ACT_UNSPEC;
}

/* Never attached: run once by user space to learn how ticks relate to the clock. */
SEC("xdp")
int calibrate(struct xdp_md *ctx)
{
	clock_jiffies = bpf_jiffies64();
	clock_monotonic = bpf_ktime_get_ns();
	return XDP_PASS;
}
