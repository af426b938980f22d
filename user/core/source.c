// SPDX-License-Identifier: GPL-2.0-only
/* Would a new address become the source of the host's own connections to the Internet? */
#include "core/source.h"

#include "base/address.h"

#include <linux/if_addr.h>

struct candidate {
	struct addr address;
	uint8_t prefix_len; /* of the mapped form */
	uint32_t ifindex;
	uint32_t flags;
};

/* Labels of RFC 6724, 2.1: that of ordinary addresses of the Internet is 1. */
static bool has_ordinary_label(const struct addr *a)
{
	const uint8_t *b = a->bytes;

	return !((b[0] & 0xfe) == 0xfc ||	   /* unique local */
		 (b[0] == 0x20 && b[1] == 0x02) || /* 6to4 */
		 (b[0] == 0x20 && b[1] == 0x01 && !b[2] && !b[3]) /* Teredo */);
}

static enum source_choice prefer(bool a, bool b)
{
	return a ? SOURCE_ALWAYS : b ? SOURCE_NEVER : SOURCE_SOMETIMES;
}

/* Does `a` win over `b` for a destination in the Internet that is reached by `out`? SOMETIMES: no
 * rule before the longest matching prefix decides. */
static enum source_choice beats_v6(const struct candidate *a, const struct candidate *b,
				   uint32_t out)
{
	bool a_old = a->flags & IFA_F_DEPRECATED, b_old = b->flags & IFA_F_DEPRECATED;
	bool a_label = has_ordinary_label(&a->address), b_label = has_ordinary_label(&b->address);

	if (a_old != b_old)
		return prefer(b_old, a_old);
	if ((a->ifindex == out) != (b->ifindex == out))
		return prefer(a->ifindex == out, b->ifindex == out);
	if (a_label != b_label)
		return prefer(a_label, b_label);
	if ((a->flags ^ b->flags) & IFA_F_TEMPORARY) /* as net.ipv6.conf.*.use_tempaddr says */
		return SOURCE_SOMETIMES;
	/* A tie is the newer one's: ipv6_link_dev_addr() puts it in front. */
	return address_in_prefix(&a->address, &b->address, a->prefix_len) ? SOURCE_ALWAYS
									  : SOURCE_SOMETIMES;
}

/* The oldest address of the link stays the source, but one in whose prefix the router is wins. */
static enum source_choice beats_v4(const struct candidate *a, const struct candidate *b,
				   uint32_t out, const struct addr *gateway)
{
	bool a_near = gateway && address_in_prefix(gateway, &a->address, a->prefix_len);
	bool b_near = gateway && address_in_prefix(gateway, &b->address, b->prefix_len);

	if ((a->ifindex == out) != (b->ifindex == out))
		return prefer(a->ifindex == out, b->ifindex == out);
	return a_near && !b_near ? SOURCE_ALWAYS : SOURCE_NEVER;
}

static bool is_rival(const struct hostaddr *host, const struct candidate *own,
		     const struct input_address *a)
{
	return address_family(&a->address) == address_family(&own->address) &&
	       !address_equal(&a->address, &own->address) && !address_is_special(&a->address) &&
	       hostaddr_owned(host, &a->address, NULL) == OWNED_YES;
}

static enum source_choice choose(const struct hostaddr *host, const struct candidate *own,
				 uint32_t out, const struct addr *gateway, struct addr *ret_rival)
{
	enum source_choice worst = SOURCE_ALWAYS;
	const struct input_address *a = NULL;

	while ((a = hostaddr_next_address(host, a))) {
		struct candidate rival = {a->address, a->prefix_len, a->ifindex, a->flags};
		enum source_choice one;

		if (!is_rival(host, own, a))
			continue;
		one = address_is_v4(&own->address) ? beats_v4(own, &rival, out, gateway)
						   : beats_v6(own, &rival, out);
		if (address_is_zero(ret_rival) || one < worst)
			*ret_rival = a->address;
		worst = one < worst ? one : worst;
	}
	return worst;
}

struct source source_choose(const struct hostaddr *host, const struct addr *address,
			    uint8_t prefix_len, const struct input_link *link,
			    const struct addr *gateway)
{
	const struct input_route *route =
		hostaddr_default(host, address_family(address), link->ifindex);
	struct candidate own = {
		.address = *address,
		.prefix_len = (uint8_t)(prefix_len + (address_is_v4(address) ? 96 : 0)),
		.ifindex = link->ifindex,
	};
	uint32_t out = route ? route->oif : link->ifindex;
	struct source s = {0};

	s.choice = choose(host, &own, out, gateway, &s.rival);
	own.flags = IFA_F_DEPRECATED;
	s.deprecated = choose(host, &own, out, gateway, &s.rival);
	return s;
}
