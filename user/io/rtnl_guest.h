/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest: a network namespace of our own, joined with this host's by a pair of virtual Ethernet
 * links, to call the host from as a stranger does.
 *
 * Nothing but file descriptors of this process holds the namespace, and nothing but the namespace
 * the pair: the kernel takes both away when the process ends, by whatever signal. The host's end
 * has addresses that nobody else uses (a random prefix of fd00::/8, four addresses of
 * 169.254.0.0/16), and the routes to them come and go with it. Nothing else of the host changes.
 */
#ifndef SYNHOLE_IO_RTNL_GUEST_H
#define SYNHOLE_IO_RTNL_GUEST_H

#include "base/failure.h"
#include "core/hostaddr.h"

struct rtnl_guest;

/* Needs CAP_SYS_ADMIN and CAP_NET_ADMIN, and a process of one thread. */
int rtnl_guest_new(struct rtnl_guest **ret_guest, struct failure *failure);
void rtnl_guest_free(struct rtnl_guest **guest);

/* A TCP socket of the guest that is connecting, non-blocking; -errno if it is refused at once. */
int rtnl_guest_call(struct rtnl_guest *guest, const struct addr *address, uint16_t port,
		    int *ret_fd);

#endif
