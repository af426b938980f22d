// SPDX-License-Identifier: GPL-2.0-only
/* What would mend a destination, and where each part of that was learned. */
#include "core/mend.h"

#include "base/address.h"

static void set_link(struct mend *m, const struct input_link *link, enum mend_from from)
{
	if (m->link || !link)
		return;
	m->link = link;
	m->link_from = from;
}

static void set_link_of(struct mend *m, const struct engine *e, const struct input_route *route,
			enum mend_from from)
{
	if (route)
		set_link(m, hostaddr_link(e->host, route->oif), from);
}

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
static void derive_link(struct mend *m, const struct engine *e, const struct input_link *link,
			bool asked)
{
	int family = address_family(&m->address), twin = family == AF_INET ? AF_INET6 : AF_INET;
	uint32_t from = link ? link->ifindex : 0;
	const struct input_address *near = hostaddr_covering(e->host, &m->address, 0);

	if (link && !link->loopback)
		set_link(m, link, asked ? MEND_FROM_ASKING : MEND_FROM_SYNS);
	if (near)
		set_link(m, hostaddr_link(e->host, near->ifindex), MEND_FROM_NEAR);
	set_link_of(m, e, hostaddr_default(e->host, family, from), MEND_FROM_DEFAULT_ROUTE);
	set_link_of(m, e, hostaddr_default(e->host, twin, from), MEND_FROM_TWIN);
	set_link(m, any_link(e->host), MEND_FROM_ONLY);
}

static void derive_prefix(struct mend *m, const struct engine *e)
{
	bool v4 = address_is_v4(&m->address);

	m->near = hostaddr_covering(e->host, &m->address, m->link->ifindex);
	if (m->near) {
		m->prefix_len = (uint8_t)(m->near->prefix_len - (v4 ? 96 : 0));
		m->prefix_from = MEND_FROM_NEAR;
	}
}

/* As a host makes its own link-local address (RFC 4291, appendix A); many routers have another. */
static void guess_gateway(struct mend *m, const uint8_t *mac)
{
	if (!mac)
		return;
	m->gateway = (struct addr){.bytes = {0xfe, 0x80, [8] = mac[0] ^ 2, mac[1], mac[2], 0xff,
					     0xfe, mac[3], mac[4], mac[5]}};
	m->gateway_from = MEND_FROM_MAC;
}

static void derive_gateway(struct mend *m, const struct engine *e)
{
	static const enum mend_from from[] = {
		[ROUTING_UNKNOWN] = MEND_UNKNOWN,  [ROUTING_ONLY] = MEND_FROM_ONLY,
		[ROUTING_TWIN] = MEND_FROM_TWIN,   [ROUTING_ROUTER] = MEND_FROM_ROUTER,
		[ROUTING_CALLER] = MEND_FROM_SYNS,
	};
	int family = address_family(&m->address);
	const struct input_route *other =
		hostaddr_default(e->host, family == AF_INET ? AF_INET6 : AF_INET, m->link->ifindex);

	m->gateway_from = from[routing_gateway(e->routing, m->link->ifindex, family,
					       other ? &other->gateway : NULL, &m->gateway)];
	m->has_gateway = m->gateway_from != MEND_UNKNOWN;
	if (!m->has_gateway && family == AF_INET6)
		guess_gateway(m, routing_caller(e->routing, m->link->ifindex));
}

struct mend mend_derive(const struct engine *e, const struct addr *address,
			const struct input_link *link, bool asked)
{
	struct mend m = {
		.address = *address,
		.prefix_len = address_is_v4(address) ? 32 : 64, /* RFC 4291, 2.5.4 */
		.prefix_from = MEND_FROM_CUSTOM,
	};

	derive_link(&m, e, link, asked);
	if (!m.link)
		return m;
	m.vrf = hostaddr_vrf(e->host, m.link->ifindex);
	derive_prefix(&m, e);
	derive_gateway(&m, e);
	return m;
}

const char *mend_from_words(enum mend_from from)
{
	static const char *const words[] = {
		[MEND_UNKNOWN] = "not known",
		[MEND_FROM_SYNS] = "connection attempts came from there",
		[MEND_FROM_ASKING] = "the address was asked for there",
		[MEND_FROM_NEAR] = "another address of this host is in the same prefix",
		[MEND_FROM_DEFAULT_ROUTE] = "the default route of its family leads out there",
		[MEND_FROM_ROUTER] = "this neighbour says that it is a router",
		[MEND_FROM_TWIN] = "the default route of the other family leads there",
		[MEND_FROM_ONLY] = "a guess: there is no other",
		[MEND_FROM_CUSTOM] = "a guess: the usual length",
		[MEND_FROM_MAC] =
			"a guess, made of the MAC address that sent the connection attempts",
	};

	return words[from];
}

bool mend_is_guess(enum mend_from from)
{
	return from == MEND_FROM_ONLY || from == MEND_FROM_CUSTOM || from == MEND_FROM_MAC;
}
