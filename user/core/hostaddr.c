// SPDX-License-Identifier: GPL-2.0-only
/* What this host owns: three tables that follow netlink, and the judgement over them. */
#include "core/hostaddr.h"

#include "base/address.h"
#include "base/cleanup.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <string.h>

/* A bound that uthash leaves to its user: no memory is not the end, the entry is dropped. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

/*
 * One kind of entry for all three tables. The key is what makes two of a kind the same to the
 * kernel; `round` is the dump that repeated it last.
 */
struct entry_key {
	struct addr address, gateway;
	uint32_t a, b, c, d;
};

struct entry {
	struct entry_key key;
	uint32_t round;
	bool guest;	  /* ... or of a guest */
	when_t tentative; /* of an address that is: since when */
	UT_hash_handle hh;
	union {
		struct input_link link;
		struct input_address address;
		struct input_route route;
		uint32_t routes;
	};
};

/* HEARD tables hold what netlink said. PREFIXES is made of ROUTES: how many of them deliver each
 * prefix, in whatever table and by whatever link, keyed so that a look-up can find it. */
enum table { LINKS, ADDRESSES, ROUTES, HEARD, PREFIXES = HEARD, TABLES };

struct hostaddr {
	struct entry *tables[TABLES];
	uint32_t lengths[129]; /* how many PREFIXES there are of each length */
	uint32_t round;
	uint64_t dropped;
};

int hostaddr_new(struct hostaddr **ret_host)
{
	struct hostaddr *host = calloc(1, sizeof(*host));

	if (!host)
		return -ENOMEM;
	*ret_host = host;
	return 0;
}

static struct entry *find(const struct hostaddr *host, enum table table,
			  const struct entry_key *key)
{
	struct entry *e;

	HASH_FIND(hh, host->tables[table], key, sizeof(*key), e);
	return e;
}

static struct entry *add(struct hostaddr *host, enum table table, const struct entry_key *key)
{
	struct entry *e = NULL;

	if (HASH_COUNT(host->tables[table]) < HOSTADDR_MAX)
		e = calloc(1, sizeof(*e));
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
	struct entry *e = find(host, PREFIXES, &key);

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
	struct entry *e = find(host, PREFIXES, &key);

	if (!e || --e->routes)
		return;
	host->lengths[r->prefix_len]--;
	drop(host, PREFIXES, e);
}

static void forget(struct hostaddr *host, enum table table, struct entry *e)
{
	if (table == ROUTES && delivers(&e->route))
		undeliver(host, &e->route);
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
	struct entry *e = find(host, table, key);
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
	e->round = host->round;
	e->guest = is_of_guest(host, table, e);
	return changed && !e->guest;
}

static bool take(struct hostaddr *host, enum table table, const struct entry_key *key)
{
	struct entry *e = find(host, table, key);
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
	struct entry *e = find(host, ADDRESSES, &key);
	when_t since = e ? now : a->created ? a->created : now;
	bool changed;

	if (a->gone)
		return take(host, ADDRESSES, &key);
	changed = put(host, ADDRESSES, &key, a, sizeof(*a));
	e = find(host, ADDRESSES, &key);
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

static bool delivered(const struct hostaddr *host, const struct addr *a)
{
	struct entry_key key = {0};

	/* No IPv6 route, however wide, is one of mapped IPv4. */
	for (uint32_t len = address_is_v4(a) ? 96 : 0; len <= 128; len++) {
		if (!host->lengths[len])
			continue;
		key.a = len;
		key.address = address_masked(a, (uint8_t)len);
		if (find(host, PREFIXES, &key))
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
	const struct input_address *entry = NULL;
	enum owned owned = OWNED_NO;

	if (delivered(host, a))
		return OWNED_YES;
	while (owned == OWNED_NO && (entry = hostaddr_next_address(host, entry)))
		if (address_equal(&entry->address, a))
			owned = owned_by_flags(host, entry);
	if (entry && ret_since)
		*ret_since = entry_of(entry)->tentative;
	return owned;
}

const struct input_address *hostaddr_covering(const struct hostaddr *host, const struct addr *a,
					      uint32_t ifindex)
{
	const struct entry *e;

	for (e = host->tables[ADDRESSES]; e; e = e->hh.next)
		if ((!ifindex || e->address.ifindex == ifindex) && e->address.prefix_len < 128 &&
		    address_in_prefix(a, &e->address.address, e->address.prefix_len))
			return &e->address;
	return NULL;
}

const struct input_link *hostaddr_link(const struct hostaddr *host, uint32_t ifindex)
{
	struct entry_key key = {.a = ifindex};
	const struct entry *e = find(host, LINKS, &key);

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
