// SPDX-License-Identifier: GPL-2.0-only
/* rtnl against a real kernel: what it tells of a host that is at rest, or hardly. */
#include "rtnl_world.h"
#include "base/address.h"

#include <errno.h>
#include <grp.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define NOBODY 65534

static void test_links(void **state)
{
	autoworld w = world_new();
	const uint8_t mac[6] = {2, 0, 0, 0, 0, 9};
	const struct input_link *link;

	(void)state;
	sh("ip link set e0 address 02:00:00:00:00:09");
	sh("ip link set p1 down");
	sh("ip tuntap add t0 mode tun");
	sh("ip link add link e1 name m0 type macvtap");
	world_dump(w);
	link = world_link(w, "lo");
	assert_non_null(link);
	assert_true(link->loopback && link->up && link->running);
	assert_int_equal(link->type, ARPHRD_LOOPBACK);
	link = world_link(w, "e0");
	assert_non_null(link);
	assert_int_equal(link->ifindex, if_nametoindex("e0"));
	assert_true(link->up && link->running && !link->loopback);
	assert_int_equal(link->type, ARPHRD_ETHER);
	assert_memory_equal(link->mac, mac, 6);
	assert_string_equal(link->driver, "veth");
	link = world_link(w, "e1");
	assert_true(link && link->up && !link->running);
	link = world_link(w, "t0");
	assert_true(link && !link->up);
	assert_int_equal(link->type, ARPHRD_NONE);
	assert_string_equal(link->driver, "tun");
	link = world_link(w, "m0");
	assert_non_null(link);
	assert_string_equal(link->driver, "macvlan"); /* its kind says macvtap */
}

static void test_addresses(void **state)
{
	autoworld w = world_new();
	const struct input_address *a;
	struct timespec t;
	int64_t age;

	(void)state;
	sh("ip addr add 192.0.2.2/24 dev e0");
	sh("ip addr add 198.51.100.1 peer 198.51.100.2/32 dev e1");
	sh("ip -6 addr add 2001:db8:1::2/64 dev e0 nodad");
	sh("ip -6 addr add 2001:db8:2::1 peer 2001:db8:2::2/128 dev e1 nodad");
	sh("ip -6 addr add 2001:db8:3::1/64 dev e1 nodad noprefixroute");
	sh("echo 100 >/proc/sys/net/ipv6/conf/e1/dad_transmits");
	sh("ip -6 addr add 2001:db8:3::2/64 dev e1");
	sh("sleep 0.3");
	world_dump(w);
	a = world_address(w, "192.0.2.2");
	assert_non_null(a);
	assert_int_equal(a->prefix_len, 120);
	assert_int_equal(a->ifindex, if_nametoindex("e0"));
	clock_gettime(CLOCK_REALTIME, &t);
	age = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 - (int64_t)(a->created / 1000000);
	assert_in_range(age, 290, 10000);
	a = world_address(w, "2001:db8:1::2");
	assert_non_null(a);
	assert_int_equal(a->prefix_len, 64);
	assert_int_equal(a->flags & (IFA_F_NODAD | IFA_F_TENTATIVE), IFA_F_NODAD);
	a = world_address(w, "2001:db8:3::1");
	assert_true(a && a->flags & IFA_F_NOPREFIXROUTE); /* does not fit into ifa_flags */
	a = world_address(w, "2001:db8:3::2");
	assert_true(a && a->flags & IFA_F_TENTATIVE);
	assert_null(world_route(w, ROUTE_LOCAL, "2001:db8:3::2"));
	assert_true(world_address(w, "198.51.100.1") && !world_address(w, "198.51.100.2"));
	assert_true(world_address(w, "2001:db8:2::1") && !world_address(w, "2001:db8:2::2"));
}

static void test_local_routes(void **state)
{
	autoworld w = world_new();
	const struct input_route *r;

	(void)state;
	sh("ip addr add 192.0.2.2/24 brd + dev e0");
	sh("ip route add local 203.0.113.0/24 dev lo");
	sh("ip -6 route add local 2001:db8:a::/64 dev lo");
	sh("ip route add local 203.0.114.0/24 dev lo table 1000");
	sh("ip -6 route add local 2001:db8:b::/64 dev lo table 1000");
	sh("ip -6 route add anycast 2001:db8:c::1 dev e0");
	sh("ip route add 203.0.115.0/24 dev e0");
	sh("ip -6 route add 2001:db8:d::/64 dev e0");
	world_dump(w);
	r = world_route(w, ROUTE_LOCAL, "192.0.2.2");
	assert_non_null(r);
	assert_int_equal(r->prefix_len, 128);
	assert_int_equal(r->table, RT_TABLE_LOCAL);
	assert_int_equal(r->oif, if_nametoindex("e0"));
	r = world_route(w, ROUTE_BROADCAST, "192.0.2.255");
	assert_true(r && r->prefix_len == 128);
	r = world_route(w, ROUTE_LOCAL, "203.0.113.0");
	assert_true(r && r->prefix_len == 120 && r->table == RT_TABLE_LOCAL);
	r = world_route(w, ROUTE_LOCAL, "2001:db8:a::");
	assert_true(r && r->prefix_len == 64 && r->table == RT_TABLE_LOCAL);
	r = world_route(w, ROUTE_LOCAL, "203.0.114.0");
	assert_true(r && r->table == 1000);
	r = world_route(w, ROUTE_LOCAL, "2001:db8:b::");
	assert_true(r && r->table == 1000);
	assert_non_null(world_route(w, ROUTE_LOCAL, "2001:db8:c::1"));
	assert_non_null(world_route(w, ROUTE_LOCAL, "127.0.0.0"));
	for (size_t i = 0; i < w->count; i++)
		assert_true(w->things[i].kind != INPUT_ROUTE ||
			    w->things[i].route.kind < ROUTE_DEFAULT);
}

/* The others are told when they are asked for. */
static void test_other_routes(void **state)
{
	autoworld w = world_new();
	const struct input_route *r;

	(void)state;
	sh("ip addr add 192.0.2.2/24 dev e0");
	sh("ip route add default via 192.0.2.1");
	sh("ip route add 203.0.113.0/24 via 192.0.2.3 metric 9");
	sh("ip route add 203.0.113.0/24 dev e1 tos 0x10");
	sh("ip route add blackhole 198.51.100.0/25");
	sh("ip route add prohibit 198.51.100.128/25");
	sh("ip route add throw 203.0.114.0/24 table 7");
	sh("ip -6 route add unreachable 2001:db8:1::/64");
	sh("ip -6 route add 2001:db8:2::/64 dev e1");
	sh("ip -6 route add 2001:db8:3::/64 from 2001:db8:4::/64 dev e1");
	assert_int_equal(rtnl_ask_routes(world_hear, w), 0);
	assert_int_equal(w->begins, 1);
	r = world_route(w, ROUTE_UNICAST, "203.0.113.0");
	assert_true(world_has_gateway(r, "192.0.2.3") && r->prefix_len == 120 && r->metric == 9);
	r = world_route(w, ROUTE_UNICAST, "192.0.2.0");
	assert_true(r && address_is_zero(&r->gateway) && r->oif == if_nametoindex("e0"));
	r = world_route(w, ROUTE_BLACKHOLE, "198.51.100.0");
	assert_true(r && r->prefix_len == 121 && r->table == RT_TABLE_MAIN);
	assert_non_null(world_route(w, ROUTE_PROHIBIT, "198.51.100.128"));
	r = world_route(w, ROUTE_THROW, "203.0.114.0");
	assert_true(r && r->table == 7);
	assert_non_null(world_route(w, ROUTE_UNREACHABLE, "2001:db8:1::"));
	assert_non_null(world_route(w, ROUTE_UNICAST, "2001:db8:2::"));
	assert_null(world_route(w, ROUTE_UNICAST, "2001:db8:3::"));
	assert_null(world_route(w, ROUTE_DEFAULT, "0.0.0.0"));
}

static void test_default_routes(void **state)
{
	autoworld w = world_new();
	const struct input_route *r;

	(void)state;
	sh("ip addr add 192.0.2.2/24 dev e0");
	sh("ip -6 addr add 2001:db8:1::2/64 dev e0 nodad");
	sh("ip -6 addr add 2001:db8:2::2/64 dev e1 nodad");
	sh("ip route add default via 192.0.2.1 metric 7");
	sh("ip -6 route add unreachable default metric 4294967295");
	sh("ip -6 route add default nexthop via 2001:db8:2::1 nexthop via 2001:db8:1::1");
	world_dump(w);
	assert_int_equal(w->begins, 1);
	assert_int_equal(w->ends, 1);
	r = world_route(w, ROUTE_DEFAULT, "0.0.0.0");
	assert_true(world_has_gateway(r, "192.0.2.1"));
	assert_int_equal(r->prefix_len, 96);
	assert_int_equal(r->metric, 7);
	assert_int_equal(r->table, RT_TABLE_MAIN);
	assert_int_equal(r->oif, if_nametoindex("e0"));
	r = world_route(w, ROUTE_DEFAULT, "::");
	assert_true(world_has_gateway(r, "2001:db8:2::1") || world_has_gateway(r, "2001:db8:1::1"));
	assert_int_equal(r->oif,
			 if_nametoindex(world_has_gateway(r, "2001:db8:1::1") ? "e0" : "e1"));
	assert_int_equal(r->prefix_len, 0);
	assert_int_equal(r->metric, 1024);
	sh("ip -6 route del default");
	sh("ip -6 route add default dev e0 table 77");
	sh("ip -4 route replace default via inet6 fe80::1 dev e0 metric 7");
	world_dump(w);
	assert_true(world_has_gateway(world_route(w, ROUTE_DEFAULT, "0.0.0.0"), "fe80::1"));
	r = world_route(w, ROUTE_DEFAULT, "::");
	assert_true(r && address_is_zero(&r->gateway) && r->table == 77);
	sh("ip -6 route flush table 77");
	sh("ip route del default");
	sh("ip nexthop add id 7 via 192.0.2.9 dev e0");
	sh("ip nexthop add id 8 group 7");
	sh("ip route add default nhid 8");
	world_dump(w);
	assert_null(world_route(w, ROUTE_DEFAULT, "::")); /* only the unreachable one is left */
	assert_true(world_has_gateway(world_route(w, ROUTE_DEFAULT, "0.0.0.0"), "192.0.2.9"));
}

/* The kernel continues a dump by counting: what goes before the place shifts what comes after. */
static void test_interrupted_dumps(void **state)
{
	autoworld w = world_new();
	struct failure failure;
	pid_t pid;
	int r;

	(void)state;
	world_run_batch("address add 10.0.%u.%u/32 dev e0", 0, WORLD_STORM);
	pid = world_batch("address del 10.0.%u.%u/32 dev e0", 0, WORLD_STORM / 2);
	while (waitpid(pid, NULL, WNOHANG) == 0) {
		r = rtnl_dump(w->rtnl, &failure);
		assert_true(r == 0 || r == -EINTR);
		for (unsigned i = WORLD_STORM / 2; r == 0 && i < WORLD_STORM; i++)
			assert_true(w->told[i]);
	}
	world_dump(w);
	assert_true(world_told_exactly(w, WORLD_STORM / 2, WORLD_STORM));
	assert_true(w->begins > w->ends); /* else nothing was interrupted, and nothing tested */
}

struct neighbours {
	struct input_neighbour list[16];
	size_t count;
};

static void hear_neighbour(void *data, const struct input *input)
{
	struct neighbours *n = data;

	assert_int_equal(input->kind, INPUT_NEIGHBOUR);
	assert_true(n->count < 16);
	n->list[n->count++] = input->neighbour;
}

static const struct input_neighbour *neighbour(const struct neighbours *n, const char *text)
{
	struct addr a = world_addr(text);

	for (size_t i = 0; i < n->count; i++)
		if (address_equal(&n->list[i].address, &a))
			return &n->list[i];
	return NULL;
}

static void test_neighbours(void **state)
{
	cleanup(rtnl_free) struct rtnl *rtnl = NULL;
	const uint8_t mac[6] = {2, 0, 0, 0, 0, 7};
	struct neighbours n = {.count = 0};
	const struct input_neighbour *one;
	struct failure failure;

	(void)state;
	world_enter();
	assert_int_equal(rtnl_new(&rtnl, hear_neighbour, &n, &failure), 0);
	sh("ip neigh add 192.0.2.7 lladdr 02:00:00:00:00:07 dev e0 nud stale");
	sh("ip neigh add 192.0.2.8 lladdr 02:00:00:00:00:08 dev e0 nud noarp");
	sh("ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev e0 nud failed");
	sh("ip neigh add 192.0.2.10 dev e0 nud incomplete");
	sh("ip -6 neigh add fe80::7 lladdr 02:00:00:00:00:07 dev e0 nud permanent router");
	sh("ip -6 neigh add fe80::8 lladdr 02:00:00:00:00:08 dev e1 nud reachable");
	assert_int_equal(rtnl_ask_neighbours(rtnl), 0);
	one = neighbour(&n, "192.0.2.7");
	assert_true(one && !one->router && one->ifindex == if_nametoindex("e0"));
	assert_memory_equal(one->mac, mac, 6);
	one = neighbour(&n, "fe80::7");
	assert_true(one && one->router);
	assert_memory_equal(one->mac, mac, 6);
	one = neighbour(&n, "fe80::8");
	assert_true(one && !one->router && one->ifindex == if_nametoindex("e1"));
	assert_null(neighbour(&n, "192.0.2.8"));
	assert_null(neighbour(&n, "192.0.2.9"));
	assert_null(neighbour(&n, "192.0.2.10"));
}

/* The line on which it went wrong, or 0. */
static int as_nobody(struct world *w)
{
	struct addr ours = world_addr("192.0.2.2"), dst = world_addr("203.0.113.7"),
		    src = world_addr("203.0.114.9");
	struct failure failure;
	int sync[2];
	char byte;

	if (pipe(sync) < 0)
		return __LINE__;
	if (fork() == 0) { /* still root: changes something when told to */
		_exit(read(sync[0], &byte, 1) == 1 ? system("ip addr del 192.0.2.2/24 dev e0") : 1);
	}
	if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
	    setresuid(NOBODY, NOBODY, NOBODY) < 0 || setuid(0) == 0)
		return __LINE__;
	if (rtnl_new(&w->rtnl, world_hear, w, &failure) < 0 || rtnl_dump(w->rtnl, &failure) < 0)
		return __LINE__;
	if (!world_address(w, "192.0.2.2") || !world_route(w, ROUTE_LOCAL, "192.0.2.2") ||
	    strcmp(world_link(w, "e0")->driver, "veth") != 0)
		return __LINE__;
	if (rtnl_ask_path(w->rtnl, &ours, &src, world_link(w, "e0")->ifindex) < 0 ||
	    w->last.path.kind != PATH_LOCAL)
		return __LINE__;
	if (rtnl_ask_path(w->rtnl, &dst, &src, world_link(w, "e0")->ifindex) < 0 ||
	    w->last.path.kind != PATH_HAIRPIN)
		return __LINE__;
	if (rtnl_ask_return(w->rtnl, &ours, &src, 0) < 0 || !w->last.back.reachable ||
	    rtnl_ask_neighbours(w->rtnl) < 0)
		return __LINE__;
	if (sd_event_new(&w->loop) < 0 || rtnl_follow(w->rtnl, w->loop, &failure) < 0 ||
	    write(sync[1], "", 1) != 1)
		return __LINE__;
	for (uint64_t end = world_ms() + 2000; world_address(w, "192.0.2.2") && world_ms() < end;)
		sd_event_run(w->loop, 2000);
	return world_address(w, "192.0.2.2") ? __LINE__ : 0;
}

static void test_unprivileged(void **state)
{
	autoworld w = world_new();
	int status = -1;
	pid_t pid;

	(void)state;
	sh(WORLD_DEFAULTS);
	world_set_forwarding(true);
	rtnl_free(&w->rtnl);
	pid = fork();
	if (pid == 0) {
		int line;

		setenv("CMOCKA_TEST_ABORT", "1", 1); /* not the parent's tests again */
		line = as_nobody(w);
		if (line)
			print_error("as nobody: failed on line %d\n", line);
		_exit(line != 0);
	}
	assert_true(waitpid(pid, &status, 0) == pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_links),	       cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_local_routes),   cmocka_unit_test(test_other_routes),
		cmocka_unit_test(test_default_routes), cmocka_unit_test(test_interrupted_dumps),
		cmocka_unit_test(test_neighbours),     cmocka_unit_test(test_unprivileged),
	};

	return world_run(tests);
}
