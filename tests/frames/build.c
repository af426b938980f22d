// SPDX-License-Identifier: GPL-2.0-only
/* Builds the bytes of the packet vectors from their layers. */
#include "frames.h"

#include <assert.h>
#include <string.h>

/* What the layer before `layer` says comes next. */
static __u16 number_of(const struct layer *layer)
{
	static const __u16 usual[] = {
		[LAYER_NONE] = WIRE_NONE,
		[LAYER_VLAN] = WIRE_TYPE_VLAN,
		[LAYER_IPV4] = WIRE_TYPE_IPV4,
		[LAYER_IPV6] = WIRE_TYPE_IPV6,
		[LAYER_ARP] = WIRE_TYPE_ARP,
		[LAYER_ICMP] = WIRE_ICMP,
		[LAYER_SOLICITATION] = WIRE_ICMPV6,
		[LAYER_TCP] = WIRE_TCP,
		[LAYER_DATA] = WIRE_UDP,
		[LAYER_PADDING] = WIRE_NONE,
	};

	return layer->number || layer->is == LAYER_EXTENSION ? layer->number : usual[layer->is];
}

static __u32 size_of(const struct layer *layer)
{
	static const __u32 fixed[] = {
		[LAYER_ETHERNET] = sizeof(struct wire_eth),
		[LAYER_VLAN] = sizeof(struct wire_vlan),
		[LAYER_IPV4] = sizeof(struct wire_ipv4),
		[LAYER_IPV6] = sizeof(struct wire_ipv6),
		[LAYER_EXTENSION] = sizeof(struct wire_extension),
		[LAYER_TCP] = sizeof(struct wire_tcp),
		[LAYER_ARP] = sizeof(struct wire_arp),
		[LAYER_ICMP] = sizeof(struct wire_icmp),
		[LAYER_SOLICITATION] = sizeof(struct wire_solicitation),
		[LAYER_PADDING] = 0,
	};

	return fixed[layer->is] + layer->size;
}

/* The bytes from here to the end of the IP packet. */
static __u32 rest_of(const struct layer *layer)
{
	__u32 sum = 0;

	for (; layer->is != LAYER_NONE && layer->is != LAYER_PADDING; layer++)
		sum += size_of(layer);
	return sum;
}

static __be16 length_field(const struct layer *layer, __u32 usual)
{
	return wire_16((__u16)(layer->length ? layer->length : usual));
}

static void put_ethernet(void *at, const struct layer *layer, struct pkt *pkt)
{
	static const __u8 group[2] = {0x33, 0x33};
	struct wire_eth eth = {
		.dst = FRAME_DST_MAC, .src = FRAME_SRC_MAC, .type = wire_16(number_of(layer + 1))};

	if (layer->group)
		memcpy(eth.dst, group, sizeof(group));
	memcpy(pkt->src_mac, eth.src, sizeof(eth.src));
	memcpy(pkt->dst_mac, eth.dst, sizeof(eth.dst));
	memcpy(at, &eth, sizeof(eth));
}

static void put_vlan(void *at, const struct layer *layer)
{
	struct wire_vlan vlan = {.tag = wire_16(0x8064), .type = wire_16(number_of(layer + 1))};

	memcpy(at, &vlan, sizeof(vlan));
}

static void map(struct addr *ret_a, const __u8 v4[4])
{
	memset(ret_a, 0, 10);
	memset(ret_a->bytes + 10, 0xff, 2);
	memcpy(ret_a->bytes + 12, v4, 4);
}

static void put_ipv4(void *at, const struct layer *layer, struct pkt *pkt)
{
	static const __u8 caller[4] = FRAME_SRC4, called[4] = FRAME_DST4,
			  group[4] = {224, 0, 0, 251};
	const __u8 *src = layer->back ? called : caller;
	const __u8 *dst = layer->group ? group : layer->back ? caller : called;
	struct wire_ipv4 ip = {
		.version_ihl = layer->first ? layer->first : 0x45 + layer->size / 4,
		.total_length = length_field(layer, rest_of(layer)),
		.id = wire_16(FRAME_IP_ID),
		.fragment = wire_16(layer->fragment),
		.ttl = FRAME_TTL,
		.protocol = (__u8)number_of(layer + 1),
	};

	memcpy(&ip.src, src, 4);
	memcpy(&ip.dst, dst, 4);
	map(&pkt->src, src);
	map(&pkt->dst, dst);
	pkt->ip_id = FRAME_IP_ID;
	pkt->hop_limit = FRAME_TTL;
	memcpy(at, &ip, sizeof(ip));
	memset((__u8 *)at + sizeof(ip), 1, layer->size);
}

static void put_ipv6(void *at, const struct layer *layer, struct pkt *pkt)
{
	struct wire_ipv6 ip = {
		.version_class = wire_16(layer->first ? layer->first << 8 : 0x6a01),
		.flow = wire_16(0x2345),
		.payload_length = length_field(layer, rest_of(layer + 1)),
		.next = (__u8)number_of(layer + 1),
		.hop_limit = layer->ttl ? layer->ttl : FRAME_TTL,
		.src = FRAME_SRC6,
		.dst = FRAME_DST6,
	};

	if (layer->back) {
		memcpy(&pkt->src, ip.src, sizeof(ip.src));
		memcpy(ip.src, ip.dst, sizeof(ip.src));
		memcpy(ip.dst, &pkt->src, sizeof(ip.dst));
	}
	if (layer->group)
		ip.dst[0] = 0xff;
	memcpy(&pkt->src, ip.src, sizeof(ip.src));
	memcpy(&pkt->dst, ip.dst, sizeof(ip.dst));
	pkt->ip_id = 0;
	pkt->hop_limit = ip.hop_limit;
	memcpy(at, &ip, sizeof(ip));
}

static void put_extension(void *at, const struct layer *layer)
{
	struct wire_extension ext = {.next = (__u8)number_of(layer + 1)};

	ext.length = layer->number == WIRE_AH ? layer->size / 4 : layer->size / 8;
	if (layer->first)
		ext.length = layer->first;
	if (layer->number == WIRE_FRAGMENT)
		ext.fragment = wire_16(layer->fragment);
	else
		ext.routing.segments_left = layer->segments_left;
	memcpy(at, &ext, sizeof(ext));
	memset((__u8 *)at + sizeof(ext), 0, layer->size);
}

static void put_tcp(void *at, const struct layer *layer, struct pkt *pkt)
{
	struct wire_tcp tcp = {
		.sport = wire_16(FRAME_SPORT),
		.dport = wire_16(FRAME_DPORT),
		.seq = layer->no_seq ? 0 : wire_32(FRAME_SEQ),
		.offset = layer->first ? layer->first : (5 + layer->size / 4) << 4,
		.flags = layer->flags ? layer->flags : WIRE_SYN,
		.window = wire_16(64240),
	};

	pkt->sport = FRAME_SPORT;
	pkt->dport = FRAME_DPORT;
	pkt->seq = wire_32(tcp.seq);
	pkt->header = tcp.offset / 16 * 4;
	pkt->timestamp = layer->timestamp;
	memcpy(at, &tcp, sizeof(tcp));
	if (layer->options)
		memcpy((__u8 *)at + sizeof(tcp), layer->options, layer->size);
	else
		memset((__u8 *)at + sizeof(tcp), 1, layer->size);
}

static void put_arp(void *at, const struct layer *layer, struct pkt *pkt)
{
	static const __u8 src[4] = FRAME_SRC4, dst[4] = FRAME_DST4;
	struct wire_arp arp = {
		.hardware = wire_16(1),
		.protocol = wire_16(WIRE_TYPE_IPV4),
		.hardware_length = 6,
		.protocol_length = layer->flags ? layer->flags : 4,
		.operation = wire_16(layer->first ? layer->first : WIRE_ARP_REQUEST),
		.sender_mac = FRAME_SRC_MAC,
	};

	memcpy(&arp.sender, src, 4);
	memcpy(&arp.target, dst, 4);
	map(&pkt->src, src);
	map(&pkt->dst, dst);
	memcpy(at, &arp, sizeof(arp));
}

static void put_icmp(void *at, const struct layer *layer)
{
	struct wire_icmp icmp = {.type = layer->first, .code = layer->flags};

	memcpy(at, &icmp, sizeof(icmp));
}

static void put_solicitation(void *at, const struct layer *layer, struct pkt *pkt)
{
	struct wire_solicitation ns = {
		.icmp.type = layer->first ? layer->first : WIRE_ICMPV6_SOLICITATION,
		.target = FRAME_DST6,
	};

	memcpy(&pkt->dst, ns.target, sizeof(ns.target));
	memcpy(at, &ns, sizeof(ns));
}

static void put(void *at, const struct layer *layer, struct pkt *pkt)
{
	switch (layer->is) {
	case LAYER_ETHERNET:
		return put_ethernet(at, layer, pkt);
	case LAYER_VLAN:
		return put_vlan(at, layer);
	case LAYER_IPV4:
		return put_ipv4(at, layer, pkt);
	case LAYER_IPV6:
		return put_ipv6(at, layer, pkt);
	case LAYER_EXTENSION:
		return put_extension(at, layer);
	case LAYER_TCP:
		return put_tcp(at, layer, pkt);
	case LAYER_ARP:
		return put_arp(at, layer, pkt);
	case LAYER_ICMP:
		return put_icmp(at, layer);
	case LAYER_SOLICITATION:
		return put_solicitation(at, layer, pkt);
	case LAYER_DATA:
		memset(at, 0x5a, layer->size);
		return;
	case LAYER_PADDING:
	case LAYER_NONE:
		memset(at, 0, layer->size);
	}
}

static void build(struct frame *frame)
{
	frame->link = frame->layers[0].is == LAYER_ETHERNET ? PKT_LINK_ETHERNET : PKT_LINK_RAW;
	frame->len = 0;
	memset(&frame->pkt, 0, sizeof(frame->pkt));
	for (const struct layer *layer = frame->layers; layer->is != LAYER_NONE; layer++) {
		assert(frame->len + size_of(layer) <= FRAME_BYTES);
		put(frame->bytes + frame->len, layer, &frame->pkt);
		frame->len += size_of(layer);
	}
	if (frame->cut)
		frame->len = frame->cut;
}

bool frame_same(enum pkt_kind kind, const struct pkt *a, const struct pkt *b)
{
	bool same = !memcmp(&a->src, &b->src, sizeof(a->src)) &&
		    !memcmp(&a->dst, &b->dst, sizeof(a->dst));

	if (kind == PKT_ASKED)
		return same;
	same = same && a->sport == b->sport && a->dport == b->dport && a->seq == b->seq;
	if (kind == PKT_ICMP)
		return same;
	return same && a->ip_id == b->ip_id && a->hop_limit == b->hop_limit &&
	       !memcmp(a->src_mac, b->src_mac, sizeof(a->src_mac)) &&
	       !memcmp(a->dst_mac, b->dst_mac, sizeof(a->dst_mac)) && a->header == b->header &&
	       (kind != PKT_SYN || a->timestamp == b->timestamp);
}

void frames_build(void)
{
	for (size_t i = 0; i < frames_count; i++)
		build(&frames[i]);
}
