/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The packet vectors that all tests of the parser share: user space, XDP, tc and the fuzzers'
 * seeds.
 *
 * A vector is a list of layers; numbers and lengths that one header says of the next are filled in
 * unless the layer insists on others. Checksums are zero: nothing here looks at them. Whatever is
 * to be found in a packet is given by the FRAME_ constants and the layer's own fields.
 */
#ifndef SYNHOLE_TESTS_FRAMES_H
#define SYNHOLE_TESTS_FRAMES_H

#include "pkt.h"

#include <stdbool.h>
#include <stddef.h>

#define FRAME_LAYERS 14
#define FRAME_BYTES 512

#define FRAME_SRC_MAC                                                                              \
	{                                                                                          \
		0x02, 0, 0x5e, 0x10, 0, 0x01                                                       \
	}
#define FRAME_DST_MAC                                                                              \
	{                                                                                          \
		0x02, 0, 0x5e, 0x10, 0, 0x02                                                       \
	}
#define FRAME_SRC4                                                                                 \
	{                                                                                          \
		192, 0, 2, 129                                                                     \
	}
#define FRAME_DST4                                                                                 \
	{                                                                                          \
		198, 51, 100, 250                                                                  \
	}
#define FRAME_SRC6                                                                                 \
	{                                                                                          \
		0x20, 0x01, 0x0d, 0xb8, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0xfe, 5                      \
	}
#define FRAME_DST6                                                                                 \
	{                                                                                          \
		0x20, 0x01, 0x0d, 0xb8, 0, 1, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 2                      \
	}
#define FRAME_SPORT 0xc3a5
#define FRAME_DPORT 993
#define FRAME_SEQ 0x89abcdefU
#define FRAME_IP_ID 0xfedc
#define FRAME_TTL 57
#define FRAME_TIMESTAMP 0x97531acfU

enum layer_kind {
	LAYER_NONE,
	LAYER_ETHERNET,
	LAYER_VLAN,
	LAYER_IPV4,
	LAYER_IPV6,
	LAYER_EXTENSION,
	LAYER_TCP,
	LAYER_ARP,
	LAYER_ICMP,	    /* the layers behind it are what it quotes */
	LAYER_SOLICITATION, /* asks for FRAME_DST6 */
	LAYER_DATA,	    /* bytes within the IP packet */
	LAYER_PADDING,	    /* bytes behind it */
};

/* Zero means the usual. Numbers in host byte order. */
struct layer {
	enum layer_kind is;
	__u16 number;	     /* what the layer before calls this one: ethertype or protocol */
	__u16 size;	     /* IPv4 options, extension beyond 8 bytes, TCP options, data: bytes */
	const __u8 *options; /* of TCP */
	__u32 timestamp;     /* the one among them */
	__u16 fragment;	     /* IPv4's flags and offset, or the fragment header's */
	__u8 segments_left;  /* of a routing header */
	__u8 flags;	     /* TCP; 0: SYN. ICMP's code */
	__u8 first;   /* version and IHL, an extension's length field, TCP's offset byte, ARP's
			 operation, ICMP's type */
	__u8 group;   /* to a multicast address */
	__u8 back;    /* IP: source and destination change places */
	__u8 ttl;     /* of IPv6 */
	__u8 no_seq;  /* TCP's sequence number is 0 */
	__u32 length; /* the length field of IPv4 and IPv6; FRAME_ZERO: 0 */
};

#define FRAME_ZERO 0x10000

struct frame {
	const char *name;
	enum pkt_want want;
	enum pkt_kind kind;
	__u16 cut; /* bytes kept of it; 0: all */
	struct layer layers[FRAME_LAYERS];

	/* What frames_build() makes of the above. */
	enum pkt_link link; /* by the first layer */
	struct pkt pkt;
	__u32 len;
	__u8 bytes[FRAME_BYTES] __attribute__((aligned(8)));
};

/* The fields that a packet of this kind has are the same. */
bool frame_same(enum pkt_kind kind, const struct pkt *a, const struct pkt *b);

extern struct frame frames[];
extern const size_t frames_count;

/* Fills in what is built, for all of them. Call it before anything else; again does no harm. */
void frames_build(void);

#endif
