/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files hostaddr*.c know of each other: the tables. */
#ifndef SYNHOLE_CORE_HOSTADDR_PARTS_H
#define SYNHOLE_CORE_HOSTADDR_PARTS_H

#include "core/hostaddr.h"

/* A bound that uthash leaves to its user: no memory is not the end, the entry is dropped. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

/*
 * One kind of entry for all three tables. The key is what makes two of a kind the same to the
 * kernel; `round` is the dump that repeated it last.
 */
struct entry_key {
	struct addr address, gateway;
	uint32_t a, b, c, d;
};

struct entry {
	struct entry_key key;
	uint32_t round;
	bool guest;	  /* ... or of a guest */
	when_t tentative; /* of an address that is: since when */
	/* In each index: the next in the same place, for an ADDRESSES entry; the ends of that list,
	 * for the place. */
	struct entry *next[2], *last;
	uint32_t routes; /* of PREFIXES */
	UT_hash_handle hh;
	/* Of HEARD tables; the entries of the others end here. */
	union {
		struct input_link link;
		struct input_address address;
		struct input_route route;
	};
};

/* HEARD tables hold what netlink said. PREFIXES is made of ROUTES: how many of them deliver each
 * prefix, in whatever table and by whatever link, keyed so that a look-up can find it. LISTED and
 * ONLINK are indices of ADDRESSES, by the address alone and by its prefix. */
enum table { LINKS, ADDRESSES, ROUTES, HEARD, PREFIXES = HEARD, LISTED, ONLINK, TABLES };

/* What was found last, to be found again until something changes. */
struct found {
	bool valid;
	const struct input_link *vrf;
	const struct input_route *route;
};

struct hostaddr {
	struct found *defaults; /* of IPv4 and IPv6 */
	struct entry *tables[TABLES];
	uint32_t lengths[129]; /* how many PREFIXES there are of each length */
	uint32_t onlink[129];  /* and how many ONLINK */
	uint32_t round;
	uint64_t dropped;
};

struct entry *hostaddr_find(const struct hostaddr *host, enum table table,
			    const struct entry_key *key);

/* The key of the place that an address has in an index. */
struct entry_key hostaddr_place(enum table index, const struct addr *a, uint8_t prefix_len);

#endif
