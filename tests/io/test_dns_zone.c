// SPDX-License-Identifier: GPL-2.0-only
/* Zone files: what is read, what is answered, and what is said of those that are wrong. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "base/cleanup.h"
#include "fuzz/memory_file.h"
#include "io/dns_zone.h"

#include <errno.h>
#include <string.h>

static int read_text(struct dns_zone **ret_zone, const char *text, struct failure *failure)
{
	char path[32];
	autoclose int fd = -1;

	fd = memory_file((const uint8_t *)text, strlen(text), path);

	return dns_zone_read(ret_zone, path, failure);
}

static const char zone_text[] = "; a comment\n"
				"$ORIGIN example.org.\n"
				"$TTL 1h30m\n"
				"@ IN SOA ns admin ( 1 ; serial, with a ( in a comment\n"
				"   3600 600\n"
				"   86400 300 )\n"
				"\tNS ns\n"
				"ns 60 IN A 192.0.2.53\n"
				"   IN 61 AAAA 2001:db8::53\n"
				"WWW CNAME one\n"
				"one CNAME two.example.org.\n"
				"two A 192.0.2.2 ; and more\n"
				"two A 192.0.2.3\n"
				"loop CNAME pool\n"
				"pool CNAME loop\n"
				"text TXT \"a; (b\" \"c\"\n"
				"dots\\.here A 192.0.2.9\n"
				"@ MX 10 two\n"
				"@ MX 20 ns\n"
				"@ MX 30 TWO\n"
				"null MX 0 .\n"
				"_imaps._tcp SRV 0 1 993 two\n"
				"_pop3._tcp SRV 0 0 0 .\n"
				"deep.down A 192.0.2.10\n"
				"$ORIGIN sub\n"
				"host A 192.0.2.11\n"
				"1.2.3 A 192.0.2.12\n";

/* Answers as "name status ttl address address via;" in the order of their coming. */
static void note(void *data, const struct input *in)
{
	static const char *const words[] = {"ok", "nodata", "nxdomain", "timeout", "servfail"};
	const struct input_name *n = &in->name;
	char *to = data, address[ADDRESS_TEXT];

	assert_int_equal(in->now, 7);
	to += strlen(to);
	to += sprintf(to, "%s %s", n->name, words[n->status]);
	if (n->count)
		to += sprintf(to, " %u", n->records[0].ttl);
	for (size_t i = 0; i < n->count; i++)
		to += sprintf(to, " %s", address_format(&n->records[i].address, address));
	sprintf(to, "%s%s;", n->via ? " by " : "", n->via ? n->via : "");
}

static void check(const struct dns_zone *z, enum resolver_question question, const char *name,
		  const char *wanted)
{
	struct failure failure = {0};
	char said[4096] = "";

	assert_int_equal(dns_zone_ask(z, question, name, 7, note, said, &failure), 0);
	assert_string_equal(said, wanted);
}

static void test_answers(void **state)
{
	cleanup(dns_zone_free) struct dns_zone *z = NULL;
	struct failure failure = {0};

	(void)state;
	if (read_text(&z, zone_text, &failure) < 0)
		fail_msg("%s", failure.text);
	check(z, RESOLVE_NAME, "ns.example.org", "ns.example.org ok 60 192.0.2.53 2001:db8::53;");
	check(z, RESOLVE_NAME, "NS.Example.ORG.", "NS.Example.ORG ok 60 192.0.2.53 2001:db8::53;");
	check(z, RESOLVE_NAME, "www.example.org", "www.example.org ok 5400 192.0.2.2 192.0.2.3;");
	check(z, RESOLVE_NAME, "loop.example.org", "loop.example.org servfail;");
	check(z, RESOLVE_NAME, "text.example.org", "text.example.org nodata;");
	check(z, RESOLVE_NAME, "down.example.org", "down.example.org nodata;");
	check(z, RESOLVE_NAME, "own.example.org", "own.example.org nxdomain;");
	check(z, RESOLVE_NAME, "dots\\.here.example.org",
	      "dots\\.here.example.org ok 5400 192.0.2.9;");
	check(z, RESOLVE_NAME, "host.sub.example.org", "host.sub.example.org ok 5400 192.0.2.11;");
	check(z, RESOLVE_NAME, "1.2.3.sub.example.org",
	      "1.2.3.sub.example.org ok 5400 192.0.2.12;");
	check(z, RESOLVE_MX, "example.org",
	      "two.example.org ok 5400 192.0.2.2 192.0.2.3 by mx example.org;"
	      "ns.example.org ok 60 192.0.2.53 2001:db8::53 by mx example.org;");
	check(z, RESOLVE_MX, "two.example.org",
	      "two.example.org ok 5400 192.0.2.2 192.0.2.3 by mx two.example.org;");
	check(z, RESOLVE_MX, "null.example.org", "null.example.org nodata by mx null.example.org;");
	check(z, RESOLVE_SRV, "_imaps._tcp.example.org",
	      "two.example.org ok 5400 192.0.2.2 192.0.2.3 by srv _imaps._tcp.example.org;");
	check(z, RESOLVE_SRV, "_pop3._tcp.example.org",
	      "_pop3._tcp.example.org nodata by srv _pop3._tcp.example.org;");
	check(z, RESOLVE_SRV, "none.example.org",
	      "none.example.org nxdomain by srv none.example.org;");
	assert_int_equal(dns_zone_ask(z, RESOLVE_NAME, "a..b", 7, note, NULL, &failure), -EINVAL);
}

static void test_names(void **state)
{
	cleanup(dns_zone_free) struct dns_zone *z = NULL;
	struct failure failure = {0};
	char all[1024] = "";
	const char *name;
	size_t at = 0;

	(void)state;
	assert_int_equal(read_text(&z,
				   "b. A 192.0.2.1\na. AAAA ::2\nA. A 192.0.2.1\n*.c. A 192.0.2.1\n"
				   "d. TXT x\ne. CNAME a.\n",
				   &failure),
			 0);
	while ((name = dns_zone_next_name(z, &at)))
		strcat(strcat(all, name), " ");
	assert_true(strcasecmp(all, "a b e ") == 0);
}

static void test_wrong(void **state)
{
	static const struct {
		const char *text, *said;
	} wrongs[] = {
		{"a. A 192.0.2.1\n\n  \na. A 192.0.2.256\n",
		 "line 4: \"192.0.2.256\" is no IPv4 address"},
		{"a. A 2001:db8::1\n", "line 1: \"2001:db8::1\" is no IPv4 address"},
		{"a. AAAA 192.0.2.1\n", "is no IPv6 address"},
		{" A 192.0.2.1\n", "begins with space"},
		{"a. IN 60\n", "ends the record before it is whole"},
		{"a. MX 10\n", "ends the record before it is whole"},
		{"a. A (\n192.0.2.1\n", "line 1: a parenthesis or a quote is not closed"},
		{"a. TXT \"x\n", "is not closed"},
		{"$INCLUDE other\n", "\"$INCLUDE\" is not understood"},
		{"$TTL soon\n", "\"soon\" is no time to live"},
		{"a..b. A 192.0.2.1\n", "cannot be a name in DNS"},
		{"a\\777. A 192.0.2.1\n", "cannot be a name in DNS"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrongs) / sizeof(*wrongs); i++) {
		struct dns_zone *z = NULL;
		struct failure failure = {0};

		assert_int_equal(read_text(&z, wrongs[i].text, &failure), -EINVAL);
		assert_null(z);
		if (!strstr(failure.text, wrongs[i].said))
			fail_msg("%s: %s", wrongs[i].text, failure.text);
	}
}

static void test_bounded(void **state)
{
	const size_t size = (DNS_ZONE_RECORDS_MAX + 1) * 16;
	autofree char *text = calloc(1, size + 1);
	struct dns_zone *z = NULL;
	struct failure failure = {0};
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i <= DNS_ZONE_RECORDS_MAX; i++)
		n += (size_t)sprintf(text + n, "a. A 192.0.2.1\n");
	assert_int_equal(read_text(&z, text, &failure), -E2BIG);
	text[n - 15] = '\0'; /* one less */
	assert_int_equal(read_text(&z, text, &failure), 0);
	dns_zone_free(&z);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
