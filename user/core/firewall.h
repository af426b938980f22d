/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What nftables' rules do with a new TCP connection from the Internet, read from the ruleset as
 * `nft -j list ruleset` prints it (libnftables-json(5)).
 *
 * The caller's address and the rates are not known, so a rule that asks for those makes the answer
 * depend. So does whatever is not understood: nothing is guessed.
 */
#ifndef SYNHOLE_CORE_FIREWALL_H
#define SYNHOLE_CORE_FIREWALL_H

#include "abi.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum firewall_says {
	FIREWALL_UNKNOWN, /* it could not be asked */
	FIREWALL_ACCEPTS,
	FIREWALL_DROPS, /* silently or not */
	FIREWALL_DEPENDS,
};

struct firewall;

/* `text` is foreign. -EINVAL if it is no ruleset, -ENOMEM. */
int firewall_new(struct firewall **ret_firewall, const char *text, size_t size);
void firewall_free(struct firewall **firewall);

/* Does it hold any chain that sees what comes in? */
bool firewall_has_chains(const struct firewall *firewall);

/* After very many rules, by all questions together, every answer is that it depends. A SYN to
 * `address` and `port` that comes in by the interface `link`, from anywhere. */
enum firewall_says firewall_ask(struct firewall *firewall, const struct addr *address,
				uint16_t port, const char *link);

#endif
