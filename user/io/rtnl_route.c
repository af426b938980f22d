// SPDX-License-Identifier: GPL-2.0-only
/* The route oracle: the kernel's own lookups and what it does with their results. */
#include "io/rtnl_route.h"

#include "base/address.h"
#include "base/cleanup.h"
#include "io/rtnl.h"
#include "io/rtnl_parse.h"
#include "io/rtnl_request.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netconf.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

/* A bond that is a port of a bridge that is in a VRF. */
#define MASTERS_MAX 4

/* What a lookup said: a route's type and interface, or the error of one that does not deliver. */
struct lookup {
	int error;
	uint8_t type;
	uint32_t oif;
};

static int read_lookup(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[RTNL_ATTRIBUTES];
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
	struct lookup *lookup = data;

	if (nlh->nlmsg_type != RTM_NEWROUTE || mnl_nlmsg_get_payload_len(nlh) < sizeof(*rtm))
		return MNL_CB_OK;
	rtnl_attributes(nlh, sizeof(*rtm), tb);
	lookup->type = rtm->rtm_type;
	rtnl_get_u32(tb[RTA_OIF], &lookup->oif);
	return MNL_CB_OK;
}

static uint8_t put_address(struct nlmsghdr *request, uint16_t type, const struct addr *a)
{
	uint16_t size = address_is_v4(a) ? 4 : 16;

	mnl_attr_put(request, type, size, a->bytes + 16 - size);
	return (uint8_t)(size * 8);
}

static bool is_unspecified(const struct addr *a)
{
	static const struct addr v4 = {.bytes = {[10] = 0xff, [11] = 0xff}};

	return address_is_zero(a) || address_equal(a, &v4);
}

/* By which link a packet comes in, or goes out; 0: that does not matter. */
struct way {
	uint32_t iif, oif;
};

/*
 * `src` may be NULL, `iif` 0: then it is the lookup of a packet that this host sends. These errors
 * are the answers of routes: ENETUNREACH no route, EHOSTUNREACH, EACCES and EINVAL the types
 * unreachable, prohibit and blackhole (fib_props[] in net/ipv4/fib_semantics.c). IPv4 says EINVAL
 * (before Linux 6.14 EXDEV, too) for a source it would refuse also, and EHOSTUNREACH for all that
 * is not delivered here where it does not forward.
 */
static int ask(const struct addr *dst, const struct addr *src, struct way way,
	       struct lookup *ret_lookup)
{
	_Alignas(struct nlmsghdr) char buffer[RTNL_REQUEST_SIZE];
	struct nlmsghdr *request = rtnl_request_begin(
		buffer, RTM_GETROUTE, (uint8_t)address_family(dst), sizeof(struct rtmsg));
	struct rtmsg *rtm = mnl_nlmsg_get_payload(request);
	struct lookup lookup = {.type = RTN_UNSPEC};

	rtm->rtm_dst_len = put_address(request, RTA_DST, dst);
	if (src)
		rtm->rtm_src_len = put_address(request, RTA_SRC, src);
	if (way.iif)
		mnl_attr_put_u32(request, RTA_IIF, way.iif);
	if (way.oif)
		mnl_attr_put_u32(request, RTA_OIF, way.oif);
	lookup.error = rtnl_request_one(request, read_lookup, &lookup);
	switch (lookup.error) {
	case 0:
	case -ENETUNREACH:
	case -EHOSTUNREACH:
	case -EACCES:
	case -EINVAL:
	case -EXDEV:
		*ret_lookup = lookup;
		return 0;
	default:
		return lookup.error;
	}
}

static int read_forwarding(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[RTNL_ATTRIBUTES];

	rtnl_attributes(nlh, sizeof(struct netconfmsg), tb);
	rtnl_get_u32(tb[NETCONFA_FORWARDING], data);
	return MNL_CB_OK;
}

/* An interface without the protocol (EINVAL) forwards nothing. */
static int ask_netconf(int family, int32_t ifindex, bool *ret_forwards)
{
	_Alignas(struct nlmsghdr) char buffer[RTNL_REQUEST_SIZE];
	struct nlmsghdr *request = rtnl_request_begin(buffer, RTM_GETNETCONF, (uint8_t)family,
						      sizeof(struct netconfmsg));
	uint32_t forwarding = 0;
	int r;

	mnl_attr_put_u32(request, NETCONFA_IFINDEX, (uint32_t)ifindex);
	r = rtnl_request_one(request, read_forwarding, &forwarding);
	if (r < 0 && r != -EINVAL)
		return r;
	*ret_forwards = forwarding;
	return 0;
}

/* Since Linux 6.17, and netlink does not tell. */
static bool is_forced(const char *name)
{
	char path[64 + IF_NAMESIZE], digit;
	autoclose int fd = -1;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/force_forwarding", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && read(fd, &digit, 1) == 1 && digit == '1';
}

/*
 * IPv4 asks the interface that a packet came in by. IPv6 asks "all" (ip6_forward() in
 * net/ipv6/ip6_output.c), and the interface only where it is forced: its own `forwarding` makes it
 * a router or a host to its neighbours, no more.
 */
int rtnl_ask_forwarding(int family, uint32_t ifindex, bool *ret_forwards)
{
	char name[IF_NAMESIZE];
	bool forwards;
	int r;

	if (!if_indextoname(ifindex, name))
		return errno == ENXIO ? -ENODEV : -errno;
	r = ask_netconf(family, family == AF_INET ? (int32_t)ifindex : NETCONFA_IFINDEX_ALL,
			&forwards);
	if (r < 0)
		return r;
	*ret_forwards = forwards || (family == AF_INET6 && is_forced(name));
	return 0;
}

static enum path_kind kind_of_path(const struct lookup *lookup, uint32_t iif, bool forwards)
{
	switch (lookup->error) {
	case 0:
		break;
	case -EINVAL:
	case -EACCES:
	case -EHOSTUNREACH:
		return PATH_BLACKHOLE;
	default:
		return PATH_NONE;
	}
	switch (lookup->type) {
	case RTN_LOCAL:
	case RTN_ANYCAST:
		return PATH_LOCAL;
	case RTN_BLACKHOLE:
	case RTN_UNREACHABLE:
	case RTN_PROHIBIT:
		return PATH_BLACKHOLE;
	case RTN_UNICAST:
		if (!forwards)
			return PATH_NONE;
		return lookup->oif == iif ? PATH_HAIRPIN : PATH_FORWARD;
	default: /* broadcast and multicast: no TCP is served there */
		return PATH_NONE;
	}
}

/* Asks once more, for the destination alone, where the first answer leaves open why. */
static int judge(struct lookup lookup, bool forwards, struct input_path *path)
{
	bool refused = lookup.error == -EINVAL || lookup.error == -EXDEV;
	bool unclear = lookup.error == -EHOSTUNREACH && !forwards;
	int r;

	if (address_is_v4(&path->dst) && (refused || unclear)) {
		r = ask(&path->dst, NULL, (struct way){0}, &lookup);
		if (r < 0)
			return r;
	}
	path->kind = kind_of_path(&lookup, path->ifindex, forwards);
	/* Policy routing or a VRF: local to this host, but not by this interface. */
	if (unclear && path->kind == PATH_LOCAL)
		path->kind = PATH_NONE;
	if (path->kind == PATH_FORWARD || path->kind == PATH_HAIRPIN)
		path->oif = lookup.oif;
	return 0;
}

int rtnl_route_path(const struct addr *dst, const struct addr *src, uint32_t ifindex,
		    struct input_path *ret_path)
{
	struct input_path path = {.dst = *dst, .ifindex = ifindex};
	bool anonymous = is_unspecified(src), forwards = false;
	struct lookup lookup;
	int r;

	if (!anonymous && address_is_v4(src) != address_is_v4(dst))
		return -EAFNOSUPPORT;
	r = rtnl_ask_forwarding(address_family(dst), ifindex, &forwards);
	if (r < 0)
		return r;
	r = ask(dst, anonymous ? NULL : src, (struct way){.iif = ifindex}, &lookup);
	if (r < 0)
		return r;
	r = judge(lookup, forwards, &path);
	if (r < 0)
		return r;
	*ret_path = path;
	return 0;
}

static int read_link(const struct nlmsghdr *nlh, void *data)
{
	rtnl_parse(nlh, data);
	return MNL_CB_OK;
}

/* The VRF that a link is, or is in, be it as a port of a bridge or bond; 0: none. Its answers leave
 * by the VRF's table: a lookup does so, too, that names the VRF as the link to leave by. */
static int ask_vrf(uint32_t ifindex, uint32_t *ret_vrf)
{
	uint32_t vrf = 0;

	for (unsigned i = 0; i < MASTERS_MAX && ifindex && !vrf; i++) {
		_Alignas(struct nlmsghdr) char buffer[RTNL_REQUEST_SIZE];
		struct nlmsghdr *request = rtnl_request_begin(buffer, RTM_GETLINK, AF_UNSPEC,
							      sizeof(struct ifinfomsg));
		struct ifinfomsg *ifi = mnl_nlmsg_get_payload(request);
		struct input answer = {0};
		int r;

		ifi->ifi_index = (int)ifindex;
		r = rtnl_request_one(request, read_link, &answer);
		if (r < 0)
			return r;
		if (strcmp(answer.link.driver, "vrf") == 0)
			vrf = ifindex;
		ifindex = answer.link.master;
	}
	*ret_vrf = vrf;
	return 0;
}

int rtnl_route_return(const struct addr *address, const struct addr *peer, uint32_t ifindex,
		      struct input_return *ret_return)
{
	struct way way = {0};
	struct input_return back = {.address = *address, .peer = *peer, .ifindex = ifindex};
	bool anonymous = is_unspecified(address), ours = false;
	struct lookup lookup;
	int r;

	if (!anonymous && address_is_v4(address) != address_is_v4(peer))
		return -EAFNOSUPPORT;
	r = ask_vrf(ifindex, &way.oif);
	if (r < 0)
		return r;
	/* IPv4 has no route from a source that is not this host's (yet). */
	if (!anonymous) {
		r = ask(address, NULL, way, &lookup);
		if (r < 0)
			return r;
		ours = lookup.error == 0 && lookup.type == RTN_LOCAL;
	}
	r = ask(peer, ours ? address : NULL, way, &lookup);
	if (r < 0)
		return r;
	back.reachable =
		lookup.error == 0 && (lookup.type == RTN_UNICAST || lookup.type == RTN_LOCAL);
	*ret_return = back;
	return 0;
}
