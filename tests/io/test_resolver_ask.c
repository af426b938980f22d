// SPDX-License-Identifier: GPL-2.0-only
/* What can be asked of the resolver, and what can be a server: the sentences for all else. */
#include "dns_ear.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void test_wrong_names(void **state)
{
	char label[70] = "", name[300] = "", fits[260] = "";
	struct failure failure;
	struct ear ear;

	(void)state;
	memset(label, 'x', 64);
	for (int i = 0; i < 127; i++)
		strcat(fits, i ? ".a" : "a"); /* 253 bytes */
	snprintf(name, sizeof(name), "%sa", fits);
	const struct {
		const char *name, *sentence;
	} cases[] = {
		{"", "the name \"\" is empty and so cannot be in DNS"},
		{".", "the name \".\" is empty and so cannot be in DNS"},
		{"a..b", "the name \"a..b\" has an empty label (two dots in a row, or one in "
			 "front) and so cannot be in DNS"},
		{".a", "the name \".a\" has an empty label (two dots in a row, or one in front) "
		       "and so cannot be in DNS"},
		{"a.b..", "the name \"a.b..\" has an empty label (two dots in a row, or one in "
			  "front) and so cannot be in DNS"},
		{label, "the name \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...\" has a label of over "
			"63 bytes and so cannot be in DNS"},
		{name, "the name \"a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a....\" is over 253 bytes "
		       "long and so cannot be in DNS"},
		{"\x1b[31m..", "the name \"\\027[31m..\" has an empty label (two dots in a row, or "
			       "one in front) and so cannot be in DNS"},
		{"a\\999", "the name \"a\\999\" has a broken escape (\\DDD is a byte, as in a zone "
			   "file) and so cannot be in DNS"},
	};
	ear_open(&ear, "127.0.0.1:9", NULL);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		failure.text[0] = '\0';
		assert_int_equal(resolver_ask(ear.resolver, RESOLVE_NAME, cases[i].name, &failure),
				 -EINVAL);
		assert_string_equal(failure.text, cases[i].sentence);
	}
	strcat(fits, ".");
	ear_ask(&ear, RESOLVE_NAME, fits);
	ear_ask(&ear, RESOLVE_NAME, label + 1);
	assert_int_equal(resolver_pending(ear.resolver), 2);
	ear_close(&ear);
}

static void test_server_addresses(void **state)
{
	static const char *const good[] = {
		"192.0.2.1",	   "192.0.2.1:5353",   "2001:db8::1",
		"[2001:db8::1]",   "[2001:db8::1]:53", "::1",
		"192.0.2.1:65535", "::ffff:192.0.2.1", "0:0:0:0:0:0:0:1"};
	static const char *const bad[] = {"",
					  "dns.example.org",
					  "192.0.2.1:",
					  "192.0.2.1:0",
					  "192.0.2.1:65536",
					  "192.0.2.1:5x",
					  "192.0.2.1:+5",
					  "192.0.2",
					  "[192.0.2.1]:53",
					  "[2001:db8::1",
					  "[2001:db8::1]53",
					  "2001:db8::1]:53",
					  "fe80::1%lo",
					  ":53",
					  "1.2.3.4,5.6.7.8"};
	struct failure failure;
	struct resolver *resolver = NULL;
	struct ear ear;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		ear_open(&ear, good[i], NULL);
		ear_close(&ear);
	}
	ear_open(&ear, NULL, NULL); /* the system's */
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		failure.text[0] = '\0';
		assert_int_equal(
			resolver_new(&resolver, ear.loop, &bad[i], 1, NULL, NULL, &failure),
			-EINVAL);
		assert_null(resolver);
		assert_non_null(strstr(failure.text, "is no address of a DNS server"));
		assert_non_null(strstr(failure.text, bad[i]));
	}
	ear_close(&ear);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrong_names),
		cmocka_unit_test(test_server_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
