// SPDX-License-Identifier: GPL-2.0-only
/* VRFs: links with routes of their own. */
#include "base/address.h"
#include "core/hostaddr_parts.h"

#include <string.h>

/* A port of a bridge that is a port of a bond that is in a VRF, and some more. */
#define MASTERS_MAX 8

const struct input_link *hostaddr_vrf(const struct hostaddr *host, uint32_t ifindex)
{
	const struct input_link *link = hostaddr_link(host, ifindex);

	for (int i = 0; link && i < MASTERS_MAX; i++) {
		if (strcmp(link->driver, "vrf") == 0)
			return link;
		link = hostaddr_link(host, link->master);
	}
	return NULL;
}

static const struct input_route *find_default(const struct hostaddr *host, int family,
					      const struct input_link *vrf)
{
	const struct input_route *best = NULL, *r = NULL;

	while ((r = hostaddr_next_route(host, r)))
		if (r->kind == ROUTE_DEFAULT && address_family(&r->prefix) == family &&
		    (!best || r->metric < best->metric) && hostaddr_vrf(host, r->oif) == vrf)
			best = r;
	return best;
}

const struct input_route *hostaddr_default(const struct hostaddr *host, int family,
					   uint32_t ifindex)
{
	const struct input_link *vrf = hostaddr_vrf(host, ifindex);
	struct found *found = &host->defaults[family == AF_INET6];

	if (!found->valid || found->vrf != vrf)
		*found = (struct found){true, vrf, find_default(host, family, vrf)};
	return found->route;
}
