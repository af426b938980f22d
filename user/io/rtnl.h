/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The host's links, addresses and routes, and the kernel's routing decisions, from rtnetlink(7).
 *
 * Subscribes first and dumps second, so that no change falls between. What notifications cannot
 * tell is dumped again: what was lost (ENOBUFS), what was replaced, and the IPv4 routes that the
 * kernel drops in silence with a link or an address.
 */
#ifndef SYNHOLE_IO_RTNL_H
#define SYNHOLE_IO_RTNL_H

#include "base/failure.h"
#include "core/input.h"

#include <systemd/sd-event.h>

struct rtnl;

/* Subscribes, in the caller's network namespace, where the calls below must be made too. Inputs go
 * to `hear`, which may ask, but must not free. Needs no privilege. */
int rtnl_new(struct rtnl **ret_rtnl, input_fn *hear, void *data, struct failure *failure);
void rtnl_free(struct rtnl **rtnl);

/* One whole dump, at once: INPUT_HOST_BEGIN, links, addresses, routes, INPUT_HOST_END. A dump that
 * changes interrupted (NLM_F_DUMP_INTR) begins again with another INPUT_HOST_BEGIN; after ten of
 * them, half a second, it fails with -EINTR. */
int rtnl_dump(struct rtnl *rtnl, struct failure *failure);

/* From now on changes are heard as they happen, until rtnl_free(); dumps among them, as above. */
int rtnl_follow(struct rtnl *rtnl, sd_event *loop, struct failure *failure);

/* How often notifications were lost and all was dumped again. */
uint64_t rtnl_resyncs(const struct rtnl *rtnl);

/* Makes the receive buffer small (bytes), so that a test can overrun it. */
int rtnl_shrink(struct rtnl *rtnl, int bytes);

/*
 * Asks the kernel and hears INPUT_PATH: what it does with a packet from `src` to `dst` that
 * arrives by `ifindex`. Where the kernel would refuse this source (IPv4: zero, one of ours, or
 * reverse path filtering), the answer is for the destination alone. A broadcast address is
 * PATH_NONE: TCP is not served there. -errno if it could not be asked, -ENODEV for no such link.
 */
int rtnl_ask_path(struct rtnl *rtnl, const struct addr *dst, const struct addr *src,
		  uint32_t ifindex);

/*
 * Asks the kernel and hears INPUT_RETURN: can `address` send an answer to `peer`, who called by
 * `ifindex` (0: whichever link)? Where that link is in a VRF, the VRF's routes tell. While
 * `address` is not this host's, the answer is for the peer alone. -errno if it could not be asked.
 */
int rtnl_ask_return(struct rtnl *rtnl, const struct addr *address, const struct addr *peer,
		    uint32_t ifindex);

/* Whether packets of the family (AF_INET, AF_INET6) that come in by this link are forwarded where
 * no address of this host is theirs. -ENODEV for no such link. */
int rtnl_ask_forwarding(int family, uint32_t ifindex, bool *ret_forwards);

/* Dumps the routes that rtnl_dump() leaves out, in all tables: INPUT_HOST_BEGIN, and INPUT_ROUTE
 * for each that is for every source and kind of traffic. It begins again as above. Needs no struct
 * rtnl.
 */
int rtnl_ask_routes(input_fn *hear, void *data);

/* Dumps the neighbour tables of both families: INPUT_NEIGHBOUR for each entry with a MAC. */
int rtnl_ask_neighbours(struct rtnl *rtnl);

#endif
