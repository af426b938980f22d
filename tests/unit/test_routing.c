// SPDX-License-Identifier: GPL-2.0-only
/* Routing: the kernel's answers, kept and forgotten, and the choice of a gateway. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "core/routing.h"
#include "samples/parsed.h"

#include <string.h>

static void feed_path(struct routing *r, struct addr dst, uint32_t ifindex, enum path_kind kind)
{
	struct input in = {.kind = INPUT_PATH,
			   .path = {.dst = dst, .ifindex = ifindex, .kind = kind}};

	routing_feed(r, &in);
}

static void feed_return(struct routing *r, struct addr address, struct addr peer, bool reachable)
{
	struct input in = {.kind = INPUT_RETURN, .back = {address, peer, reachable, 0}};

	routing_feed(r, &in);
}

/* The last byte of the MAC address tells it from others. */
static void feed_neighbour(struct routing *r, uint32_t ifindex, const char *address, uint8_t mac,
			   bool router)
{
	struct input in = {.kind = INPUT_NEIGHBOUR,
			   .neighbour = {.ifindex = ifindex,
					 .mac = {2, 0, 0, 0, 0, mac},
					 .address = parsed(address),
					 .router = router}};

	routing_feed(r, &in);
}

static void feed_caller(struct routing *r, uint32_t ifindex, uint8_t mac)
{
	struct syn_event event = {.ifindex = ifindex, .src_mac = {2, 0, 0, 0, 0, mac}};

	routing_feed(r, &(struct input){.kind = INPUT_SYN, .syn = {&event}});
}

/* "" for none. */
static const char *gateway(struct routing *r, uint32_t ifindex, int family)
{
	static char text[ADDRESS_TEXT];
	struct addr a;

	if (!routing_gateway(r, ifindex, family, NULL, &a))
		return "";
	return address_format(&a, text);
}

static int setup(void **state)
{
	struct routing *r;

	if (routing_new(&r) < 0)
		return -1;
	*state = r;
	return 0;
}

static int teardown(void **state)
{
	struct routing *r = *state;

	routing_free(&r);
	assert_null(r);
	routing_free(&r);
	return 0;
}

static void test_answers(void **state)
{
	struct addr a = parsed("192.0.2.2"), b = parsed("192.0.2.3"), peer = parsed("198.51.100.7");

	assert_null(routing_path(*state, &a, 1));
	assert_int_equal(routing_return(*state, &a, &peer, 1), FACT_UNKNOWN);
	feed_path(*state, a, 1, PATH_HAIRPIN);
	feed_path(*state, a, 2, PATH_FORWARD);
	feed_return(*state, a, peer, false);
	assert_int_equal(routing_path(*state, &a, 1)->kind, PATH_HAIRPIN);
	assert_int_equal(routing_path(*state, &a, 2)->kind, PATH_FORWARD);
	assert_null(routing_path(*state, &a, 3));
	assert_null(routing_path(*state, &b, 1));
	assert_int_equal(routing_return(*state, &a, &peer, 1), FACT_NO);
	assert_int_equal(routing_return(*state, &peer, &a, 1), FACT_UNKNOWN);
	assert_int_equal(routing_return(*state, &b, &peer, 1), FACT_UNKNOWN);
	feed_path(*state, a, 1, PATH_NONE);
	feed_return(*state, a, peer, true);
	assert_int_equal(routing_path(*state, &a, 1)->kind, PATH_NONE);
	assert_int_equal(routing_return(*state, &a, &peer, 1), FACT_YES);
}

/* Links may have tables of their own; what was said of none in particular holds for all others. */
static void test_ways_back_by_links(void **state)
{
	struct addr a = parsed("192.0.2.2"), peer = parsed("198.51.100.7");
	struct input in = {.kind = INPUT_RETURN, .back = {a, peer, true, 1}};

	routing_feed(*state, &in);
	in.back.reachable = false;
	in.back.ifindex = 2;
	routing_feed(*state, &in);
	assert_int_equal(routing_return(*state, &a, &peer, 1), FACT_YES);
	assert_int_equal(routing_return(*state, &a, &peer, 2), FACT_NO);
	assert_int_equal(routing_return(*state, &a, &peer, 3), FACT_UNKNOWN);
	feed_return(*state, a, peer, false);
	assert_int_equal(routing_return(*state, &a, &peer, 1), FACT_YES);
	assert_int_equal(routing_return(*state, &a, &peer, 3), FACT_NO);
}

/* A SYN may have any source, "::" too. The way back to it is no path. */
static void test_kinds_are_apart(void **state)
{
	struct addr a = parsed("2001:db8::2"), zero = {0};

	feed_return(*state, a, zero, true);
	assert_null(routing_path(*state, &a, 0));
	feed_path(*state, a, 0, PATH_NONE);
	assert_int_equal(routing_return(*state, &a, &zero, 1), FACT_YES);
}

static void test_forget(void **state)
{
	struct addr a = parsed("192.0.2.2"), peer = parsed("198.51.100.7");

	feed_path(*state, a, 1, PATH_HAIRPIN);
	feed_return(*state, a, peer, false);
	feed_neighbour(*state, 1, "192.0.2.1", 1, false);
	routing_forget(*state);
	assert_null(routing_path(*state, &a, 1));
	assert_int_equal(routing_return(*state, &a, &peer, 1), FACT_UNKNOWN);
	assert_string_equal(gateway(*state, 1, AF_INET), "192.0.2.1");
}

static struct addr numbered(unsigned i)
{
	struct addr a = parsed("2001:db8::");

	a.bytes[14] = (uint8_t)(i >> 8);
	a.bytes[15] = (uint8_t)i;
	return a;
}

static void test_bound(void **state)
{
	struct addr first = numbered(0), beyond = numbered(ROUTING_MAX);

	for (unsigned i = 0; i < ROUTING_MAX; i++) {
		assert_true(routing_has_room(*state));
		feed_path(*state, numbered(i), 1, PATH_NONE);
	}
	assert_false(routing_has_room(*state));
	feed_path(*state, beyond, 1, PATH_NONE);
	feed_return(*state, beyond, first, true);
	assert_null(routing_path(*state, &beyond, 1));
	assert_int_equal(routing_return(*state, &beyond, &first, 1), FACT_UNKNOWN);
	/* What has a place can change. */
	feed_path(*state, first, 1, PATH_LOCAL);
	assert_int_equal(routing_path(*state, &first, 1)->kind, PATH_LOCAL);
	routing_forget(*state);
	assert_true(routing_has_room(*state));
	feed_path(*state, beyond, 1, PATH_NONE);
	assert_non_null(routing_path(*state, &beyond, 1));
}

static void test_gateway_alone(void **state)
{
	assert_string_equal(gateway(*state, 1, AF_INET), "");
	feed_neighbour(*state, 1, "192.0.2.1", 1, false);
	assert_string_equal(gateway(*state, 1, AF_INET), "192.0.2.1");
	assert_string_equal(gateway(*state, 2, AF_INET), "");
	assert_string_equal(gateway(*state, 1, AF_INET6), "");
	feed_neighbour(*state, 3, "fe80::1", 1, true);
	assert_string_equal(gateway(*state, 3, AF_INET), "");
	feed_neighbour(*state, 1, "192.0.2.9", 9, false);
	assert_string_equal(gateway(*state, 1, AF_INET), "");
	feed_neighbour(*state, 2, "192.0.2.1", 1, false);
	assert_string_equal(gateway(*state, 2, AF_INET), "192.0.2.1");
}

static void test_gateway_says_it_is_a_router(void **state)
{
	feed_neighbour(*state, 1, "fe80::1", 1, true);
	for (uint8_t i = 2; i < 9; i++)
		feed_neighbour(*state, 1, (const char *[]){"fe80::2", "fe80::3"}[i % 2], i, false);
	assert_string_equal(gateway(*state, 1, AF_INET6), "fe80::1");
}

/* Whatever it says of itself, and whenever it was heard. */
static void test_gateway_handed_us_the_syns(void **state)
{
	feed_neighbour(*state, 1, "fe80::3", 3, true);
	feed_neighbour(*state, 1, "fe80::2", 2, false);
	feed_neighbour(*state, 1, "fe80::1", 1, true);
	feed_caller(*state, 1, 2);
	assert_string_equal(gateway(*state, 1, AF_INET6), "fe80::2");
	/* The last one counts, and each interface has its own. */
	feed_caller(*state, 2, 1);
	assert_string_equal(gateway(*state, 1, AF_INET6), "fe80::2");
	feed_caller(*state, 1, 1);
	assert_string_equal(gateway(*state, 1, AF_INET6), "fe80::1");
}

/* Of a router with many addresses only the link-local one is a gateway in IPv6. */
static void test_gateway_is_link_local(void **state)
{
	feed_neighbour(*state, 1, "2001:db8::1", 1, true);
	assert_string_equal(gateway(*state, 1, AF_INET6), "");
	feed_neighbour(*state, 1, "fe80::1", 1, false);
	assert_string_equal(gateway(*state, 1, AF_INET6), "fe80::1");
	feed_caller(*state, 1, 1);
	feed_neighbour(*state, 1, "2001:db8::2", 1, true);
	assert_string_equal(gateway(*state, 1, AF_INET6), "fe80::1");
}

static void test_neighbour_changes_its_mac(void **state)
{
	feed_neighbour(*state, 1, "fe80::1", 1, false);
	feed_neighbour(*state, 1, "fe80::2", 2, false);
	feed_caller(*state, 1, 1);
	feed_neighbour(*state, 1, "fe80::1", 3, false);
	assert_string_equal(gateway(*state, 1, AF_INET6), "");
	feed_neighbour(*state, 1, "fe80::2", 1, false);
	assert_string_equal(gateway(*state, 1, AF_INET6), "fe80::2");
}

/* More interfaces and neighbours than there is room for: no harm, and the first are still known. */
static void test_bounded_links(void **state)
{
	for (uint32_t i = 1; i <= 5000; i++) {
		feed_caller(*state, i, 1);
		feed_neighbour(*state, i, "fe80::1", 1, false);
		feed_neighbour(*state, i, "fe80::2", 2, false);
	}
	assert_string_equal(gateway(*state, 1, AF_INET6), "fe80::1");
	assert_string_equal(gateway(*state, 64, AF_INET6), "fe80::1");
	assert_string_equal(gateway(*state, 65, AF_INET6), "");
	assert_string_equal(gateway(*state, 5000, AF_INET6), "");
}

#define test(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_answers),
		test(test_ways_back_by_links),
		test(test_kinds_are_apart),
		test(test_forget),
		test(test_bound),
		test(test_gateway_alone),
		test(test_gateway_says_it_is_a_router),
		test(test_gateway_handed_us_the_syns),
		test(test_gateway_is_link_local),
		test(test_neighbour_changes_its_mac),
		test(test_bounded_links),
	};

	return cmocka_run_group_tests_name("routing", tests, NULL, NULL);
}
