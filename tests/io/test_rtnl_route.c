// SPDX-License-Identifier: GPL-2.0-only
/* rtnl against a real kernel: what it would do with a packet, row by row of what was measured. */
#include "rtnl_world.h"
#include "base/address.h"

#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Asked with a SYN from the world that comes in by e0. */
struct path_row {
	const char *what;
	const char *setup;
	const char *dst4, *dst6; /* NULL: not asked */
	enum path_kind still;	 /* forwarding off */
	enum path_kind router;	 /* and on */
};

#define TYPE(type)                                                                                 \
	WORLD_DEFAULTS "ip route add " type " 203.0.113.0/24; ip -6 route add " type               \
		       " 2001:db8:9::/64;"

static const struct path_row path_rows[] = {
	{"unowned, no addresses", "", "203.0.113.7", "2001:db8:9::7", PATH_NONE, PATH_NONE},
	{"unowned, no default route", WORLD_ADDRESSES, "203.0.113.7", "2001:db8:9::7", PATH_NONE,
	 PATH_NONE},
	{"unowned, unreachable default route",
	 "ip route add unreachable default; ip -6 route add unreachable default", "203.0.113.7",
	 "2001:db8:9::7", PATH_BLACKHOLE, PATH_BLACKHOLE},
	{"unowned, default route", WORLD_DEFAULTS, "203.0.113.7", "2001:db8:9::7", PATH_NONE,
	 PATH_HAIRPIN},
	{"a neighbour's", WORLD_DEFAULTS, "192.0.2.7", "2001:db8:1::7", PATH_NONE, PATH_HAIRPIN},
	{"out of another link", WORLD_DEFAULTS, "198.51.100.7", "2001:db8:2::7", PATH_NONE,
	 PATH_FORWARD},
	{"owned", WORLD_DEFAULTS, "192.0.2.2", "2001:db8:1::2", PATH_LOCAL, PATH_LOCAL},
	{"owned, no default route", WORLD_ADDRESSES, "192.0.2.2", "2001:db8:1::2", PATH_LOCAL,
	 PATH_LOCAL},
	{"owned by another link", WORLD_DEFAULTS, "198.51.100.1", "2001:db8:2::1", PATH_LOCAL,
	 PATH_LOCAL},
	{"owned by lo",
	 WORLD_DEFAULTS "ip addr add 203.0.113.7/32 dev lo; ip -6 addr add 2001:db8:9::7/128 dev "
			"lo;" WORLD_WAIT_LOCAL("2001:db8:9::7"),
	 "203.0.113.7", "2001:db8:9::7", PATH_LOCAL, PATH_LOCAL},
	{"AnyIP",
	 WORLD_DEFAULTS "ip route add local 203.0.113.0/24 dev lo;"
			"ip -6 route add local 2001:db8:9::/64 dev lo",
	 "203.0.113.7", "2001:db8:9::7", PATH_LOCAL, PATH_LOCAL},
	{"blackhole route", TYPE("blackhole"), "203.0.113.7", "2001:db8:9::7", PATH_BLACKHOLE,
	 PATH_BLACKHOLE},
	{"unreachable route", TYPE("unreachable"), "203.0.113.7", "2001:db8:9::7", PATH_BLACKHOLE,
	 PATH_BLACKHOLE},
	{"prohibit route", TYPE("prohibit"), "203.0.113.7", "2001:db8:9::7", PATH_BLACKHOLE,
	 PATH_BLACKHOLE},
	{"throw route", TYPE("throw"), "203.0.113.7", "2001:db8:9::7", PATH_NONE, PATH_NONE},
	{"broadcast", WORLD_DEFAULTS, "192.0.2.255", NULL, PATH_NONE, PATH_NONE},
	{"anycast", WORLD_DEFAULTS "ip -6 route add anycast 2001:db8:9::7 dev e0", NULL,
	 "2001:db8:9::7", PATH_LOCAL, PATH_LOCAL},
	{"tentative",
	 WORLD_DEFAULTS "echo 100 >/proc/sys/net/ipv6/conf/e0/dad_transmits;"
			"ip -6 addr add 2001:db8:9::7/64 dev e0",
	 NULL, "2001:db8:9::7", PATH_NONE, PATH_HAIRPIN},
	{"local, by this link only",
	 WORLD_DEFAULTS
	 "ip route add local 203.0.113.0/24 dev lo table 9; ip rule add iif e0 lookup 9;"
	 "ip -6 route add local 2001:db8:9::/64 dev lo table 9;"
	 "ip -6 rule add iif e0 lookup 9",
	 "203.0.113.7", "2001:db8:9::7", PATH_LOCAL, PATH_LOCAL},
	{"local, by another link only",
	 WORLD_DEFAULTS
	 "ip route add local 203.0.113.0/24 dev lo table 9; ip rule add iif lo lookup 9;"
	 "ip -6 route add local 2001:db8:9::/64 dev lo table 9;"
	 "ip -6 rule add iif lo lookup 9",
	 "203.0.113.7", "2001:db8:9::7", PATH_NONE, PATH_HAIRPIN},
};

static const char *const path_names[] = {"local", "forward", "hairpin", "none", "blackhole"};

static void assert_path(struct world *w, const char *what, const char *to, const char *from,
			enum path_kind kind)
{
	struct addr dst = world_addr(to), src = world_addr(from);
	const struct input_path *path = &w->last.path;
	const char *oif;
	int r;

	memset(&w->last, 0xff, sizeof(w->last));
	r = rtnl_ask_path(w->rtnl, &dst, &src, if_nametoindex("e0"));
	if (r < 0)
		fail_msg("%s: %s: %s", what, to, strerror(-r));
	assert_int_equal(w->last.kind, INPUT_PATH);
	assert_true(address_equal(&path->dst, &dst));
	assert_int_equal(path->ifindex, if_nametoindex("e0"));
	if (path->kind != kind)
		fail_msg("%s: %s from %s is %s, not %s", what, to, from ? from : "nobody",
			 path_names[path->kind], path_names[kind]);
	oif = kind == PATH_FORWARD ? "e1" : kind == PATH_HAIRPIN ? "e0" : "";
	assert_int_equal(path->oif, if_nametoindex(oif));
}

static void test_paths(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(path_rows) / sizeof(path_rows[0]); i++) {
		const struct path_row *row = &path_rows[i];
		autoworld w = world_new();

		sh("%s", *row->setup ? row->setup : ":");
		for (int on = 0; on <= 1; on++) {
			enum path_kind kind = on ? row->router : row->still;

			world_set_forwarding(on);
			if (row->dst4)
				assert_path(w, row->what, row->dst4, "203.0.114.9", kind);
			/* Without a source IPv4 answers for all links alike. */
			if (row->dst4 && !strstr(row->what, "link only"))
				assert_path(w, row->what, row->dst4, "0.0.0.0", kind);
			if (row->dst6)
				assert_path(w, row->what, row->dst6, "2001:db8:f::9", kind);
			if (row->dst6)
				assert_path(w, row->what, row->dst6, "::", kind);
		}
	}
}

static void test_paths_from_refused_sources(void **state)
{
	autoworld w = world_new();
	static const char *const sources[] = {"192.0.2.2", "127.0.0.1", "198.51.100.9", "0.0.0.0"};

	(void)state;
	sh(WORLD_DEFAULTS "echo 1 >/proc/sys/net/ipv4/conf/e0/rp_filter");
	sh("ip route add blackhole 203.0.113.0/24");
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		for (int on = 0; on <= 1; on++) {
			world_set_forwarding(on);
			assert_path(w, sources[i], "192.0.2.2", sources[i], PATH_LOCAL);
			assert_path(w, sources[i], "203.0.113.1", sources[i], PATH_BLACKHOLE);
			assert_path(w, sources[i], "203.0.115.1", sources[i],
				    on ? PATH_HAIRPIN : PATH_NONE);
			assert_path(w, sources[i], "198.51.100.7", sources[i],
				    on ? PATH_FORWARD : PATH_NONE);
		}
	}
}

static bool have_vrf(void)
{
	if (system("ip link add vrf9 type vrf table 9 2>/dev/null") != 0) {
		print_message("# nothing is tested: this kernel has no VRF\n");
		return false;
	}
	sh("ip link set vrf9 up");
	return true;
}

/* e0 is in a VRF. What is local outside is so inside, too, until the rule for the table "local"
 * comes after the VRF's, as the kernel's Documentation/networking/vrf.rst recommends. */
static void test_paths_in_vrf(void **state)
{
	autoworld w = world_new();

	(void)state;
	if (!have_vrf())
		return;
	sh("ip link set e0 master vrf9");
	sh(WORLD_ADDRESSES "ip route add default via 192.0.2.1 table 9;"
			   "ip -6 route add default via 2001:db8:1::1 table 9");
	sh("ip addr add 203.0.113.7/32 dev e1; ip -6 addr add 2001:db8:9::7/128 dev e1 "
	   "nodad;" WORLD_WAIT_LOCAL("2001:db8:9::7"));
	world_dump(w);
	assert_int_equal(world_route(w, ROUTE_LOCAL, "192.0.2.2")->table, 9);
	assert_int_equal(world_route(w, ROUTE_LOCAL, "2001:db8:1::2")->table, 9);
	assert_int_equal(world_route(w, ROUTE_DEFAULT, "0.0.0.0")->table, 9);
	assert_path(w, "rules as they are", "203.0.113.7", "203.0.114.9", PATH_LOCAL);
	sh("ip rule add pref 32765 lookup local && ip rule del pref 0");
	sh("ip -6 rule add pref 32765 lookup local && ip -6 rule del pref 0");
	for (int on = 0; on <= 1; on++) {
		world_set_forwarding(on);
		assert_path(w, "in", "192.0.2.2", "203.0.114.9", PATH_LOCAL);
		assert_path(w, "in", "2001:db8:1::2", "2001:db8:f::9", PATH_LOCAL);
		assert_path(w, "out", "203.0.113.7", "203.0.114.9", on ? PATH_HAIRPIN : PATH_NONE);
		assert_path(w, "out", "2001:db8:9::7", "2001:db8:f::9",
			    on ? PATH_HAIRPIN : PATH_NONE);
	}
}

/* Measured with packets: IPv6 asks "all", and since Linux 6.17 the interface's force_forwarding. */
static void test_which_forwarding(void **state)
{
	autoworld w = world_new();

	(void)state;
	sh(WORLD_DEFAULTS "echo 1 >/proc/sys/net/ipv6/conf/e0/forwarding");
	assert_path(w, "own forwarding", "2001:db8:9::7", "2001:db8:f::9", PATH_NONE);
	sh("echo 1 >/proc/sys/net/ipv6/conf/all/forwarding");
	sh("echo 0 >/proc/sys/net/ipv6/conf/e0/forwarding");
	assert_path(w, "all forwarding", "2001:db8:9::7", "2001:db8:f::9", PATH_HAIRPIN);
	sh("echo 0 >/proc/sys/net/ipv6/conf/all/forwarding");
	if (access("/proc/sys/net/ipv6/conf/e0/force_forwarding", F_OK) == 0) {
		sh("echo 1 >/proc/sys/net/ipv6/conf/e0/force_forwarding");
		assert_path(w, "forced", "2001:db8:9::7", "2001:db8:f::9", PATH_HAIRPIN);
	}
	sh("echo 1 >/proc/sys/net/ipv4/conf/e1/forwarding");
	assert_path(w, "another's", "203.0.113.7", "203.0.114.9", PATH_NONE);
	sh("echo 1 >/proc/sys/net/ipv4/conf/e0/forwarding");
	assert_path(w, "own", "203.0.113.7", "203.0.114.9", PATH_HAIRPIN);
}

static void test_paths_not_asked(void **state)
{
	autoworld w = world_new();
	struct addr v4 = world_addr("203.0.113.7"), v6 = world_addr("2001:db8::7"), none = {0};

	(void)state;
	assert_int_equal(rtnl_ask_path(w->rtnl, &v4, &v4, 99), -ENODEV);
	assert_int_equal(rtnl_ask_path(w->rtnl, &v4, &none, 99), -ENODEV);
	assert_int_equal(rtnl_ask_path(w->rtnl, &v6, &none, 99), -ENODEV);
	assert_int_equal(rtnl_ask_path(w->rtnl, &v4, &none, 0), -ENODEV);
	assert_int_equal(rtnl_ask_path(w->rtnl, &v4, &none, UINT32_MAX), -ENODEV);
	assert_int_equal(rtnl_ask_path(w->rtnl, &v4, &v6, 1), -EAFNOSUPPORT);
	assert_int_equal(rtnl_ask_return(w->rtnl, &v4, &v6, 0), -EAFNOSUPPORT);
	assert_int_equal(w->last.kind, 0);
}

static void assert_return(struct world *w, const char *from, const char *to, bool reachable)
{
	struct addr address = world_addr(from), peer = world_addr(to);
	int r;

	memset(&w->last, 0xff, sizeof(w->last));
	r = rtnl_ask_return(w->rtnl, &address, &peer, if_nametoindex("e0"));
	assert_int_equal(r, 0);
	assert_int_equal(w->last.kind, INPUT_RETURN);
	assert_true(address_equal(&w->last.back.address, &address));
	assert_true(address_equal(&w->last.back.peer, &peer));
	if (w->last.back.reachable != reachable)
		fail_msg("%s to %s: not %sreachable", from, to, reachable ? "" : "un");
}

/* Callers that come in by e0 are answered by its VRF's routes, whatever routes others have; the
 * default route that refuses is what vrf.rst recommends. */
static void test_returns_in_vrf(void **state)
{
	static const char *const pairs[][2] = {{"192.0.2.2", "203.0.114.9"},
					       {"2001:db8:1::2", "2001:db8:f::9"}};
	autoworld w = world_new();

	(void)state;
	if (!have_vrf())
		return;
	sh("ip link add b0 type bridge && ip link set b0 up master vrf9");
	sh("ip addr add 192.0.2.2/24 dev b0; ip -6 addr add 2001:db8:1::2/64 dev b0 nodad");
	sh("ip addr add 198.51.100.1/24 dev e1; ip -6 addr add 2001:db8:2::1/64 dev e1 nodad");
	for (int bridged = 0; bridged <= 1; bridged++) {
		sh("ip link set e0 master %s", bridged ? "b0" : "vrf9");
		for (size_t i = 0; i < 2; i++) {
			sh("ip route replace table 9 default via 192.0.2.1 dev b0");
			sh("ip -6 route replace table 9 default via 2001:db8:1::1 dev b0");
			assert_return(w, pairs[i][0], pairs[i][1], true);
			sh("ip route replace table 9 unreachable default");
			sh("ip -6 route replace table 9 unreachable default");
			sh("ip route replace default via 198.51.100.2");
			sh("ip -6 route replace default via 2001:db8:2::2");
			assert_return(w, pairs[i][0], pairs[i][1], false);
		}
	}
}

static void assert_returns(struct world *w, bool reachable)
{
	static const char *const addresses[][2] = {
		{"192.0.2.2", "203.0.114.9"},	    {"203.0.113.7", "203.0.114.9"},
		{"0.0.0.0", "203.0.114.9"},	    {"2001:db8:1::2", "2001:db8:f::9"},
		{"2001:db8:9::7", "2001:db8:f::9"}, {"::", "2001:db8:f::9"},
	};

	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
		assert_return(w, addresses[i][0], addresses[i][1], reachable);
}

static void test_returns(void **state)
{
	autoworld w = world_new();

	(void)state;
	sh(WORLD_ADDRESSES);
	assert_returns(w, false);
	assert_return(w, "192.0.2.2", "192.0.2.7", true);
	assert_return(w, "192.0.2.2", "192.0.2.2", true);
	assert_return(w, "2001:db8:1::2", "2001:db8:1::7", true);
	sh("ip route add default via 192.0.2.1; ip -6 route add default via 2001:db8:1::1");
	assert_returns(w, true);
	for (unsigned i = 0; i < 3; i++) {
		static const char *const types[] = {"unreachable", "blackhole", "prohibit"};

		sh("ip route replace %s default", types[i]);
		sh("ip -6 route replace %s default", types[i]);
		assert_returns(w, false);
	}
}

static void test_returns_by_policy(void **state)
{
	autoworld w = world_new();

	(void)state;
	sh(WORLD_ADDRESSES "ip rule add from 192.0.2.2 lookup 9; ip -6 rule add from 2001:db8:1::2 "
			   "lookup 9");
	sh("ip route add default via 192.0.2.1 table 9");
	sh("ip -6 route add default via 2001:db8:1::1 table 9");
	assert_return(w, "192.0.2.2", "203.0.114.9", true);
	assert_return(w, "198.51.100.1", "203.0.114.9", false);
	assert_return(w, "2001:db8:1::2", "2001:db8:f::9", true);
	assert_return(w, "2001:db8:2::1", "2001:db8:f::9", false);
	sh("ip route add default via 192.0.2.1; ip -6 route add default via 2001:db8:1::1");
	sh("ip route replace unreachable default table 9");
	sh("ip -6 route replace unreachable default table 9");
	assert_return(w, "192.0.2.2", "203.0.114.9", false);
	assert_return(w, "198.51.100.1", "203.0.114.9", true);
	assert_return(w, "2001:db8:1::2", "2001:db8:f::9", false);
	assert_return(w, "2001:db8:2::1", "2001:db8:f::9", true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_paths_from_refused_sources),
		cmocka_unit_test(test_paths_in_vrf),
		cmocka_unit_test(test_which_forwarding),
		cmocka_unit_test(test_paths_not_asked),
		cmocka_unit_test(test_returns),
		cmocka_unit_test(test_returns_in_vrf),
		cmocka_unit_test(test_returns_by_policy),
	};

	return world_run(tests);
}
