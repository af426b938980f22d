/* SPDX-License-Identifier: GPL-2.0-only */
/* One question to the kernel by netlink(7), and its answers. */
#ifndef SYNHOLE_IO_NETLINK_H
#define SYNHOLE_IO_NETLINK_H

#include <libmnl/libmnl.h>

/*
 * Asks by a socket of its own, of `protocol` (NETLINK_*), and gives each message of the answer to
 * `each`, which may be NULL. Returns 0 when the answer has ended (so `request` is a dump, or wants
 * an acknowledgement), the kernel's -errno, what `each` left in errno when it returned
 * MNL_CB_ERROR, or -ETIMEDOUT.
 */
int netlink_ask(int protocol, const struct nlmsghdr *request, mnl_cb_t each, void *data);

#endif
