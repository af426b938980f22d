// SPDX-License-Identifier: GPL-2.0-only
/* The options of verify that are numbers, and its word. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "cmd/options.h"

#include <getopt.h>
#include <string.h>

static const struct command verifier = {
	.name = "verify",
	.words_max = 1,
	.takes = TAKES(OPT_PORT) | TAKES(OPT_WAIT) | TAKES(OPT_DURATION) | TAKES(OPT_NO_DNS) |
		 TAKES(OPT_NAME),
	.duration = 1,
};

static struct options options, own;
static struct failure failure;

static enum options_outcome parse(const char *a, const char *b, const char *c, const char *d)
{
	const char *words[] = {"verify", a, b, c, d, NULL};
	int count = 1;

	while (words[count])
		count++;
	optind = 0;
	failure.text[0] = '\0';
	return options_parse(&verifier, count, (char **)words, &options, &failure);
}

static void test_ports(void **state)
{
	assert_int_equal(parse("--port", "25", "--port", "65535"), OPTIONS_RUN);
	assert_true(options.ports_given);
	assert_true(options_wants_port(&options, 25) && options_wants_port(&options, 65535));
	assert_false(options_wants_port(&options, 26));
	assert_int_equal(parse(NULL, NULL, NULL, NULL), OPTIONS_RUN);
	assert_false(options.ports_given);
}

static void test_wrong_ports(void **state)
{
	static const char *const wrong[] = {
		"0", "65536", "", "-1", "+1", " 1", "1x", "25,993", "18446744073709551641"};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		if (parse("--port", wrong[i], NULL, NULL) != OPTIONS_BAD)
			fail_msg("--port %s", wrong[i]);
		assert_non_null(strstr(failure.text, "from 1 to 65535"));
	}
}

static void test_seconds(void **state)
{
	assert_int_equal(parse(NULL, NULL, NULL, NULL), OPTIONS_RUN);
	assert_int_equal(options.duration, 1000000); /* the command's own default */
	assert_int_equal(options.wait, 0);
	assert_int_equal(parse("--wait", "0", "-d", "2"), OPTIONS_RUN);
	assert_int_equal(options.wait, 0);
	assert_in_range(options.duration, 2000000, 2000001);
	assert_int_equal(parse("--wait", "1.5", NULL, NULL), OPTIONS_RUN);
	assert_int_equal(options.wait, 1500000);
	assert_int_equal(parse("--wait", "-1", NULL, NULL), OPTIONS_BAD);
	assert_string_equal(failure.text, "--wait \"-1\" is no number of seconds");
	assert_int_equal(parse("--wait", "nan", NULL, NULL), OPTIONS_BAD);
	assert_int_equal(parse("-d", "0", NULL, NULL), OPTIONS_BAD);
}

/* The word is an address, or else a name that is asked before the others. */
static void test_word(void **state)
{
	struct addr a = {0}, want;
	bool is_address = false;

	address_parse("2001:db8::1", &want);
	assert_int_equal(parse("2001:db8::1", "--no-dns", NULL, NULL), OPTIONS_RUN);
	assert_int_equal(options_ask_about(&options, &own, &a, &is_address, &failure), 0);
	assert_true(is_address && address_equal(&a, &want));
	assert_int_equal(parse("imap.example.org", "-n", "mail.example.org", NULL), OPTIONS_RUN);
	assert_int_equal(options_ask_about(&options, &own, &a, &is_address, &failure), 0);
	assert_false(is_address);
	assert_int_equal(own.question_count, 2);
	assert_string_equal(own.questions[0].name, "imap.example.org");
	assert_string_equal(own.questions[1].name, "mail.example.org");
	assert_int_equal(parse("imap.example.org", "--no-dns", NULL, NULL), OPTIONS_RUN);
	assert_true(options_ask_about(&options, &own, &a, &is_address, &failure) < 0);
	assert_non_null(strstr(failure.text, "is no address"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_wrong_ports),
		cmocka_unit_test(test_seconds),
		cmocka_unit_test(test_word),
	};

	return cmocka_run_group_tests_name("option_number", tests, NULL, NULL);
}
