// SPDX-License-Identifier: GPL-2.0-only
/* One question to the kernel by netlink(7), and its answers. */
#include "io/netlink.h"

#include "base/cleanup.h"

#include <errno.h>
#include <string.h>
#include <sys/time.h>

/* The kernel answers at once; but what waits for ever is not bounded. */
#define PATIENCE 5 /* seconds */

/* Dumps come in pieces of at most 32 KiB (netlink_recvmsg() in net/netlink/af_netlink.c). */
#define ANSWER_SIZE 32768

static void close_socket(struct mnl_socket **nl)
{
	if (*nl)
		mnl_socket_close(*nl);
}

/* NLMSG_ERROR and NLMSG_DONE both begin with an errno. libmnl alone would ignore the second's, and
 * a dump that failed half-way would pass for a whole one, and a kernel without TCP in its sock_diag
 * for a host without listeners. */
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

static int open_socket(int protocol, struct mnl_socket **ret_nl)
{
	cleanup(close_socket) struct mnl_socket *nl = mnl_socket_open2(protocol, SOCK_CLOEXEC);
	const struct timeval patience = {.tv_sec = PATIENCE};
	int on = 1;

	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0)
		return -errno;
	/* Without it a route dump holds cached exceptions as well; nothing is wrong then. */
	if (protocol == NETLINK_ROUTE)
		mnl_socket_setsockopt(nl, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	if (setsockopt(mnl_socket_get_fd(nl), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)))
		return -errno;
	*ret_nl = take_ptr(nl);
	return 0;
}

int netlink_ask(int protocol, const struct nlmsghdr *request, mnl_cb_t each, void *data)
{
	static mnl_cb_t control[] = {
		[NLMSG_ERROR] = end_of_answers,
		[NLMSG_DONE] = end_of_answers,
	};
	_Alignas(struct nlmsghdr) char answer[ANSWER_SIZE];
	cleanup(close_socket) struct mnl_socket *nl = NULL;
	ssize_t n;
	int r;

	r = open_socket(protocol, &nl);
	if (r < 0)
		return r;
	if (mnl_socket_sendto(nl, request, request->nlmsg_len) < 0)
		return -errno;
	do {
		do
			n = mnl_socket_recvfrom(nl, answer, sizeof(answer));
		while (n < 0 && errno == EINTR);
		if (n <= 0)
			return n < 0 && errno != EAGAIN ? -errno : -ETIMEDOUT;
		r = mnl_cb_run2(answer, (size_t)n, request->nlmsg_seq, mnl_socket_get_portid(nl),
				each, data, control, MNL_ARRAY_SIZE(control));
	} while (r > MNL_CB_STOP);
	return r < 0 ? -errno : 0;
}
