// SPDX-License-Identifier: GPL-2.0-only
/* The subscription to what changes in links, addresses and routes, and what its messages leave out.
 */
#include "io/rtnl_news.h"

#include "base/cleanup.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>

#define RECEIVE_BUFFER (1 << 20)

static void close_socket(struct mnl_socket **nl)
{
	if (*nl)
		mnl_socket_close(*nl);
}

/*
 * Of the routes only those that may matter: the local kinds, the default routes, and whatever
 * happens in the table "local". A router that learns a million others does not wake us. Without
 * the filter all is the same, but for the work.
 */
static void attach_filter(struct mnl_socket *news)
{
	enum { TYPE = 4, ROUTE = 16, LENGTH = ROUTE + 1, TABLE = ROUTE + 4, KIND = ROUTE + 7 };
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, TYPE),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_NEWROUTE), 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_DELROUTE), 0, 8),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, LENGTH),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 6, 0),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, TABLE),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, RT_TABLE_LOCAL, 4, 0),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, KIND),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, RTN_LOCAL, 0, 1),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, RTN_ANYCAST, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	};
	const struct sock_fprog program = {.len = MNL_ARRAY_SIZE(filter), .filter = filter};

	_Static_assert(RTN_LOCAL == 2 && RTN_BROADCAST == 3 && RTN_ANYCAST == 4, "local kinds");
	setsockopt(mnl_socket_get_fd(news), SOL_SOCKET, SO_ATTACH_FILTER, &program,
		   sizeof(program));
}

static int subscribe(struct mnl_socket *news)
{
	static const int groups[] = {
		RTNLGRP_LINK,	    RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR,
		RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE,	 RTNLGRP_NEXTHOP,
	};
	const int fd = mnl_socket_get_fd(news), size = RECEIVE_BUFFER;
	int group;

	/* Only root may exceed the system's limit; anyone else gets as much as it allows. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	attach_filter(news);
	if (mnl_socket_bind(news, 0, MNL_SOCKET_AUTOPID) < 0)
		return -errno;
	for (size_t i = 0; i < MNL_ARRAY_SIZE(groups); i++) {
		group = groups[i];
		if (mnl_socket_setsockopt(news, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
			return -errno;
	}
	return 0;
}

int rtnl_news_open(struct mnl_socket **ret_news)
{
	cleanup(close_socket) struct mnl_socket *news =
		mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK);
	int r;

	if (!news)
		return -errno;
	r = subscribe(news);
	if (r < 0)
		return r;
	*ret_news = take_ptr(news);
	return 0;
}

/*
 * Whatever goes may take IPv4 routes with it,
 * of which the kernel says nothing, may be one of several next hops, and may have shifted an
 * unfinished dump; so may a link that goes down; and what replaces does not name the replaced.
 */
bool rtnl_news_is_doubtful(const struct nlmsghdr *nlh)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);

	switch (nlh->nlmsg_type) {
	case RTM_NEWLINK:
		return mnl_nlmsg_get_payload_len(nlh) >= sizeof(*ifi) &&
		       !(ifi->ifi_flags & IFF_UP) && ifi->ifi_change != ~0U;
	case RTM_DELLINK:
	case RTM_DELADDR:
	case RTM_DELROUTE:
	case RTM_DELNEXTHOP:
		return true;
	case RTM_NEWROUTE:
	case RTM_NEWNEXTHOP:
		return nlh->nlmsg_flags & NLM_F_REPLACE;
	default:
		return false;
	}
}
