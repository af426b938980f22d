// SPDX-License-Identifier: GPL-2.0-only
/* What follows of a host's ways from its addresses and default routes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "base/cleanup.h"
#include "core/hearsay.h"
#include "samples/parsed.h"

static void route(struct engine *e, enum route_kind kind, const char *prefix, uint8_t len,
		  uint32_t oif)
{
	struct input in = {.kind = INPUT_ROUTE};

	in.route = (struct input_route){.kind = kind,
					.prefix = parsed(prefix),
					.prefix_len = len,
					.table = 254,
					.oif = oif};
	engine_feed(e, &in);
}

/* eth0 (2) leads to the world in IPv4; eth1 (3) has a /64. */
static struct engine *make(void)
{
	static const struct engine_policy policy;
	struct input in = {.kind = INPUT_ADDRESS};
	struct engine *e = NULL;

	assert_int_equal(engine_new(&e, &policy), 0);
	route(e, ROUTE_LOCAL, "192.0.2.1", 128, 2);
	route(e, ROUTE_LOCAL, "2001:db8:1::1", 128, 3);
	route(e, ROUTE_DEFAULT, "0.0.0.0", 96, 2);
	in.address = (struct input_address){
		.address = parsed("2001:db8:1::1"), .prefix_len = 64, .ifindex = 3};
	engine_feed(e, &in);
	return e;
}

/* -1: nothing follows. */
static int path(const char *dst, uint32_t ifindex, enum fact forwards)
{
	cleanup(engine_free) struct engine *e = make();
	const struct engine_question q = {parsed(dst), parsed("2001:db8:7::5"), ifindex};
	struct input in;

	if (!hearsay_path(e, &(struct hearsay){.forwards = forwards}, &q, &in))
		return -1;
	assert_int_equal(in.kind, INPUT_PATH);
	assert_int_equal(in.path.ifindex, ifindex);
	assert_true(address_equal(&in.path.dst, &q.dst));
	assert_int_equal(in.path.oif != 0,
			 in.path.kind == PATH_FORWARD || in.path.kind == PATH_HAIRPIN);
	return in.path.kind;
}

static void test_path(void **state)
{
	(void)state;
	assert_int_equal(path("192.0.2.1", 2, FACT_UNKNOWN), PATH_LOCAL);
	assert_int_equal(path("198.51.100.1", 2, FACT_NO), PATH_NONE);
	assert_int_equal(path("198.51.100.1", 2, FACT_UNKNOWN), -1);
	assert_int_equal(path("198.51.100.1", 2, FACT_YES), PATH_HAIRPIN);
	assert_int_equal(path("198.51.100.1", 3, FACT_YES), PATH_FORWARD);
	assert_int_equal(path("2001:db8:1::2", 3, FACT_YES), PATH_HAIRPIN);
	assert_int_equal(path("2001:db8:1::2", 2, FACT_YES), PATH_FORWARD);
	assert_int_equal(path("2001:db8:9::2", 2, FACT_YES), PATH_NONE);
	assert_int_equal(path("2001:db8:9::2", 2, FACT_UNKNOWN), PATH_NONE);
}

static enum fact back(const char *address, const char *peer)
{
	cleanup(engine_free) struct engine *e = make();
	const struct engine_question q = {parsed(address), parsed(peer), 2};
	struct input in;

	if (!hearsay_return(e, &(struct hearsay){0}, &q, &in))
		return FACT_UNKNOWN;
	assert_int_equal(in.kind, INPUT_RETURN);
	return in.back.reachable ? FACT_YES : FACT_NO;
}

static void test_return(void **state)
{
	(void)state;
	assert_int_equal(back("192.0.2.1", "203.0.113.5"), FACT_YES);
	assert_int_equal(back("2001:db8:1::1", "2001:db8:7::5"), FACT_NO);
	assert_int_equal(back("2001:db8:1::1", "2001:db8:1::7"), FACT_YES);
	assert_int_equal(back("192.0.2.1", "2001:db8:1::7"), FACT_UNKNOWN);
}

/* What the routes of a host say, where all are known: to `dst`, by eth0. */
static int told(const char *dst, const struct input_route *routes, size_t count)
{
	cleanup(engine_free) struct engine *e = make();
	cleanup(fib_free) struct fib *fib = NULL;
	const struct engine_question q = {parsed(dst), parsed("203.0.113.5"), 2};
	struct input in = {.kind = INPUT_LINK};

	assert_int_equal(fib_new(&fib), 0);
	in.link = (struct input_link){.ifindex = 2, .name = "eth0"};
	engine_feed(e, &in);
	in.kind = INPUT_ROUTE;
	for (size_t i = 0; i < count; i++) {
		in.route = routes[i];
		fib_feed(fib, &in);
	}
	fib_feed(fib, &(struct input){.kind = INPUT_HOST_END});
	return hearsay_path(e, &(struct hearsay){fib, FACT_YES}, &q, &in) ? (int)in.path.kind : -1;
}

static void test_routes(void **state)
{
	const struct input_route routes[] = {
		{.kind = ROUTE_DEFAULT,
		 .prefix = parsed("0.0.0.0"),
		 .prefix_len = 96,
		 .table = 254,
		 .oif = 2},
		{.kind = ROUTE_UNICAST,
		 .prefix = parsed("198.51.100.0"),
		 .prefix_len = 120,
		 .table = 254,
		 .oif = 3},
		{.kind = ROUTE_BLACKHOLE,
		 .prefix = parsed("198.51.100.128"),
		 .prefix_len = 121,
		 .table = 254},
		{.kind = ROUTE_THROW,
		 .prefix = parsed("203.0.113.0"),
		 .prefix_len = 120,
		 .table = 254},
		{.kind = ROUTE_UNREACHABLE,
		 .prefix = parsed("203.0.113.0"),
		 .prefix_len = 120,
		 .table = 253},
		{.kind = ROUTE_UNICAST,
		 .prefix = parsed("2001:db8:9::"),
		 .prefix_len = 48,
		 .table = 7,
		 .oif = 3},
	};
	const size_t all = sizeof(routes) / sizeof(*routes);

	(void)state;
	assert_int_equal(told("192.0.2.1", routes, all), PATH_LOCAL);
	assert_int_equal(told("198.51.100.1", routes, all), PATH_FORWARD);
	assert_int_equal(told("198.51.100.129", routes, all), PATH_BLACKHOLE);
	assert_int_equal(told("192.0.2.9", routes, all), PATH_HAIRPIN);
	assert_int_equal(told("203.0.113.9", routes, all), PATH_BLACKHOLE);
	assert_int_equal(told("2001:db8:8::1", routes, all), PATH_NONE);
	assert_int_equal(told("2001:db8:9::1", routes, all), -1); /* if a rule leads there */
	/* The address on eth1 has no route of its link: its routes are known. */
	assert_int_equal(told("2001:db8:1::2", routes, all), PATH_NONE);
	assert_int_equal(told("2001:db8:1::2", routes, 1), PATH_FORWARD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_path),
		cmocka_unit_test(test_return),
		cmocka_unit_test(test_routes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
