/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The parser's steps over the link and network layers. Part of pkt.h, which has its types. */
#ifndef SYNHOLE_PKT_IP_H
#define SYNHOLE_PKT_IP_H

/* Extension headers followed before giving up; RFC 8200, 4.1 recommends no more than six. */
#define PKT_EXTENSIONS 8
#define PKT_VLANS 2

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
	for (int i = 0; i < PKT_VLANS && pkt_rare(pkt_is_vlan(type)); i++) {
		vlan = pkt_at(buf, place->off, sizeof(*vlan));
		if (!vlan)
			return PKT_SHORT;
		place->off = pkt_forget(place->off + sizeof(*vlan), vlan->tag);
		type = wire_16(vlan->type);
	}
	if (pkt_rare(pkt_is_vlan(type)))
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
	if (place->next != WIRE_TCP && (!(want & PKT_WANT_ANSWERS) || place->next != WIRE_ICMP))
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
	for (int i = 0; i < PKT_EXTENSIONS && pkt_rare(pkt_is_extension(place->next)); i++) {
		if (i && place->next == WIRE_HOPOPTS)
			return PKT_BROKEN;
		kind = pkt_extension(buf, place);
		if (kind != PKT_SYN)
			return kind;
	}
	if (pkt_rare(pkt_is_extension(place->next)))
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
	return want & PKT_WANT_CALLS ? pkt_extensions(buf, place) : PKT_SYN;
}

#endif
