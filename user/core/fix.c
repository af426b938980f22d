// SPDX-License-Identifier: GPL-2.0-only
/* What a mend would be made of. */
#include "core/fix.h"

#include "base/address.h"

static const struct input_link *any_link(const struct hostaddr *host)
{
	const struct input_link *link = NULL;

	while ((link = hostaddr_next_link(host, link)))
		if (link->up && !link->loopback)
			return link;
	return NULL;
}

/* An address goes where its SYNs come in, else where its neighbours are, else where the world is.
 */
static const struct input_link *home_of(const struct engine *e, const struct finding *f)
{
	int family = address_family(&f->address);
	const struct input_address *near = hostaddr_covering(e->host, &f->address, 0);
	const struct input_route *route = hostaddr_default(e->host, family);

	if (f->link && !f->link->loopback)
		return f->link;
	if (near)
		return hostaddr_link(e->host, near->ifindex);
	if (!route)
		route = hostaddr_default(e->host, family == AF_INET ? AF_INET6 : AF_INET);
	return route ? hostaddr_link(e->host, route->oif) : any_link(e->host);
}

void fix_prepare(const struct engine *e, struct finding *f)
{
	int family = address_family(&f->address);
	const struct input_address *near;

	f->fix_link = home_of(e, f);
	f->fix_prefix_len = family == AF_INET ? 32 : 64; /* RFC 4291, 2.5.4 */
	if (!f->fix_link)
		return;
	near = hostaddr_covering(e->host, &f->address, f->fix_link->ifindex);
	if (near)
		f->fix_prefix_len = (uint8_t)(near->prefix_len - (family == AF_INET ? 96 : 0));
	f->has_gateway = routing_gateway(e->routing, f->fix_link->ifindex, family, &f->gateway);
}
