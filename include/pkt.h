/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The packet parser: is this frame a TCP SYN, or the answer to one, or does it ask who has an
 * address? And if so, from whom to whom?
 *
 * The only one of the project, compiled into the XDP and tc programs and into user space. It reads
 * nothing beyond what it was given, allocates nothing and loops at most PKT_EXTENSIONS times.
 *
 * A program that is told PKT_SHORT while the frame is longer than its linear part copies the first
 * pkt_copy_size() bytes (bpf_skb_load_bytes, bpf_xdp_load_bytes) and parses the copy:
 *
 *	struct pkt_buf buf = {.shape = PKT_SHAPE_DIRECT, .data = data, .end = data_end};
 *	struct pkt_buf buf = {.shape = PKT_SHAPE_COPY, .data = copy, .len = copied};
 */
#ifndef SYNHOLE_PKT_H
#define SYNHOLE_PKT_H

#include "abi.h"
#include "wire.h"

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

/* Enough for two VLAN tags, IPv6, 174 bytes of extension headers and TCP. A power of two. */
#define PKT_COPY 256

/* Extension headers followed before giving up; RFC 8200, 4.1 recommends no more than six. */
#define PKT_EXTENSIONS 8
#define PKT_VLANS 2

enum pkt_kind {
	PKT_OTHER,   /* no SYN to this address: another protocol, a later segment or fragment */
	PKT_SYN,     /* SYN without ACK, RST, FIN: what a listener takes (tcp_rcv_state_process) */
	PKT_ASKED,   /* who has this address? An ARP request (RFC 826), a neighbour solicitation */
	PKT_SYN_ACK, /* the answer of a listener */
	PKT_RST,     /* the answer of a closed port */
	PKT_ICMP,    /* "destination unreachable" that quotes a SYN: addresses and ports are its */
	PKT_SHORT,   /* the headers reach beyond the data at hand: retry with more, else unparsed */
	PKT_BROKEN,  /* unparsed: malformed or beyond our bounds, so nobody can say what it is */
};

/* What is looked for; all else is PKT_OTHER. */
enum pkt_want {
	PKT_WANT_CALLS,	  /* of frames that arrive: PKT_SYN, PKT_ASKED */
	PKT_WANT_ANSWERS, /* of frames that leave: PKT_SYN_ACK, PKT_RST, PKT_ICMP, PKT_SYN */
};

/* What a frame begins with. */
enum pkt_link {
	PKT_LINK_ETHERNET,
	PKT_LINK_RAW, /* the IP header (tun, WireGuard, ppp): its version says which */
};

enum pkt_shape {
	PKT_SHAPE_DIRECT, /* data to end, for BPF packet pointers */
	PKT_SHAPE_COPY,	  /* len bytes of data, whose memory is at least PKT_COPY bytes to BPF */
};

/* The bytes to parse; `data` is not NULL and aligned to 2. */
struct pkt_buf {
	enum pkt_shape shape; /* a constant at compile time: the verifier follows one at a time */
	const void *data;
	const void *end; /* of PKT_SHAPE_DIRECT */
	__u64 len;	 /* of PKT_SHAPE_COPY; what exceeds PKT_COPY is not looked at */
};

/* Integers in host byte order. Of PKT_ASKED, `dst` is who is asked for, and there are no ports. */
struct pkt {
	struct addr src;
	struct addr dst;
	__u32 seq;
	__u16 sport;
	__u16 dport;
	__u16 ip_id;	 /* 0 in IPv6 */
	__u8 src_mac[6]; /* zero without Ethernet */
	__u8 dst_mac[6];
	__u8 hop_limit;
	__u8 header;	 /* of PKT_SYN: the TCP header's length, 20 and its options */
	__u32 timestamp; /* of PKT_SYN: TCP's (RFC 7323), 0 where none was found */
	__u32 pad;
};

_Static_assert(sizeof(struct pkt) == 64, "pkt has no hidden padding");

/*
 * Where the parser stands, in bytes from the start of the frame. `end` is where the IP packet ends
 * by its own account, which is before the end of the frame where Ethernet padding follows, and
 * behind it in a capture that was cut.
 */
struct pkt_place {
	__u64 ip;
	__u64 off;
	__u64 end;
	_Bool ipv6;
	_Bool arp;
	__u8 next;
};

/* Hides a value's history from the compiler, so that what is checked is what is used. */
#define pkt_opaque(x) __asm__ volatile("" : "+r"(x))

/*
 * How much to copy of a frame of `len` bytes, which is not empty: at most PKT_COPY, and in a form
 * in which old kernels too see that it is not 0, as the helpers demand.
 */
static __always_inline __u32 pkt_copy_size(__u64 len)
{
	if (len > PKT_COPY)
		len = PKT_COPY;
	len--;
	pkt_opaque(len);
	return (len & (PKT_COPY - 1)) + 1;
}

/*
 * `size` bytes at `off`, or NULL where the data ends before. Compilers must leave the test where it
 * is, or the verifier does not see what it says of the pointer; and must be told that the pointer
 * is not NULL itself, or each caller's test is made twice.
 *
 * A packet pointer that moves by a variable is granted to CAP_PERFMON only: others may not build on
 * what a misled CPU could skip (sanitize_ptr_alu in kernel/bpf/verifier.c).
 */
static __always_inline const void *pkt_at(const struct pkt_buf *buf, __u64 off, __u64 size)
{
	const __u8 *at = buf->data;

	if (buf->shape == PKT_SHAPE_COPY) {
		pkt_opaque(off);
		if (off > PKT_COPY - size || off + size > buf->len)
			return (void *)0;
		at += off;
	} else {
		at += off;
		pkt_opaque(at);
		if (at + size > (const __u8 *)buf->end)
			return (void *)0;
	}
	pkt_opaque(at);
	if (!at)
		__builtin_unreachable();
	return at;
}

/*
 * Returns `off`. But the verifier cannot know that `any` less itself is nothing, takes all offsets
 * for one, and so follows each turn of a loop once instead of every combination of headers.
 */
static __always_inline __u64 pkt_forget(__u64 off, __u64 any)
{
	__u64 same = any;

	pkt_opaque(same);
	return (off + (any ^ same)) & 0x7fff;
}

/*
 * The steps below return PKT_SYN while nothing speaks against a SYN, and move `place` on.
 */

static __always_inline _Bool pkt_is_vlan(__u16 type)
{
	return type == WIRE_TYPE_VLAN || type == WIRE_TYPE_VLAN_AD || type == WIRE_TYPE_VLAN_OLD;
}

static __always_inline enum pkt_kind pkt_ethernet(const struct pkt_buf *buf,
						  struct pkt_place *place)
{
	const struct wire_eth *eth = pkt_at(buf, 0, sizeof(*eth));
	const struct wire_vlan *vlan;
	__u16 type;

	if (!eth)
		return PKT_SHORT;
	place->off = sizeof(*eth);
	type = wire_16(eth->type);
	for (int i = 0; i < PKT_VLANS && pkt_is_vlan(type); i++) {
		vlan = pkt_at(buf, place->off, sizeof(*vlan));
		if (!vlan)
			return PKT_SHORT;
		place->off = pkt_forget(place->off + sizeof(*vlan), vlan->tag);
		type = wire_16(vlan->type);
	}
	if (pkt_is_vlan(type))
		return PKT_BROKEN;
	place->ipv6 = type == WIRE_TYPE_IPV6;
	place->arp = type == WIRE_TYPE_ARP;
	return place->ipv6 || place->arp || type == WIRE_TYPE_IPV4 ? PKT_SYN : PKT_OTHER;
}

static __always_inline enum pkt_kind pkt_raw(const struct pkt_buf *buf, struct pkt_place *place)
{
	const __u8 *first = pkt_at(buf, 0, 1);

	if (!first)
		return PKT_SHORT;
	place->off = 0;
	place->ipv6 = *first >> 4 == 6;
	return PKT_SYN;
}

/*
 * A length of 0 is no length: jumbograms (RFC 2675) and the giants that GRO merges from many
 * segments. It counts as 64 KiB here, and no SYN is that long.
 */
#define PKT_GIANT 0x10000

static __always_inline __u64 pkt_length(__be16 length)
{
	return (__u16)(wire_16(length) - 1) + 1;
}

static __always_inline enum pkt_kind pkt_ipv4(const struct pkt_buf *buf, enum pkt_want want,
					      struct pkt_place *place)
{
	const struct wire_ipv4 *ip = pkt_at(buf, place->off, sizeof(*ip));
	__u64 header;

	if (!ip)
		return PKT_SHORT;
	header = (ip->version_ihl & 0xf) * 4;
	if (ip->version_ihl >> 4 != 4 || header < sizeof(*ip))
		return PKT_BROKEN;
	place->next = ip->protocol;
	if (place->next != WIRE_TCP && (want == PKT_WANT_CALLS || place->next != WIRE_ICMP))
		return PKT_OTHER;
	if (ip->fragment & wire_16(WIRE_IPV4_OFFSET))
		return PKT_OTHER;
	place->end = place->off + pkt_length(ip->total_length);
	place->off += header;
	return PKT_SYN;
}

static __always_inline _Bool pkt_is_extension(__u8 next)
{
	return next == WIRE_HOPOPTS || next == WIRE_ROUTING || next == WIRE_FRAGMENT ||
	       next == WIRE_AH || next == WIRE_DSTOPTS;
}

/*
 * A source route with segments left names its real destination elsewhere: the address in the IP
 * header was not dialled (RFC 8200, 4.4). The first fragment holds all headers (RFC 7112).
 */
static __always_inline enum pkt_kind pkt_extension(const struct pkt_buf *buf,
						   struct pkt_place *place)
{
	const struct wire_extension *ext;
	__u64 length;

	if (place->off + sizeof(*ext) > place->end)
		return PKT_BROKEN;
	ext = pkt_at(buf, place->off, sizeof(*ext));
	if (!ext)
		return PKT_SHORT;
	length = (ext->length + 1) * 8;
	if (place->next == WIRE_FRAGMENT) {
		if (ext->fragment & wire_16(WIRE_IPV6_OFFSET))
			return PKT_OTHER;
		length = sizeof(*ext);
	}
	if (place->next == WIRE_ROUTING && ext->routing.segments_left)
		return PKT_OTHER;
	if (place->next == WIRE_AH)
		length = (ext->length + 2) * 4;
	place->next = ext->next;
	place->off = pkt_forget(place->off + length, ext->fragment);
	return PKT_SYN;
}

/*
 * Kernel 5.10 takes a loop only if a jump closes it, and compilers like to close it by falling
 * through into its head (check_cfg in kernel/bpf/verifier.c).
 */
#ifdef __bpf__
#define PKT_UNROLL _Pragma("clang loop unroll(full)")
#else
#define PKT_UNROLL
#endif

static __always_inline enum pkt_kind pkt_extensions(const struct pkt_buf *buf,
						    struct pkt_place *place)
{
	enum pkt_kind kind;

	PKT_UNROLL
	for (int i = 0; i < PKT_EXTENSIONS && pkt_is_extension(place->next); i++) {
		if (i && place->next == WIRE_HOPOPTS)
			return PKT_BROKEN;
		kind = pkt_extension(buf, place);
		if (kind != PKT_SYN)
			return kind;
	}
	if (pkt_is_extension(place->next))
		return PKT_BROKEN;
	return place->next == WIRE_TCP || place->next == WIRE_ICMPV6 ? PKT_SYN : PKT_OTHER;
}

/* Answers are this host's own or of its kind, and have no extension headers: they are not walked.
 */
static __always_inline enum pkt_kind pkt_ipv6(const struct pkt_buf *buf, enum pkt_want want,
					      struct pkt_place *place)
{
	const struct wire_ipv6 *ip = pkt_at(buf, place->off, sizeof(*ip));

	if (!ip)
		return PKT_SHORT;
	if (wire_16(ip->version_class) >> 12 != 6)
		return PKT_BROKEN;
	place->next = ip->next;
	place->off += sizeof(*ip);
	place->end = place->off + pkt_length(ip->payload_length);
	return want == PKT_WANT_CALLS ? pkt_extensions(buf, place) : PKT_SYN;
}

/* An answer to a SYN has no sequence number of its own (RFC 9293, 3.10.7.1), which tells the resets
 * of attempts from those of connections. */
static __always_inline enum pkt_kind pkt_by_flags(const struct wire_tcp *tcp, enum pkt_want want)
{
	__u8 flags = tcp->flags & (WIRE_SYN | WIRE_ACK | WIRE_RST | WIRE_FIN);

	if (flags == WIRE_SYN)
		return PKT_SYN;
	if (want == PKT_WANT_CALLS)
		return PKT_OTHER;
	if (flags == (WIRE_SYN | WIRE_ACK))
		return PKT_SYN_ACK;
	return flags == (WIRE_RST | WIRE_ACK) && !tcp->seq ? PKT_RST : PKT_OTHER;
}

/*
 * Options are not walked: the timestamp is looked for where it nearly always stands, behind MSS and
 * SACK permitted (Linux), or MSS, NOP, window scale and two NOP (the BSDs, macOS).
 */
static __always_inline __u32 pkt_timestamp(const struct pkt_buf *buf, __u64 options, __u64 end)
{
	const struct wire_timestamp *linux_way, *bsd_way;

	if (options + 6 + sizeof(*linux_way) > end)
		return 0;
	linux_way = pkt_at(buf, options + 6, sizeof(*linux_way));
	if (linux_way && linux_way->kind == wire_16(WIRE_TIMESTAMP))
		return wire_32(linux_way->value);
	if (options + 10 + sizeof(*bsd_way) > end)
		return 0;
	bsd_way = pkt_at(buf, options + 10, sizeof(*bsd_way));
	return bsd_way && bsd_way->kind == wire_16(WIRE_TIMESTAMP) ? wire_32(bsd_way->value) : 0;
}

/* A packet that ends before its TCP header does is a tiny fragment at best (RFC 1858). */
static __always_inline enum pkt_kind pkt_tcp(const struct pkt_buf *buf, enum pkt_want want,
					     const struct pkt_place *place, struct pkt *ret_pkt)
{
	const struct wire_tcp *tcp;
	enum pkt_kind kind;
	__u64 length;

	if (place->off + sizeof(*tcp) > place->end)
		return PKT_BROKEN;
	tcp = pkt_at(buf, place->off, sizeof(*tcp));
	if (!tcp)
		return PKT_SHORT;
	kind = pkt_by_flags(tcp, want);
	if (kind == PKT_OTHER)
		return PKT_OTHER;
	length = (tcp->offset >> 4) * 4;
	if (length < sizeof(*tcp) || place->off + length > place->end ||
	    place->end - place->ip >= PKT_GIANT)
		return PKT_BROKEN;
	ret_pkt->sport = wire_16(tcp->sport);
	ret_pkt->dport = wire_16(tcp->dport);
	ret_pkt->seq = wire_32(tcp->seq);
	ret_pkt->header = length;
	ret_pkt->timestamp = 0;
	if (kind == PKT_SYN)
		ret_pkt->timestamp =
			pkt_timestamp(buf, place->off + sizeof(*tcp), place->off + length);
	return kind;
}

static __always_inline struct addr pkt_map_ipv4(__be32 address)
{
	return (struct addr){.words = {0, 0, wire_32(0xffff), address}};
}

/* A request for IPv4 over Ethernet; whatever else ARP can say is not for us. */
static __always_inline enum pkt_kind pkt_arp(const struct pkt_buf *buf,
					     const struct pkt_place *place, struct pkt *ret_pkt)
{
	const struct wire_arp *arp = pkt_at(buf, place->off, sizeof(*arp));

	if (!arp)
		return PKT_SHORT;
	if (arp->operation != wire_16(WIRE_ARP_REQUEST) ||
	    arp->protocol != wire_16(WIRE_TYPE_IPV4) || arp->protocol_length != 4 ||
	    arp->hardware_length != 6)
		return PKT_OTHER;
	ret_pkt->src = pkt_map_ipv4(arp->sender);
	ret_pkt->dst = pkt_map_ipv4(arp->target);
	return PKT_ASKED;
}

/* RFC 4861, 7.1.1: one that has passed a router is void. */
static __always_inline enum pkt_kind
pkt_solicitation(const struct pkt_buf *buf, const struct pkt_place *place, struct pkt *ret_pkt)
{
	const struct wire_solicitation *ns;
	const struct wire_ipv6 *ip;
	const __u8 *type;

	if (place->off + sizeof(*ns) > place->end)
		return PKT_OTHER;
	type = pkt_at(buf, place->off, 1);
	if (type && *type != WIRE_ICMPV6_SOLICITATION)
		return PKT_OTHER;
	ns = pkt_at(buf, place->off, sizeof(*ns));
	if (!ns)
		return PKT_SHORT;
	ip = pkt_at(buf, place->ip, sizeof(*ip));
	if (!ip)
		return PKT_SHORT;
	if (ip->hop_limit != 255)
		return PKT_OTHER;
	__builtin_memcpy(&ret_pkt->src, ip->src, sizeof(ip->src));
	__builtin_memcpy(&ret_pkt->dst, ns->target, sizeof(ns->target));
	return PKT_ASKED;
}

/* The TCP header that an error quotes: enough of it to see that it is a SYN's. */
static __always_inline enum pkt_kind pkt_quoted_tcp(const struct pkt_buf *buf, __u64 off,
						    struct pkt *ret_pkt)
{
	const struct wire_tcp *tcp = pkt_at(buf, off, sizeof(*tcp));

	if (!tcp || (tcp->flags & (WIRE_SYN | WIRE_ACK | WIRE_RST | WIRE_FIN)) != WIRE_SYN)
		return PKT_OTHER;
	ret_pkt->sport = wire_16(tcp->sport);
	ret_pkt->dport = wire_16(tcp->dport);
	ret_pkt->seq = wire_32(tcp->seq);
	return PKT_ICMP;
}

static __always_inline enum pkt_kind pkt_icmp(const struct pkt_buf *buf,
					      const struct pkt_place *place, struct pkt *ret_pkt)
{
	const struct wire_icmp *icmp = pkt_at(buf, place->off, sizeof(*icmp));
	const struct wire_ipv4 *ip;

	if (!icmp || icmp->type != WIRE_ICMP_UNREACHABLE ||
	    icmp->code == WIRE_ICMP_FRAGMENTATION_NEEDED)
		return PKT_OTHER;
	ip = pkt_at(buf, place->off + sizeof(*icmp), sizeof(*ip));
	if (!ip || ip->protocol != WIRE_TCP)
		return PKT_OTHER;
	ret_pkt->src = pkt_map_ipv4(ip->src);
	ret_pkt->dst = pkt_map_ipv4(ip->dst);
	return pkt_quoted_tcp(
		buf, pkt_forget(place->off + sizeof(*icmp) + (ip->version_ihl & 0xf) * 4, ip->id),
		ret_pkt);
}

/* SYNs with extension headers are not looked for: no client sends them. */
static __always_inline enum pkt_kind pkt_icmpv6(const struct pkt_buf *buf,
						const struct pkt_place *place, struct pkt *ret_pkt)
{
	const struct wire_icmp *icmp = pkt_at(buf, place->off, sizeof(*icmp));
	const struct wire_ipv6 *ip;

	if (!icmp || icmp->type != WIRE_ICMPV6_UNREACHABLE)
		return PKT_OTHER;
	ip = pkt_at(buf, place->off + sizeof(*icmp), sizeof(*ip));
	if (!ip || ip->next != WIRE_TCP)
		return PKT_OTHER;
	__builtin_memcpy(&ret_pkt->src, ip->src, sizeof(ip->src));
	__builtin_memcpy(&ret_pkt->dst, ip->dst, sizeof(ip->dst));
	return pkt_quoted_tcp(buf, place->off + sizeof(*icmp) + sizeof(*ip), ret_pkt);
}

static __always_inline enum pkt_kind pkt_fill_ipv4(const struct pkt_buf *buf, __u64 off,
						   struct pkt *ret_pkt)
{
	const struct wire_ipv4 *ip = pkt_at(buf, off, sizeof(*ip));

	if (!ip)
		return PKT_SHORT;
	ret_pkt->src = pkt_map_ipv4(ip->src);
	ret_pkt->dst = pkt_map_ipv4(ip->dst);
	ret_pkt->ip_id = wire_16(ip->id);
	ret_pkt->hop_limit = ip->ttl;
	return PKT_SYN;
}

static __always_inline enum pkt_kind pkt_fill_ipv6(const struct pkt_buf *buf, __u64 off,
						   struct pkt *ret_pkt)
{
	const struct wire_ipv6 *ip = pkt_at(buf, off, sizeof(*ip));

	if (!ip)
		return PKT_SHORT;
	__builtin_memcpy(&ret_pkt->src, ip->src, sizeof(ip->src));
	__builtin_memcpy(&ret_pkt->dst, ip->dst, sizeof(ip->dst));
	ret_pkt->ip_id = 0;
	ret_pkt->hop_limit = ip->hop_limit;
	return PKT_SYN;
}

static __always_inline enum pkt_kind pkt_fill_macs(const struct pkt_buf *buf, enum pkt_link link,
						   struct pkt *ret_pkt)
{
	const struct wire_eth *eth;

	__builtin_memset(ret_pkt->src_mac, 0, sizeof(ret_pkt->src_mac));
	__builtin_memset(ret_pkt->dst_mac, 0, sizeof(ret_pkt->dst_mac));
	if (link == PKT_LINK_RAW)
		return PKT_SYN;
	eth = pkt_at(buf, 0, sizeof(*eth));
	if (!eth)
		return PKT_SHORT;
	__builtin_memcpy(ret_pkt->src_mac, eth->src, sizeof(eth->src));
	__builtin_memcpy(ret_pkt->dst_mac, eth->dst, sizeof(eth->dst));
	return PKT_SYN;
}

/* What an IP packet is that is no TCP: an asking, or an error. */
static __always_inline enum pkt_kind pkt_control(const struct pkt_buf *buf, enum pkt_want want,
						 const struct pkt_place *place, struct pkt *ret_pkt)
{
	if (place->next != (place->ipv6 ? WIRE_ICMPV6 : WIRE_ICMP))
		return PKT_OTHER;
	if (want == PKT_WANT_CALLS)
		return pkt_solicitation(buf, place, ret_pkt);
	return place->ipv6 ? pkt_icmpv6(buf, place, ret_pkt) : pkt_icmp(buf, place, ret_pkt);
}

/* Fills `ret_pkt` only where it returns what is wanted; else what is in there means nothing. */
static __always_inline enum pkt_kind pkt_parse(const struct pkt_buf *buf, enum pkt_link link,
					       enum pkt_want want, struct pkt *ret_pkt)
{
	struct pkt_place place = {};
	enum pkt_kind kind, filled;

	/* In memory, or compilers keep it in registers and save those even where nothing was put in
	 * them, half a pointer included: which the verifier refuses. */
	pkt_opaque(ret_pkt);
	kind = link == PKT_LINK_RAW ? pkt_raw(buf, &place) : pkt_ethernet(buf, &place);
	if (kind != PKT_SYN)
		return kind;
	if (place.arp)
		return want == PKT_WANT_CALLS ? pkt_arp(buf, &place, ret_pkt) : PKT_OTHER;
	place.ip = place.off;
	kind = place.ipv6 ? pkt_ipv6(buf, want, &place) : pkt_ipv4(buf, want, &place);
	if (kind != PKT_SYN)
		return kind;
	if (place.next != WIRE_TCP)
		return pkt_control(buf, want, &place, ret_pkt);
	kind = pkt_tcp(buf, want, &place, ret_pkt);
	if (kind == PKT_OTHER || kind == PKT_SHORT || kind == PKT_BROKEN)
		return kind;
	filled = place.ipv6 ? pkt_fill_ipv6(buf, place.ip, ret_pkt)
			    : pkt_fill_ipv4(buf, place.ip, ret_pkt);
	if (filled == PKT_SYN)
		filled = pkt_fill_macs(buf, link, ret_pkt);
	return filled == PKT_SYN ? kind : filled;
}

#endif
