// SPDX-License-Identifier: GPL-2.0-only
/* Postfix: what main.cf says, in the syntax of postconf(5), and what that means for an address. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "core/postfix.h"

#include <string.h>

static struct postfix read_text(const char *text)
{
	struct postfix p;

	postfix_read(text, strlen(text), &p);
	return p;
}

static void test_syntax(void **state)
{
	struct postfix p = read_text("# smtp_address_preference = ipv6\n"
				     "smtp_address_preference=ipv6\n"
				     "smtp_address_preference =  ipv4 \n"
				     "inet_protocols = ipv4,\n"
				     "# a comment among\n"
				     "\n"
				     "\t ipv6\n"
				     "smtp_bind_address6x = ::1\n"
				     "no equals sign\n"
				     "  goes on with that\n"
				     "myhostname = mail.example.org");

	assert_string_equal(p.smtp_address_preference, "ipv4");
	assert_string_equal(p.inet_protocols, "ipv4, ipv6");
	assert_string_equal(p.smtp_bind_address6, "");
	assert_string_equal(p.myhostname, "mail.example.org");
}

static void test_bounds(void **state)
{
	char text[2000] = "mydomain = ";
	struct postfix p;

	memset(text + 11, 'x', sizeof(text) - 11);
	postfix_read(text, sizeof(text), &p);
	assert_int_equal(strlen(p.mydomain), POSTFIX_VALUE - 1);
	postfix_read("", 0, &p);
	assert_string_equal(p.mydomain, "");
}

static void sends(const char *text, const char *address, enum postfix_sends expected)
{
	struct postfix p = read_text(text);
	struct addr a;

	assert_int_equal(address_parse(address, &a), 0);
	assert_int_equal(postfix_sends_from(&p, &a), expected);
}

static void test_sends(void **state)
{
	sends("", "2001:db8::2", POSTFIX_AS_CHOSEN);
	sends("smtp_address_preference = any", "2001:db8::2", POSTFIX_AS_CHOSEN);
	sends("smtp_address_preference = ipv4", "2001:db8::2", POSTFIX_FALLS_BACK);
	sends("smtp_address_preference = ipv4", "192.0.2.2", POSTFIX_AS_CHOSEN);
	sends("smtp_address_preference = ipv6", "192.0.2.2", POSTFIX_FALLS_BACK);
	sends("inet_protocols = ipv4", "2001:db8::2", POSTFIX_NEVER);
	sends("inet_protocols = all", "2001:db8::2", POSTFIX_AS_CHOSEN);
	sends("smtp_bind_address6 = 2001:db8::7", "2001:db8::2", POSTFIX_NEVER);
	sends("smtp_bind_address6 = 2001:db8::2", "2001:db8::2", POSTFIX_ALWAYS);
	sends("smtp_bind_address = 192.0.2.7", "2001:db8::2", POSTFIX_AS_CHOSEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_syntax),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_sends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
