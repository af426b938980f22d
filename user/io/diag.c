// SPDX-License-Identifier: GPL-2.0-only
/* The listening TCP sockets of this network namespace, from sock_diag(7). */
#include "io/diag.h"

#include "base/address.h"
#include "base/clock.h"
#include "io/netlink.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <string.h>

struct listening {
	input_fn *hear;
	void *data;
};

static bool is_v6only(const struct nlmsghdr *nlh)
{
	const struct nlattr *attribute;

	mnl_attr_for_each(attribute, nlh, sizeof(struct inet_diag_msg))
	{
		if (mnl_attr_get_type(attribute) == INET_DIAG_SKV6ONLY &&
		    mnl_attr_get_payload_len(attribute) >= sizeof(uint8_t))
			return mnl_attr_get_u8(attribute);
	}
	return false;
}

static struct addr address_of(const struct inet_diag_msg *socket)
{
	struct in6_addr v6;
	struct in_addr v4;

	if (socket->idiag_family == AF_INET) {
		memcpy(&v4, socket->id.idiag_src, sizeof(v4));
		return address_from_v4(&v4);
	}
	memcpy(&v6, socket->id.idiag_src, sizeof(v6));
	return address_from_v6(&v6);
}

static int hear_socket(const struct nlmsghdr *nlh, void *data)
{
	const struct inet_diag_msg *socket = mnl_nlmsg_get_payload(nlh);
	struct input input = {.kind = INPUT_LISTENER};
	struct listening *listening = data;

	if (nlh->nlmsg_type != SOCK_DIAG_BY_FAMILY ||
	    mnl_nlmsg_get_payload_len(nlh) < sizeof(*socket) ||
	    (socket->idiag_family != AF_INET && socket->idiag_family != AF_INET6) ||
	    socket->idiag_state != TCP_LISTEN)
		return MNL_CB_OK;
	input.now = clock_ns(CLOCK_REALTIME);
	input.listener.address = address_of(socket);
	input.listener.port = ntohs(socket->id.idiag_sport);
	input.listener.v6only = address_is_zero(&input.listener.address) && is_v6only(nlh);
	input.listener.ifindex = socket->id.idiag_if;
	/* Of a listening socket these are connections to accept (tcp_diag_get_info() in
	 * net/ipv4/tcp_diag.c). */
	input.listener.queued = socket->idiag_rqueue;
	input.listener.backlog = socket->idiag_wqueue;
	input.listener.inode = socket->idiag_inode;
	listening->hear(listening->data, &input);
	return MNL_CB_OK;
}

static int dump(uint8_t family, struct listening *listening)
{
	_Alignas(struct nlmsghdr) char buffer[128];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct inet_diag_req_v2 *wanted = mnl_nlmsg_put_extra_header(request, sizeof(*wanted));

	request->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	request->nlmsg_seq = 1;
	wanted->sdiag_family = family;
	wanted->sdiag_protocol = IPPROTO_TCP;
	wanted->idiag_states = 1U << TCP_LISTEN;
	return netlink_ask(NETLINK_SOCK_DIAG, request, hear_socket, listening);
}

int diag_dump(input_fn *hear, void *data, struct failure *failure)
{
	struct listening listening = {.hear = hear, .data = data};
	int r;

	hear(data, &(struct input){.kind = INPUT_LISTENERS_BEGIN});
	r = dump(AF_INET, &listening);
	if (r == 0)
		r = dump(AF_INET6, &listening);
	if (r == -ENOENT)
		return failure_set(failure, r,
				   "cannot list the listening sockets: this kernel has no "
				   "sock_diag for TCP; load its module with: modprobe tcp_diag");
	if (r < 0)
		return failure_set(failure, r,
				   "cannot list the listening sockets: sock_diag failed: %s",
				   strerror(-r));
	hear(data, &(struct input){.kind = INPUT_LISTENERS_END});
	return 0;
}
