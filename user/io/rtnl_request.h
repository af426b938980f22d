/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One question to rtnetlink(7) and its answers.
 *
 * Each has a socket of its own, for 10 us: so an abandoned dump leaves nothing behind, a listener
 * may ask while it is being told, and the subscription's queue is never in the way.
 */
#ifndef SYNHOLE_IO_RTNL_REQUEST_H
#define SYNHOLE_IO_RTNL_REQUEST_H

#include <libmnl/libmnl.h>
#include <stdint.h>

#define RTNL_REQUEST_SIZE 256

/* The message begins with `family`, as all headers of rtnetlink do, and `size` - 1 zero bytes. */
struct nlmsghdr *rtnl_request_begin(char buffer[static RTNL_REQUEST_SIZE], uint16_t type,
				    uint8_t family, size_t size);

/* One object: `each` (may be NULL) hears it; flags that `request` has stay. 0, the kernel's -errno,
 * or why it could not be asked. */
int rtnl_request_one(struct nlmsghdr *request, mnl_cb_t each, void *data);

/* All objects. -EINTR when changes interrupted the dump: what was heard may have gaps. */
int rtnl_request_dump(struct nlmsghdr *request, mnl_cb_t each, void *data);

#endif
