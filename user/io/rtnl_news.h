/* SPDX-License-Identifier: GPL-2.0-only */
/* The subscription to what changes in links, addresses and routes, and what its messages leave out.
 */
#ifndef SYNHOLE_IO_RTNL_NEWS_H
#define SYNHOLE_IO_RTNL_NEWS_H

#include <libmnl/libmnl.h>
#include <stdbool.h>

/* Subscribed, and never blocking. The caller closes it. */
int rtnl_news_open(struct mnl_socket **ret_news);

/* Whether the message stands for more than it says, so that all must be dumped again. */
bool rtnl_news_is_doubtful(const struct nlmsghdr *nlh);

#endif
