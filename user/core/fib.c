// SPDX-License-Identifier: GPL-2.0-only
/* Routes sorted so that those of a prefix lie together, and searched from the longest on. */
#include "core/fib.h"

#include "base/address.h"
#include "base/cleanup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct fib {
	struct input_route *routes;
	size_t count, room;
	bool lengths[129]; /* those that there are */
	bool more;	   /* than the default ones were told */
	bool lost;	   /* there was no room for all */
};

int fib_new(struct fib **ret_fib)
{
	struct fib *fib = calloc(1, sizeof(*fib));

	if (!fib)
		return -ENOMEM;
	*ret_fib = fib;
	return 0;
}

void fib_free(struct fib **fib)
{
	if (!*fib)
		return;
	free((*fib)->routes);
	free(*fib);
	*fib = NULL;
}

static bool has_room(struct fib *fib)
{
	const size_t room = fib->room ? 2 * fib->room : 64;
	struct input_route *routes;

	if (fib->count < fib->room)
		return true;
	routes = fib->room < FIB_MAX ? realloc(fib->routes, room * sizeof(*routes)) : NULL;
	if (!routes)
		return false;
	fib->routes = routes;
	fib->room = room;
	return true;
}

static void add(struct fib *fib, const struct input_route *route)
{
	struct input_route *r;

	if (route->kind < ROUTE_DEFAULT || route->prefix_len > 128)
		return;
	fib->more |= route->kind > ROUTE_DEFAULT;
	if (!has_room(fib)) {
		fib->lost = true;
		return;
	}
	r = &fib->routes[fib->count++];
	*r = *route;
	r->prefix = address_masked(&route->prefix, route->prefix_len);
	fib->lengths[r->prefix_len] = true;
}

static int compare_number(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int compare(const void *left, const void *right)
{
	const struct input_route *a = left, *b = right;
	int order = compare_number(a->prefix_len, b->prefix_len);

	order = order ? order : memcmp(&a->prefix, &b->prefix, sizeof(a->prefix));
	order = order ? order : compare_number(a->table, b->table);
	return order ? order : compare_number(a->metric, b->metric);
}

void fib_feed(struct fib *fib, const struct input *in)
{
	if (in->kind == INPUT_ROUTE)
		add(fib, &in->route);
	else if (in->kind == INPUT_HOST_END && fib->count)
		qsort(fib->routes, fib->count, sizeof(*fib->routes), compare);
}

bool fib_is_whole(const struct fib *fib)
{
	return fib->more && !fib->lost;
}

/* The first that does not come before `key`; NULL: all do. */
static const struct input_route *first_from(const struct fib *fib, const struct input_route *key)
{
	size_t low = 0, high = fib->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (compare(&fib->routes[middle], key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < fib->count ? &fib->routes[low] : NULL;
}

/* Of one table, or of the one with the lowest number. */
static const struct input_route *find(const struct fib *fib, const struct addr *dst,
				      const uint32_t *table)
{
	const int shortest = address_is_v4(dst) ? 96 : 0;

	for (int len = 128; len >= shortest; len--) {
		const struct input_route key = {
			.prefix_len = (uint8_t)len,
			.prefix = address_masked(dst, (uint8_t)len),
			.table = table ? *table : 0,
		};
		const struct input_route *r = fib->lengths[len] ? first_from(fib, &key) : NULL;

		if (r && r->prefix_len == len && address_equal(&r->prefix, &key.prefix) &&
		    (!table || r->table == *table))
			return r;
	}
	return NULL;
}

const struct input_route *fib_find(const struct fib *fib, const struct addr *dst, uint32_t table)
{
	return find(fib, dst, &table);
}

bool fib_has_somewhere(const struct fib *fib, const struct addr *dst)
{
	return find(fib, dst, NULL);
}

const char *fib_kind_name(enum route_kind kind)
{
	static const char *const names[] = {
		[ROUTE_LOCAL] = "local",	 [ROUTE_BROADCAST] = "broadcast",
		[ROUTE_DEFAULT] = "default",	 [ROUTE_UNICAST] = "unicast",
		[ROUTE_BLACKHOLE] = "blackhole", [ROUTE_UNREACHABLE] = "unreachable",
		[ROUTE_PROHIBIT] = "prohibit",	 [ROUTE_THROW] = "throw",
	};

	return (size_t)kind < sizeof(names) / sizeof(*names) ? names[kind] : NULL;
}
