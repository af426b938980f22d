// SPDX-License-Identifier: GPL-2.0-only
/* Hearing who is asked for: memberships of solicited-node groups. */
#include "io/groups.h"

#include "base/cleanup.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

struct groups {
	int fd; /* memberships are a socket's */
	unsigned count;
};

int groups_new(struct groups **ret_groups)
{
	cleanup(groups_free) struct groups *g = calloc(1, sizeof(*g));

	if (!g)
		return -ENOMEM;
	g->fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (g->fd < 0)
		return -errno;
	*ret_groups = take_ptr(g);
	return 0;
}

void groups_free(struct groups **groups)
{
	if (!*groups)
		return;
	close_fd(&(*groups)->fd);
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

int groups_join(struct groups *g, const struct addr *a, uint32_t ifindex)
{
	struct ipv6_mreq membership = {
		.ipv6mr_multiaddr = group_of(a),
		.ipv6mr_interface = ifindex,
	};

	if (g->count == GROUPS_MAX)
		return -ENOSPC;
	if (setsockopt(g->fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &membership, sizeof(membership)) < 0)
		return errno == EADDRINUSE ? 0 : -errno; /* joined already */
	g->count++;
	return 0;
}
