// SPDX-License-Identifier: GPL-2.0-only
/* What this host owns: news, resyncs and their sweep, and what two tables say of one prefix. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "core/hostaddr.h"
#include "samples/parsed.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

static bool feed(struct hostaddr *host, enum input_kind kind)
{
	return hostaddr_feed(host, &(struct input){.kind = kind});
}

static bool feed_link(struct hostaddr *host, uint32_t ifindex, const char *name, bool up, bool gone)
{
	struct input in = {.kind = INPUT_LINK};

	in.link.ifindex = ifindex;
	in.link.up = in.link.running = up;
	in.link.gone = gone;
	snprintf(in.link.name, sizeof(in.link.name), "%s", name);
	return hostaddr_feed(host, &in);
}

static bool feed_address(struct hostaddr *host, const char *address, uint8_t len, uint32_t ifindex,
			 uint32_t flags, bool gone)
{
	struct input in = {.kind = INPUT_ADDRESS};

	in.address.address = parsed(address);
	in.address.prefix_len = len;
	in.address.ifindex = ifindex;
	in.address.flags = flags;
	in.address.gone = gone;
	in.address.created = 1000 + ifindex;
	return hostaddr_feed(host, &in);
}

static struct input route(enum route_kind kind, const char *prefix, uint8_t len, uint32_t table)
{
	struct input in = {.kind = INPUT_ROUTE};

	in.route.kind = kind;
	in.route.prefix = parsed(prefix);
	in.route.prefix_len = len;
	in.route.table = table;
	in.route.oif = 1;
	return in;
}

static bool feed_local(struct hostaddr *host, const char *prefix, uint8_t len, uint32_t table,
		       bool gone)
{
	struct input in = route(ROUTE_LOCAL, prefix, len, table);

	in.route.gone = gone;
	return hostaddr_feed(host, &in);
}

static enum owned owned(struct hostaddr *host, const char *address)
{
	struct addr a = parsed(address);

	return hostaddr_owned(host, &a, NULL);
}

static int setup(void **state)
{
	struct hostaddr *host;

	if (hostaddr_new(&host) < 0)
		return -1;
	*state = host;
	return 0;
}

static int teardown(void **state)
{
	struct hostaddr *host = *state;

	hostaddr_free(&host);
	assert_null(host);
	hostaddr_free(&host);
	return 0;
}

static void test_routes_own(void **state)
{
	assert_int_equal(owned(*state, "192.0.2.2"), OWNED_NO);
	assert_true(feed_local(*state, "192.0.2.2", 128, RT_TABLE_LOCAL, false));
	assert_int_equal(owned(*state, "192.0.2.2"), OWNED_YES);
	assert_int_equal(owned(*state, "192.0.2.3"), OWNED_NO);
	assert_false(feed_local(*state, "::", 129, RT_TABLE_LOCAL, false));
	assert_false(feed_local(*state, "192.0.2.2", 128, RT_TABLE_LOCAL, false));
	assert_true(feed_local(*state, "192.0.2.2", 128, RT_TABLE_LOCAL, true));
	assert_int_equal(owned(*state, "192.0.2.2"), OWNED_NO);
	assert_false(feed_local(*state, "192.0.2.2", 128, RT_TABLE_LOCAL, true));
}

/* A prefix of each length, alone: it owns what begins with it, and nothing else. */
static void test_prefix_lengths(void **state)
{
	const struct addr a = parsed("a5a5:5a5a:3c3c:c3c3:ff00:ff:8001:7ffe");

	for (unsigned len = 1; len <= 128; len++) {
		struct input in = route(ROUTE_LOCAL, "::", (uint8_t)len, RT_TABLE_LOCAL);
		struct addr last = a, next = a;

		in.route.prefix = address_masked(&a, (uint8_t)len);
		last.bytes[15] ^= len < 128;
		next.bytes[(len - 1) / 8] ^= (uint8_t)(0x80 >> (len - 1) % 8);
		assert_true(hostaddr_feed(*state, &in));
		assert_int_equal(hostaddr_owned(*state, &last, NULL), OWNED_YES);
		assert_int_equal(hostaddr_owned(*state, &next, NULL), OWNED_NO);
		in.route.gone = true;
		assert_true(hostaddr_feed(*state, &in));
		assert_int_equal(hostaddr_owned(*state, &last, NULL), OWNED_NO);
	}
}

static void test_two_tables(void **state)
{
	feed_local(*state, "192.0.2.0", 120, RT_TABLE_LOCAL, false);
	feed_local(*state, "192.0.2.0", 120, 1001, false);
	feed_local(*state, "192.0.2.0", 120, RT_TABLE_LOCAL, true);
	assert_int_equal(owned(*state, "192.0.2.2"), OWNED_YES);
	feed_local(*state, "192.0.2.0", 120, 1001, true);
	assert_int_equal(owned(*state, "192.0.2.2"), OWNED_NO);
}

static void test_other_kinds_do_not_own(void **state)
{
	struct input broadcast = route(ROUTE_BROADCAST, "192.0.2.255", 128, RT_TABLE_LOCAL);
	struct input everything = route(ROUTE_DEFAULT, "::", 0, RT_TABLE_MAIN);

	assert_true(hostaddr_feed(*state, &broadcast));
	assert_true(hostaddr_feed(*state, &everything));
	assert_int_equal(owned(*state, "192.0.2.255"), OWNED_NO);
	assert_int_equal(owned(*state, "2001:db8::1"), OWNED_NO);
	/* The same destination in both kinds: each goes by itself. */
	feed_local(*state, "192.0.2.255", 128, RT_TABLE_LOCAL, false);
	broadcast.route.gone = true;
	assert_true(hostaddr_feed(*state, &broadcast));
	assert_int_equal(owned(*state, "192.0.2.255"), OWNED_YES);
}

static void test_flags(void **state)
{
	struct addr a = parsed("2001:db8::2");
	when_t since = 77;

	feed_link(*state, 1, "eth0", true, false);
	feed_address(*state, "2001:db8::2", 64, 1, 0, false);
	assert_int_equal(owned(*state, "2001:db8::2"), OWNED_NO);
	feed_address(*state, "2001:db8::2", 64, 1, IFA_F_TENTATIVE, false);
	assert_int_equal(hostaddr_owned(*state, &a, &since), OWNED_TENTATIVE);
	assert_int_equal(since,
			 0); /* not its age: it is tentative anew, in a test without a clock */
	feed_address(*state, "2001:db8::2", 64, 1, IFA_F_TENTATIVE | IFA_F_DADFAILED, false);
	assert_int_equal(owned(*state, "2001:db8::2"), OWNED_DADFAILED);
	feed_address(*state, "2001:db8::2", 64, 1, 0, false);
	feed_link(*state, 1, "eth0", false, false);
	assert_int_equal(owned(*state, "2001:db8::2"), OWNED_LINK_DOWN);
	hostaddr_feed(*state,
		      &(struct input){.kind = INPUT_LINK, .link = {.ifindex = 1, .running = true}});
	assert_int_equal(owned(*state, "2001:db8::2"), OWNED_LINK_DOWN);
	/* The routes are the truth, whatever the list says. */
	feed_local(*state, "2001:db8::2", 128, RT_TABLE_LOCAL, false);
	assert_int_equal(owned(*state, "2001:db8::2"), OWNED_YES);
}

/* An address on two links has two entries. */
static void test_address_on_two_links(void **state)
{
	feed_link(*state, 1, "eth0", true, false);
	feed_link(*state, 2, "eth1", true, false);
	feed_address(*state, "2001:db8::2", 64, 1, IFA_F_DADFAILED, false);
	assert_true(feed_address(*state, "2001:db8::2", 64, 2, 0, false));
	assert_int_equal(owned(*state, "2001:db8::2"), OWNED_DADFAILED);
	assert_true(feed_address(*state, "2001:db8::2", 64, 1, IFA_F_DADFAILED, true));
	assert_int_equal(owned(*state, "2001:db8::2"), OWNED_NO);
	assert_non_null(hostaddr_next_address(*state, NULL));
}

static void test_covering(void **state)
{
	struct addr near = parsed("192.0.2.77"), far = parsed("192.0.3.77");
	struct addr alone = parsed("192.0.2.3");
	struct addr six = parsed("2001:db8::77");

	feed_address(*state, "192.0.2.2", 120, 1, 0, false);
	feed_address(*state, "192.0.2.3", 128, 2, 0, false);
	feed_address(*state, "2001:db8::2", 64, 3, 0, false);
	assert_int_equal(hostaddr_covering(*state, &near, 0)->ifindex, 1);
	assert_int_equal(hostaddr_covering(*state, &six, 0)->ifindex, 3);
	assert_non_null(hostaddr_covering(*state, &near, 1));
	assert_null(hostaddr_covering(*state, &near, 2));
	assert_null(hostaddr_covering(*state, &alone, 2));
	assert_null(hostaddr_covering(*state, &far, 0));
}

static bool feed_default(struct hostaddr *host, const char *any, uint8_t len, uint32_t metric,
			 uint32_t oif, bool gone)
{
	struct input in = route(ROUTE_DEFAULT, any, len, RT_TABLE_MAIN);

	in.route.metric = metric;
	in.route.oif = oif;
	in.route.gone = gone;
	return hostaddr_feed(host, &in);
}

static void test_default(void **state)
{
	assert_null(hostaddr_default(*state, AF_INET, 0));
	assert_null(hostaddr_default(*state, AF_INET6, 0));
	feed_default(*state, "::", 0, 1024, 7, false);
	assert_null(hostaddr_default(*state, AF_INET, 0));
	assert_int_equal(hostaddr_default(*state, AF_INET6, 0)->oif, 7);
	feed_default(*state, "0.0.0.0", 96, 100, 1, false);
	feed_default(*state, "0.0.0.0", 96, 50, 2, false);
	feed_default(*state, "0.0.0.0", 96, 200, 3, false);
	feed_default(*state, "0.0.0.0", 96, 60, 2, false);
	feed_default(*state, "0.0.0.0", 96, 60, 2, true);
	assert_int_equal(hostaddr_default(*state, AF_INET, 0)->oif, 2);
	feed_default(*state, "0.0.0.0", 96, 50, 2, true);
	assert_int_equal(hostaddr_default(*state, AF_INET, 0)->oif, 1);
	assert_int_equal(hostaddr_default(*state, AF_INET6, 0)->oif, 7);
}

/* Two routers on one link announce themselves: the kernel has two routes that differ only in their
 * gateways, and one of them may go. */
static void test_default_of_two_routers(void **state)
{
	struct input one = route(ROUTE_DEFAULT, "::", 0, RT_TABLE_MAIN), two = one;

	one.route.gateway = parsed("fe80::1");
	two.route.gateway = parsed("fe80::2");
	hostaddr_feed(*state, &one);
	hostaddr_feed(*state, &two);
	two.route.gone = true;
	hostaddr_feed(*state, &two);
	assert_non_null(hostaddr_default(*state, AF_INET6, 0));
}

static void fill(struct hostaddr *host)
{
	feed_link(host, 1, "eth0", true, false);
	feed_address(host, "192.0.2.2", 120, 1, 0, false);
	feed_local(host, "192.0.2.2", 128, RT_TABLE_LOCAL, false);
	feed_default(host, "0.0.0.0", 96, 0, 1, false);
}

static void test_resync_repeats(void **state)
{
	fill(*state);
	assert_false(feed(*state, INPUT_HOST_BEGIN));
	fill(*state);
	assert_false(feed(*state, INPUT_HOST_END));
	assert_int_equal(owned(*state, "192.0.2.2"), OWNED_YES);
	assert_non_null(hostaddr_link_named(*state, "eth0"));
	assert_non_null(hostaddr_default(*state, AF_INET, 0));
}

static void test_resync_sweeps(void **state)
{
	fill(*state);
	feed_link(*state, 2, "eth1", true, false);
	feed_address(*state, "2001:db8::2", 64, 2, IFA_F_DADFAILED, false);
	feed_local(*state, "192.0.2.9", 128, RT_TABLE_LOCAL, false);
	feed_default(*state, "::", 0, 1024, 2, false);
	feed(*state, INPUT_HOST_BEGIN);
	assert_int_equal(owned(*state, "192.0.2.9"), OWNED_YES);
	fill(*state);
	assert_true(feed(*state, INPUT_HOST_END));
	assert_int_equal(owned(*state, "192.0.2.2"), OWNED_YES);
	assert_int_equal(owned(*state, "192.0.2.9"), OWNED_NO);
	assert_int_equal(owned(*state, "2001:db8::2"), OWNED_NO);
	assert_null(hostaddr_link(*state, 2));
	assert_null(hostaddr_default(*state, AF_INET6, 0));
	feed(*state, INPUT_HOST_BEGIN);
	assert_true(feed(*state, INPUT_HOST_END));
	assert_int_equal(owned(*state, "192.0.2.2"), OWNED_NO);
	assert_null(hostaddr_next_link(*state, NULL));
	assert_null(hostaddr_next_address(*state, NULL));
	assert_null(hostaddr_next_route(*state, NULL));
}

/* A dump that was interrupted begins again; only a whole one sweeps, and what it did not repeat. */
static void test_resync_interrupted(void **state)
{
	fill(*state);
	feed_local(*state, "192.0.2.9", 128, RT_TABLE_LOCAL, false);
	feed(*state, INPUT_HOST_BEGIN);
	feed_local(*state, "192.0.2.9", 128, RT_TABLE_LOCAL, false);
	feed(*state, INPUT_HOST_BEGIN);
	fill(*state);
	assert_true(feed(*state, INPUT_HOST_END));
	assert_int_equal(owned(*state, "192.0.2.9"), OWNED_NO);
	assert_int_equal(owned(*state, "192.0.2.2"), OWNED_YES);
}

/* News that come while a dump is under way are as good as what it repeats. */
static void test_news_during_resync(void **state)
{
	fill(*state);
	feed(*state, INPUT_HOST_BEGIN);
	fill(*state);
	feed_local(*state, "192.0.2.9", 128, RT_TABLE_LOCAL, false);
	feed_local(*state, "192.0.2.2", 128, RT_TABLE_LOCAL, true);
	feed(*state, INPUT_HOST_END);
	assert_int_equal(owned(*state, "192.0.2.9"), OWNED_YES);
	assert_int_equal(owned(*state, "192.0.2.2"), OWNED_NO);
}

static void test_link_renamed(void **state)
{
	feed_link(*state, 1, "eth0", true, false);
	feed_link(*state, 2, "eth1", true, false);
	assert_true(feed_link(*state, 1, "wan", true, false));
	assert_null(hostaddr_link_named(*state, "eth0"));
	assert_int_equal(hostaddr_link_named(*state, "wan")->ifindex, 1);
	assert_true(feed_link(*state, 1, "wan", true, true));
	assert_null(hostaddr_link(*state, 1));
	assert_int_equal(hostaddr_next_link(*state, NULL)->ifindex, 2);
}

/* One address by three links: whichever goes, and in whatever order, the others are found. */
static void test_indices(void **state)
{
	static const int orders[][3] = {{1, 2, 3}, {3, 2, 1}, {2, 1, 3}, {2, 3, 1}};
	const char *text = "2001:db8:1::2";
	const struct addr there = parsed("2001:db8:1::9"), wide = parsed("2001:db8:2::9");

	for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++) {
		for (uint32_t link = 1; link <= 3; link++)
			feed_address(*state, text, 64, link, IFA_F_DADFAILED, false);
		feed_address(*state, "2001:db8::1", 32, 9, 0, false);
		for (int k = 0; k < 3; k++) {
			const uint32_t link = (uint32_t)orders[i][k];

			assert_int_equal(owned(*state, text), OWNED_DADFAILED);
			assert_true(hostaddr_covering(*state, &there, 0)->prefix_len == 64);
			assert_int_equal(hostaddr_covering(*state, &there, link)->ifindex, link);
			feed_address(*state, text, 64, link, 0, true);
			assert_null(hostaddr_covering(*state, &there, link));
			feed_address(*state, text, 64, 7, IFA_F_DADFAILED, false);
			assert_int_equal(hostaddr_covering(*state, &there, 7)->ifindex, 7);
			feed_address(*state, text, 64, 7, 0, true);
		}
		assert_int_equal(owned(*state, text), OWNED_NO);
		assert_int_equal(hostaddr_covering(*state, &there, 0)->ifindex, 9);
		assert_int_equal(hostaddr_covering(*state, &wide, 9)->prefix_len, 32);
	}
}

static struct input numbered(unsigned i)
{
	struct input in = route(ROUTE_LOCAL, "2001:db8::", 128, RT_TABLE_LOCAL);

	in.route.prefix.bytes[13] = (uint8_t)(i >> 16);
	in.route.prefix.bytes[14] = (uint8_t)(i >> 8);
	in.route.prefix.bytes[15] = (uint8_t)i;
	return in;
}

static void test_bound(void **state)
{
	struct input in;

	for (unsigned i = 0; i < HOSTADDR_MAX + 5; i++) {
		in = numbered(i);
		assert_int_equal(hostaddr_feed(*state, &in), i < HOSTADDR_MAX);
	}
	assert_true(hostaddr_dropped(*state) >= 5);
	in = numbered(HOSTADDR_MAX);
	assert_int_equal(hostaddr_owned(*state, &in.route.prefix, NULL), OWNED_NO);
	in = numbered(HOSTADDR_MAX - 1);
	assert_int_equal(hostaddr_owned(*state, &in.route.prefix, NULL), OWNED_YES);
	/* Other tables still have room, and one that went makes room for another. */
	assert_true(feed_link(*state, 1, "eth0", true, false));
	in.route.gone = true;
	assert_true(hostaddr_feed(*state, &in));
	in = numbered(HOSTADDR_MAX);
	assert_true(hostaddr_feed(*state, &in));
	assert_int_equal(hostaddr_owned(*state, &in.route.prefix, NULL), OWNED_YES);
}

#define test(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {test(test_routes_own),
					   test(test_prefix_lengths),
					   test(test_two_tables),
					   test(test_other_kinds_do_not_own),

					   test(test_flags),
					   test(test_address_on_two_links),
					   test(test_covering),
					   test(test_default),
					   test(test_default_of_two_routers),
					   test(test_resync_repeats),
					   test(test_resync_sweeps),
					   test(test_resync_interrupted),
					   test(test_news_during_resync),
					   test(test_link_renamed),
					   test(test_indices),
					   test(test_bound)};

	return cmocka_run_group_tests_name("hostaddr", tests, NULL, NULL);
}
