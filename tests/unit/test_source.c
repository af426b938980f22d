// SPDX-License-Identifier: GPL-2.0-only
/* Source addresses: who is chosen, rule by rule of RFC 6724, and as IPv4 does it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "core/source.h"
#include "samples/parsed.h"

#include <linux/if_addr.h>

static const struct input_link eth0 = {.ifindex = 2, .name = "eth0", .up = true, .running = true};
static struct hostaddr *host;

static void feed_address(const char *text, uint8_t len, uint32_t ifindex, uint32_t flags)
{
	struct addr a = parsed(text);
	uint8_t mapped = (uint8_t)(len + (address_is_v4(&a) ? 96 : 0));
	struct input route = {.kind = INPUT_ROUTE,
			      .route = {.kind = ROUTE_LOCAL,
					.prefix = a,
					.prefix_len = 128,
					.table = 255,
					.oif = ifindex}};

	hostaddr_feed(host, &(struct input){.kind = INPUT_ADDRESS,
					    .address = {.address = a,
							.prefix_len = mapped,
							.ifindex = ifindex,
							.flags = flags}});
	if (!(flags & IFA_F_TENTATIVE))
		hostaddr_feed(host, &route);
}

static void feed_default(const char *prefix, uint8_t len, uint32_t oif)
{
	hostaddr_feed(host, &(struct input){.kind = INPUT_ROUTE,
					    .route = {.kind = ROUTE_DEFAULT,
						      .prefix = parsed(prefix),
						      .prefix_len = len,
						      .table = 254,
						      .oif = oif}});
}

static int setup(void **state)
{
	struct input link = {.kind = INPUT_LINK, .link = eth0};

	if (hostaddr_new(&host) < 0)
		return -1;
	hostaddr_feed(host, &link);
	return 0;
}

static int teardown(void **state)
{
	hostaddr_free(&host);
	return 0;
}

static void chooses(const char *text, uint8_t len, const char *gateway, enum source_choice choice,
		    enum source_choice deprecated)
{
	struct addr a = parsed(text), router = parsed(gateway ? gateway : "::");
	struct source s = source_choose(host, &a, len, &eth0, gateway ? &router : NULL);

	assert_int_equal(s.choice, choice);
	assert_int_equal(s.deprecated, deprecated);
}

/* As in the founding incident: a link-local address is no rival, so even a deprecated address is
 * used. */
static void test_alone(void **state)
{
	feed_address("fe80::2", 64, 2, 0);
	feed_address("2001:db8::2", 64, 2, 0); /* itself is none either */
	feed_address("2001:db8::7", 64, 2, IFA_F_TENTATIVE);
	chooses("2001:db8::2", 64, NULL, SOURCE_ALWAYS, SOURCE_ALWAYS);
}

static void test_same_prefix(void **state)
{
	feed_address("2001:db8::7", 64, 2, 0);
	chooses("2001:db8::2", 64, NULL, SOURCE_ALWAYS, SOURCE_NEVER);
}

static void test_other_prefix(void **state)
{
	feed_address("2001:db8:ff::7", 64, 2, 0);
	chooses("2001:db8::2", 64, NULL, SOURCE_SOMETIMES, SOURCE_NEVER);
}

static void test_deprecated_rival(void **state)
{
	feed_address("2001:db8:ff::7", 64, 2, IFA_F_DEPRECATED);
	chooses("2001:db8::2", 64, NULL, SOURCE_ALWAYS, SOURCE_SOMETIMES);
}

static void test_outgoing_interface(void **state)
{
	feed_address("2001:db8:ff::7", 64, 3, 0);
	feed_default("::", 0, 3);
	chooses("2001:db8::2", 64, NULL, SOURCE_NEVER, SOURCE_NEVER);
	feed_address("2001:db8:fe::7", 64, 2, 0);
	chooses("2001:db8::2", 64, NULL, SOURCE_NEVER, SOURCE_NEVER);
}

static void test_labels(void **state)
{
	feed_address("fd00::7", 64, 2, 0);
	chooses("2001:db8::2", 64, NULL, SOURCE_ALWAYS, SOURCE_NEVER);
	chooses("fd00:1::2", 64, NULL, SOURCE_SOMETIMES, SOURCE_NEVER);
	feed_address("2001:db8:ff::7", 64, 2, 0);
	chooses("fd00:1::2", 64, NULL, SOURCE_NEVER, SOURCE_NEVER);
}

static void test_temporary(void **state)
{
	feed_address("2001:db8::7", 64, 2, IFA_F_TEMPORARY);
	chooses("2001:db8::2", 64, NULL, SOURCE_SOMETIMES, SOURCE_NEVER);
}

/* IPv6 addresses say nothing of IPv4, nor the other way round. */
static void test_families(void **state)
{
	feed_address("192.0.2.7", 24, 2, 0);
	chooses("2001:db8::2", 64, NULL, SOURCE_ALWAYS, SOURCE_ALWAYS);
}

static void test_v4(void **state)
{
	chooses("198.51.100.2", 32, "192.0.2.1", SOURCE_ALWAYS, SOURCE_ALWAYS);
	feed_address("203.0.113.7", 32, 2, 0);
	chooses("198.51.100.2", 32, "192.0.2.1", SOURCE_NEVER, SOURCE_NEVER);
	chooses("192.0.2.9", 24, "192.0.2.1", SOURCE_ALWAYS, SOURCE_ALWAYS);
	feed_address("192.0.2.7", 24, 2, 0);
	chooses("192.0.2.9", 24, "192.0.2.1", SOURCE_NEVER, SOURCE_NEVER);
}

int main(void)
{
#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		test(test_alone),
		test(test_same_prefix),
		test(test_other_prefix),
		test(test_deprecated_rival),
		test(test_outgoing_interface),
		test(test_labels),
		test(test_temporary),
		test(test_families),
		test(test_v4),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
