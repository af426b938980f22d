// SPDX-License-Identifier: GPL-2.0-only
/* rtnl against a real kernel: what it tells while a host changes. */
#include "rtnl_world.h"

#include <linux/if_addr.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void test_follow_addresses(void **state)
{
	autoworld w = world_new();

	(void)state;
	world_follow(w);
	sh("ip addr add 192.0.2.2/24 dev e0");
	assert_eventually(w, world_address(w, "192.0.2.2") &&
				     world_route(w, ROUTE_LOCAL, "192.0.2.2"));
	sh("ip addr del 192.0.2.2/24 dev e0");
	assert_eventually(w, !world_address(w, "192.0.2.2") &&
				     !world_route(w, ROUTE_LOCAL, "192.0.2.2"));
	sh("echo 3 >/proc/sys/net/ipv6/conf/e0/dad_transmits");
	sh("echo 200 >/proc/sys/net/ipv6/neigh/e0/retrans_time_ms");
	sh("ip -6 addr add 2001:db8:1::2/64 dev e0");
	world_run_for(w, 50);
	assert_true(world_address(w, "2001:db8:1::2")->flags & IFA_F_TENTATIVE);
	assert_null(world_route(w, ROUTE_LOCAL, "2001:db8:1::2"));
	world_run_for(w, 2500);
	assert_false(world_address(w, "2001:db8:1::2")->flags & IFA_F_TENTATIVE);
	assert_non_null(world_route(w, ROUTE_LOCAL, "2001:db8:1::2"));
	sh("ip route add local 203.0.113.0/24 dev lo");
	assert_eventually(w, world_route(w, ROUTE_LOCAL, "203.0.113.0"));
	sh("ip route del local 203.0.113.0/24 dev lo");
	assert_eventually(w, !world_route(w, ROUTE_LOCAL, "203.0.113.0"));
	sh("ip route add local 203.0.114.0/24 dev lo table 1000");
	sh("ip route add broadcast 203.0.115.0/24 dev lo table 1000");
	sh("ip -6 route add anycast 2001:db8:c::1 dev e0 table 1000");
	assert_eventually(w, world_route(w, ROUTE_LOCAL, "203.0.114.0") &&
				     world_route(w, ROUTE_BROADCAST, "203.0.115.0") &&
				     world_route(w, ROUTE_LOCAL, "2001:db8:c::1"));
	assert_int_equal(rtnl_resyncs(w->rtnl), 0);
}

static void test_follow_links(void **state)
{
	autoworld w = world_new();
	const struct input_link *link;

	(void)state;
	world_follow(w);
	sh("ip link add br0 type bridge && ip link set br0 up");
	assert_eventually(w, (link = world_link(w, "br0")) && link->up);
	assert_string_equal(link->driver, "bridge");
	sh("ip link set e0 master br0");
	world_run_for(w, 100);
	sh("ip link set e0 nomaster");
	world_run_for(w, 100);
	assert_non_null(world_link(w, "e0")); /* the bridge says RTM_DELLINK of its port */
	sh("ip link set e0 down");
	assert_eventually(w, (link = world_link(w, "e0")) && !link->up);
	sh("ip link set e0 name wan");
	assert_eventually(w, world_link(w, "wan") && !world_link(w, "e0"));
	sh("ip link del wan");
	assert_eventually(w, !world_link(w, "wan") && !world_link(w, "p0"));
}

/* Of none of these removals does the kernel say a word. */
static void test_silent_removals(void **state)
{
	autoworld w = world_new();

	(void)state;
	/* IPv6 has more to say, which would tell of it. */
	sh("echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6");
	sh("ip addr add 192.0.2.2/24 dev e0 && ip route add default via 192.0.2.1");
	world_follow(w);
	assert_non_null(world_route(w, ROUTE_DEFAULT, "0.0.0.0"));
	sh("ip addr del 192.0.2.2/24 dev e0");
	assert_eventually(w, !world_route(w, ROUTE_DEFAULT, "0.0.0.0"));
	sh("ip addr add 192.0.2.2/24 dev e0 && ip route add default via 192.0.2.1");
	assert_eventually(w, world_route(w, ROUTE_DEFAULT, "0.0.0.0"));
	sh("ip link set e0 down");
	assert_eventually(w, !world_route(w, ROUTE_DEFAULT, "0.0.0.0"));
	assert_non_null(world_route(w, ROUTE_LOCAL, "192.0.2.2"));
	sh("ip link set e0 up && ip route add default via 192.0.2.1");
	assert_eventually(w, world_route(w, ROUTE_DEFAULT, "0.0.0.0"));
	sh("ip link del e0");
	assert_eventually(w, !world_route(w, ROUTE_DEFAULT, "0.0.0.0"));
	sh("ip addr add 192.0.2.2/24 dev e1 && ip nexthop add id 7 via 192.0.2.9 dev e1");
	sh("ip route add default nhid 7");
	assert_eventually(w,
			  world_has_gateway(world_route(w, ROUTE_DEFAULT, "0.0.0.0"), "192.0.2.9"));
	sh("ip nexthop del id 7");
	assert_eventually(w, !world_route(w, ROUTE_DEFAULT, "0.0.0.0"));
	assert_int_equal(rtnl_resyncs(w->rtnl), 0);
}

static void test_replaced_routes(void **state)
{
	autoworld w = world_new();

	(void)state;
	sh("ip addr add 192.0.2.2/24 dev e0 && ip route add default via 192.0.2.1");
	sh("ip -6 addr add 2001:db8:1::2/64 dev e0 nodad");
	sh("ip -6 route add default via 2001:db8:1::1");
	world_follow(w);
	assert_int_equal(world_default_routes(w), 2);
	sh("ip route replace default via 192.0.2.9");
	sh("ip -6 route replace default via 2001:db8:1::9");
	assert_eventually(
		w,
		world_has_gateway(world_route(w, ROUTE_DEFAULT, "0.0.0.0"), "192.0.2.9") &&
			world_has_gateway(world_route(w, ROUTE_DEFAULT, "::"), "2001:db8:1::9") &&
			world_default_routes(w) == 2);
	sh("ip route replace blackhole default && ip -6 route replace blackhole default");
	assert_eventually(w, world_default_routes(w) == 0);
	sh("ip route add local 203.0.113.0/24 dev lo");
	assert_eventually(w, world_route(w, ROUTE_LOCAL, "203.0.113.0"));
	sh("ip route replace 203.0.113.0/24 dev e0 table local");
	assert_eventually(w, !world_route(w, ROUTE_LOCAL, "203.0.113.0"));
}

/* Of several next hops one is told; when that one goes, the others are a default route still. */
static void test_next_hops(void **state)
{
	autoworld w = world_new();
	const struct input_route *route;
	bool first;

	(void)state;
	sh("ip -6 addr add 2001:db8:1::2/64 dev e0 nodad");
	sh("ip -6 route add default nexthop via 2001:db8:1::3 nexthop via 2001:db8:1::4");
	world_follow(w);
	route = world_route(w, ROUTE_DEFAULT, "::");
	first = world_has_gateway(route, "2001:db8:1::3");
	assert_int_equal(world_default_routes(w), 1);
	sh("ip -6 route del default via 2001:db8:1::%d", first ? 3 : 4);
	assert_eventually(
		w, (route = world_route(w, ROUTE_DEFAULT, "::")) &&
			   world_has_gateway(route, first ? "2001:db8:1::4" : "2001:db8:1::3"));
}

static void finish(struct world *w, pid_t pid)
{
	int status = -1;

	while (waitpid(pid, &status, WNOHANG) == 0)
		assert_true(sd_event_run(w->loop, 2000) >= 0);
	assert_int_equal(status, 0);
}

static void test_storm(void **state)
{
	autoworld w = world_new();
	uint64_t resyncs;

	(void)state;
	assert_int_equal(rtnl_shrink(w->rtnl, 4096), 0);
	world_follow(w);
	/* Followed while it happens ... */
	finish(w, world_batch("address add 10.0.%u.%u/32 dev e0", 0, WORLD_STORM));
	assert_eventually(w, world_told_exactly(w, 0, WORLD_STORM));
	resyncs = rtnl_resyncs(w->rtnl);
	/* ... and, the loop being elsewhere, only heard of afterwards. */
	world_run_batch("address del 10.0.%u.%u/32 dev e0", 0, WORLD_STORM / 2);
	assert_eventually(w, world_told_exactly(w, WORLD_STORM / 2, WORLD_STORM));
	assert_true(rtnl_resyncs(w->rtnl) > resyncs);
	resyncs = rtnl_resyncs(w->rtnl);
	world_run_for(w, 500);
	assert_int_equal(rtnl_resyncs(w->rtnl), resyncs);
}

/*
 * An overrun socket says nothing of what it drops until its queue is empty. So with a queue that
 * takes long to read, and a change right after the dump, a dump before that would stay wrong.
 */
struct late {
	struct world *world;
	bool slow;
	bool changed;
};

static void hear_late(void *data, const struct input *input)
{
	struct late *late = data;

	if (late->slow && input->kind == INPUT_ADDRESS)
		nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
	world_hear(late->world, input);
	if (input->kind == INPUT_HOST_END && late->slow) {
		late->slow = false;
		sh("ip addr del 10.0.0.0/32 dev e0");
		late->changed = true;
	}
}

static void test_change_after_overrun(void **state)
{
	autoworld w = world_new();
	struct late late = {.world = w};
	struct failure failure;

	(void)state;
	rtnl_free(&w->rtnl);
	assert_int_equal(rtnl_new(&w->rtnl, hear_late, &late, &failure), 0);
	assert_int_equal(rtnl_shrink(w->rtnl, 1 << 20), 0);
	world_follow(w);
	world_run_batch("address add 10.0.%u.%u/32 dev e0", 0, 4000);
	late.slow = true;
	while (!late.changed)
		world_run_for(w, 2);
	assert_eventually(w, world_told_exactly(w, 1, 4000));
}

/* No file descriptor is left for the dump; later there is. */
static void test_failed_dump(void **state)
{
	autoworld w = world_new();
	struct rlimit limit, none;
	int lowest;

	(void)state;
	sh("ip addr add 192.0.2.2/24 dev e0 && ip route add default via 192.0.2.1");
	world_follow(w);
	sh("ip addr del 192.0.2.2/24 dev e0");
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	lowest = dup(0);
	assert_true(lowest >= 0);
	close(lowest);
	none = (struct rlimit){.rlim_cur = (rlim_t)lowest, .rlim_max = limit.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	world_run_for(w, 100);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_true(w->begins > 1 && w->ends == 1);
	assert_non_null(world_route(w, ROUTE_DEFAULT, "0.0.0.0"));
	assert_eventually(w, !world_route(w, ROUTE_DEFAULT, "0.0.0.0"));
}

/* The kernel may still be at what it told of last; a dump too soon after it is made again. */
static void test_late_doubt(void **state)
{
	autoworld w = world_new();

	(void)state;
	sh("ip addr add 192.0.2.2/24 dev e0 && ip addr add 198.51.100.1/24 dev e1");
	world_follow(w);
	sh("ip addr del 192.0.2.2/24 dev e0");
	world_run_for(w, 5);
	assert_int_equal(w->begins, 1);
	sh("sleep 0.05; ip addr del 198.51.100.1/24 dev e1");
	assert_eventually(w, w->begins == 3 && w->ends == 3);
}

/* What a router learns is none of our business, and must not cost us the rest. */
static void test_foreign_routes_unheard(void **state)
{
	autoworld w = world_new();
	unsigned begins;

	(void)state;
	/* Else its link-local addresses become ready now and then, and the buffer is small. */
	sh("echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6");
	sh("ip addr add 192.0.2.2/24 dev e0");
	world_follow(w);
	world_run_for(w, 300);
	assert_int_equal(rtnl_shrink(w->rtnl, 4096), 0);
	begins = w->begins;
	world_run_batch("route add 10.0.%u.%u/32 via 192.0.2.1", 0, 2000);
	world_run_batch("route replace 10.0.%u.%u/32 via 192.0.2.3", 0, 2000);
	world_run_batch("route del 10.0.%u.%u/32 via 192.0.2.3", 0, 2000);
	world_run_for(w, 100);
	assert_int_equal(w->begins, begins);
	world_run_batch("route add local 10.0.%u.%u/32 dev lo", 0, 2000);
	assert_eventually(w, rtnl_resyncs(w->rtnl) == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_follow_addresses),
		cmocka_unit_test(test_follow_links),
		cmocka_unit_test(test_silent_removals),
		cmocka_unit_test(test_replaced_routes),
		cmocka_unit_test(test_next_hops),
		cmocka_unit_test(test_storm),
		cmocka_unit_test(test_change_after_overrun),
		cmocka_unit_test(test_failed_dump),
		cmocka_unit_test(test_late_doubt),
		cmocka_unit_test(test_foreign_routes_unheard),
	};

	return world_run(tests);
}
