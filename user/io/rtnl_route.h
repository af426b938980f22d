/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The route oracle: the kernel's own lookups (RTM_GETROUTE) and what it does with their results.
 *
 * Address translation happens before routing, and no lookup knows about it.
 */
#ifndef SYNHOLE_IO_RTNL_ROUTE_H
#define SYNHOLE_IO_RTNL_ROUTE_H

#include "core/input.h"

/* See rtnl_ask_path() and rtnl_ask_return(), whose results these are. */
int rtnl_route_path(const struct addr *dst, const struct addr *src, uint32_t ifindex,
		    struct input_path *ret_path);
int rtnl_route_return(const struct addr *address, const struct addr *peer, uint32_t ifindex,
		      struct input_return *ret_return);

#endif
