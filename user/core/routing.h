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

enum fact routing_return(const struct routing *routing, const struct addr *address,
			 const struct addr *peer);

/* False: no room for more answers, do not ask. */
bool routing_has_room(const struct routing *routing);

/* The router on this link that serves the family: the neighbour that sent the SYNs, else the one
 * that says it is a router, else the only one there is. False: not known. */
bool routing_gateway(const struct routing *routing, uint32_t ifindex, int family,
		     struct addr *ret_gateway);

#endif
