/* SPDX-License-Identifier: GPL-2.0-only */
/* Does a packet match an expression of an nftables rule? */
#ifndef SYNHOLE_CORE_FIREWALL_MATCH_H
#define SYNHOLE_CORE_FIREWALL_MATCH_H

#include "abi.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* A new TCP connection, whose source is not known. */
struct firewall_packet {
	struct addr address;
	uint16_t port;
	const char *link;
};

enum firewall_match { MATCH_NO, MATCH_MAYBE, MATCH_YES };

/* A "match" statement. `sets` are the ruleset's named sets as {"TABLE\nNAME": [ELEMENT...]}. */
enum firewall_match firewall_match(const struct firewall_packet *p, const json_t *match,
				   const json_t *sets, const char *table);

/* Is the value of the expression `left` that of `right`: a value, a set, a range, a prefix? */
enum firewall_match firewall_is(const struct firewall_packet *p, const json_t *left,
				const json_t *right, const json_t *sets, const char *table);

#endif
