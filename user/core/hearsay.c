// SPDX-License-Identifier: GPL-2.0-only
/* Ways that follow from routes, or else from addresses and default routes. */
#include "core/hearsay.h"

#include "base/address.h"

#include <linux/rtnetlink.h>

struct way {
	enum path_kind kind; /* PATH_FORWARD: it leads out, by `oif` */
	uint32_t oif;
};

/* The link that the host shares with `a`, else the world's. */
static struct way by_addresses(const struct engine *e, const struct addr *a, uint32_t ifindex)
{
	const struct input_address *near = hostaddr_covering(e->host, a, 0);
	const struct input_route *route = hostaddr_default(e->host, address_family(a), ifindex);
	const uint32_t oif = near ? near->ifindex : route ? route->oif : 0;

	return (struct way){oif ? PATH_FORWARD : PATH_NONE, oif};
}

static struct way by_route(const struct input_route *r)
{
	switch (r->kind) {
	case ROUTE_BLACKHOLE:
	case ROUTE_UNREACHABLE:
	case ROUTE_PROHIBIT:
		return (struct way){.kind = PATH_BLACKHOLE};
	default:
		return (struct way){PATH_FORWARD, r->oif};
	}
}

/* The tables that are asked without a rule. False: a rule may say something else. */
static bool by_routes(const struct fib *fib, const struct addr *a, struct way *ret_way)
{
	const struct input_route *r = fib_find(fib, a, RT_TABLE_MAIN);

	if (!r || r->kind == ROUTE_THROW)
		r = fib_find(fib, a, RT_TABLE_DEFAULT);
	if (r && r->kind != ROUTE_THROW) {
		*ret_way = by_route(r);
		return true;
	}
	*ret_way = (struct way){.kind = PATH_NONE};
	return !fib_has_somewhere(fib, a);
}

/* For what comes in by `ifindex`, and is not for this host. False: who knows. */
static bool find_way(const struct engine *e, const struct hearsay *h, const struct addr *a,
		     uint32_t ifindex, struct way *ret_way)
{
	if (h->fib && fib_is_whole(h->fib) && !hostaddr_vrf(e->host, ifindex))
		return by_routes(h->fib, a, ret_way);
	*ret_way = by_addresses(e, a, ifindex);
	return true;
}

bool hearsay_path(const struct engine *e, const struct hearsay *h, const struct engine_question *q,
		  struct input *ret_input)
{
	struct input_path path = {.dst = q->dst, .ifindex = q->ifindex};
	struct way way;

	if (hostaddr_owned(e->host, &q->dst, NULL) == OWNED_YES) {
		path.kind = PATH_LOCAL;
	} else if (!find_way(e, h, &q->dst, q->ifindex, &way)) {
		return false;
	} else if (way.kind == PATH_FORWARD && h->forwards != FACT_NO) {
		if (h->forwards == FACT_UNKNOWN)
			return false;
		path.kind = way.oif == q->ifindex ? PATH_HAIRPIN : PATH_FORWARD;
		path.oif = way.oif;
	} else {
		path.kind = way.kind == PATH_BLACKHOLE ? PATH_BLACKHOLE : PATH_NONE;
	}
	*ret_input = (struct input){.kind = INPUT_PATH, .path = path};
	return true;
}

bool hearsay_return(const struct engine *e, const struct hearsay *h,
		    const struct engine_question *q, struct input *ret_input)
{
	struct input_return back = {.address = q->dst, .peer = q->src, .ifindex = q->ifindex};
	struct way way = {.kind = PATH_LOCAL};

	if (address_family(&q->dst) != address_family(&q->src))
		return false;
	if (hostaddr_owned(e->host, &q->src, NULL) != OWNED_YES &&
	    !find_way(e, h, &q->src, q->ifindex, &way))
		return false;
	back.reachable = way.kind == PATH_LOCAL || way.kind == PATH_FORWARD;
	*ret_input = (struct input){.kind = INPUT_RETURN, .back = back};
	return true;
}
