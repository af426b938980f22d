/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages of rtnetlink(7) to inputs: pure but for the clock, and bounded by the message. */
#ifndef SYNHOLE_IO_RTNL_PARSE_H
#define SYNHOLE_IO_RTNL_PARSE_H

#include "core/input.h"

#include <linux/netlink.h>

/* The longest table of attributes that is read here. */
#define RTNL_ATTRIBUTES 64

/* Attributes by type, NULL where there is none; those beyond RTNL_ATTRIBUTES are skipped. */
void rtnl_attributes(const struct nlmsghdr *nlh, size_t header_size,
		     const struct nlattr *ret_attributes[static RTNL_ATTRIBUTES]);

/* False, and nothing read, when the attribute is missing or too short. */
bool rtnl_get_u32(const struct nlattr *attribute, uint32_t *ret_value);

/* One message: false if it is broken or says nothing that the core wants to hear. The message
 * itself must lie within its buffer, as mnl_nlmsg_ok() or mnl_cb_run() see to it. */
bool rtnl_parse(const struct nlmsghdr *nlh, struct input *ret_input);

#endif
