// SPDX-License-Identifier: GPL-2.0-only
/* The default route of a VRF is none of the host's, and the other way round. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/mend.h"
#include "core/mend_forms.h"
#include "samples/parsed.h"

#include <linux/if_arp.h>
#include <stdio.h>
#include <string.h>

enum { ETH0 = 2, RED0, RED, BRIDGE, PORT };

static void add_link(struct engine *e, uint32_t ifindex, const char *name, const char *driver,
		     uint32_t master)
{
	struct input in = {.kind = INPUT_LINK, .now = 1};

	in.link = (struct input_link){.ifindex = ifindex,
				      .up = true,
				      .running = true,
				      .type = ARPHRD_ETHER,
				      .master = master};
	snprintf(in.link.name, sizeof(in.link.name), "%s", name);
	snprintf(in.link.driver, sizeof(in.link.driver), "%s", driver);
	engine_feed(e, &in);
}

static void add_default(struct engine *e, uint32_t oif, uint32_t table)
{
	struct input in = {.kind = INPUT_ROUTE, .now = 1};

	in.route = (struct input_route){.kind = ROUTE_DEFAULT, .table = table, .oif = oif};
	engine_feed(e, &in);
}

static int setup(void **state)
{
	static const struct engine_policy policy;
	struct engine *e;

	if (engine_new(&e, &policy) < 0)
		return -1;
	add_link(e, ETH0, "eth0", "veth", 0);
	add_link(e, RED0, "red0", "veth", RED);
	add_link(e, RED, "red", "vrf", 0);
	add_link(e, BRIDGE, "br0", "bridge", RED);
	add_link(e, PORT, "port0", "veth", BRIDGE);
	*state = e;
	return 0;
}

static int teardown(void **state)
{
	struct engine *e = *state;

	engine_free(&e);
	return 0;
}

static uint32_t way_of(struct engine *e, uint32_t ifindex)
{
	const struct input_route *r = hostaddr_default(e->host, AF_INET6, ifindex);

	return r ? r->oif : 0;
}

static void test_each_has_its_own(void **state)
{
	struct engine *e = *state;

	assert_null(hostaddr_vrf(e->host, ETH0));
	assert_null(hostaddr_vrf(e->host, 0));
	assert_string_equal(hostaddr_vrf(e->host, RED)->name, "red");
	assert_string_equal(hostaddr_vrf(e->host, PORT)->name, "red");
	add_default(e, RED0, 9);
	assert_int_equal(way_of(e, 0), 0);
	assert_int_equal(way_of(e, ETH0), 0);
	assert_int_equal(way_of(e, RED0), RED0);
	assert_int_equal(way_of(e, PORT), RED0);
	add_default(e, ETH0, 254);
	assert_int_equal(way_of(e, 0), ETH0);
	assert_int_equal(way_of(e, RED0), RED0);
}

static void test_a_circle_of_masters_ends(void **state)
{
	struct engine *e = *state;

	add_link(e, RED, "red", "bond", BRIDGE);
	assert_null(hostaddr_vrf(e->host, PORT));
}

/* What mends it has to say so. */
static void test_a_route_of_a_vrf(void **state)
{
	struct engine *e = *state;
	struct addr a = parsed("2001:db8::2");
	struct mend m = mend_derive(e, &a, hostaddr_link(e->host, RED0), false);
	static const struct mend_place place;
	struct mend_text text;

	m.add_route = m.has_gateway = true;
	m.gateway = parsed("fe80::1");
	mend_write(&m, &place, &text);
	assert_string_equal(text.lines[0], "ip -6 route add default via fe80::1 dev red0 vrf red");
}

int main(void)
{
#define test(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		test(test_each_has_its_own),
		test(test_a_circle_of_masters_ends),
		test(test_a_route_of_a_vrf),
	};

	return cmocka_run_group_tests_name("hostaddr_vrf", tests, NULL, NULL);
}
