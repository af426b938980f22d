// SPDX-License-Identifier: GPL-2.0-only
/* What the kernel said when it was asked for a way, and who is on the links. */
#include "core/routing.h"

#include "base/address.h"
#include "base/cleanup.h"

#include <errno.h>
#include <string.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

/* One answer: of the path from `ifindex` to `a`, or of the way from `a` back to `b`, who called
 * by `ifindex`. */
struct answer_key {
	struct addr a, b;
	uint32_t ifindex;
	uint32_t is_return;
};

struct answer {
	struct answer_key key;
	struct input_path path;
	bool reachable;
	UT_hash_handle hh;
};

struct routing {
	struct answer *answers;
	struct input_neighbour neighbours[ROUTING_MAX];
	size_t count;
	struct {
		uint32_t ifindex;
		uint8_t mac[6];
	} callers[64]; /* who handed us the last SYN, by interface */
};

int routing_new(struct routing **ret_routing)
{
	struct routing *r = calloc(1, sizeof(*r));

	if (!r)
		return -ENOMEM;
	*ret_routing = r;
	return 0;
}

void routing_forget(struct routing *r)
{
	struct answer *a, *next;

	HASH_ITER (hh, r->answers, a, next) {
		HASH_DEL(r->answers, a);
		free(a);
	}
}

void routing_free(struct routing **routing)
{
	if (!*routing)
		return;
	routing_forget(*routing);
	free(*routing);
	*routing = NULL;
}

static struct answer *find(const struct routing *r, const struct answer_key *key)
{
	struct answer *a;

	HASH_FIND(hh, r->answers, key, sizeof(*key), a);
	return a;
}

static struct answer *find_or_add(struct routing *r, const struct answer_key *key)
{
	struct answer *a = find(r, key);

	if (a || !routing_has_room(r))
		return a;
	a = calloc(1, sizeof(*a));
	if (!a)
		return NULL;
	a->key = *key;
	HASH_ADD(hh, r->answers, key, sizeof(*key), a);
	if (a->hh.tbl)
		return a;
	free(a);
	return NULL;
}

static void feed_path(struct routing *r, const struct input_path *path)
{
	struct answer_key key = {.a = path->dst, .ifindex = path->ifindex};
	struct answer *a = find_or_add(r, &key);

	if (a)
		a->path = *path;
}

static void feed_return(struct routing *r, const struct input_return *back)
{
	struct answer_key key = {
		.a = back->address, .b = back->peer, .ifindex = back->ifindex, .is_return = 1};
	struct answer *a = find_or_add(r, &key);

	if (a)
		a->reachable = back->reachable;
}

static void feed_neighbour(struct routing *r, const struct input_neighbour *n)
{
	for (size_t i = 0; i < r->count; i++) {
		if (r->neighbours[i].ifindex == n->ifindex &&
		    address_equal(&r->neighbours[i].address, &n->address)) {
			r->neighbours[i] = *n;
			return;
		}
	}
	if (r->count < ROUTING_MAX)
		r->neighbours[r->count++] = *n;
}

static void feed_caller(struct routing *r, const struct syn_event *event)
{
	const size_t max = sizeof(r->callers) / sizeof(*r->callers);

	for (size_t i = 0; i < max; i++) {
		if (r->callers[i].ifindex && r->callers[i].ifindex != event->ifindex)
			continue;
		r->callers[i].ifindex = event->ifindex;
		memcpy(r->callers[i].mac, event->src_mac, sizeof(event->src_mac));
		return;
	}
}

void routing_feed(struct routing *r, const struct input *in)
{
	if (in->kind == INPUT_PATH)
		feed_path(r, &in->path);
	else if (in->kind == INPUT_RETURN)
		feed_return(r, &in->back);
	else if (in->kind == INPUT_NEIGHBOUR)
		feed_neighbour(r, &in->neighbour);
	else if (in->kind == INPUT_SYN)
		feed_caller(r, in->syn.event);
}

const struct input_path *routing_path(const struct routing *r, const struct addr *dst,
				      uint32_t ifindex)
{
	struct answer_key key = {.a = *dst, .ifindex = ifindex};
	const struct answer *a = find(r, &key);

	return a ? &a->path : NULL;
}

enum fact routing_return(const struct routing *r, const struct addr *address,
			 const struct addr *peer, uint32_t ifindex)
{
	struct answer_key key = {.a = *address, .b = *peer, .ifindex = ifindex, .is_return = 1};
	const struct answer *a = find(r, &key);

	key.ifindex = 0;
	a = a ? a : find(r, &key);
	return !a ? FACT_UNKNOWN : a->reachable ? FACT_YES : FACT_NO;
}

const struct input_neighbour *routing_neighbour(const struct routing *r, size_t i)
{
	return i < r->count ? &r->neighbours[i] : NULL;
}

bool routing_has_room(const struct routing *r)
{
	return HASH_COUNT(r->answers) < ROUTING_MAX;
}

const uint8_t *routing_caller(const struct routing *r, uint32_t ifindex)
{
	for (size_t i = 0; i < sizeof(r->callers) / sizeof(*r->callers); i++)
		if (r->callers[i].ifindex == ifindex)
			return r->callers[i].mac;
	return NULL;
}

/* Routes to the world go by link-local addresses in IPv6 (RFC 4861, 6.1.2). */
static bool may_be_gateway(const struct input_neighbour *n, uint32_t ifindex, int family)
{
	return n->ifindex == ifindex && address_family(&n->address) == family &&
	       (family == AF_INET || (n->address.bytes[0] == 0xfe && n->address.bytes[1] == 0x80));
}

static const uint8_t *mac_of(const struct routing *r, uint32_t ifindex, const struct addr *a)
{
	for (size_t i = 0; a && i < r->count; i++)
		if (r->neighbours[i].ifindex == ifindex &&
		    address_equal(&r->neighbours[i].address, a))
			return r->neighbours[i].mac;
	return NULL;
}

static bool has_mac(const struct input_neighbour *n, const uint8_t *mac)
{
	return mac && memcmp(n->mac, mac, sizeof(n->mac)) == 0;
}

enum routing_from routing_gateway(const struct routing *r, uint32_t ifindex, int family,
				  const struct addr *twin, struct addr *ret_gateway)
{
	const uint8_t *caller = routing_caller(r, ifindex), *twin_mac = mac_of(r, ifindex, twin);
	enum routing_from best_from = ROUTING_UNKNOWN;
	const struct input_neighbour *best = NULL;
	int same = 0;

	for (size_t i = 0; i < r->count; i++) {
		const struct input_neighbour *n = &r->neighbours[i];
		enum routing_from from = has_mac(n, caller)	? ROUTING_CALLER
					 : n->router		? ROUTING_ROUTER
					 : has_mac(n, twin_mac) ? ROUTING_TWIN
								: ROUTING_ONLY;

		if (!may_be_gateway(n, ifindex, family) || from < best_from)
			continue;
		same = from == best_from ? same + 1 : 1;
		best_from = from;
		best = n;
	}
	if (!best || (best_from == ROUTING_ONLY && same > 1))
		return ROUTING_UNKNOWN;
	*ret_gateway = best->address;
	return best_from;
}
