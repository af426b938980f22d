// SPDX-License-Identifier: GPL-2.0-only
/* Messages of rtnetlink(7) to inputs. */
#include "io/rtnl_parse.h"

#include "base/address.h"
#include "base/clock.h"

#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <string.h>

_Static_assert(IFLA_LINKINFO < RTNL_ATTRIBUTES && RTA_MAX < RTNL_ATTRIBUTES &&
		       IFA_MAX < RTNL_ATTRIBUTES && NDA_MAX < RTNL_ATTRIBUTES,
	       "RTNL_ATTRIBUTES");

static int collect(const struct nlattr *attribute, void *data)
{
	const struct nlattr **attributes = data;
	uint16_t type = mnl_attr_get_type(attribute);

	if (type < RTNL_ATTRIBUTES)
		attributes[type] = attribute;
	return MNL_CB_OK;
}

void rtnl_attributes(const struct nlmsghdr *nlh, size_t header_size,
		     const struct nlattr *ret_attributes[static RTNL_ATTRIBUTES])
{
	memset(ret_attributes, 0, RTNL_ATTRIBUTES * sizeof(ret_attributes[0]));
	header_size = MNL_ALIGN(header_size);
	if (mnl_nlmsg_get_payload_len(nlh) > header_size)
		mnl_attr_parse_payload(mnl_nlmsg_get_payload_offset(nlh, header_size),
				       mnl_nlmsg_get_payload_len(nlh) - header_size, collect,
				       ret_attributes);
}

bool rtnl_get_u32(const struct nlattr *attribute, uint32_t *ret_value)
{
	if (!attribute || mnl_attr_get_payload_len(attribute) < sizeof(*ret_value))
		return false;
	memcpy(ret_value, mnl_attr_get_payload(attribute), sizeof(*ret_value));
	return true;
}

static bool get_bytes(const struct nlattr *attribute, void *ret_bytes, size_t size)
{
	if (!attribute || mnl_attr_get_payload_len(attribute) != size)
		return false;
	memcpy(ret_bytes, mnl_attr_get_payload(attribute), size);
	return true;
}

/* As much as fits, and a NUL. */
static void get_text(const struct nlattr *attribute, char *ret_text, size_t size)
{
	size_t n;

	if (!attribute)
		return;
	n = strnlen(mnl_attr_get_payload(attribute), mnl_attr_get_payload_len(attribute));
	if (n >= size)
		n = size - 1;
	memcpy(ret_text, mnl_attr_get_payload(attribute), n);
	ret_text[n] = '\0';
}

static bool address_of(int family, const void *bytes, size_t size, struct addr *ret_address)
{
	struct in6_addr v6;
	struct in_addr v4;

	if (family == AF_INET && size == sizeof(v4)) {
		memcpy(&v4, bytes, sizeof(v4));
		*ret_address = address_from_v4(&v4);
		return true;
	}
	if (family == AF_INET6 && size == sizeof(v6)) {
		memcpy(&v6, bytes, sizeof(v6));
		*ret_address = address_from_v6(&v6);
		return true;
	}
	return false;
}

static bool get_address(const struct nlattr *attribute, int family, struct addr *ret_address)
{
	return attribute && address_of(family, mnl_attr_get_payload(attribute),
				       mnl_attr_get_payload_len(attribute), ret_address);
}

/* The mapped form's length. */
static bool get_length(int family, uint8_t length, uint8_t *ret_length)
{
	if (length > (family == AF_INET ? 32 : 128))
		return false;
	*ret_length = family == AF_INET ? (uint8_t)(length + 96) : length;
	return true;
}

static void get_kind(const struct nlattr *info, char *ret_text, size_t size)
{
	const struct nlattr *attribute;

	if (!info)
		return;
	mnl_attr_for_each_nested(attribute, info)
	{
		if (mnl_attr_get_type(attribute) == IFLA_INFO_KIND)
			get_text(attribute, ret_text, size);
	}
}

static bool parse_link(const struct nlmsghdr *nlh, const struct nlattr **tb, struct input *input)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	struct input_link *link = &input->link;

	/* Bridges tell of their ports with messages of the same types: a port that leaves its
	 * bridge is not a link that is gone. */
	if (ifi->ifi_family != AF_UNSPEC || ifi->ifi_index <= 0)
		return false;
	input->kind = INPUT_LINK;
	link->gone = nlh->nlmsg_type == RTM_DELLINK;
	link->ifindex = (uint32_t)ifi->ifi_index;
	link->up = ifi->ifi_flags & IFF_UP;
	link->running = ifi->ifi_flags & IFF_LOWER_UP;
	link->loopback = ifi->ifi_flags & IFF_LOOPBACK;
	link->type = ifi->ifi_type;
	get_text(tb[IFLA_IFNAME], link->name, sizeof(link->name));
	get_bytes(tb[IFLA_ADDRESS], link->mac, sizeof(link->mac));
	rtnl_get_u32(tb[IFLA_MASTER], &link->master);
	get_kind(tb[IFLA_LINKINFO], link->driver, sizeof(link->driver));
	return true;
}

/*
 * IFA_CACHEINFO counts hundredths of a second since boot in 32 bits, which are full after 497 days:
 * so only the age is known, and that modulo. Its clock is jiffies, which like CLOCK_MONOTONIC stand
 * still in suspend, and may be a moment ahead.
 */
static when_t created(const struct nlattr *attribute, when_t now)
{
	uint32_t hundredths = (uint32_t)(clock_ns(CLOCK_MONOTONIC) / 10000000);
	struct ifa_cacheinfo cache;
	uint32_t age;

	if (!get_bytes(attribute, &cache, sizeof(cache)))
		return 0;
	age = hundredths - cache.cstamp;
	if (age > UINT32_MAX - 100)
		age = 0;
	return (when_t)age * 10000000 < now ? now - (when_t)age * 10000000 : 0;
}

static bool parse_address(const struct nlmsghdr *nlh, const struct nlattr **tb, struct input *input)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
	struct input_address *address = &input->address;

	/* Where there is a peer, IFA_ADDRESS is the peer's. */
	if (!get_address(tb[IFA_LOCAL], ifa->ifa_family, &address->address) &&
	    !get_address(tb[IFA_ADDRESS], ifa->ifa_family, &address->address))
		return false;
	if (!get_length(ifa->ifa_family, ifa->ifa_prefixlen, &address->prefix_len))
		return false;
	input->kind = INPUT_ADDRESS;
	address->gone = nlh->nlmsg_type == RTM_DELADDR;
	address->ifindex = ifa->ifa_index;
	if (!rtnl_get_u32(tb[IFA_FLAGS], &address->flags))
		address->flags = ifa->ifa_flags;
	address->created = created(tb[IFA_CACHEINFO], input->now);
	return true;
}

static bool kind_of_route(const struct rtmsg *rtm, enum route_kind *ret_kind)
{
	switch (rtm->rtm_type) {
	case RTN_LOCAL:
	case RTN_ANYCAST:
		*ret_kind = ROUTE_LOCAL;
		return true;
	case RTN_BROADCAST:
		*ret_kind = ROUTE_BROADCAST;
		return true;
	case RTN_UNICAST:
		*ret_kind = rtm->rtm_dst_len ? ROUTE_UNICAST : ROUTE_DEFAULT;
		return true;
	case RTN_BLACKHOLE:
		*ret_kind = ROUTE_BLACKHOLE;
		return true;
	case RTN_UNREACHABLE:
		*ret_kind = ROUTE_UNREACHABLE;
		return true;
	case RTN_PROHIBIT:
		*ret_kind = ROUTE_PROHIBIT;
		return true;
	case RTN_THROW:
		*ret_kind = ROUTE_THROW;
		return true;
	default:
		return false;
	}
}

/* RTA_VIA is the gateway of an IPv4 route in IPv6 (RFC 5549). */
static void get_gateway(const struct nlattr *gateway, const struct nlattr *via, int family,
			struct addr *ret_gateway)
{
	const size_t head = offsetof(struct rtvia, rtvia_addr);
	struct rtvia hop;

	if (get_address(gateway, family, ret_gateway) || !via ||
	    mnl_attr_get_payload_len(via) < head)
		return;
	memcpy(&hop, mnl_attr_get_payload(via), head);
	address_of(hop.rtvia_family, (const char *)mnl_attr_get_payload(via) + head,
		   mnl_attr_get_payload_len(via) - head, ret_gateway);
}

static int collect_hop(const struct nlattr *attribute, void *data)
{
	const struct nlattr **hop = data;

	if (mnl_attr_get_type(attribute) == RTA_GATEWAY)
		hop[0] = attribute;
	else if (mnl_attr_get_type(attribute) == RTA_VIA)
		hop[1] = attribute;
	return MNL_CB_OK;
}

static void get_first_hop(const struct nlattr *multipath, int family, struct input_route *route)
{
	const struct nlattr *hop[2] = {NULL, NULL};
	struct rtnexthop first;

	if (mnl_attr_get_payload_len(multipath) < sizeof(first))
		return;
	memcpy(&first, mnl_attr_get_payload(multipath), sizeof(first));
	if (first.rtnh_len < sizeof(first) || first.rtnh_len > mnl_attr_get_payload_len(multipath))
		return;
	route->oif = first.rtnh_ifindex > 0 ? (uint32_t)first.rtnh_ifindex : 0;
	mnl_attr_parse_payload((const char *)mnl_attr_get_payload(multipath) + sizeof(first),
			       first.rtnh_len - sizeof(first), collect_hop, hop);
	get_gateway(hop[0], hop[1], family, &route->gateway);
}

static bool parse_route(const struct nlmsghdr *nlh, const struct nlattr **tb, struct input *input)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
	struct input_route *route = &input->route;

	if (rtm->rtm_flags & RTM_F_CLONED || !kind_of_route(rtm, &route->kind) ||
	    !get_length(rtm->rtm_family, rtm->rtm_dst_len, &route->prefix_len))
		return false;
	if (!get_address(tb[RTA_DST], rtm->rtm_family, &route->prefix)) {
		if (rtm->rtm_dst_len ||
		    !address_of(rtm->rtm_family, &in6addr_any, rtm->rtm_family == AF_INET ? 4 : 16,
				&route->prefix))
			return false;
	}
	input->kind = INPUT_ROUTE;
	route->gone = nlh->nlmsg_type == RTM_DELROUTE;
	if (!rtnl_get_u32(tb[RTA_TABLE], &route->table))
		route->table = rtm->rtm_table;
	rtnl_get_u32(tb[RTA_PRIORITY], &route->metric);
	rtnl_get_u32(tb[RTA_OIF], &route->oif);
	get_gateway(tb[RTA_GATEWAY], tb[RTA_VIA], rtm->rtm_family, &route->gateway);
	if (tb[RTA_MULTIPATH])
		get_first_hop(tb[RTA_MULTIPATH], rtm->rtm_family, route);
	return true;
}

static bool parse_neighbour(const struct nlmsghdr *nlh, const struct nlattr **tb,
			    struct input *input)
{
	const uint16_t known = NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT;
	const struct ndmsg *ndm = mnl_nlmsg_get_payload(nlh);
	struct input_neighbour *neighbour = &input->neighbour;

	if (!(ndm->ndm_state & known) || ndm->ndm_ifindex <= 0 ||
	    !get_address(tb[NDA_DST], ndm->ndm_family, &neighbour->address) ||
	    !get_bytes(tb[NDA_LLADDR], neighbour->mac, sizeof(neighbour->mac)))
		return false;
	input->kind = INPUT_NEIGHBOUR;
	neighbour->ifindex = (uint32_t)ndm->ndm_ifindex;
	neighbour->router = ndm->ndm_flags & NTF_ROUTER;
	return true;
}

bool rtnl_parse(const struct nlmsghdr *nlh, struct input *ret_input)
{
	static const struct {
		uint16_t type;
		uint16_t header_size;
		bool (*parse)(const struct nlmsghdr *, const struct nlattr **, struct input *);
	} parsers[] = {
		{RTM_NEWLINK, sizeof(struct ifinfomsg), parse_link},
		{RTM_DELLINK, sizeof(struct ifinfomsg), parse_link},
		{RTM_NEWADDR, sizeof(struct ifaddrmsg), parse_address},
		{RTM_DELADDR, sizeof(struct ifaddrmsg), parse_address},
		{RTM_NEWROUTE, sizeof(struct rtmsg), parse_route},
		{RTM_DELROUTE, sizeof(struct rtmsg), parse_route},
		{RTM_NEWNEIGH, sizeof(struct ndmsg), parse_neighbour},
	};
	const struct nlattr *attributes[RTNL_ATTRIBUTES];
	struct input input = {.now = clock_ns(CLOCK_REALTIME)};

	for (size_t i = 0; i < MNL_ARRAY_SIZE(parsers); i++) {
		if (nlh->nlmsg_type != parsers[i].type)
			continue;
		if (mnl_nlmsg_get_payload_len(nlh) < parsers[i].header_size)
			return false;
		rtnl_attributes(nlh, parsers[i].header_size, attributes);
		if (!parsers[i].parse(nlh, attributes, &input))
			return false;
		*ret_input = input;
		return true;
	}
	return false;
}
