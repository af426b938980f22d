// SPDX-License-Identifier: GPL-2.0-only
/* What an address exposes: the listeners that whoever can reach it finds there. */
#include "core/exposure.h"

#include "base/address.h"

static bool is_found(const struct input_listener *l, const struct addr *a, uint32_t ifindex)
{
	return engine_listens_on(l, a) && (!l->ifindex || l->ifindex == ifindex);
}

/* Can the same people call it who can call `a`? A private address is not where the Internet calls.
 */
static bool is_alike(const struct engine *e, const struct addr *a, const struct addr *other,
		     int family)
{
	return address_family(other) == family && !address_equal(other, a) &&
	       !address_is_special(other) && (!address_is_public(a) || address_is_public(other)) &&
	       hostaddr_owned(e->host, other, NULL) == OWNED_YES;
}

/* An address of this host, on `ifindex` or (0) any link. */
static bool has_alike(const struct engine *e, const struct addr *a, int family, uint32_t ifindex)
{
	const struct input_address *other = NULL;

	while ((other = hostaddr_next_address(e->host, other)))
		if ((!ifindex || other->ifindex == ifindex) &&
		    is_alike(e, a, &other->address, family))
			return true;
	return false;
}

/* What is asked for every port. */
struct offers {
	const struct engine *engine;
	const struct addr *a;
	bool v4, v6; /* there is another address alike */
};

static bool offers(const struct offers *o, const struct input_listener *l, int family)
{
	static const struct addr v4_any = {.bytes = {[10] = 0xff, [11] = 0xff}};

	if (!address_is_zero(&l->address) && !address_equal(&l->address, &v4_any))
		return is_alike(o->engine, o->a, &l->address, family);
	if (family == AF_INET ? l->v6only : address_equal(&l->address, &v4_any))
		return false;
	return (family == AF_INET ? o->v4 : o->v6) &&
	       (!l->ifindex || has_alike(o->engine, o->a, family, l->ifindex));
}

/* Is the port offered at another address of this family already? */
static bool is_offered(const struct offers *o, int family, uint16_t port)
{
	const struct engine *e = o->engine;

	for (size_t i = 0; i < e->listener_count; i++)
		if (e->listeners[i].port == port && offers(o, &e->listeners[i], family))
			return true;
	return false;
}

/* Where it is among those that are in order by port; false: the port is there already. */
static bool place_of(const struct exposed *list, size_t count, uint16_t port, size_t *ret_at)
{
	size_t at = count;

	while (at && list[at - 1].listener->port > port)
		at--;
	*ret_at = at;
	return !at || list[at - 1].listener->port != port;
}

size_t exposure_list(const struct engine *e, const struct addr *a, uint32_t ifindex,
		     struct exposed ret_list[static EXPOSURE_MAX], bool *ret_more)
{
	int family = address_family(a), other = family == AF_INET ? AF_INET6 : AF_INET;
	const struct offers o = {e, a, has_alike(e, a, AF_INET, 0), has_alike(e, a, AF_INET6, 0)};
	size_t count = 0, at;

	*ret_more = e->listeners_dropped;
	for (size_t i = 0; i < e->listener_count; i++) {
		const struct input_listener *l = &e->listeners[i];

		if (!is_found(l, a, ifindex) || !place_of(ret_list, count, l->port, &at))
			continue;
		if (count == EXPOSURE_MAX) {
			*ret_more = true;
			break;
		}
		for (size_t k = count++; k > at; k--)
			ret_list[k] = ret_list[k - 1];
		ret_list[at] = (struct exposed){.listener = l};
		ret_list[at].newly = !is_offered(&o, family, l->port);
		ret_list[at].newly_by_family = ret_list[at].newly && is_offered(&o, other, l->port);
	}
	return count;
}
