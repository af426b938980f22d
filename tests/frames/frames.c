// SPDX-License-Identifier: GPL-2.0-only
/* The packet vectors: what each is made of, and what the parser must say of it. */
#include "frames.h"

#define LIST(...)                                                                                  \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}

#define ETH LIST(.is = LAYER_ETHERNET)
#define GROUP LIST(.is = LAYER_ETHERNET, .group = 1)
#define VLAN(...) LIST(.is = LAYER_VLAN, __VA_ARGS__)
#define V4(...) LIST(.is = LAYER_IPV4, __VA_ARGS__)
#define V6(...) LIST(.is = LAYER_IPV6, __VA_ARGS__)
#define EXT(...) LIST(.is = LAYER_EXTENSION, __VA_ARGS__)
#define HBH EXT(.number = WIRE_HOPOPTS)
#define DST EXT(.number = WIRE_DSTOPTS)
#define RT(...) EXT(.number = WIRE_ROUTING, __VA_ARGS__)
#define FRAG(...) EXT(.number = WIRE_FRAGMENT, __VA_ARGS__)
#define AH EXT(.number = WIRE_AH, .size = 16)
#define TCP(...) LIST(.is = LAYER_TCP, __VA_ARGS__)
#define DATA(...) LIST(.is = LAYER_DATA, __VA_ARGS__)
#define ARP(...) LIST(.is = LAYER_ARP, __VA_ARGS__)
#define NS(...) LIST(.is = LAYER_SOLICITATION, __VA_ARGS__)
#define UNREACHABLE(...) LIST(.is = LAYER_ICMP, .first = WIRE_ICMP_UNREACHABLE, __VA_ARGS__)
#define UNREACHABLE6(...)                                                                          \
	LIST(.is = LAYER_ICMP, .number = WIRE_ICMPV6, .first = WIRE_ICMPV6_UNREACHABLE, __VA_ARGS__)
#define PAD(n) LIST(.is = LAYER_PADDING, .size = n)

#define SYN(name_, ...)                                                                            \
	LIST(.name = name_, .want = PKT_WANT_CALLS, .kind = PKT_SYN, .layers = LIST(__VA_ARGS__))
#define OTHER(name_, ...)                                                                          \
	LIST(.name = name_, .want = PKT_WANT_CALLS, .kind = PKT_OTHER, .layers = LIST(__VA_ARGS__))
#define BROKEN(name_, ...)                                                                         \
	LIST(.name = name_, .want = PKT_WANT_CALLS, .kind = PKT_BROKEN, .layers = LIST(__VA_ARGS__))
#define CUT(name_, at, ...)                                                                        \
	LIST(.name = name_, .want = PKT_WANT_CALLS, .kind = PKT_SHORT, .cut = at,                  \
	     .layers = LIST(__VA_ARGS__))

#define ASKED(name_, ...)                                                                          \
	LIST(.name = name_, .want = PKT_WANT_CALLS, .kind = PKT_ASKED, .layers = LIST(__VA_ARGS__))

/* A frame that leaves. */
#define LEAVES(kind_, name_, ...)                                                                  \
	LIST(.name = name_, .want = PKT_WANT_ANSWERS, .kind = kind_, .layers = LIST(__VA_ARGS__))

#define TIMESTAMP 8, 10, 0x97, 0x53, 0x1a, 0xcf, 0, 0, 0, 0
static const __u8 linux_options[] = {2, 4, 5, 180, 4, 2, TIMESTAMP, 1, 3, 3, 7};
static const __u8 bsd_options[] = {2, 4, 5, 180, 1, 3, 3, 6, 1, 1, TIMESTAMP, 4, 2, 0, 0};
static const __u8 windows_options[] = {2, 4, 5, 180, 1, 3, 3, 8, 1, 1, 4, 2};
/* What looks like a timestamp is another option's value, or cut off by the end of the header. */
static const __u8 false_options[] = {2, 4, 5, 180, 254, 12, 8, 9, 9, 9,
				     9, 9, 9, 9,   9,	9,  1, 1, 1, 1};
static const __u8 cut_options[] = {2, 4, 5, 180, 4, 2, 8, 10, 0x97, 0x53, 0x1a, 0xcf};

#define LINUX .options = linux_options, .size = sizeof(linux_options), .timestamp = FRAME_TIMESTAMP
#define BSD .options = bsd_options, .size = sizeof(bsd_options), .timestamp = FRAME_TIMESTAMP
#define WINDOWS .options = windows_options, .size = sizeof(windows_options)

struct frame frames[] = {
	SYN("v4", ETH, V4(), TCP()),
	SYN("v4 tcp options", ETH, V4(), TCP(.size = 20)),
	SYN("v4 tcp options 40", ETH, V4(), TCP(.size = 40)),
	SYN("v4 padded", ETH, V4(), TCP(), PAD(6)),
	SYN("v4 options 4", ETH, V4(.size = 4), TCP()),
	SYN("v4 options 40", ETH, V4(.size = 40), TCP(.size = 40)),
	SYN("v4 fast open", ETH, V4(), TCP(.size = 12), DATA(.size = 100)),
	SYN("v4 ecn", ETH, V4(), TCP(.flags = WIRE_SYN | WIRE_ECE | WIRE_CWR, .size = 20)),
	SYN("v4 accurate ecn", ETH, V4(),
	    TCP(.flags = WIRE_SYN | WIRE_ECE | WIRE_CWR, .first = 0x51)),
	SYN("v4 psh urg", ETH, V4(), TCP(.flags = WIRE_SYN | WIRE_PSH | WIRE_URG)),
	SYN("v4 don't fragment", ETH, V4(.fragment = 0x4000), TCP()),
	SYN("v4 reserved bit", ETH, V4(.fragment = 0x8000), TCP()),
	SYN("v4 first fragment", ETH, V4(.fragment = 0x2000), TCP(), DATA(.size = 20)),
	SYN("v4 multicast", GROUP, V4(.group = 1), TCP()),
	SYN("v4 longer than captured", ETH, V4(.length = 1500), TCP()),
	SYN("v4 longest", ETH, V4(.length = 65535), TCP()),

	OTHER("v4 syn-ack", ETH, V4(), TCP(.flags = WIRE_SYN | WIRE_ACK, .size = 20)),
	OTHER("v4 ack", ETH, V4(), TCP(.flags = WIRE_ACK, .size = 12)),
	OTHER("v4 data", ETH, V4(), TCP(.flags = WIRE_ACK | WIRE_PSH), DATA(.size = 64)),
	OTHER("v4 rst", ETH, V4(), TCP(.flags = WIRE_RST)),
	OTHER("v4 syn rst", ETH, V4(), TCP(.flags = WIRE_SYN | WIRE_RST)),
	OTHER("v4 syn fin", ETH, V4(), TCP(.flags = WIRE_SYN | WIRE_FIN)),
	OTHER("v4 fin-ack", ETH, V4(), TCP(.flags = WIRE_FIN | WIRE_ACK)),
	OTHER("v4 xmas", ETH, V4(), TCP(.flags = WIRE_FIN | WIRE_PSH | WIRE_URG)),
	OTHER("v4 ack bad offset", ETH, V4(), TCP(.flags = WIRE_ACK, .first = 0x10)),
	OTHER("v4 later fragment", ETH, V4(.fragment = 0x2005), TCP()),
	OTHER("v4 last fragment", ETH, V4(.fragment = 0x00b9), TCP()),
	OTHER("v4 highest offset", ETH, V4(.fragment = 0x1000), TCP()),
	OTHER("v4 udp", ETH, V4(), DATA(.size = 40)),
	OTHER("v4 udp short", ETH, V4(), DATA(.size = 1)),
	OTHER("v4 icmp", ETH, V4(), DATA(.number = WIRE_ICMP, .size = 64)),
	OTHER("v4 esp", ETH, V4(), DATA(.number = WIRE_ESP, .size = 64)),
	OTHER("v4 in v4", ETH, V4(), V4(.number = 4), TCP()),
	OTHER("v4 giant ack", ETH, V4(.length = FRAME_ZERO), TCP(.flags = WIRE_ACK)),

	BROKEN("v4 ihl 0", ETH, V4(.first = 0x40), TCP()),
	BROKEN("v4 ihl 4", ETH, V4(.first = 0x44), TCP()),
	BROKEN("v4 ihl beyond packet", ETH, V4(.first = 0x4f), TCP()),
	BROKEN("v4 version 5", ETH, V4(.first = 0x55), TCP()),
	BROKEN("v4 version 6", ETH, V4(.first = 0x65), TCP()),
	BROKEN("v4 udp ihl 3", ETH, V4(.first = 0x43), DATA(.size = 40)),
	BROKEN("v4 length 20", ETH, V4(.length = 20), TCP()),
	BROKEN("v4 length 39", ETH, V4(.length = 39), TCP()),
	BROKEN("v4 length 1", ETH, V4(.length = 1), TCP()),
	BROKEN("v4 length 0", ETH, V4(.length = FRAME_ZERO), TCP()),
	BROKEN("v4 length 39 ack", ETH, V4(.length = 39), TCP(.flags = WIRE_ACK)),
	BROKEN("v4 tiny fragment", ETH, V4(.fragment = 0x2000), DATA(.number = WIRE_TCP, .size = 8),
	       PAD(18)),
	BROKEN("v4 offset 0", ETH, V4(), TCP(.first = 0x0f)),
	BROKEN("v4 offset 4", ETH, V4(), TCP(.first = 0x40, .size = 20)),
	BROKEN("v4 offset beyond packet", ETH, V4(), TCP(.first = 0x60), PAD(40)),

	CUT("cut in ethernet", 13, ETH, V4(), TCP()),
	CUT("cut after ethernet", 14, ETH, V4(), TCP()),
	CUT("cut in v4", 33, ETH, V4(), TCP()),
	CUT("cut after v4", 34, ETH, V4(), TCP()),
	CUT("cut in v4 options", 50, ETH, V4(.size = 40), TCP()),
	CUT("cut in tcp ports", 37, ETH, V4(), TCP()),
	CUT("cut in tcp", 53, ETH, V4(), TCP()),
	CUT("cut after vlan type", 14, ETH, VLAN(), V4(), TCP()),
	CUT("cut in vlan", 17, ETH, VLAN(), V4(), TCP()),
	CUT("cut after vlan", 18, ETH, VLAN(), V4(), TCP()),
	CUT("cut in second vlan", 20, ETH, VLAN(), VLAN(), V4(), TCP()),
	CUT("cut in v6", 53, ETH, V6(), TCP()),
	CUT("cut after v6", 54, ETH, V6(), TCP()),
	CUT("cut in v6 tcp", 73, ETH, V6(), TCP()),
	CUT("cut before v6 hop-by-hop", 54, ETH, V6(), HBH, TCP()),
	CUT("cut in v6 hop-by-hop", 61, ETH, V6(), HBH, TCP()),
	CUT("cut after v6 hop-by-hop", 62, ETH, V6(), HBH, TCP()),
	CUT("cut in v6 fragment", 55, ETH, V6(), FRAG(), TCP()),
	CUT("cut in raw v4", 19, V4(), TCP()),
	CUT("cut after raw v4", 20, V4(), TCP()),
	CUT("cut in raw v6", 39, V6(), TCP()),

	SYN("vlan v4", ETH, VLAN(), V4(), TCP()),
	SYN("vlan v6", ETH, VLAN(), V6(), TCP()),
	SYN("vlan ad v4", ETH, VLAN(.number = WIRE_TYPE_VLAN_AD), V4(), TCP()),
	SYN("vlan old v4", ETH, VLAN(.number = WIRE_TYPE_VLAN_OLD), V4(), TCP()),
	SYN("vlan ad, vlan v4", ETH, VLAN(.number = WIRE_TYPE_VLAN_AD), VLAN(), V4(), TCP()),
	SYN("vlan ad, vlan v6", ETH, VLAN(.number = WIRE_TYPE_VLAN_AD), VLAN(), V6(), TCP()),
	SYN("vlan old, vlan v4", ETH, VLAN(.number = WIRE_TYPE_VLAN_OLD), VLAN(), V4(), TCP()),
	SYN("vlan, vlan v6 options", ETH, VLAN(), VLAN(), V6(), DST, TCP(.size = 20)),
	SYN("vlan v4 options", ETH, VLAN(), V4(.size = 8), TCP()),
	OTHER("vlan arp", ETH, VLAN(), DATA(.number = WIRE_TYPE_ARP, .size = 28)),
	OTHER("vlan v4 ack", ETH, VLAN(), V4(), TCP(.flags = WIRE_ACK)),
	BROKEN("three vlans", ETH, VLAN(), VLAN(), VLAN(), V4(), TCP()),

	SYN("v6", ETH, V6(), TCP()),
	SYN("v6 tcp options", ETH, V6(), TCP(.size = 20)),
	SYN("v6 fast open", ETH, V6(), TCP(.size = 12), DATA(.size = 200)),
	SYN("v6 ecn", ETH, V6(), TCP(.flags = WIRE_SYN | WIRE_ECE | WIRE_CWR)),
	SYN("v6 padded", ETH, V6(), TCP(), PAD(4)),
	SYN("v6 multicast", GROUP, V6(.group = 1), TCP()),
	SYN("v6 longer than captured", ETH, V6(.length = 1440), TCP()),
	SYN("v6 hop-by-hop", ETH, V6(), HBH, TCP()),
	SYN("v6 hop-by-hop 16", ETH, V6(), EXT(.number = WIRE_HOPOPTS, .size = 8), TCP()),
	SYN("v6 destination", ETH, V6(), DST, TCP()),
	SYN("v6 destination 264", ETH, V6(), EXT(.number = WIRE_DSTOPTS, .size = 256), TCP()),
	SYN("v6 routing done", ETH, V6(), RT(.size = 16), TCP()),
	SYN("v6 atomic fragment", ETH, V6(), FRAG(), TCP()),
	SYN("v6 first fragment", ETH, V6(), FRAG(.fragment = 0x0001), TCP(), DATA(.size = 12)),
	SYN("v6 fragment reserved bits", ETH, V6(), FRAG(.fragment = 0x0006), TCP()),
	SYN("v6 fragment reserved byte", ETH, V6(), FRAG(.first = 3), TCP()),
	SYN("v6 authenticated", ETH, V6(), AH, TCP()),
	SYN("v6 full order", ETH, V6(), HBH, DST, RT(), FRAG(), AH, DST, TCP()),
	SYN("v6 full order, two vlans", ETH, VLAN(), VLAN(), V6(), HBH, DST, RT(), FRAG(), AH, DST,
	    TCP(.size = 20)),
	SYN("v6 eight extensions", ETH, V6(), HBH, DST, DST, DST, DST, DST, DST, DST, TCP()),

	OTHER("v6 syn-ack", ETH, V6(), TCP(.flags = WIRE_SYN | WIRE_ACK)),
	OTHER("v6 ack", ETH, V6(), TCP(.flags = WIRE_ACK)),
	OTHER("v6 rst", ETH, V6(), TCP(.flags = WIRE_RST | WIRE_ACK)),
	OTHER("v6 hop-by-hop ack", ETH, V6(), HBH, TCP(.flags = WIRE_ACK)),
	OTHER("v6 udp", ETH, V6(), DATA(.size = 40)),
	OTHER("v6 destination udp", ETH, V6(), DST, DATA(.size = 8)),
	OTHER("v6 neighbour solicitation", ETH, V6(), DATA(.number = WIRE_ICMPV6, .size = 32)),
	OTHER("v6 mld", ETH, V6(), HBH, DATA(.number = WIRE_ICMPV6, .size = 28)),
	OTHER("v6 esp", ETH, V6(), DATA(.number = WIRE_ESP, .size = 40)),
	OTHER("v6 no next header", ETH, V6(), DATA(.number = WIRE_NONE)),
	OTHER("v6 hop-by-hop alone", ETH, V6(), HBH),
	OTHER("v6 mobility", ETH, V6(), DATA(.number = 135, .size = 24)),
	OTHER("v6 in v6", ETH, V6(), V6(.number = 41), TCP()),
	OTHER("v6 later fragment", ETH, V6(), FRAG(.fragment = 0x05a9), TCP()),
	OTHER("v6 smallest later offset", ETH, V6(), FRAG(.fragment = 0x0008), TCP()),
	OTHER("v6 source route", ETH, V6(), RT(.size = 16, .segments_left = 1), TCP()),
	OTHER("v6 eight extensions udp", ETH, V6(), HBH, DST, DST, DST, DST, DST, DST, DST,
	      DATA(.size = 8)),
	OTHER("v6 giant ack", ETH, V6(.length = FRAME_ZERO), TCP(.flags = WIRE_ACK)),
	OTHER("v6 jumbo ack", ETH, V6(.length = FRAME_ZERO), HBH, TCP(.flags = WIRE_ACK)),

	BROKEN("v6 version 4", ETH, V6(.first = 0x4a), TCP()),
	BROKEN("v6 nine extensions", ETH, V6(), HBH, DST, DST, DST, DST, DST, DST, DST, DST, TCP()),
	BROKEN("v6 late hop-by-hop", ETH, V6(), DST, HBH, TCP()),
	BROKEN("v6 length 19", ETH, V6(.length = 19), TCP()),
	BROKEN("v6 length 0", ETH, V6(.length = FRAME_ZERO), TCP()),
	BROKEN("v6 jumbo", ETH, V6(.length = FRAME_ZERO), HBH, TCP()),
	BROKEN("v6 length within hop-by-hop", ETH, V6(.length = 4), HBH, TCP()),
	BROKEN("v6 udp, length within hop-by-hop", ETH, V6(.length = 4), HBH, DATA(.size = 12)),
	BROKEN("v6 length within tcp", ETH, V6(.length = 27), HBH, TCP()),
	BROKEN("v6 extension beyond packet", ETH, V6(), EXT(.number = WIRE_DSTOPTS, .first = 255),
	       TCP()),
	CUT("v6 extension beyond frame", 0, ETH, V6(.length = 3000),
	    EXT(.number = WIRE_DSTOPTS, .first = 255), TCP()),
	BROKEN("v6 tiny fragment", ETH, V6(), FRAG(.fragment = 1),
	       DATA(.number = WIRE_TCP, .size = 16)),
	BROKEN("v6 offset 3", ETH, V6(), TCP(.first = 0x30)),

	SYN("raw v4", V4(), TCP()),
	SYN("raw v4 options", V4(.size = 12), TCP(.size = 20)),
	SYN("raw v6", V6(), TCP(.size = 20)),
	SYN("raw v6 hop-by-hop", V6(), HBH, TCP()),
	OTHER("raw v4 syn-ack", V4(), TCP(.flags = WIRE_SYN | WIRE_ACK)),
	OTHER("raw v4 udp", V4(), DATA(.size = 12)),
	OTHER("raw v6 udp", V6(), DATA(.size = 12)),
	BROKEN("raw version 0", V4(.first = 0x05), TCP()),
	BROKEN("raw version 7", V6(.first = 0x7a), TCP()),
	BROKEN("raw v4 ihl 4", V4(.first = 0x44), TCP()),

	SYN("v4 linux", ETH, V4(), TCP(LINUX)),
	SYN("v4 bsd", ETH, V4(), TCP(BSD)),
	SYN("v4 timestamp last", ETH, V4(),
	    TCP(.options = bsd_options, .size = 20, .timestamp = FRAME_TIMESTAMP)),
	SYN("v4 windows", ETH, V4(), TCP(WINDOWS)),
	SYN("v6 linux", ETH, V6(), TCP(LINUX)),
	SYN("v6 linux fast open", ETH, V6(), TCP(LINUX), DATA(.size = 40)),
	SYN("v6 destination, bsd", ETH, V6(), DST, TCP(BSD)),
	SYN("vlan v6 bsd", ETH, VLAN(), V6(), TCP(BSD)),
	SYN("v4 timestamp in another option", ETH, V4(),
	    TCP(.options = false_options, .size = sizeof(false_options))),
	SYN("v4 timestamp beyond header", ETH, V4(),
	    TCP(.options = cut_options, .size = sizeof(cut_options)), DATA(.size = 20)),

	ASKED("arp request", ETH, ARP()),
	ASKED("arp request padded", ETH, ARP(), PAD(18)),
	ASKED("vlan arp request", ETH, VLAN(), ARP()),
	ASKED("two vlans arp request", ETH, VLAN(.number = WIRE_TYPE_VLAN_AD), VLAN(), ARP()),
	OTHER("arp reply", ETH, ARP(.first = 2)),
	OTHER("arp of other lengths", ETH, ARP(.flags = 16)),
	CUT("cut in arp", 41, ETH, ARP()),
	ASKED("v6 solicitation", GROUP, V6(.group = 1, .ttl = 255), NS()),
	ASKED("v6 solicitation with option", GROUP, V6(.group = 1, .ttl = 255), NS(),
	      DATA(.size = 8)),
	ASKED("vlan v6 solicitation", GROUP, VLAN(), V6(.group = 1, .ttl = 255), NS()),
	ASKED("raw v6 solicitation", V6(.group = 1, .ttl = 255), NS()),
	OTHER("v6 solicitation from afar", GROUP, V6(.group = 1, .ttl = 254), NS()),
	OTHER("v6 solicitation beyond packet", GROUP, V6(.group = 1, .ttl = 255, .length = 23),
	      NS()),
	OTHER("v6 advertisement", ETH, V6(.ttl = 255), NS(.first = 136)),
	CUT("cut in v6 solicitation", 77, GROUP, V6(.group = 1, .ttl = 255), NS()),
	OTHER("v4 unreachable comes in", ETH, V4(.back = 1), UNREACHABLE(), V4(), TCP()),
	OTHER("v6 unreachable comes in", ETH, V6(.back = 1), UNREACHABLE6(), V6(), TCP()),

	LEAVES(PKT_SYN_ACK, "v4 syn-ack leaves", ETH, V4(.back = 1),
	       TCP(.flags = WIRE_SYN | WIRE_ACK, LINUX)),
	LEAVES(PKT_SYN_ACK, "v6 syn-ack leaves", ETH, V6(.back = 1),
	       TCP(.flags = WIRE_SYN | WIRE_ACK | WIRE_ECE)),
	LEAVES(PKT_SYN_ACK, "vlan v6 syn-ack leaves", ETH, VLAN(), V6(.back = 1),
	       TCP(.flags = WIRE_SYN | WIRE_ACK)),
	LEAVES(PKT_SYN_ACK, "raw v4 syn-ack leaves", V4(.back = 1),
	       TCP(.flags = WIRE_SYN | WIRE_ACK)),
	LEAVES(PKT_RST, "v4 rst leaves", ETH, V4(.back = 1),
	       TCP(.flags = WIRE_RST | WIRE_ACK, .no_seq = 1)),
	LEAVES(PKT_RST, "v6 rst leaves", ETH, V6(.back = 1),
	       TCP(.flags = WIRE_RST | WIRE_ACK, .no_seq = 1)),
	LEAVES(PKT_OTHER, "v4 rst of a connection leaves", ETH, V4(.back = 1),
	       TCP(.flags = WIRE_RST | WIRE_ACK)),
	LEAVES(PKT_OTHER, "v4 rst to an ack leaves", ETH, V4(.back = 1),
	       TCP(.flags = WIRE_RST, .no_seq = 1)),
	LEAVES(PKT_SYN, "v4 syn leaves", ETH, V4(), TCP(LINUX)),
	LEAVES(PKT_SYN, "raw v6 syn leaves", V6(), TCP()),
	LEAVES(PKT_OTHER, "v4 ack leaves", ETH, V4(), TCP(.flags = WIRE_ACK)),
	LEAVES(PKT_OTHER, "v6 ack leaves", ETH, V6(), TCP(.flags = WIRE_ACK)),
	LEAVES(PKT_OTHER, "v4 udp leaves", ETH, V4(), DATA(.size = 40)),
	LEAVES(PKT_OTHER, "v6 udp leaves", ETH, V6(), DATA(.size = 40)),
	LEAVES(PKT_OTHER, "arp request leaves", ETH, ARP()),
	LEAVES(PKT_OTHER, "v6 solicitation leaves", GROUP, V6(.group = 1, .ttl = 255), NS()),
	LEAVES(PKT_OTHER, "v6 hop-by-hop leaves", ETH, V6(.back = 1), HBH,
	       TCP(.flags = WIRE_SYN | WIRE_ACK)),
	LEAVES(PKT_OTHER, "v4 syn-ack-fin leaves", ETH, V4(.back = 1),
	       TCP(.flags = WIRE_SYN | WIRE_ACK | WIRE_FIN)),
	LEAVES(PKT_OTHER, "v4 rst-ack-fin leaves", ETH, V4(.back = 1),
	       TCP(.flags = WIRE_RST | WIRE_ACK | WIRE_FIN, .no_seq = 1)),
	LEAVES(PKT_BROKEN, "v4 syn-ack offset 4 leaves", ETH, V4(.back = 1),
	       TCP(.flags = WIRE_SYN | WIRE_ACK, .first = 0x40)),
	LEAVES(PKT_ICMP, "v4 unreachable leaves", ETH, V4(.back = 1), UNREACHABLE(), V4(), TCP()),
	LEAVES(PKT_ICMP, "v4 prohibited leaves", ETH, V4(.back = 1, .size = 4),
	       UNREACHABLE(.flags = 13), V4(.size = 8), TCP(.size = 20)),
	LEAVES(PKT_ICMP, "raw v4 unreachable leaves", V4(.back = 1), UNREACHABLE(), V4(), TCP()),
	LEAVES(PKT_ICMP, "v6 unreachable leaves", ETH, V6(.back = 1), UNREACHABLE6(), V6(), TCP()),
	LEAVES(PKT_ICMP, "v6 prohibited leaves", ETH, V6(.back = 1), UNREACHABLE6(.flags = 1), V6(),
	       TCP(.size = 20)),
	LEAVES(PKT_OTHER, "v4 fragmentation needed leaves", ETH, V4(.back = 1),
	       UNREACHABLE(.flags = 4), V4(), TCP()),
	LEAVES(PKT_OTHER, "v4 time exceeded leaves", ETH, V4(.back = 1),
	       LIST(.is = LAYER_ICMP, .first = 11), V4(), TCP()),
	LEAVES(PKT_OTHER, "v6 time exceeded leaves", ETH, V6(.back = 1),
	       LIST(.is = LAYER_ICMP, .number = WIRE_ICMPV6, .first = 3), V6(), TCP()),
	LEAVES(PKT_OTHER, "v4 unreachable of an ack leaves", ETH, V4(.back = 1), UNREACHABLE(),
	       V4(), TCP(.flags = WIRE_ACK)),
	LEAVES(PKT_OTHER, "v6 unreachable of an ack leaves", ETH, V6(.back = 1), UNREACHABLE6(),
	       V6(), TCP(.flags = WIRE_ACK)),
	LEAVES(PKT_OTHER, "v4 unreachable of udp leaves", ETH, V4(.back = 1), UNREACHABLE(), V4(),
	       DATA(.size = 20)),
	LEAVES(PKT_OTHER, "v6 unreachable of udp leaves", ETH, V6(.back = 1), UNREACHABLE6(), V6(),
	       DATA(.size = 20)),
	LEAVES(PKT_OTHER, "v4 unreachable of what looks like a syn leaves", ETH, V4(.back = 1),
	       UNREACHABLE(), V4(), TCP(.number = WIRE_UDP)),
	LEAVES(PKT_OTHER, "v6 unreachable of what looks like a syn leaves", ETH, V6(.back = 1),
	       UNREACHABLE6(), V6(), TCP(.number = WIRE_UDP)),
	LEAVES(PKT_OTHER, "v4 unreachable that quotes 8 bytes leaves", ETH, V4(.back = 1),
	       UNREACHABLE(), V4(.length = 40), DATA(.number = WIRE_TCP, .size = 8)),

	OTHER("arp of no sense", ETH, DATA(.number = WIRE_TYPE_ARP, .size = 28), PAD(18)),
	OTHER("lldp", ETH, DATA(.number = 0x88cc, .size = 46)),
	OTHER("802.3 length", ETH, DATA(.number = 38, .size = 46)),
	OTHER("mpls", ETH, DATA(.number = 0x8847, .size = 64)),
	OTHER("pppoe", ETH, DATA(.number = 0x8864, .size = 64)),
	OTHER("ethernet alone", ETH, DATA(.number = 0x88cc)),
};

const size_t frames_count = sizeof(frames) / sizeof(frames[0]);
