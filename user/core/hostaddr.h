/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What this host owns: its links, addresses, local routes and default routes, as the kernel tells
 * them.
 *
 * The local routing tables are the truth: what they hold is delivered here, whether an address
 * list names it (an address) or not (AnyIP, `ip route add local`). The address list explains the
 * rest: an address that is listed but not in the local table is one that the kernel does not
 * serve, and its flags and its link say why.
 */
#ifndef SYNHOLE_CORE_HOSTADDR_H
#define SYNHOLE_CORE_HOSTADDR_H

#include "core/input.h"

enum owned {
	OWNED_NO,
	OWNED_YES,
	OWNED_TENTATIVE, /* duplicate address detection is not done (RFC 4862, 5.4) */
	OWNED_DADFAILED, /* another host on the link has it */
	OWNED_LINK_DOWN, /* assigned to a link that is down */
	OWNED_UNKNOWN,	 /* nothing is known of the host; hostaddr_owned() never says so */
};

/* Entries of each kind that are remembered; more are counted as dropped. */
#define HOSTADDR_MAX 262144

/* What the names of the host's ends of verify's guests begin with (io/rtnl_guest.h): links that
 * nobody else should care for. NULL is none. */
#define HOSTADDR_GUEST "synhole-"
bool hostaddr_is_guest(const struct input_link *link);

struct hostaddr;

int hostaddr_new(struct hostaddr **ret_host);
void hostaddr_free(struct hostaddr **host);

/* Hears INPUT_HOST_*, INPUT_LINK, INPUT_ADDRESS and INPUT_ROUTE; others are ignored. Returns true
 * if what is owned may have changed; guests, which come and go, change nothing. */
bool hostaddr_feed(struct hostaddr *host, const struct input *in);

/* `ret_since` (may be NULL) is when a tentative address began to be so, as far as is known. */
enum owned hostaddr_owned(const struct hostaddr *host, const struct addr *a, when_t *ret_since);

/* The VRF that a link is, or is a port of: it has routes of its own. NULL: none. */
const struct input_link *hostaddr_vrf(const struct hostaddr *host, uint32_t ifindex);

/* A default route of the family (AF_INET, AF_INET6) for what comes in by `ifindex`, or (0) for the
 * host itself, the one with the lowest metric; NULL: none. */
const struct input_route *hostaddr_default(const struct hostaddr *host, int family,
					   uint32_t ifindex);

/* The address entry whose on-link prefix holds `a`, on `ifindex` or (0) any link; NULL: none. */
const struct input_address *hostaddr_covering(const struct hostaddr *host, const struct addr *a,
					      uint32_t ifindex);

/* NULL: no such link. */
const struct input_link *hostaddr_link(const struct hostaddr *host, uint32_t ifindex);
const struct input_link *hostaddr_link_named(const struct hostaddr *host, const char *name);

/* Everything, in the kernel's order: `prev` NULL gives the first, the last gives NULL. */
const struct input_link *hostaddr_next_link(const struct hostaddr *host,
					    const struct input_link *prev);
const struct input_address *hostaddr_next_address(const struct hostaddr *host,
						  const struct input_address *prev);
const struct input_route *hostaddr_next_route(const struct hostaddr *host,
					      const struct input_route *prev);

/* Entries that found no room since the start. */
uint64_t hostaddr_dropped(const struct hostaddr *host);

#endif
