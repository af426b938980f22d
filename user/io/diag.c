// SPDX-License-Identifier: GPL-2.0-only
/* The listening TCP sockets of this network namespace, from sock_diag(7). */
#include "io/diag.h"

#include "base/address.h"
#include "base/cleanup.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

/* The kernel answers at once; but what waits for ever is not bounded. */
#define PATIENCE 5 /* seconds */
#define ANSWER_SIZE 32768

struct listening {
	input_fn *hear;
	void *data;
};

static void close_socket(struct mnl_socket **nl)
{
	if (*nl)
		mnl_socket_close(*nl);
}

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
	struct timespec now;

	if (nlh->nlmsg_type != SOCK_DIAG_BY_FAMILY ||
	    mnl_nlmsg_get_payload_len(nlh) < sizeof(*socket) ||
	    (socket->idiag_family != AF_INET && socket->idiag_family != AF_INET6) ||
	    socket->idiag_state != TCP_LISTEN)
		return MNL_CB_OK;
	clock_gettime(CLOCK_REALTIME, &now);
	input.now = (when_t)now.tv_sec * 1000000000 + (when_t)now.tv_nsec;
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

/* NLMSG_ERROR and NLMSG_DONE both begin with an errno. libmnl alone would ignore the second's, and
 * a kernel without TCP in its sock_diag would be a host without listeners. */
static int end_of_answers(const struct nlmsghdr *nlh, void *data)
{
	int32_t error = -EBADMSG;

	(void)data;
	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(error))
		memcpy(&error, mnl_nlmsg_get_payload(nlh), sizeof(error));
	if (error >= 0)
		return MNL_CB_STOP;
	errno = error < -4095 ? EBADMSG : -error;
	return MNL_CB_ERROR;
}

static int ask(struct mnl_socket *nl, uint8_t family)
{
	_Alignas(struct nlmsghdr) char buffer[128];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct inet_diag_req_v2 *wanted = mnl_nlmsg_put_extra_header(request, sizeof(*wanted));

	request->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	wanted->sdiag_family = family;
	wanted->sdiag_protocol = IPPROTO_TCP;
	wanted->idiag_states = 1U << TCP_LISTEN;
	return mnl_socket_sendto(nl, request, request->nlmsg_len) < 0 ? -errno : 0;
}

static int dump(struct mnl_socket *nl, uint8_t family, struct listening *listening)
{
	static mnl_cb_t control[] = {
		[NLMSG_ERROR] = end_of_answers,
		[NLMSG_DONE] = end_of_answers,
	};
	_Alignas(struct nlmsghdr) char answer[ANSWER_SIZE];
	ssize_t n;
	int r;

	r = ask(nl, family);
	if (r < 0)
		return r;
	do {
		do
			n = mnl_socket_recvfrom(nl, answer, sizeof(answer));
		while (n < 0 && errno == EINTR);
		if (n <= 0)
			return n < 0 && errno != EAGAIN ? -errno : -ETIMEDOUT;
		r = mnl_cb_run2(answer, (size_t)n, 0, mnl_socket_get_portid(nl), hear_socket,
				listening, control, MNL_ARRAY_SIZE(control));
	} while (r > MNL_CB_STOP);
	return r < 0 ? -errno : 0;
}

static int dump_both(struct listening *listening)
{
	cleanup(close_socket) struct mnl_socket *nl =
		mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
	const struct timeval patience = {.tv_sec = PATIENCE};
	int r;

	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    setsockopt(mnl_socket_get_fd(nl), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)))
		return -errno;
	r = dump(nl, AF_INET, listening);
	return r < 0 ? r : dump(nl, AF_INET6, listening);
}

int diag_dump(input_fn *hear, void *data, struct failure *failure)
{
	struct listening listening = {.hear = hear, .data = data};
	int r;

	hear(data, &(struct input){.kind = INPUT_LISTENERS_BEGIN});
	r = dump_both(&listening);
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
