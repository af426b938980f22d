// SPDX-License-Identifier: GPL-2.0-only
/* Ways that follow from addresses and default routes. */
#include "core/hearsay.h"

#include "base/address.h"

/* The link by which the host reaches `a`: the one that it shares with it, else the world's; 0: by
 * none. */
static uint32_t link_towards(const struct engine *e, const struct addr *a)
{
	const struct input_address *near = hostaddr_covering(e->host, a, 0);
	const struct input_route *route = hostaddr_default(e->host, address_family(a));

	return near ? near->ifindex : route ? route->oif : 0;
}

bool hearsay_path(const struct engine *e, const struct engine_question *q, enum fact forwards,
		  struct input *ret_input)
{
	struct input_path path = {.dst = q->dst, .ifindex = q->ifindex};
	enum owned owned = hostaddr_owned(e->host, &q->dst, NULL);

	path.oif = link_towards(e, &q->dst);
	if (owned == OWNED_YES)
		path.kind = PATH_LOCAL;
	else if (forwards == FACT_NO || !path.oif)
		path.kind = PATH_NONE;
	else if (forwards == FACT_UNKNOWN)
		return false;
	else
		path.kind = path.oif == q->ifindex ? PATH_HAIRPIN : PATH_FORWARD;
	if (path.kind == PATH_LOCAL || path.kind == PATH_NONE)
		path.oif = 0;
	*ret_input = (struct input){.kind = INPUT_PATH, .path = path};
	return true;
}

bool hearsay_return(const struct engine *e, const struct engine_question *q,
		    struct input *ret_input)
{
	struct input_return back = {.address = q->dst, .peer = q->src};

	if (address_family(&q->dst) != address_family(&q->src))
		return false;
	back.reachable = link_towards(e, &q->src) || hostaddr_owned(e->host, &q->src, NULL);
	*ret_input = (struct input){.kind = INPUT_RETURN, .back = back};
	return true;
}
