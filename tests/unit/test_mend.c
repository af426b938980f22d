// SPDX-License-Identifier: GPL-2.0-only
/* Mends: where each part is learned, and how each form writes it down. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "core/mend_forms.h"
#include "samples/parsed.h"

#include <stdio.h>
#include <string.h>

static const struct input_link eth0 = {.ifindex = 2, .name = "eth0", .up = true, .running = true};

static struct mend whole(const char *address, uint8_t len, const char *gateway)
{
	return (struct mend){
		.address = parsed(address),
		.prefix_len = len,
		.add_address = true,
		.add_route = true,
		.link = &eth0,
		.has_gateway = true,
		.gateway = parsed(gateway),
	};
}

static void writes_at(const struct mend *m, const struct mend_place *place, const char *file,
		      const char *expected)
{
	struct mend_text text;
	char all[MEND_LINES * MEND_LINE] = "";

	mend_write(m, place, &text);
	for (size_t i = 0; i < text.count; i++) {
		strcat(all, text.lines[i]);
		strcat(all, "\n");
	}
	assert_string_equal(all, expected);
	assert_string_equal(text.file, file);
}

static void writes(const struct mend *m, enum mend_form form, const char *file,
		   const char *expected)
{
	writes_at(m, &(struct mend_place){.form = form}, file, expected);
}

static void test_v6(void **state)
{
	struct mend m = whole("2001:db8::2", 64, "fe80::1");

	writes(&m, MEND_IPROUTE2, "",
	       "ip -6 addr add 2001:db8::2/64 dev eth0\n"
	       "ip -6 route add default via fe80::1 dev eth0\n");
	writes(&m, MEND_NETWORKD, "/etc/systemd/network/10-eth0.network",
	       "[Match]\nName=eth0\n\n[Address]\nAddress=2001:db8::2/64\n\n[Route]\n"
	       "Gateway=fe80::1\n");
	writes(&m, MEND_NIXOS, "/etc/nixos/configuration.nix",
	       "networking.interfaces.\"eth0\".ipv6.addresses = [\n"
	       "  { address = \"2001:db8::2\"; prefixLength = 64; }\n];\n"
	       "networking.defaultGateway6 = {\n  address = \"fe80::1\";\n"
	       "  interface = \"eth0\";\n};\n");
	writes(&m, MEND_NETPLAN, "/etc/netplan/60-synhole.yaml",
	       "network:\n  version: 2\n  ethernets:\n    \"eth0\":\n      addresses:\n"
	       "        - \"2001:db8::2/64\"\n      routes:\n        - to: \"::/0\"\n"
	       "          via: \"fe80::1\"\n");
	writes(&m, MEND_IFUPDOWN, "/etc/network/interfaces",
	       "iface eth0 inet6 static\n    address 2001:db8::2/64\n    gateway fe80::1\n");
	writes(&m, MEND_NMCLI, "",
	       "nmcli connection modify eth0 +ipv6.addresses 2001:db8::2/64 ipv6.gateway fe80::1 "
	       "ipv6.method manual\n");
}

static void test_v4(void **state)
{
	struct mend m = whole("192.0.2.7", 32, "198.51.100.1");

	writes(&m, MEND_IPROUTE2, "",
	       "ip addr add 192.0.2.7/32 dev eth0\n"
	       "ip route add default via 198.51.100.1 dev eth0 onlink\n");
	writes(&m, MEND_NETWORKD, "/etc/systemd/network/10-eth0.network",
	       "[Match]\nName=eth0\n\n[Address]\nAddress=192.0.2.7/32\n\n[Route]\n"
	       "Gateway=198.51.100.1\nGatewayOnLink=yes\n");
	writes(&m, MEND_NETPLAN, "/etc/netplan/60-synhole.yaml",
	       "network:\n  version: 2\n  ethernets:\n    \"eth0\":\n      addresses:\n"
	       "        - \"192.0.2.7/32\"\n      routes:\n        - to: \"0.0.0.0/0\"\n"
	       "          via: \"198.51.100.1\"\n          on-link: true\n");
	writes(&m, MEND_IFUPDOWN, "/etc/network/interfaces",
	       "iface eth0 inet static\n    address 192.0.2.7/32\n    gateway 198.51.100.1\n");
}

/* Only what is lacking, and nothing where nothing is. */
static void test_lacking(void **state)
{
	struct mend m = whole("2001:db8::2", 64, "fe80::1");

	m.add_address = m.has_gateway = false;
	writes(&m, MEND_IPROUTE2, "", "ip -6 route add default via ROUTER dev eth0\n");
	writes(&m, MEND_NIXOS, "/etc/nixos/configuration.nix",
	       "networking.defaultGateway6 = {\n  address = \"ROUTER\";\n"
	       "  interface = \"eth0\";\n};\n");
	m.add_route = false;
	writes(&m, MEND_IFUPDOWN, "", "");
	m.add_address = true;
	m.link = NULL;
	writes(&m, MEND_IPROUTE2, "", "");
}

static void test_avoided_as_source(void **state)
{
	struct mend m = whole("2001:db8::2", 64, "fe80::1");
	struct mend_text text;

	m.add_route = false;
	m.avoid_as_source = true;
	writes(&m, MEND_IPROUTE2, "", "ip -6 addr add 2001:db8::2/64 dev eth0 preferred_lft 0\n");
	writes(&m, MEND_IFUPDOWN, "/etc/network/interfaces",
	       "iface eth0 inet6 static\n    address 2001:db8::2/64\n    preferred-lifetime 0\n");
	writes(&m, MEND_NETPLAN, "/etc/netplan/60-synhole.yaml",
	       "network:\n  version: 2\n  ethernets:\n    \"eth0\":\n      addresses:\n"
	       "        - \"2001:db8::2/64\":\n            lifetime: 0\n");
	mend_write(&m, &(struct mend_place){.form = MEND_NMCLI}, &text);
	assert_non_null(strstr(text.note, "preferred lifetime"));
	mend_write(&m, &(struct mend_place){.form = MEND_NETWORKD}, &text);
	assert_string_equal(text.note, "");
}

static void test_places(void **state)
{
	struct mend m = whole("2001:db8::2", 64, "fe80::1");

	m.add_route = false;
	writes_at(&m, &(struct mend_place){MEND_NETWORKD, "/run/systemd/network/5-a.network", ""},
		  "/etc/systemd/network/5-a.network.d/synhole.conf",
		  "[Address]\nAddress=2001:db8::2/64\n");
	writes_at(&m, &(struct mend_place){MEND_NMCLI, "", "Wired; 1"}, "",
		  "nmcli connection modify 'Wired; 1' +ipv6.addresses 2001:db8::2/64\n");
}

static void test_quoting(void **state)
{
	struct input_link odd = {.ifindex = 3, .name = "a'$\"\\;"};
	struct mend m = whole("2001:db8::2", 64, "fe80::1");

	m.add_route = false;
	m.link = &odd;
	writes(&m, MEND_IPROUTE2, "", "ip -6 addr add 2001:db8::2/64 dev 'a'\\''$\"\\;'\n");
	writes(&m, MEND_NIXOS, "/etc/nixos/configuration.nix",
	       "networking.interfaces.\"a'\\$\\\"\\\\;\".ipv6.addresses = [\n"
	       "  { address = \"2001:db8::2\"; prefixLength = 64; }\n];\n");
	writes(&m, MEND_NETPLAN, "/etc/netplan/60-synhole.yaml",
	       "network:\n  version: 2\n  ethernets:\n    \"a'$\\\"\\\\;\":\n      addresses:\n"
	       "        - \"2001:db8::2/64\"\n");
}

/* ---- where each part is learned */

static void feed_route(struct engine *e, const char *prefix, uint8_t len, const char *gateway)
{
	struct input in = {.kind = INPUT_ROUTE,
			   .route = {.kind = ROUTE_DEFAULT,
				     .prefix = parsed(prefix),
				     .prefix_len = len,
				     .oif = 2,
				     .gateway = parsed(gateway)}};

	engine_feed(e, &in);
}

static void feed_address(struct engine *e, const char *address, uint8_t len)
{
	struct input in = {
		.kind = INPUT_ADDRESS,
		.address = {.address = parsed(address), .prefix_len = len, .ifindex = 2}};

	engine_feed(e, &in);
}

static void feed_neighbour(struct engine *e, const char *address, uint8_t mac)
{
	struct input in = {
		.kind = INPUT_NEIGHBOUR,
		.neighbour = {.ifindex = 2, .mac = {2, mac}, .address = parsed(address)}};

	engine_feed(e, &in);
}

static void test_derivation(void **state)
{
	struct addr a = parsed("2001:db8::2");
	const struct engine_policy none = {0};
	struct engine *e;
	struct mend m;

	assert_int_equal(engine_new(&e, &none), 0);
	assert_null(mend_derive(e, &a, NULL, false).link);
	engine_feed(e, &(struct input){.kind = INPUT_LINK, .link = eth0});
	m = mend_derive(e, &a, NULL, false);
	assert_string_equal(m.link->name, "eth0");
	assert_int_equal(m.link_from, MEND_FROM_ONLY);
	assert_int_equal(m.prefix_len, 64);
	assert_true(mend_is_guess(m.prefix_from) && mend_is_guess(m.link_from));
	assert_false(m.has_gateway);

	feed_route(e, "0.0.0.0", 96, "192.0.2.1");
	feed_neighbour(e, "192.0.2.1", 1);
	feed_neighbour(e, "fe80::9", 9);
	feed_neighbour(e, "fe80::1", 1);
	m = mend_derive(e, &a, NULL, false);
	assert_int_equal(m.link_from, MEND_FROM_TWIN);
	assert_int_equal(m.gateway_from, MEND_FROM_TWIN);
	assert_true(m.has_gateway &&
		    address_equal(&m.gateway, &(struct addr){.bytes = {0xfe, 0x80, [15] = 1}}));

	feed_address(e, "2001:db8::7", 56);
	m = mend_derive(e, &a, NULL, false);
	assert_int_equal(m.link_from, MEND_FROM_NEAR);
	assert_int_equal(m.prefix_from, MEND_FROM_NEAR);
	assert_int_equal(m.prefix_len, 56);
	assert_int_equal(mend_derive(e, &a, m.link, false).link_from, MEND_FROM_SYNS);
	assert_int_equal(mend_derive(e, &a, m.link, true).link_from, MEND_FROM_ASKING);
	engine_free(&e);
}

/* A router whose address nobody has told: what its MAC address suggests is a guess. */
static void test_router_by_its_mac(void **state)
{
	struct syn_event event = {.ifindex = 2, .src_mac = {2, 0, 0, 0xab, 0xcd, 0xef}};
	struct addr v6 = parsed("2001:db8::2"), v4 = parsed("192.0.2.2");
	struct addr router = parsed("fe80::ff:feab:cdef");
	const struct engine_policy none = {0};
	struct engine *e;
	struct mend m;

	assert_int_equal(engine_new(&e, &none), 0);
	engine_feed(e, &(struct input){.kind = INPUT_LINK, .link = eth0});
	engine_feed(e, &(struct input){.kind = INPUT_SYN, .syn = {&event}});
	m = mend_derive(e, &v6, &eth0, false);
	assert_false(m.has_gateway);
	assert_int_equal(m.gateway_from, MEND_FROM_MAC);
	assert_true(mend_is_guess(m.gateway_from) && address_equal(&m.gateway, &router));
	m = mend_derive(e, &v4, &eth0, false);
	assert_int_equal(m.gateway_from, MEND_UNKNOWN);
	engine_free(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_v6),	   cmocka_unit_test(test_v4),
		cmocka_unit_test(test_lacking),	   cmocka_unit_test(test_avoided_as_source),
		cmocka_unit_test(test_places),	   cmocka_unit_test(test_quoting),
		cmocka_unit_test(test_derivation), cmocka_unit_test(test_router_by_its_mac),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
