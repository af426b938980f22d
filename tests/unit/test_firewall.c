// SPDX-License-Identifier: GPL-2.0-only
/* The firewall's word, from rules as nft 1.0.6 prints them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "core/firewall.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define DPORT "{\"payload\":{\"protocol\":\"tcp\",\"field\":\"dport\"}}"
#define MATCH(left, right) "{\"match\":{\"op\":\"==\",\"left\":" left ",\"right\":" right "}}"
#define PORT(right) MATCH(DPORT, right)
#define META(key, right) MATCH("{\"meta\":{\"key\":\"" key "\"}}", right)
#define ACCEPT "{\"accept\":null}"
#define DROP "{\"drop\":null}"
#define CHAIN(family, name, rest)                                                                  \
	"{\"chain\":{\"family\":\"" family "\",\"table\":\"t\",\"name\":\"" name "\"" rest "}}"
#define INPUT(policy)                                                                              \
	CHAIN("inet", "in",                                                                        \
	      ",\"type\":\"filter\",\"hook\":\"input\",\"prio\":0,\"policy\":\"" policy "\"")
#define RULE_OF(chain, expr)                                                                       \
	",{\"rule\":{\"family\":\"inet\",\"table\":\"t\",\"chain\":\"" chain "\",\"expr\":[" expr  \
	"]}}"
#define RULE(expr) RULE_OF("in", expr)

static struct firewall *read_rules(const char *rules)
{
	struct firewall *f = NULL;
	char text[32768];

	snprintf(text, sizeof(text), "{\"nftables\":[%s]}", rules);
	assert_int_equal(firewall_new(&f, text, strlen(text)), 0);
	return f;
}

static void says_of(const char *rules, const char *address, uint16_t port,
		    enum firewall_says expected)
{
	static const char *const names[] = {"unknown", "accepts", "drops", "depends"};
	struct firewall *f = read_rules(rules);
	enum firewall_says said;
	struct addr a;

	assert_int_equal(address_parse(address, &a), 0);
	said = firewall_ask(f, &a, port, "eth0");
	if (said != expected)
		fail_msg("%s port %u: %s, not %s\n%s", address, port, names[said], names[expected],
			 rules);
	firewall_free(&f);
}

static void says(const char *rules, uint16_t port, enum firewall_says expected)
{
	says_of(rules, "2001:db8::2", port, expected);
}

static void test_policies(void **state)
{
	struct firewall *f = read_rules(CHAIN("inet", "out", ",\"hook\":\"output\""));

	assert_false(firewall_has_chains(f));
	firewall_free(&f);
	says("", 25, FIREWALL_ACCEPTS);
	says(INPUT("accept"), 25, FIREWALL_ACCEPTS);
	says(INPUT("drop"), 25, FIREWALL_DROPS);
	says(INPUT("drop") RULE(PORT("25") "," ACCEPT), 25, FIREWALL_ACCEPTS);
	says(INPUT("drop") RULE(PORT("25") "," ACCEPT), 26, FIREWALL_DROPS);
	says(INPUT("accept") RULE(PORT("25") ",{\"reject\":null}"), 25, FIREWALL_DROPS);
	f = read_rules(INPUT("accept"));
	assert_true(firewall_has_chains(f));
	firewall_free(&f);
}

static void test_what_is_known_of_a_call(void **state)
{
	static const char *const certain[] = {
		META("iifname", "\"eth0\""),
		META("iifname", "\"eth*\""),
		META("iif", "\"eth0\""),
		META("l4proto", "\"tcp\""),
		META("l4proto", "6"),
		META("nfproto", "\"ipv6\""),
		MATCH("{\"ct\":{\"key\":\"state\"}}", "{\"set\":[\"new\",\"untracked\"]}"),
		MATCH("{\"payload\":{\"protocol\":\"ip6\",\"field\":\"daddr\"}}",
		      "\"2001:db8::2\""),
		MATCH("{\"payload\":{\"protocol\":\"ip6\",\"field\":\"daddr\"}}",
		      "{\"prefix\":{\"addr\":\"2001:db8::\",\"len\":32}}"),
		MATCH("{\"payload\":{\"protocol\":\"ip6\",\"field\":\"nexthdr\"}}", "\"tcp\""),
		MATCH("{\"fib\":{\"result\":\"type\",\"flags\":[\"daddr\"]}}", "\"local\""),
		MATCH("{\"&\":[{\"payload\":{\"protocol\":\"tcp\",\"field\":\"flags\"}},"
		      "[\"syn\",\"ack\"]]}",
		      "\"syn\""),
		PORT("{\"range\":[20,30]}"),
		PORT("{\"set\":[22,{\"range\":[24,26]}]}"),
	};
	static const char *const never[] = {
		META("iifname", "\"eth1\""),
		META("l4proto", "\"udp\""),
		META("nfproto", "\"ipv4\""),
		MATCH("{\"ct\":{\"key\":\"state\"}}", "[\"established\",\"related\"]"),
		MATCH("{\"payload\":{\"protocol\":\"ip\",\"field\":\"saddr\"}}", "\"192.0.2.1\""),
		MATCH("{\"payload\":{\"protocol\":\"udp\",\"field\":\"dport\"}}", "25"),
		MATCH("{\"&\":[{\"payload\":{\"protocol\":\"tcp\",\"field\":\"flags\"}},"
		      "[\"syn\",\"ack\"]]}",
		      "[\"syn\",\"ack\"]"),
		PORT("24"),
		PORT("{\"set\":[22,{\"range\":[26,28]}]}"),
		"{\"match\":{\"op\":\"!=\",\"left\":" DPORT ",\"right\":25}}",
		("{\"match\":{\"op\":\"!=\",\"left\":{\"payload\":{\"protocol\":\"ip\","
		 "\"field\":\"saddr\"}},\"right\":\"192.0.2.1\"}}"),
	};
	static const char *const unknown[] = {
		MATCH("{\"payload\":{\"protocol\":\"ip6\",\"field\":\"saddr\"}}",
		      "\"2001:db8::9\""),
		MATCH("{\"payload\":{\"protocol\":\"tcp\",\"field\":\"sport\"}}", "25"),
		META("mark", "1"),
		"{\"limit\":{\"rate\":5}}",
		"{\"xt\":null}",
		MATCH(DPORT, "\"@nowhere\""),
		MATCH("{\"concat\":[]}", "{\"concat\":[]}"),
		"{\"match\":{}}",
		"{\"match\":null}",
	};
	char rules[4096];

#define each(list, expected)                                                                       \
	for (size_t i = 0; i < sizeof(list) / sizeof(*(list)); i++) {                              \
		snprintf(rules, sizeof(rules), "%s" RULE("%s," DROP), INPUT("accept"), (list)[i]); \
		says(rules, 25, expected);                                                         \
	}
	each(certain, FIREWALL_DROPS);
	each(never, FIREWALL_ACCEPTS);
	each(unknown, FIREWALL_DEPENDS);
}

static void test_order(void **state)
{
	says(INPUT("drop") RULE("{\"counter\":{}},{\"log\":null}") RULE(ACCEPT) RULE(DROP), 25,
	     FIREWALL_ACCEPTS);
	says(INPUT("accept") RULE(META("mark", "1") "," ACCEPT) RULE(DROP), 25, FIREWALL_DEPENDS);
	says(INPUT("drop") RULE("{\"return\":null}") RULE(ACCEPT), 25, FIREWALL_DROPS);
	says(INPUT("accept") RULE("{\"something new\":null}"), 25, FIREWALL_DEPENDS);
	says(INPUT("accept") RULE("{\"xt\":null}"), 25, FIREWALL_DEPENDS); /* a target */
}

static void test_chains(void **state)
{
	static const char rules[] =
		INPUT("drop") "," CHAIN("inet", "more", "") RULE("{\"jump\":{\"target\":\"more\"}}")
			RULE(PORT("26") "," ACCEPT) RULE_OF("more", PORT("25") "," ACCEPT)
				RULE_OF("more", PORT("27") ",{\"return\":null}")
					RULE_OF("more", PORT("28") "," DROP);

	says(rules, 25, FIREWALL_ACCEPTS);
	says(rules, 26, FIREWALL_ACCEPTS);
	says(rules, 27, FIREWALL_DROPS);
	says(INPUT("accept") RULE("{\"goto\":{\"target\":\"none\"}}") RULE(DROP), 25,
	     FIREWALL_ACCEPTS);
	says(INPUT("accept") RULE("{\"jump\":{\"target\":\"in\"}}"), 25, FIREWALL_DEPENDS);
}

/* Whoever lets it through, another chain may not. */
static void test_several(void **state)
{
	static const char rules[] = INPUT("accept") RULE(ACCEPT) "," CHAIN(
		"ip6", "raw", ",\"type\":\"filter\",\"hook\":\"prerouting\",\"policy\":\"drop\"");

	says(rules, 25, FIREWALL_DROPS);
	says_of(rules, "192.0.2.2", 25, FIREWALL_ACCEPTS);
}

static void test_sets_and_maps(void **state)
{
	static const char rules[] =
		INPUT("drop") ",{\"set\":{\"family\":\"inet\",\"table\":\"t\","
			      "\"name\":\"s\",\"elem\":[25,{\"elem\":{\"val\":"
			      "26,\"timeout\":9}}]}}" RULE(PORT("\"@s\"") "," ACCEPT) RULE(
				      "{\"vmap\":{\"key\":" DPORT ",\"data\":{\"set\":[[110," ACCEPT
				      "],[143," DROP "]]}}}");

	says(rules, 25, FIREWALL_ACCEPTS);
	says(rules, 26, FIREWALL_ACCEPTS);
	says(rules, 27, FIREWALL_DROPS);
	says(rules, 110, FIREWALL_ACCEPTS);
	says(rules, 143, FIREWALL_DROPS);
}

/* 4 to the power of 14 ways lead to the end: nobody waits for that. */
static void test_too_many_ways(void **state)
{
	char rules[16384] = INPUT("drop") RULE("{\"jump\":{\"target\":\"c0\"}}");

	for (int i = 0; i < 14; i++)
		for (int k = 0; k < 4; k++)
			sprintf(rules + strlen(rules),
				",{\"rule\":{\"family\":\"inet\",\"table\":\"t\",\"chain\":\"c%d\","
				"\"expr\":[{\"jump\":{\"target\":\"c%d\"}}]}}",
				i, i + 1);
	says(rules, 25, FIREWALL_DEPENDS);
}

static void test_no_ruleset(void **state)
{
	static const char *const texts[] = {"", "{", "[]", "{}", "{\"nftables\":1}"};
	struct firewall *f = NULL;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		assert_int_equal(firewall_new(&f, texts[i], strlen(texts[i])), -EINVAL);
		assert_null(f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_policies),   cmocka_unit_test(test_what_is_known_of_a_call),
		cmocka_unit_test(test_order),	   cmocka_unit_test(test_chains),
		cmocka_unit_test(test_several),	   cmocka_unit_test(test_sets_and_maps),
		cmocka_unit_test(test_no_ruleset), cmocka_unit_test(test_too_many_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
