// SPDX-License-Identifier: GPL-2.0-only
/* A network namespace held by a file descriptor, and the link to it. */
#include "io/rtnl_guest.h"

#include "base/address.h"
#include "base/cleanup.h"
#include "io/rtnl_request.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/socket.h>

/* What the other end is called in there. */
#define FAR_NAME "guest"

/* The kernel notices the carrier within milliseconds; what is sent before is lost, and sent again
 * by TCP. */
#define CARRIER_TRIES 200
#define CARRIER_PAUSE_USEC 2000

/* The last number of the host's and of the guest's address. */
enum { HOST_END = 1, GUEST_END = 2 };

struct rtnl_guest {
	int home, away;	  /* the namespaces */
	uint32_t ifindex; /* of the host's end */
	struct addr net4, net6;
};

static int enter(int namespace)
{
	return setns(namespace, CLONE_NEWNET) < 0 ? -errno : 0;
}

static int open_own(int *ret_fd)
{
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	*ret_fd = fd;
	return 0;
}

static int make_namespace(struct rtnl_guest *g)
{
	int r = open_own(&g->home), back;

	if (r < 0)
		return r;
	if (unshare(CLONE_NEWNET) < 0)
		return -errno;
	r = open_own(&g->away);
	back = enter(g->home);
	return r < 0 ? r : back;
}

static struct nlmsghdr *begin_link(char buffer[static RTNL_REQUEST_SIZE], uint16_t type,
				   uint32_t ifindex)
{
	struct nlmsghdr *request =
		rtnl_request_begin(buffer, type, AF_UNSPEC, sizeof(struct ifinfomsg));
	struct ifinfomsg *link = mnl_nlmsg_get_payload(request);

	link->ifi_index = (int)ifindex;
	return request;
}

static int make_pair(struct rtnl_guest *g)
{
	_Alignas(struct nlmsghdr) char buffer[RTNL_REQUEST_SIZE];
	struct nlmsghdr *request = begin_link(buffer, RTM_NEWLINK, 0);
	struct nlattr *info, *data, *peer;
	char name[IFNAMSIZ];
	int r;

	/* The process's number makes it one of its kind; if not, the kernel says so. */
	snprintf(name, sizeof(name), HOSTADDR_GUEST "%u", (unsigned)getpid() % 10000000);
	request->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	mnl_attr_put_strz(request, IFLA_IFNAME, name);
	info = mnl_attr_nest_start(request, IFLA_LINKINFO);
	mnl_attr_put_strz(request, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(request, IFLA_INFO_DATA);
	peer = mnl_attr_nest_start(request, VETH_INFO_PEER);
	memset(mnl_nlmsg_get_payload_tail(request), 0, sizeof(struct ifinfomsg));
	request->nlmsg_len += sizeof(struct ifinfomsg);
	mnl_attr_put_strz(request, IFLA_IFNAME, FAR_NAME);
	mnl_attr_put_u32(request, IFLA_NET_NS_FD, (uint32_t)g->away);
	mnl_attr_nest_end(request, peer);
	mnl_attr_nest_end(request, data);
	mnl_attr_nest_end(request, info);
	r = rtnl_request_one(request, NULL, NULL);
	if (r < 0)
		return r;
	g->ifindex = if_nametoindex(name);
	return g->ifindex ? 0 : -errno;
}

/* Without addresses of the kernel's own making, for which it would wait (RFC 4862, 5.4). A kernel
 * without IPv6 has no such thing to be told. */
static void stop_generating(uint32_t ifindex)
{
	_Alignas(struct nlmsghdr) char buffer[RTNL_REQUEST_SIZE];
	struct nlmsghdr *request = begin_link(buffer, RTM_SETLINK, ifindex);
	struct nlattr *spec = mnl_attr_nest_start(request, IFLA_AF_SPEC);
	struct nlattr *inet6 = mnl_attr_nest_start(request, AF_INET6);

	mnl_attr_put_u8(request, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
	mnl_attr_nest_end(request, inet6);
	mnl_attr_nest_end(request, spec);
	rtnl_request_one(request, NULL, NULL);
}

static int set_up(uint32_t ifindex)
{
	_Alignas(struct nlmsghdr) char buffer[RTNL_REQUEST_SIZE];
	struct nlmsghdr *request = begin_link(buffer, RTM_SETLINK, ifindex);
	struct ifinfomsg *link = mnl_nlmsg_get_payload(request);

	link->ifi_flags = link->ifi_change = IFF_UP;
	return rtnl_request_one(request, NULL, NULL);
}

static struct addr at_end(const struct addr *net, uint8_t end)
{
	struct addr a = *net;

	a.bytes[15] |= end;
	return a;
}

static void put_address(struct nlmsghdr *request, uint16_t type, const struct addr *a)
{
	uint16_t size = address_is_v4(a) ? 4 : 16;

	mnl_attr_put(request, type, size, a->bytes + 16 - size);
}

/* The host's end is never chosen as a source for anywhere else: it is deprecated in IPv6, and of
 * the link's scope in IPv4. */
static int add_address(uint32_t ifindex, const struct addr *a, uint8_t end)
{
	_Alignas(struct nlmsghdr) char buffer[RTNL_REQUEST_SIZE];
	struct nlmsghdr *request = rtnl_request_begin(
		buffer, RTM_NEWADDR, (uint8_t)address_family(a), sizeof(struct ifaddrmsg));
	struct ifaddrmsg *address = mnl_nlmsg_get_payload(request);
	struct ifa_cacheinfo life = {.ifa_valid = UINT32_MAX};

	request->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	address->ifa_prefixlen = address_is_v4(a) ? 30 : 126;
	address->ifa_scope =
		address_is_v4(a) && end == HOST_END ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
	address->ifa_flags = address_is_v4(a) ? 0 : IFA_F_NODAD;
	address->ifa_index = ifindex;
	put_address(request, IFA_LOCAL, a);
	put_address(request, IFA_ADDRESS, a);
	if (!address_is_v4(a))
		mnl_attr_put(request, IFA_CACHEINFO, sizeof(life), &life);
	return rtnl_request_one(request, NULL, NULL);
}

static int add_default_route(uint32_t ifindex, const struct addr *gateway)
{
	_Alignas(struct nlmsghdr) char buffer[RTNL_REQUEST_SIZE];
	struct nlmsghdr *request = rtnl_request_begin(
		buffer, RTM_NEWROUTE, (uint8_t)address_family(gateway), sizeof(struct rtmsg));
	struct rtmsg *route = mnl_nlmsg_get_payload(request);

	request->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	route->rtm_table = RT_TABLE_MAIN;
	route->rtm_protocol = RTPROT_STATIC;
	route->rtm_scope = RT_SCOPE_UNIVERSE;
	route->rtm_type = RTN_UNICAST;
	put_address(request, RTA_GATEWAY, gateway);
	mnl_attr_put_u32(request, RTA_OIF, ifindex);
	return rtnl_request_one(request, NULL, NULL);
}

/* One end: a family that the host has not is done without. */
static int configure(const struct rtnl_guest *g, uint32_t ifindex, uint8_t end)
{
	struct addr own4 = at_end(&g->net4, end), own6 = at_end(&g->net6, end);
	struct addr host4 = at_end(&g->net4, HOST_END), host6 = at_end(&g->net6, HOST_END);
	int r4, r6, r;

	stop_generating(ifindex);
	r = set_up(ifindex);
	if (r < 0)
		return r;
	r4 = add_address(ifindex, &own4, end);
	r6 = add_address(ifindex, &own6, end);
	if (end == GUEST_END) {
		r4 = r4 < 0 ? r4 : add_default_route(ifindex, &host4);
		r6 = r6 < 0 ? r6 : add_default_route(ifindex, &host6);
	}
	return r4 < 0 && r6 < 0 ? r4 : 0;
}

static void wait_for_carrier(const char *name)
{
	autoclose int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = {0};

	strcpy(request.ifr_name, name);
	for (int i = 0; i < CARRIER_TRIES; i++) {
		if (ioctl(fd, SIOCGIFFLAGS, &request) < 0 || request.ifr_flags & IFF_RUNNING)
			return;
		usleep(CARRIER_PAUSE_USEC);
	}
}

static int configure_away(const struct rtnl_guest *g)
{
	int r = enter(g->away), back;

	if (r < 0)
		return r;
	r = configure(g, if_nametoindex(FAR_NAME), GUEST_END);
	if (r == 0)
		wait_for_carrier(FAR_NAME);
	back = enter(g->home);
	return r < 0 ? r : back;
}

/* RFC 4193, 3.2.2: a random prefix of fd00::/8; and four addresses that only links have. */
static int choose_nets(struct rtnl_guest *g)
{
	uint8_t random[7];

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return -errno;
	g->net6 = (struct addr){.bytes = {[0] = 0xfd}};
	memcpy(&g->net6.bytes[1], random, 5);
	g->net4 = (struct addr){.bytes = {[10] = 0xff, 0xff, 169, 254}};
	g->net4.bytes[14] = (uint8_t)(1 + random[5] % 254); /* RFC 3927, 2.1: neither 0 nor 255 */
	g->net4.bytes[15] = random[6] & 0x7c;
	return 0;
}

static int make(struct rtnl_guest *g)
{
	int r = choose_nets(g);

	r = r < 0 ? r : make_namespace(g);
	r = r < 0 ? r : make_pair(g);
	r = r < 0 ? r : configure(g, g->ifindex, HOST_END);
	return r < 0 ? r : configure_away(g);
}

int rtnl_guest_new(struct rtnl_guest **ret_guest, struct failure *failure)
{
	cleanup(rtnl_guest_free) struct rtnl_guest *g = calloc(1, sizeof(*g));
	int r;

	if (!g)
		return failure_set(failure, -ENOMEM, "out of memory");
	g->home = g->away = -1;
	r = make(g);
	if (r == -EPERM)
		return failure_set(failure, r,
				   "calling this host from a network namespace of its own needs "
				   "root (CAP_SYS_ADMIN and CAP_NET_ADMIN)");
	if (r < 0)
		return failure_set(failure, r,
				   "cannot make a network namespace to call this host from: %s",
				   strerror(-r));
	*ret_guest = take_ptr(g);
	return 0;
}

/* The link first: the kernel takes its time to clear away a namespace. */
void rtnl_guest_free(struct rtnl_guest **guest)
{
	_Alignas(struct nlmsghdr) char buffer[RTNL_REQUEST_SIZE];
	struct rtnl_guest *g = *guest;

	if (!g)
		return;
	if (g->ifindex)
		rtnl_request_one(begin_link(buffer, RTM_DELLINK, g->ifindex), NULL, NULL);
	close_fd(&g->away);
	close_fd(&g->home);
	free(g);
	*guest = NULL;
}

static int open_away(const struct rtnl_guest *g, int family, int *ret_fd)
{
	int r = enter(g->away), fd, back;

	if (r < 0)
		return r;
	fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	r = fd < 0 ? -errno : 0;
	back = enter(g->home);
	if (r == 0 && back < 0)
		close(fd);
	if (r < 0 || back < 0)
		return r < 0 ? r : back;
	*ret_fd = fd;
	return 0;
}

int rtnl_guest_call(struct rtnl_guest *g, const struct addr *address, uint16_t port, int *ret_fd)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
	bool four = address_is_v4(address);
	autoclose int fd = -1;
	int r = open_away(g, four ? AF_INET : AF_INET6, &fd);

	if (r < 0)
		return r;
	memcpy(&v4.sin_addr, &address->bytes[12], 4);
	memcpy(&v6.sin6_addr, address->bytes, 16);
	r = four ? connect(fd, (void *)&v4, sizeof(v4)) : connect(fd, (void *)&v6, sizeof(v6));
	if (r < 0 && errno != EINPROGRESS)
		return -errno;
	*ret_fd = take_fd(&fd);
	return 0;
}
