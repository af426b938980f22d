/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The parser's steps over what is no TCP: askings, and errors. Part of pkt.h, which has its types.
 */
#ifndef SYNHOLE_PKT_CONTROL_H
#define SYNHOLE_PKT_CONTROL_H

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

/* What an IP packet is that is no TCP: an asking, or an error. */
static __always_inline enum pkt_kind pkt_control(const struct pkt_buf *buf, enum pkt_want want,
						 const struct pkt_place *place, struct pkt *ret_pkt)
{
	enum pkt_kind kind = PKT_OTHER;

	if (place->next != (place->ipv6 ? WIRE_ICMPV6 : WIRE_ICMP))
		return PKT_OTHER;
	if (want & PKT_WANT_CALLS && place->ipv6)
		kind = pkt_solicitation(buf, place, ret_pkt);
	if (kind != PKT_OTHER || !(want & PKT_WANT_ANSWERS))
		return kind;
	return place->ipv6 ? pkt_icmpv6(buf, place, ret_pkt) : pkt_icmp(buf, place, ret_pkt);
}

#endif
