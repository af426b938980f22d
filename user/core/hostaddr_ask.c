// SPDX-License-Identifier: GPL-2.0-only
/* The judgement over what was heard of this host. */
#include "base/address.h"
#include "core/hostaddr_parts.h"

#include <linux/if_addr.h>
#include <string.h>

/* Links with the same address that are looked at: it is served by any of them, or by none. */
#define SAME_MAX 64

static bool delivered(const struct hostaddr *host, const struct addr *a)
{
	struct entry_key key = {0};

	/* No IPv6 route, however wide, is one of mapped IPv4. */
	for (uint32_t len = address_is_v4(a) ? 96 : 0; len <= 128; len++) {
		if (!host->lengths[len])
			continue;
		key.a = len;
		key.address = address_masked(a, (uint8_t)len);
		if (hostaddr_find(host, PREFIXES, &key))
			return true;
	}
	return false;
}

/* The members of the union share their address, so that an entry can be found from any of them. */
static const struct entry *entry_of(const void *member)
{
	return (const struct entry *)((const char *)member - offsetof(struct entry, link));
}

static enum owned owned_by_flags(const struct hostaddr *host, const struct input_address *a)
{
	const struct input_link *link = hostaddr_link(host, a->ifindex);

	if (a->flags & IFA_F_DADFAILED)
		return OWNED_DADFAILED;
	if (link && (!link->up || !link->running))
		return OWNED_LINK_DOWN;
	return a->flags & IFA_F_TENTATIVE ? OWNED_TENTATIVE : OWNED_NO;
}

enum owned hostaddr_owned(const struct hostaddr *host, const struct addr *a, when_t *ret_since)
{
	const struct entry_key key = hostaddr_place(LISTED, a, 0);
	enum owned owned = OWNED_NO;
	const struct entry *e;

	if (delivered(host, a))
		return OWNED_YES;
	e = hostaddr_find(host, LISTED, &key);
	for (int i = 0; e && (e = e->next[0]) && i < SAME_MAX && owned == OWNED_NO; i++) {
		owned = owned_by_flags(host, &e->address);
		if (owned != OWNED_NO && ret_since)
			*ret_since = e->tentative;
	}
	return owned;
}

const struct input_address *hostaddr_covering(const struct hostaddr *host, const struct addr *a,
					      uint32_t ifindex)
{
	for (int len = 127; len >= (address_is_v4(a) ? 96 : 0); len--) {
		const struct entry_key key = hostaddr_place(ONLINK, a, (uint8_t)len);
		const struct entry *e =
			host->onlink[len] ? hostaddr_find(host, ONLINK, &key) : NULL;

		while (e && (e = e->next[1]))
			if (!ifindex || e->address.ifindex == ifindex)
				return &e->address;
	}
	return NULL;
}

const struct input_link *hostaddr_link(const struct hostaddr *host, uint32_t ifindex)
{
	struct entry_key key = {.a = ifindex};
	const struct entry *e = hostaddr_find(host, LINKS, &key);

	return e ? &e->link : NULL;
}

const struct input_link *hostaddr_link_named(const struct hostaddr *host, const char *name)
{
	const struct entry *e;

	for (e = host->tables[LINKS]; e; e = e->hh.next)
		if (strcmp(e->link.name, name) == 0)
			return &e->link;
	return NULL;
}

static const void *next_of(const struct hostaddr *host, enum table table, const void *prev)
{
	const struct entry *e = host->tables[table];

	if (prev)
		e = entry_of(prev)->hh.next;
	return e ? &e->link : NULL;
}

const struct input_link *hostaddr_next_link(const struct hostaddr *host,
					    const struct input_link *prev)
{
	return next_of(host, LINKS, prev);
}

const struct input_address *hostaddr_next_address(const struct hostaddr *host,
						  const struct input_address *prev)
{
	return next_of(host, ADDRESSES, prev);
}

const struct input_route *hostaddr_next_route(const struct hostaddr *host,
					      const struct input_route *prev)
{
	return next_of(host, ROUTES, prev);
}

uint64_t hostaddr_dropped(const struct hostaddr *host)
{
	return host->dropped;
}
