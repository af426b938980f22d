// SPDX-License-Identifier: GPL-2.0-only
/* What this host owns: three tables that follow netlink. */
#include "core/hostaddr_parts.h"

#include "base/address.h"
#include "base/cleanup.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <string.h>

int hostaddr_new(struct hostaddr **ret_host)
{
	struct hostaddr *host = calloc(1, sizeof(*host));

	if (host)
		host->defaults = calloc(2, sizeof(*host->defaults));
	if (!host || !host->defaults) {
		free(host);
		return -ENOMEM;
	}
	*ret_host = host;
	return 0;
}

struct entry *hostaddr_find(const struct hostaddr *host, enum table table,
			    const struct entry_key *key)
{
	struct entry *e;

	HASH_FIND(hh, host->tables[table], key, sizeof(*key), e);
	return e;
}

static struct entry *add(struct hostaddr *host, enum table table, const struct entry_key *key)
{
	const size_t size = table < HEARD ? sizeof(struct entry) : offsetof(struct entry, link);
	struct entry *e = NULL;

	if (HASH_COUNT(host->tables[table]) < HOSTADDR_MAX)
		e = calloc(1, size);
	if (e) {
		e->key = *key;
		HASH_ADD(hh, host->tables[table], key, sizeof(*key), e);
		if (e->hh.tbl)
			return e;
	}
	free(e);
	host->dropped++;
	return NULL;
}

static void drop(struct hostaddr *host, enum table table, struct entry *e)
{
	HASH_DEL(host->tables[table], e);
	free(e);
}

/*
 * Packets look into the tables `local` and those of VRFs (whose local routes are of single
 * addresses and links) without being told. A route of everything in a table of its own is for
 * marked packets only: that is how transparent proxies are set up.
 */
static bool is_for_marked(const struct input_route *r)
{
	return (r->prefix_len == 0 || r->prefix_len == 96) && r->table != RT_TABLE_LOCAL &&
	       r->table != RT_TABLE_MAIN;
}

static bool delivers(const struct input_route *r)
{
	return r->kind == ROUTE_LOCAL && !is_for_marked(r);
}

static void deliver(struct hostaddr *host, const struct input_route *r)
{
	struct entry_key key = {.address = r->prefix, .a = r->prefix_len};
	struct entry *e = hostaddr_find(host, PREFIXES, &key);

	if (!e) {
		e = add(host, PREFIXES, &key);
		if (!e)
			return;
		host->lengths[r->prefix_len]++;
	}
	e->routes++;
}

static void undeliver(struct hostaddr *host, const struct input_route *r)
{
	struct entry_key key = {.address = r->prefix, .a = r->prefix_len};
	struct entry *e = hostaddr_find(host, PREFIXES, &key);

	if (!e || --e->routes)
		return;
	host->lengths[r->prefix_len]--;
	drop(host, PREFIXES, e);
}

struct entry_key hostaddr_place(enum table index, const struct addr *a, uint8_t prefix_len)
{
	if (index == LISTED)
		return (struct entry_key){.address = *a};
	return (struct entry_key){.address = address_masked(a, prefix_len), .a = prefix_len};
}

/* In the kernel's order, in which a dump's end takes them out again. Nothing but itself is on the
 * link of an address without a network: that one is in no place of ONLINK. */
static void enlist(struct hostaddr *host, enum table index, struct entry *e)
{
	const struct entry_key key =
		hostaddr_place(index, &e->address.address, e->address.prefix_len);
	const int i = index == ONLINK;
	struct entry *place = hostaddr_find(host, index, &key);

	if (i && key.a == 128)
		return;
	if (!place) {
		place = add(host, index, &key);
		if (!place)
			return;
		host->onlink[key.a] += i;
	}
	if (place->next[i])
		place->last->next[i] = e;
	else
		place->next[i] = e;
	place->last = e;
}

static void strike(struct hostaddr *host, enum table index, struct entry *e)
{
	const struct entry_key key =
		hostaddr_place(index, &e->address.address, e->address.prefix_len);
	const int i = index == ONLINK;
	struct entry *place = hostaddr_find(host, index, &key), *before = place;

	while (before && before->next[i] && before->next[i] != e)
		before = before->next[i];
	if (!before || !before->next[i])
		return; /* there was no room */
	before->next[i] = e->next[i];
	if (place->last == e)
		place->last = before;
	if (place->next[i])
		return;
	host->onlink[key.a] -= (uint32_t)i;
	drop(host, index, place);
}

static void doubt(struct hostaddr *host)
{
	memset(host->defaults, 0, 2 * sizeof(*host->defaults));
}

static void forget(struct hostaddr *host, enum table table, struct entry *e)
{
	doubt(host);
	if (table == ROUTES && delivers(&e->route))
		undeliver(host, &e->route);
	if (table == ADDRESSES) {
		strike(host, LISTED, e);
		strike(host, ONLINK, e);
	}
	drop(host, table, e);
}

void hostaddr_free(struct hostaddr **host)
{
	struct entry *e, *next;

	if (!*host)
		return;
	for (int t = 0; t < HEARD; t++)
		HASH_ITER (hh, (*host)->tables[t], e, next)
			forget(*host, t, e);
	free((*host)->defaults);
	free(*host);
	*host = NULL;
}

bool hostaddr_is_guest(const struct input_link *link)
{
	return link && strncmp(link->name, HOSTADDR_GUEST, strlen(HOSTADDR_GUEST)) == 0;
}

static bool is_of_guest(const struct hostaddr *host, enum table table, const struct entry *e)
{
	return hostaddr_is_guest(table == LINKS ? &e->link
						: hostaddr_link(host, table == ADDRESSES
									      ? e->address.ifindex
									      : e->route.oif));
}

/* Returns true if anything changed; `value` is one of the union's members, of `size` bytes. */
static bool put(struct hostaddr *host, enum table table, const struct entry_key *key,
		const void *value, size_t size)
{
	struct entry *e = hostaddr_find(host, table, key);
	bool changed;

	if (!e) {
		e = add(host, table, key);
		if (!e)
			return false;
		if (table == ROUTES && delivers(value))
			deliver(host, value);
	}
	changed = memcmp(&e->link, value, size) != 0;
	memcpy(&e->link, value, size);
	doubt(host);
	e->round = host->round;
	e->guest = is_of_guest(host, table, e);
	return changed && !e->guest;
}

static bool take(struct hostaddr *host, enum table table, const struct entry_key *key)
{
	struct entry *e = hostaddr_find(host, table, key);
	bool changed = e && !e->guest;

	if (e)
		forget(host, table, e);
	return changed;
}

static bool feed_link(struct hostaddr *host, const struct input_link *link)
{
	struct entry_key key = {.a = link->ifindex};

	return link->gone ? take(host, LINKS, &key) : put(host, LINKS, &key, link, sizeof(*link));
}

/* An address may become tentative again: its link was away. Of one that is so when it is first
 * heard of, only its age is known. */
static bool feed_address(struct hostaddr *host, const struct input_address *a, when_t now)
{
	struct entry_key key = {.address = a->address, .a = a->ifindex, .b = a->prefix_len};
	struct entry *e = hostaddr_find(host, ADDRESSES, &key);
	when_t since = e ? now : a->created ? a->created : now;
	const bool is_new = !e;
	bool changed;

	if (a->gone)
		return take(host, ADDRESSES, &key);
	changed = put(host, ADDRESSES, &key, a, sizeof(*a));
	if (is_new) {
		e = hostaddr_find(host, ADDRESSES, &key);
		if (e) {
			enlist(host, LISTED, e);
			enlist(host, ONLINK, e);
		}
	}
	if (e && !(a->flags & IFA_F_TENTATIVE))
		e->tentative = 0;
	else if (e && !e->tentative)
		e->tentative = since;
	return changed;
}

static bool feed_route(struct hostaddr *host, const struct input_route *r)
{
	struct entry_key key = {
		.address = r->prefix,
		.gateway = r->gateway,
		.a = r->table,
		.b = r->prefix_len | (uint32_t)r->kind << 8,
		.c = r->oif,
		.d = r->metric,
	};

	if (r->prefix_len > 128 || r->kind > ROUTE_DEFAULT)
		return false;
	return r->gone ? take(host, ROUTES, &key) : put(host, ROUTES, &key, r, sizeof(*r));
}

/* What a whole dump did not repeat is gone. */
static bool sweep(struct hostaddr *host)
{
	struct entry *e, *next;
	bool changed = false;

	for (int t = 0; t < HEARD; t++) {
		HASH_ITER (hh, host->tables[t], e, next) {
			if (e->round == host->round)
				continue;
			changed |= !e->guest;
			forget(host, t, e);
		}
	}
	return changed;
}

bool hostaddr_feed(struct hostaddr *host, const struct input *in)
{
	switch (in->kind) {
	case INPUT_HOST_BEGIN:
		host->round++;
		return false;
	case INPUT_HOST_END:
		return sweep(host);
	case INPUT_LINK:
		return feed_link(host, &in->link);
	case INPUT_ADDRESS:
		return feed_address(host, &in->address, in->now);
	case INPUT_ROUTE:
		return feed_route(host, &in->route);
	default:
		return false;
	}
}
