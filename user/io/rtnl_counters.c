// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's own counters of a link. */
#include "io/rtnl_counters.h"

#include "io/rtnl_request.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct answer {
	bool found;
	uint64_t received;
};

static int read_answer(const struct nlmsghdr *message, void *data)
{
	const struct nlattr *attribute;
	struct answer *answer = data;

	mnl_attr_for_each(attribute, message, sizeof(struct if_stats_msg))
	{
		if (mnl_attr_get_type(attribute) != IFLA_STATS_LINK_64 ||
		    mnl_attr_get_payload_len(attribute) < sizeof(answer->received))
			continue;
		/* Attributes are aligned to 4 bytes only. */
		memcpy(&answer->received,
		       (const char *)mnl_attr_get_payload(attribute) +
			       offsetof(struct rtnl_link_stats64, rx_packets),
		       sizeof(answer->received));
		answer->found = true;
	}
	return MNL_CB_OK;
}

int rtnl_counters_received(uint32_t ifindex, uint64_t *ret_frames)
{
	_Alignas(struct nlmsghdr) char buffer[RTNL_REQUEST_SIZE];
	struct nlmsghdr *request =
		rtnl_request_begin(buffer, RTM_GETSTATS, AF_UNSPEC, sizeof(struct if_stats_msg));
	struct if_stats_msg *question = mnl_nlmsg_get_payload(request);
	struct answer answer = {0};
	int r;

	question->ifindex = ifindex;
	question->filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64);
	r = rtnl_request_one(request, read_answer, &answer);
	if (r < 0)
		return r;
	if (!answer.found)
		return -ENODATA;
	*ret_frames = answer.received;
	return 0;
}
