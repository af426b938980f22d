/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Ethernet, VLAN, ARP, IPv4, IPv6, TCP and ICMP headers as they lie on the wire.
 *
 * Our own structs and not the kernel's: behind 14 bytes of Ethernet nothing is aligned to more than
 * 2, which `struct iphdr` claims. Multi-byte fields are in network byte order.
 */
#ifndef SYNHOLE_WIRE_H
#define SYNHOLE_WIRE_H

#ifdef __bpf__
#include "vmlinux.h"
#else
#include <linux/types.h>
#endif

#define WIRE __attribute__((packed, aligned(2)))

/* In host byte order. */
enum wire_ethertype {
	WIRE_TYPE_IPV4 = 0x0800,
	WIRE_TYPE_ARP = 0x0806,
	WIRE_TYPE_VLAN = 0x8100, /* IEEE 802.1Q */
	WIRE_TYPE_IPV6 = 0x86dd,
	WIRE_TYPE_VLAN_AD = 0x88a8,  /* IEEE 802.1ad, the outer tag of two */
	WIRE_TYPE_VLAN_OLD = 0x9100, /* the outer tag before 802.1ad settled it */
};

/* Protocol and next header numbers (IANA, shared by both families). */
enum wire_protocol {
	WIRE_HOPOPTS = 0,
	WIRE_ICMP = 1,
	WIRE_TCP = 6,
	WIRE_UDP = 17,
	WIRE_ROUTING = 43,
	WIRE_FRAGMENT = 44,
	WIRE_ESP = 50,
	WIRE_AH = 51,
	WIRE_ICMPV6 = 58,
	WIRE_NONE = 59,
	WIRE_DSTOPTS = 60,
};

struct wire_eth {
	__u8 dst[6];
	__u8 src[6];
	__be16 type;
} WIRE;

/* What follows the type field that announced it. */
struct wire_vlan {
	__be16 tag;
	__be16 type;
} WIRE;

#define WIRE_IPV4_OFFSET 0x1fff

/* RFC 791, 3.1 */
struct wire_ipv4 {
	__u8 version_ihl;
	__u8 tos;
	__be16 total_length;
	__be16 id;
	__be16 fragment;
	__u8 ttl;
	__u8 protocol;
	__be16 checksum;
	__be32 src;
	__be32 dst;
} WIRE;

/* RFC 8200, 3 */
struct wire_ipv6 {
	__be16 version_class;
	__be16 flow;
	__be16 payload_length;
	__u8 next;
	__u8 hop_limit;
	__u8 src[16];
	__u8 dst[16];
} WIRE;

#define WIRE_IPV6_OFFSET 0xfff8

/*
 * The first 8 bytes of any extension header: hop-by-hop and destination options, routing (RFC 8200,
 * 4.3 to 4.6), and authentication (RFC 4302, 2), which counts its length in another unit.
 */
struct wire_extension {
	__u8 next;
	__u8 length;
	union {
		struct {
			__u8 type;
			__u8 segments_left;
		} routing;
		__be16 fragment;
	};
	__u8 rest[4];
} WIRE;

enum wire_tcp_flags {
	WIRE_FIN = 0x01,
	WIRE_SYN = 0x02,
	WIRE_RST = 0x04,
	WIRE_PSH = 0x08,
	WIRE_ACK = 0x10,
	WIRE_URG = 0x20,
	WIRE_ECE = 0x40,
	WIRE_CWR = 0x80,
};

/* RFC 9293, 3.1 */
struct wire_tcp {
	__be16 sport;
	__be16 dport;
	__be32 seq;
	__be32 ack;
	__u8 offset; /* the header's length in words in the upper half */
	__u8 flags;
	__be16 window;
	__be16 checksum;
	__be16 urgent;
} WIRE;

/* RFC 7323, 3.2 */
struct wire_timestamp {
	__be16 kind; /* and length */
	__be32 value;
	__be32 echo;
} WIRE;

#define WIRE_TIMESTAMP 0x080a

/* RFC 826, for IPv4 over Ethernet. */
struct wire_arp {
	__be16 hardware;
	__be16 protocol;
	__u8 hardware_length;
	__u8 protocol_length;
	__be16 operation;
	__u8 sender_mac[6];
	__be32 sender;
	__u8 target_mac[6];
	__be32 target;
} WIRE;

#define WIRE_ARP_REQUEST 1

/* RFC 792, RFC 4443: what all messages begin with, and in errors the packet that caused them. */
struct wire_icmp {
	__u8 type;
	__u8 code;
	__be16 checksum;
	__be32 rest;
} WIRE;

enum wire_icmp_type {
	WIRE_ICMP_UNREACHABLE = 3,
	WIRE_ICMPV6_UNREACHABLE = 1,
	WIRE_ICMPV6_SOLICITATION = 135,
};

/* A code of WIRE_ICMP_UNREACHABLE that refuses nothing. */
#define WIRE_ICMP_FRAGMENTATION_NEEDED 4

/* RFC 4861, 4.3 */
struct wire_solicitation {
	struct wire_icmp icmp;
	__u8 target[16];
} WIRE;

_Static_assert(sizeof(struct wire_timestamp) == 10, "wire_timestamp");
_Static_assert(sizeof(struct wire_arp) == 28, "wire_arp");
_Static_assert(sizeof(struct wire_icmp) == 8, "wire_icmp");
_Static_assert(sizeof(struct wire_solicitation) == 24, "wire_solicitation");
_Static_assert(sizeof(struct wire_eth) == 14, "wire_eth");
_Static_assert(sizeof(struct wire_vlan) == 4, "wire_vlan");
_Static_assert(sizeof(struct wire_ipv4) == 20, "wire_ipv4");
_Static_assert(sizeof(struct wire_ipv6) == 40, "wire_ipv6");
_Static_assert(sizeof(struct wire_extension) == 8, "wire_extension");
_Static_assert(sizeof(struct wire_tcp) == 20, "wire_tcp");

/* Either way between network and host byte order; constant for constants. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define wire_16(x) __builtin_bswap16(x)
#define wire_32(x) __builtin_bswap32(x)
#else
#define wire_16(x) ((__u16)(x))
#define wire_32(x) ((__u32)(x))
#endif

/* A MAC address as one number. */
static inline __attribute__((always_inline)) __u64 wire_mac(const __u8 mac[6])
{
	return (__u64)mac[0] << 40 | (__u64)mac[1] << 32 | (__u32)mac[2] << 24 | mac[3] << 16 |
	       mac[4] << 8 | mac[5];
}

#endif
