// SPDX-License-Identifier: GPL-2.0-only
/* Messages of rtnetlink(7) that no kernel would send. */
#include "base/address.h"
#include "base/cleanup.h"
#include "io/rtnl_parse.h"

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
/* after those */
#include <cmocka.h>

/* In a buffer that ends where the message does. */
static bool parse_copy(const struct nlmsghdr *nlh, uint32_t length, struct input *ret_input)
{
	autofree struct nlmsghdr *copy = malloc(length);

	assert_non_null(copy);
	memcpy(copy, nlh, length);
	copy->nlmsg_len = length;
	return rtnl_parse(copy, ret_input);
}

static struct nlmsghdr *route_message(char *buffer, uint8_t type, uint32_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct rtmsg *rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));

	nlh->nlmsg_type = RTM_NEWROUTE;
	rtm->rtm_family = AF_INET;
	rtm->rtm_dst_len = 32;
	rtm->rtm_type = type;
	rtm->rtm_flags = flags;
	rtm->rtm_table = RT_TABLE_LOCAL;
	mnl_attr_put_u32(nlh, RTA_DST, htonl(0xc0000202));
	return nlh;
}

static void test_parse_routes(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[256];
	struct nlmsghdr *nlh = route_message(buffer, RTN_LOCAL, 0);
	struct input input;

	(void)state;
	assert_true(parse_copy(nlh, nlh->nlmsg_len, &input));
	assert_int_equal(input.kind, INPUT_ROUTE);
	assert_int_equal(input.route.kind, ROUTE_LOCAL);
	assert_int_equal(input.route.prefix_len, 128);
	for (uint32_t n = sizeof(*nlh); n < nlh->nlmsg_len; n++)
		assert_false(parse_copy(nlh, n, &input));
	nlh = route_message(buffer, RTN_LOCAL, RTM_F_CLONED);
	assert_false(parse_copy(nlh, nlh->nlmsg_len, &input));
	nlh = route_message(buffer, RTN_MULTICAST, 0);
	assert_false(parse_copy(nlh, nlh->nlmsg_len, &input));
	nlh = route_message(buffer, RTN_UNICAST, 0);
	assert_true(parse_copy(nlh, nlh->nlmsg_len, &input));
	assert_int_equal(input.route.kind, ROUTE_UNICAST);
	nlh = route_message(buffer, RTN_LOCAL, 0);
	((struct rtmsg *)mnl_nlmsg_get_payload(nlh))->rtm_dst_len = 33;
	assert_false(parse_copy(nlh, nlh->nlmsg_len, &input));
	((struct rtmsg *)mnl_nlmsg_get_payload(nlh))->rtm_dst_len = 32;
	((struct rtmsg *)mnl_nlmsg_get_payload(nlh))->rtm_family = AF_INET6;
	assert_false(parse_copy(nlh, nlh->nlmsg_len, &input));
}

/* A next hop that claims to be longer than the message, or shorter than itself, is no gateway. */
static void test_parse_hops(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[256];
	const uint16_t lengths[] = {0, 7, 8, 16, 17, UINT16_MAX};
	struct addr gateway;
	struct input input;

	(void)state;
	assert_int_equal(address_parse("192.0.2.1", &gateway), 0);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct {
			struct rtnexthop hop;
			struct nlattr gateway;
			uint32_t address;
		} path = {
			.hop = {.rtnh_len = lengths[i], .rtnh_ifindex = 5},
			.gateway = {.nla_len = 8, .nla_type = RTA_GATEWAY},
			.address = htonl(0xc0000201),
		};
		struct nlmsghdr *nlh = route_message(buffer, RTN_LOCAL, 0);

		mnl_attr_put(nlh, RTA_MULTIPATH, sizeof(path), &path);
		assert_true(parse_copy(nlh, nlh->nlmsg_len, &input));
		assert_int_equal(address_equal(&input.route.gateway, &gateway), lengths[i] == 16);
		assert_int_equal(input.route.oif, lengths[i] == 8 || lengths[i] == 16 ? 5 : 0);
	}
}

static void test_parse_long_names(void **state)
{
	_Alignas(struct nlmsghdr) char buffer[256];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	struct input input;

	(void)state;
	nlh->nlmsg_type = RTM_NEWLINK;
	ifi->ifi_index = 3;
	mnl_attr_put_str(nlh, IFLA_IFNAME, "0123456789abcdefghij");
	assert_true(parse_copy(nlh, nlh->nlmsg_len, &input));
	assert_string_equal(input.link.name, "0123456789abcde");
	ifi->ifi_family = AF_BRIDGE;
	assert_false(parse_copy(nlh, nlh->nlmsg_len, &input));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse_routes),
		cmocka_unit_test(test_parse_hops),
		cmocka_unit_test(test_parse_long_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
