/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel said when it was asked for a way, and who is on the links: answers that are kept
 * until the host's addresses or routes change.
 */
#ifndef SYNHOLE_CORE_ROUTING_H
#define SYNHOLE_CORE_ROUTING_H

#include "core/input.h"
#include "core/verdict.h"

/* Answers of each kind that are kept; more are not, and their destinations stay unexplained. */
#define ROUTING_MAX 4096

struct routing;

int routing_new(struct routing **ret_routing);
void routing_free(struct routing **routing);

/* INPUT_PATH, INPUT_RETURN, INPUT_NEIGHBOUR, and INPUT_SYN for its source MAC. */
void routing_feed(struct routing *routing, const struct input *in);

/* Forgets the ways, not the neighbours. */
void routing_forget(struct routing *routing);

/* NULL: nobody has asked. */
const struct input_path *routing_path(const struct routing *routing, const struct addr *dst,
				      uint32_t ifindex);

/* For an answer to who has called by `ifindex`: links may have routing tables of their own (VRFs).
 */
enum fact routing_return(const struct routing *routing, const struct addr *address,
			 const struct addr *peer, uint32_t ifindex);

/* False: no room for more answers, do not ask. */
bool routing_has_room(const struct routing *routing);

/* Why a neighbour is taken for the router: the more, the surer. */
enum routing_from {
	ROUTING_UNKNOWN,
	ROUTING_ONLY,	/* it is the only neighbour there is */
	ROUTING_TWIN,	/* it has the MAC address of the other family's router */
	ROUTING_ROUTER, /* it says that it is a router (RFC 4861, 4.4) */
	ROUTING_CALLER, /* it has the MAC address that the last SYN came from */
};

/* All that were told: NULL after the last. */
const struct input_neighbour *routing_neighbour(const struct routing *routing, size_t i);

/* The router on this link that serves the family. `twin` (may be NULL) is the router of the other
 * family there. */
enum routing_from routing_gateway(const struct routing *routing, uint32_t ifindex, int family,
				  const struct addr *twin, struct addr *ret_gateway);

/* The MAC address that the last SYN on this link came from; NULL: none was seen. */
const uint8_t *routing_caller(const struct routing *routing, uint32_t ifindex);

#endif
