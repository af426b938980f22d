/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Would a new address become the source of the host's own connections to the Internet?
 *
 * IPv6 by the rules of RFC 6724, 5, as net/ipv6/addrconf.c has them; IPv4 by what
 * inet_select_addr() in net/ipv4/devinet.c does. Sources that routes or programs name are theirs to
 * know.
 */
#ifndef SYNHOLE_CORE_SOURCE_H
#define SYNHOLE_CORE_SOURCE_H

#include "core/hostaddr.h"

enum source_choice {
	SOURCE_NEVER,
	SOURCE_SOMETIMES, /* it depends on the destination */
	SOURCE_ALWAYS,
};

struct source {
	enum source_choice choice;
	enum source_choice deprecated; /* ... if its preferred lifetime is 0 */
	struct addr rival;	       /* whom the host uses else, all zero: no other can be used */
};

/* `address` is, or would be, on `link` with this prefix length (of its own family). `gateway`
 * (NULL: not known) is the router to the Internet. */
struct source source_choose(const struct hostaddr *host, const struct addr *address,
			    uint8_t prefix_len, const struct input_link *link,
			    const struct addr *gateway);

#endif
