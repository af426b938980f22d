// SPDX-License-Identifier: GPL-2.0-only
/* What an address exposes: the listeners that whoever can reach it finds there. */
#include "core/exposure.h"

#include "base/address.h"

static bool is_found(const struct input_listener *l, const struct addr *a, uint32_t ifindex)
{
	return engine_listens_on(l, a) && (!l->ifindex || l->ifindex == ifindex);
}

/* Is the port offered at another address of this family already, where the same people can call it?
 * A private address is not where the Internet calls. */
static bool is_offered(const struct engine *e, const struct addr *a, int family, uint16_t port)
{
	const struct input_address *other = NULL;

	while ((other = hostaddr_next_address(e->host, other))) {
		if (address_family(&other->address) != family ||
		    address_equal(&other->address, a) || address_is_special(&other->address) ||
		    (address_is_public(a) && !address_is_public(&other->address)) ||
		    hostaddr_owned(e->host, &other->address, NULL) != OWNED_YES)
			continue;
		for (size_t i = 0; i < e->listener_count; i++)
			if (e->listeners[i].port == port &&
			    is_found(&e->listeners[i], &other->address, other->ifindex))
				return true;
	}
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
		ret_list[at].newly = !is_offered(e, a, family, l->port);
		ret_list[at].newly_by_family =
			ret_list[at].newly && is_offered(e, a, other, l->port);
	}
	return count;
}
