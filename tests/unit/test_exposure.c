// SPDX-License-Identifier: GPL-2.0-only
/* Exposure: which listeners an address shows, and which of them are new to the world. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "core/exposure.h"
#include "samples/parsed.h"

#include <stdio.h>
#include <string.h>

static const struct engine_policy none;
static struct engine *e;

static void listen_at(const char *address, uint16_t port, bool v6only, uint32_t ifindex)
{
	engine_feed(e, &(struct input){.kind = INPUT_LISTENER,
				       .listener = {.address = parsed(address),
						    .port = port,
						    .v6only = v6only,
						    .ifindex = ifindex}});
}

static void own(const char *text)
{
	struct addr a = parsed(text);

	engine_feed(e, &(struct input){.kind = INPUT_ADDRESS,
				       .address = {.address = a, .prefix_len = 128, .ifindex = 2}});
	engine_feed(e, &(struct input){.kind = INPUT_ROUTE,
				       .route = {.kind = ROUTE_LOCAL,
						 .prefix = a,
						 .prefix_len = 128,
						 .table = 255,
						 .oif = 2}});
}

/* Ports in their order: "!" new to its family but not to the other, "!!" new at all. */
static void exposes(const char *address, const char *expected)
{
	static struct exposed list[EXPOSURE_MAX];
	struct addr a = parsed(address);
	char said[256] = "";
	bool more;
	size_t n = exposure_list(e, &a, 2, list, &more);

	for (size_t i = 0; i < n; i++)
		sprintf(said + strlen(said), "%s%u%s", i ? " " : "", list[i].listener->port,
			!list[i].newly		  ? ""
			: list[i].newly_by_family ? "!"
						  : "!!");
	assert_string_equal(said, expected);
	assert_false(more);
}

static int setup(void **state)
{
	return engine_new(&e, &none);
}

static int teardown(void **state)
{
	engine_free(&e);
	return 0;
}

static void test_wildcards(void **state)
{
	own("192.0.2.2");
	listen_at("::", 993, false, 0);		/* both families */
	listen_at("::", 389, true, 0);		/* IPv6 alone */
	listen_at("0.0.0.0", 389, false, 0);	/* IPv4 alone */
	listen_at("::", 80, true, 0);		/* not over IPv4 */
	listen_at("127.0.0.1", 5432, false, 0); /* not from outside */
	listen_at("2001:db8::2", 22, false, 0); /* waits for the address */
	listen_at("2001:db8::3", 23, false, 0); /* for another one */
	listen_at("::", 24, false, 3);		/* on another interface */
	exposes("2001:db8::2", "22!! 80!! 389! 993!");
	exposes("192.0.2.3", "389 993");
}

static void test_offered_already(void **state)
{
	listen_at("::", 993, false, 0);
	own("2001:db8::7");
	exposes("2001:db8::2", "993");
}

/* What only the private network reaches is new to the Internet. */
static void test_private_is_not_public(void **state)
{
	listen_at("0.0.0.0", 993, false, 0);
	own("10.0.0.2");
	own("127.0.0.1");
	exposes("192.0.2.2", "993!!");
	exposes("10.0.0.3", "993");
}

/* Each way in which a port can be offered elsewhere. */
static void test_ways_of_offering(void **state)
{
	own("2001:db8::7");
	listen_at("::", 1, true, 0);
	listen_at("::", 2, false, 2); /* bound to where the other address is */
	listen_at("2001:db8::2", 3, false, 0);
	listen_at("2001:db8::7", 3, false, 0);
	listen_at("2001:db8::2", 4, false, 0);
	listen_at("0.0.0.0", 4, false, 0);
	exposes("2001:db8::2", "1 2 3 4!!");
	own("192.0.2.7");
	exposes("2001:db8::2", "1 2 3 4!");
}

static void test_one_row_for_a_port(void **state)
{
	for (int i = 0; i < 300; i++)
		listen_at("::", 443, false, 0);
	exposes("2001:db8::2", "443!!");
}

static void test_bound(void **state)
{
	static struct exposed list[EXPOSURE_MAX];
	struct addr a = parsed("2001:db8::2");
	bool more;

	for (uint16_t port = 1; port <= EXPOSURE_MAX; port++)
		listen_at("::", port, false, 0);
	assert_int_equal(exposure_list(e, &a, 2, list, &more), EXPOSURE_MAX);
	assert_false(more);
	listen_at("::", 9999, false, 0);
	assert_int_equal(exposure_list(e, &a, 2, list, &more), EXPOSURE_MAX);
	assert_true(more);
}

int main(void)
{
#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		test(test_wildcards),
		test(test_offered_already),
		test(test_private_is_not_public),
		test(test_one_row_for_a_port),
		test(test_ways_of_offering),
		test(test_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
