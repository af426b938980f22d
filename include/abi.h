/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What crosses the kernel line: the counting table, the set of known addresses and the events.
 *
 * The BPF programs write, user space reads: a wire format between two programs that are always
 * built together. Integers are in host byte order; addresses and MAC addresses are as on the wire.
 */
#ifndef SYNHOLE_ABI_H
#define SYNHOLE_ABI_H

#ifdef __bpf__
#include "vmlinux.h"
#else
#include <linux/types.h>
#endif

/* An IPv6 address, or an IPv4 address mapped into ::ffff:0:0/96 (RFC 4291, 2.5.5.2). */
struct addr {
	union {
		__u8 bytes[16];
		__u32 words[4];
		__u64 halves[2];
	};
};

/*
 * The counting table: sets of ABI_WAYS slots in a memory-mapped array, a region of sets for each
 * CPU. Only the program running on that CPU writes there, so it needs no atomics; user space only
 * reads. A key is one of (interface, destination, port, kind); its set is chosen by a seeded hash.
 *
 * `tagged` holds the count in its low ABI_COUNT_BITS and above them a fingerprint of the key. It
 * is one aligned word, and so can never be torn: a reader takes a slot as true only if the
 * fingerprint of the key that it read is the one beside the count (see include/table.h).
 */
#define ABI_WAYS 4

/* To be raised when what lies in maps that outlive a daemon gets another meaning. */
#define ABI_VERSION 1
#define ABI_COUNT_BITS 40
#define ABI_COUNT_MASK ((1ULL << ABI_COUNT_BITS) - 1)

enum slot_kind {
	SLOT_SYN,     /* a SYN came in by this interface */
	SLOT_FOREIGN, /* the same, for another MAC address */
	SLOT_SYN_ACK, /* an answer left, by whatever interface: ifindex is 0 */
	SLOT_RST,     /* the same */
	SLOT_ICMP,    /* "destination unreachable" left that quotes a SYN: the same */
	SLOT_HAIRPIN, /* a SYN left by this interface that was not sent from here */
	SLOT_ASKED,   /* somebody on this link asked who has the address; port is 0 */
	SLOT_DROP,    /* the kernel dropped a SYN; port is the reason's number, ifindex is 0 */
};

struct slot_key {
	struct addr dst;
	__u32 ifindex;
	__u16 port; /* 0: the ports of a known address that found no slot of their own */
	__u16 kind; /* enum slot_kind */
};

struct slot {
	struct slot_key key;
	__u64 tagged;
	__u32 first; /* low 32 bits of jiffies64 at the first and the last SYN */
	__u32 last;
	__u16 attempt;	 /* of an owned SLOT_SYN: a digest of the last one's source, port and
			  * number; of a stranger's: a client was seen to wait for it */
	__u16 misses;	 /* newcomers turned away while this slot was its set's smallest */
	__u16 epoch;	 /* low bits of the program's `epoch` when `known` was looked up */
	__u16 known;	 /* enum known_flags of the destination */
	struct addr src; /* who sent the last one: a sample to ask the kernel's routes with */
};

struct slot_set {
	struct slot ways[ABI_WAYS];
};

/* What user space tells the programs of an address: the value in the map `known`. */
enum known_flags {
	KNOWN_OWNED = 1,     /* this host serves it: no SYN to it is lost for want of an owner */
	KNOWN_PUBLISHED = 2, /* a name that should be served here points to it */
};

/*
 * Which addresses may be known: a bit for each, at abi_likely(). A stranger nearly always finds his
 * bit unset, and is known for one without a look into the map `known`. Bits are set before the
 * programs rely on an address, and never cleared: one too many costs a look.
 */
#define ABI_LIKELY_BITS 65536

struct likely {
	__u64 words[ABI_LIKELY_BITS / 64];
};

/* Nobody gains by choosing addresses that meet here: they cost what all did without the bits. */
static inline __attribute__((always_inline)) __u32 abi_likely(const struct addr *a)
{
	__u64 mixed = (a->halves[0] ^ a->halves[1]) * 0x9e3779b97f4a7c15ULL;

	return mixed >> 48; /* Fibonacci hashing: neighbours are spread */
}

/* Per CPU and per interface. frames = everything seen; the rest are parts of it. */
struct counters {
	__u64 frames;
	__u64 syns;
	__u64 unparsed;	    /* broken or out of reach of the parser; passed, never guessed */
	__u64 unattributed; /* SYNs counted in no slot, or whose slot was given to another */
	__u64 forgotten;    /* the same, of what is counted of other kinds */
	__u64 events_lost;  /* of all but EVENT_OTHER: the ring full, or the budget spent */
	__u64 events_held;  /* of EVENT_OTHER: the same */
	__u64 drops_held;   /* packets to strangers that the kernel dropped, not looked at */
};

/* Counters exist for this many CPUs; user space refuses to start on a machine that has more. */
#define ABI_MAX_CPUS 1024

/*
 * A SYN as the program saw it: what tells a real client from a scanner, and by which router the
 * frame came. Sent for every SYN as long as its class has budget; what is held back is counted.
 * And once more for the first that is seen to be lost of a published address.
 */
enum event_class {
	EVENT_LOST,   /* to a published address that this host does not own */
	EVENT_REPEAT, /* once more, made anew after a while: a client waits */
	EVENT_COPY,   /* once more, at once: a loop */
	EVENT_OTHER,
	EVENT_CLASSES,
};

/* Attempts that are remembered (see bpf/attempts.h): 4 MiB, shared by all CPUs. Of 200,000 a second
 * 998 of 1000 are still there after the second that a client waits at first (a Poisson distribution
 * of 6.1 in each set, and room for 15). */
#define ABI_ATTEMPT_WAYS 15
#define ABI_ATTEMPT_SETS (1 << 15)

struct attempt_set {
	__u64 next; /* of the ways: the oldest */
	__u64 ways[ABI_ATTEMPT_WAYS];
};

struct syn_event {
	__u64 time; /* bpf_ktime_get_ns: CLOCK_MONOTONIC */
	struct addr dst;
	struct addr src;
	__u32 ifindex;
	__u32 seq;
	__u32 timestamp; /* TCP's, 0: none */
	__u16 sport;
	__u16 dport;
	__u16 ip_id;	 /* 0 in IPv6 */
	__u8 src_mac[6]; /* zero where the link has no Ethernet header */
	__u8 known;	 /* enum known_flags of the destination */
	__u8 hop_limit;
	__u8 header; /* the TCP header's length: 20 and its options */
	__u8 fate;   /* SLOT_SYN: it came in. SLOT_DROP, SLOT_HAIRPIN: it was seen to be lost */
	__u8 moved;  /* IP-ID or timestamp are others than those of ... */
	__u8 pad;
	__u16 gap; /* ... the same attempt, so many milliseconds ago. 0: not known, or a copy */
};

/*
 * The first bytes of a frame, as it went by: only where packets are to be kept. The classes have
 * rations of their own; the first four are those of the events.
 */
enum packet_class {
	PACKET_LOST = EVENT_LOST, /* also who asks for such an address */
	PACKET_REPEAT = EVENT_REPEAT,
	PACKET_COPY = EVENT_COPY,
	PACKET_OTHER = EVENT_OTHER,
	PACKET_ANSWER,	/* and whatever else leaves: a hairpin */
	PACKET_DROPPED, /* of known addresses; those of strangers are PACKET_OTHER */
	PACKET_CLASSES,
};

enum packet_hook {
	PACKET_IN,
	PACKET_OUT,
	PACKET_DROP, /* one that was told as PACKET_IN before; begins with the IP header */
};

#define ABI_PACKET_BYTES 256 /* as many as are copied to be parsed */

struct packet_event {
	__u64 time; /* bpf_ktime_get_ns: CLOCK_MONOTONIC */
	__u32 ifindex;
	__u32 length; /* of the frame */
	__u16 kept;   /* so many of the bytes are its */
	__u16 reason; /* of PACKET_DROP: the kernel's number */
	__u8 hook;    /* enum packet_hook */
	__u8 class;   /* enum packet_class */
	__u8 link;    /* enum pkt_link: what the bytes begin with */
	__u8 pad;
	__u8 bytes[ABI_PACKET_BYTES];
};

/* What of each class a CPU may still keep in this tick. */
struct ration {
	__u64 tick;
	__u64 lost; /* packets, since the start: the ration was spent, or the ring full */
	__u32 left[PACKET_CLASSES];
};

/* MAC addresses by which a host is called on one link: its own and its master's. */
#define ABI_MACS 8

/* What each CPU may do in a tick and no more, so that a flood costs no more than that. */
enum allowance {
	ALLOW_LOST = EVENT_LOST, /* events of each class */
	ALLOW_REPEAT = EVENT_REPEAT,
	ALLOW_COPY = EVENT_COPY,
	ALLOW_OTHER = EVENT_OTHER,
	ALLOW_STRANGER, /* SYNs to strangers looked up in the table; the rest are unattributed */
	ALLOW_ATTEMPT,	/* ... of which so many are remembered, and those that come again counted */
	ALLOW_DROP,	/* packets to strangers looked at that the kernel dropped */
	ALLOWANCES,
};

/* Of the events of a class one destination has a quarter, but two at least: those that share its
 * place among so many, and the others the rest. */
#define ABI_SHARES 16

struct shares {
	struct {
		__u32 tick;
		__u8 told[EVENT_CLASSES];
	} of[ABI_SHARES];
};

/* What is left of them in this tick. */
struct budget {
	__u64 tick;
	__u32 left[ALLOWANCES];
	__u32 strangers; /* SYNs to strangers so far */
	__u32 crowded;	 /* ticks before it, in a row, with too many of them */
	__u32 pad[5];
};

_Static_assert(sizeof(struct addr) == 16, "addr");
_Static_assert(sizeof(struct slot_key) == 24, "slot_key");
_Static_assert(sizeof(struct slot) == 64, "a slot is one cache line");
_Static_assert(sizeof(struct slot_set) == 256, "slot_set");
_Static_assert(sizeof(struct attempt_set) == 128, "attempt_set");
_Static_assert(sizeof(struct counters) == 64, "counters are one cache line");
_Static_assert(sizeof(struct shares) == 128, "shares are two cache lines");
_Static_assert(sizeof(struct budget) == 64, "budgets are one cache line");
_Static_assert(sizeof(struct syn_event) == 72, "syn_event");
_Static_assert(sizeof(struct packet_event) == 280, "packet_event");
_Static_assert(sizeof(struct ration) == 40, "ration");

#endif
