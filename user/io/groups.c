// SPDX-License-Identifier: GPL-2.0-only
/* Hearing who is asked for: memberships of solicited-node groups. */
#include "io/groups.h"

#include "base/cleanup.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

/* What older kernels let one socket hold is 20 KiB, of which a membership takes 64 bytes
 * (net/ipv6/mcast.c, sysctl net.core.optmem_max). */
#define SOCKET_MAX 256

struct membership {
	struct ipv6_mreq request; /* interface 0: none */
	bool wanted;		  /* in the present round, or since the last */
};

struct groups {
	int fds[GROUPS_MAX / SOCKET_MAX]; /* memberships are a socket's; -1: not needed yet */
	struct membership held[GROUPS_MAX];
};

int groups_new(struct groups **ret_groups)
{
	struct groups *g = calloc(1, sizeof(*g));

	if (!g)
		return -ENOMEM;
	for (size_t i = 0; i < GROUPS_MAX / SOCKET_MAX; i++)
		g->fds[i] = -1;
	*ret_groups = g;
	return 0;
}

void groups_free(struct groups **groups)
{
	if (!*groups)
		return;
	for (size_t i = 0; i < GROUPS_MAX / SOCKET_MAX; i++)
		close_fd(&(*groups)->fds[i]);
	free(*groups);
	*groups = NULL;
}

/* RFC 4291, 2.7.1: ff02::1:ff00:0/104 and the low 24 bits of the address. */
static struct in6_addr group_of(const struct addr *a)
{
	struct in6_addr group = {
		.s6_addr = {0xff, 0x02, [11] = 0x01, [12] = 0xff},
	};

	memcpy(&group.s6_addr[13], &a->bytes[13], 3);
	return group;
}

static struct membership *find(struct groups *g, const struct ipv6_mreq *request)
{
	for (size_t i = 0; i < GROUPS_MAX; i++)
		if (memcmp(&g->held[i].request, request, sizeof(*request)) == 0)
			return &g->held[i];
	return NULL;
}

static int *socket_of(struct groups *g, const struct membership *m)
{
	return &g->fds[(m - g->held) / SOCKET_MAX];
}

/* Of a link that is gone, too: the kernel counts it as the socket's until it is left. */
static void leave(struct groups *g, struct membership *m)
{
	setsockopt(*socket_of(g, m), IPPROTO_IPV6, IPV6_LEAVE_GROUP, &m->request,
		   sizeof(m->request));
	*m = (struct membership){0};
}

/* What has not been asked for in this round gives way, and can be joined again. */
static struct membership *find_room(struct groups *g)
{
	for (size_t i = 0; i < GROUPS_MAX; i++)
		if (!g->held[i].request.ipv6mr_interface)
			return &g->held[i];
	for (size_t i = 0; i < GROUPS_MAX; i++)
		if (!g->held[i].wanted) {
			leave(g, &g->held[i]);
			return &g->held[i];
		}
	return NULL;
}

static int join(int *fd, const struct ipv6_mreq *request)
{
	if (*fd < 0)
		*fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (*fd < 0 ||
	    setsockopt(*fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, request, sizeof(*request)) < 0)
		return -errno;
	return 0;
}

int groups_join(struct groups *g, const struct addr *a, uint32_t ifindex)
{
	const struct ipv6_mreq request = {group_of(a), ifindex};
	struct membership *m = find(g, &request);
	int r;

	if (!m) {
		m = find_room(g);
		r = m ? join(socket_of(g, m), &request) : -ENOSPC;
		if (r < 0)
			return r;
		m->request = request;
	}
	m->wanted = true;
	return 0;
}

void groups_begin(struct groups *g)
{
	for (size_t i = 0; i < GROUPS_MAX; i++)
		g->held[i].wanted = false;
}

void groups_end(struct groups *g)
{
	for (size_t i = 0; i < GROUPS_MAX; i++)
		if (!g->held[i].wanted && g->held[i].request.ipv6mr_interface)
			leave(g, &g->held[i]);
}
