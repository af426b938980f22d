// SPDX-License-Identifier: GPL-2.0-only
/* One question to rtnetlink(7) and its answers. */
#include "io/rtnl_request.h"

#include "io/netlink.h"

struct nlmsghdr *rtnl_request_begin(char buffer[static RTNL_REQUEST_SIZE], uint16_t type,
				    uint8_t family, size_t size)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	uint8_t *header = mnl_nlmsg_put_extra_header(request, size);

	request->nlmsg_type = type;
	request->nlmsg_seq = 1;
	header[0] = family;
	return request;
}

int rtnl_request_one(struct nlmsghdr *request, mnl_cb_t each, void *data)
{
	request->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	return netlink_ask(NETLINK_ROUTE, request, each, data);
}

int rtnl_request_dump(struct nlmsghdr *request, mnl_cb_t each, void *data)
{
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	return netlink_ask(NETLINK_ROUTE, request, each, data);
}
