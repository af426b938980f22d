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
#include "pkt_buf.h"
#include "wire.h"

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

/* What is looked for, one or both; all else is PKT_OTHER. A constant at compile time. */
enum pkt_want {
	PKT_WANT_CALLS = 1,   /* of frames that arrive: PKT_SYN, PKT_ASKED */
	PKT_WANT_ANSWERS = 2, /* of frames that leave: PKT_SYN_ACK, PKT_RST, PKT_ICMP, PKT_SYN */
	PKT_WANT_ALL = 3,     /* of a recording, which may not tell which frames are which */
};

/* What a frame begins with. */
enum pkt_link {
	PKT_LINK_ETHERNET,
	PKT_LINK_RAW, /* the IP header (tun, WireGuard, ppp): its version says which */
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

#include "pkt_ip.h"
#include "pkt_control.h"

/* An answer to a SYN has no sequence number of its own (RFC 9293, 3.10.7.1), which tells the resets
 * of attempts from those of connections. */
static __always_inline enum pkt_kind pkt_by_flags(const struct wire_tcp *tcp, enum pkt_want want)
{
	__u8 flags = tcp->flags & (WIRE_SYN | WIRE_ACK | WIRE_RST | WIRE_FIN);

	if (flags == WIRE_SYN)
		return PKT_SYN;
	if (!(want & PKT_WANT_ANSWERS))
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
					     const struct pkt_place *place)
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
	return kind;
}

static __always_inline enum pkt_kind pkt_fill_tcp(const struct pkt_buf *buf, enum pkt_kind kind,
						  __u64 off, struct pkt *ret_pkt)
{
	const struct wire_tcp *tcp = pkt_at(buf, off, sizeof(*tcp));

	if (!tcp)
		return PKT_SHORT;
	ret_pkt->sport = wire_16(tcp->sport);
	ret_pkt->dport = wire_16(tcp->dport);
	ret_pkt->seq = wire_32(tcp->seq);
	ret_pkt->header = (tcp->offset >> 4) * 4;
	ret_pkt->timestamp = 0;
	if (kind == PKT_SYN)
		ret_pkt->timestamp = pkt_timestamp(buf, off + sizeof(*tcp), off + ret_pkt->header);
	return PKT_SYN;
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

/*
 * The first half: where the headers are, and what they make the frame. PKT_ASKED and PKT_ICMP are
 * guesses, which the second half looks into.
 */
static __always_inline enum pkt_kind pkt_locate(const struct pkt_buf *buf, enum pkt_link link,
						enum pkt_want want, struct pkt_place *place)
{
	enum pkt_kind kind =
		pkt_rare(link == PKT_LINK_RAW) ? pkt_raw(buf, place) : pkt_ethernet(buf, place);

	if (kind != PKT_SYN)
		return kind;
	if (place->arp)
		return want & PKT_WANT_CALLS ? PKT_ASKED : PKT_OTHER;
	place->ip = place->off;
	kind = place->ipv6 ? pkt_ipv6(buf, want, place) : pkt_ipv4(buf, want, place);
	if (kind != PKT_SYN)
		return kind;
	return place->next == WIRE_TCP ? pkt_tcp(buf, want, place) : PKT_ICMP;
}

/* Whether pkt_locate() has found what pkt_read() can read. */
static __always_inline _Bool pkt_is_wanted(enum pkt_kind kind)
{
	return kind != PKT_OTHER && kind != PKT_SHORT && kind != PKT_BROKEN;
}

/* Where a SYN goes, before all the rest is read. False: out of reach. */
static __always_inline _Bool pkt_destination(const struct pkt_buf *buf,
					     const struct pkt_place *place, struct addr *ret_dst)
{
	if (place->ipv6) {
		const struct wire_ipv6 *ip = pkt_at(buf, place->ip, sizeof(*ip));

		if (!ip)
			return 0;
		__builtin_memcpy(ret_dst, ip->dst, sizeof(ip->dst));
	} else {
		const struct wire_ipv4 *ip = pkt_at(buf, place->ip, sizeof(*ip));

		if (!ip)
			return 0;
		*ret_dst = pkt_map_ipv4(ip->dst);
	}
	return 1;
}

/* The second half. Fills `ret_pkt` only where it returns what is wanted; else what is in there
 * means nothing. */
static __always_inline enum pkt_kind pkt_read(const struct pkt_buf *buf, enum pkt_link link,
					      enum pkt_want want, enum pkt_kind kind,
					      const struct pkt_place *place, struct pkt *ret_pkt)
{
	enum pkt_kind filled;

	/* In memory, or compilers keep it in registers and save those even where nothing was put in
	 * them, half a pointer included: which the verifier refuses. */
	pkt_opaque(ret_pkt);
	if (place->arp)
		return pkt_arp(buf, place, ret_pkt);
	if (place->next != WIRE_TCP)
		return pkt_control(buf, want, place, ret_pkt);
	filled = pkt_fill_tcp(buf, kind, place->off, ret_pkt);
	if (filled == PKT_SYN)
		filled = place->ipv6 ? pkt_fill_ipv6(buf, place->ip, ret_pkt)
				     : pkt_fill_ipv4(buf, place->ip, ret_pkt);
	if (filled == PKT_SYN)
		filled = pkt_fill_macs(buf, link, ret_pkt);
	return filled == PKT_SYN ? kind : filled;
}

/* Both. */
static __always_inline enum pkt_kind pkt_parse(const struct pkt_buf *buf, enum pkt_link link,
					       enum pkt_want want, struct pkt *ret_pkt)
{
	struct pkt_place place = {};
	enum pkt_kind kind = pkt_locate(buf, link, want, &place);

	return pkt_is_wanted(kind) ? pkt_read(buf, link, want, kind, &place, ret_pkt) : kind;
}

#endif
