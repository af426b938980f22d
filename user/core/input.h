/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The core's one language: everything that synhole hears, from whatever source, is one of these.
 *
 * The ears in io/ make inputs of netlink messages, DNS answers and the programs' counters; the core
 * remembers and judges them. Time comes in with each input, so that a live capture and a replay of
 * an old one are the same run. Pointers are borrowed for the length of the call.
 */
#ifndef SYNHOLE_CORE_INPUT_H
#define SYNHOLE_CORE_INPUT_H

#include "abi.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Nanoseconds of CLOCK_REALTIME; 0 is "not known". */
typedef uint64_t when_t;

enum input_kind {
	INPUT_HOST_BEGIN, /* a dump of links, addresses and routes begins ... */
	INPUT_HOST_END,	  /* ... and ends: what it did not repeat is gone */
	INPUT_LINK,
	INPUT_ADDRESS,
	INPUT_ROUTE,
	INPUT_LISTENERS_BEGIN, /* the listeners of before are void ... */
	INPUT_LISTENER,
	INPUT_LISTENERS_END, /* ... and these are all there are */
	INPUT_NAME,
	INPUT_AUTHORITY,
	INPUT_COUNTS_BEGIN, /* a snapshot of the counting table begins ... */
	INPUT_COUNT,
	INPUT_COUNTS_END, /* ... and is whole */
	INPUT_REASON,
	INPUT_SYN,
	INPUT_LOST, /* one to a published address was seen to be lost: worth a look at once */
	INPUT_PACKET,
	INPUT_PATH,
	INPUT_RETURN,
	INPUT_NEIGHBOUR,
};

struct input_link {
	bool gone;
	uint32_t ifindex;
	char name[16];
	bool up;       /* IFF_UP: the administrator's wish */
	bool running;  /* IFF_LOWER_UP: the carrier */
	bool loopback; /* IFF_LOOPBACK */
	uint16_t type; /* ARPHRD_*: ARPHRD_ETHER has Ethernet headers */
	uint8_t mac[6];
	uint32_t master; /* the bridge, bond or VRF that it is a port of, 0: none */
	char driver[32]; /* kernel driver or link kind, "" when not known */
};

struct input_address {
	bool gone;
	struct addr address;
	uint8_t prefix_len; /* of a mapped IPv4 address: 96 more than in IPv4 */
	uint32_t ifindex;
	uint32_t flags; /* IFA_F_* of linux/if_addr.h */
	when_t created;
};

/* In every table. Of a host that can be asked for its ways only the first three are told. */
enum route_kind {
	ROUTE_LOCAL,	 /* delivered here: RTN_LOCAL, RTN_ANYCAST */
	ROUTE_BROADCAST, /* RTN_BROADCAST: no TCP is served there */
	ROUTE_DEFAULT,	 /* RTN_UNICAST to ::/0 or 0.0.0.0/0 */
	ROUTE_UNICAST,	 /* RTN_UNICAST to any other prefix */
	ROUTE_BLACKHOLE, /* these refuse: RTN_BLACKHOLE, RTN_UNREACHABLE, RTN_PROHIBIT */
	ROUTE_UNREACHABLE,
	ROUTE_PROHIBIT,
	ROUTE_THROW, /* RTN_THROW: this table says no more, the next one is asked */
};

struct input_route {
	bool gone;
	enum route_kind kind;
	struct addr prefix;
	uint8_t prefix_len; /* as in input_address; a default route's is 0 or 96 */
	uint32_t table;
	uint32_t oif;	     /* 0: none (several next hops: the first one's) */
	struct addr gateway; /* all zero: none */
	uint32_t metric;
};

/* A listening TCP socket. An all-zero address is the wildcard of both families (dual stack);
 * ::ffff:0.0.0.0 the wildcard of IPv4 alone. */
struct input_listener {
	struct addr address;
	uint16_t port;
	bool v6only;	  /* an all-zero address that serves IPv6 alone */
	uint32_t ifindex; /* 0: bound to no interface */
	uint32_t backlog, queued;
	uint32_t inode; /* of the socket, as /proc/PID/fd shows it; 0: not known */
};

enum name_status {
	NAME_OK, /* at least one address, and no failure */
	NAME_NODATA,
	NAME_NXDOMAIN,
	NAME_TIMEOUT,
	NAME_SERVFAIL,
	NAME_REFUSED,
	NAME_STATUSES,
};

struct record {
	struct addr address; /* a mapped IPv4 address is an A record, any other an AAAA */
	uint32_t ttl;	     /* seconds */
	bool stale;	     /* heard since: the zone's own servers have it no more */
};

/* What DNS said of one name, whole: it replaces what it said before. */
struct input_name {
	bool gone;	  /* nobody asks for it any more: what it published is forgotten */
	const char *name; /* as given, or as an MX or SRV record had it: hostile bytes */
	enum name_status status;
	const char *error;  /* one clause in words for a status that is a failure, else NULL */
	const char *server; /* who answered, NULL when not known */
	const char *via;    /* "mx example.org" where the name was found so, else NULL */
	const struct record *records;
	size_t count;
};

/* What the zone's own servers have of a name already heard, of one family: all of it. */
struct input_authority {
	const char *name;
	bool ipv4;
	const struct record *records;
	size_t count;
};

/* What one key of the counting table has counted since the start, on one CPU or more. */
struct input_count {
	enum slot_kind kind;
	uint32_t ifindex;
	struct addr dst;
	struct addr src; /* who sent the last one */
	uint16_t port;
	uint64_t syns;
	when_t first, last;
};

/* What the running kernel calls the reason of a drop (enum skb_drop_reason). */
struct input_reason {
	uint16_t number;
	const char *name; /* without SKB_DROP_REASON_ */
};

struct input_syn {
	const struct syn_event *event;
};

/* A packet that was counted, where they are to be kept: its first bytes. */
struct input_packet {
	const struct packet_event *event;
};

/* The kernel's own answer, asked for one destination: what it would do with a SYN to it that comes
 * in by this interface. Address translation happens before routing and is not known to it. */
enum path_kind {
	PATH_LOCAL,	/* delivered here */
	PATH_FORWARD,	/* out of another interface */
	PATH_HAIRPIN,	/* back out of the interface it came in by */
	PATH_NONE,	/* no route, or forwarding is off */
	PATH_BLACKHOLE, /* a blackhole, unreachable or prohibit route that somebody set */
};

struct input_path {
	struct addr dst;
	uint32_t ifindex;
	enum path_kind kind;
	uint32_t oif; /* 0: none */
};

/* Whether the kernel has a route for the answer from `address` (ours) to `peer`, who has called by
 * `ifindex`; 0: whatever the link. */
struct input_return {
	struct addr address;
	struct addr peer;
	bool reachable;
	uint32_t ifindex;
};

/* An entry of the neighbour table: the address of whoever has this MAC address on this link. */
struct input_neighbour {
	uint32_t ifindex;
	uint8_t mac[6];
	struct addr address;
	bool router;
};

struct input {
	enum input_kind kind;
	when_t now;
	union {
		struct input_link link;
		struct input_address address;
		struct input_route route;
		struct input_listener listener;
		struct input_name name;
		struct input_authority authority;
		bool answers_watched; /* INPUT_COUNTS_BEGIN: it will tell what left, too */
		struct input_count count;
		struct input_reason reason;
		struct input_syn syn; /* INPUT_SYN, INPUT_LOST */
		struct input_packet packet;
		struct input_path path;
		struct input_return back;
		struct input_neighbour neighbour;
	};
};

/* Who hears. The ears are given one of these with its data. */
typedef void input_fn(void *data, const struct input *input);

#endif
