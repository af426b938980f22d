// SPDX-License-Identifier: GPL-2.0-only
/* The headers that recordings have before the IP packet. */
#include "core/framing.h"

#include <string.h>

enum link_type {
	LINK_NULL = 0,
	LINK_ETHERNET = FRAMING_ETHERNET,
	LINK_RAW_OLD = 12, /* what some BSDs wrote for LINK_RAW */
	LINK_RAW_OPENBSD = 14,
	LINK_RAW = 101,
	LINK_LOOP = 108,
	LINK_SLL = 113,
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_SLL2 = 276,
};

/* https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html, all in network byte order */
struct sll {
	__be16 way;
	__be16 hardware;
	__be16 address_length;
	__u8 address[8];
	__be16 type;
} WIRE;

/* https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html */
struct sll2 {
	__be16 type;
	__be16 reserved;
	__be16 ifindex[2];
	__be16 hardware;
	__u8 way;
	__u8 address_length;
	__u8 address[8];
} WIRE;

_Static_assert(sizeof(struct sll) == 16 && sizeof(struct sll2) == 20, "cooked headers");

bool framing_knows(uint32_t type)
{
	switch (type) {
	case LINK_NULL:
	case LINK_ETHERNET:
	case LINK_RAW_OLD:
	case LINK_RAW_OPENBSD:
	case LINK_RAW:
	case LINK_LOOP:
	case LINK_SLL:
	case LINK_IPV4:
	case LINK_IPV6:
	case LINK_SLL2:
		return true;
	default:
		return false;
	}
}

/* PACKET_HOST to PACKET_OUTGOING of linux/if_packet.h. */
static enum framing_way way_of(unsigned type)
{
	return type == 4 ? FRAMING_OUT : type == 3 ? FRAMING_FOREIGN : FRAMING_IN;
}

/* What is parsed lies at an even address: the parser reads 16 bits at a time. */
static void place(const uint8_t *data, size_t len, size_t most, struct framing *f)
{
	f->data = data;
	f->len = len;
	if (!((uintptr_t)data & 1))
		return;
	f->len = len < most ? len : most;
	memcpy(f->copy, data, f->len);
	f->data = f->copy;
}

/* A frame with an Ethernet header in place of `header` bytes of another kind. */
static void rebuild(const uint8_t *frame, size_t len, size_t header, size_t most,
		    const uint8_t address[6], uint16_t type, struct framing *f)
{
	struct wire_eth eth = {.type = type};
	size_t rest = len - header;

	memcpy(eth.src, address, sizeof(eth.src));
	rest = rest < most - sizeof(eth) ? rest : most - sizeof(eth);
	memcpy(f->copy, &eth, sizeof(eth));
	memcpy(f->copy + sizeof(eth), frame + header, rest);
	f->data = f->copy;
	f->len = sizeof(eth) + rest;
	f->link = PKT_LINK_ETHERNET;
}

static bool read_sll(const uint8_t *frame, size_t len, size_t most, struct framing *f)
{
	struct sll h;

	if (len < sizeof(h))
		return false;
	memcpy(&h, frame, sizeof(h));
	f->way = way_of(wire_16(h.way));
	rebuild(frame, len, sizeof(h), most, h.address, h.type, f);
	return true;
}

static bool read_sll2(const uint8_t *frame, size_t len, size_t most, struct framing *f)
{
	struct sll2 h;

	if (len < sizeof(h))
		return false;
	memcpy(&h, frame, sizeof(h));
	f->way = way_of(h.way);
	f->ifindex = (uint32_t)wire_16(h.ifindex[0]) << 16 | wire_16(h.ifindex[1]);
	rebuild(frame, len, sizeof(h), most, h.address, h.type, f);
	return true;
}

/* The address family in the byte order of whoever recorded: 2 is IPv4 everywhere, IPv6 is what it
 * is on Linux, the BSDs and macOS. */
static bool read_null(const uint8_t *frame, size_t len, size_t most, struct framing *f)
{
	uint32_t family;

	if (len < sizeof(family))
		return false;
	memcpy(&family, frame, sizeof(family));
	if (family > 0xffff)
		family = __builtin_bswap32(family);
	if (family != 2 && family != 10 && family != 24 && family != 28 && family != 30)
		return false;
	place(frame + sizeof(family), len - sizeof(family), most, f);
	return true;
}

bool framing_read(uint32_t type, const uint8_t *frame, size_t len, size_t most, struct framing *f)
{
	f->link = type == LINK_ETHERNET ? PKT_LINK_ETHERNET : PKT_LINK_RAW;
	f->way = FRAMING_UNTOLD;
	f->ifindex = 0;
	f->len = 0;
	switch (type) {
	case LINK_SLL:
		return read_sll(frame, len, most, f);
	case LINK_SLL2:
		return read_sll2(frame, len, most, f);
	case LINK_NULL:
	case LINK_LOOP:
		return read_null(frame, len, most, f);
	default:
		place(frame, len, most, f);
		return true;
	}
}

void framing_extend(struct framing *f)
{
	if (f->len > sizeof(f->copy) - FRAMING_MISSING)
		f->len = sizeof(f->copy) - FRAMING_MISSING;
	memmove(f->copy, f->data, f->len);
	memset(f->copy + f->len, 0, FRAMING_MISSING);
	f->data = f->copy;
	f->len += FRAMING_MISSING;
}
