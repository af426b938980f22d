// SPDX-License-Identifier: GPL-2.0-only
/* The options that say which incidents, and what becomes of them as a filter. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "cmd/option_filter.h"
#include "cmd/session.h"
#include "cmd/stored.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

#define NOW 1795358821123456789ULL
#define SECOND 1000000000ULL

static const struct command readers = {
	.name = "incidents",
	.takes = TAKES(OPT_STORE) | TAKES(OPT_SINCE) | TAKES(OPT_UNTIL) | TAKES(OPT_OPEN) |
		 TAKES(OPT_OF_NAME) | TAKES(OPT_ADDRESS) | TAKES(OPT_VERDICT) | TAKES(OPT_OUTPUT),
};

static struct options options;
static struct failure failure;

static enum options_outcome parse(const char *option, const char *value)
{
	const char *words[] = {"incidents", option, value, NULL};

	optind = 0;
	failure.text[0] = '\0';
	return options_parse(&readers, value ? 3 : 2, (char **)words, &options, &failure);
}

static void takes(const char *option, const char *value)
{
	if (parse(option, value) != OPTIONS_RUN)
		fail_msg("%s %s: %s", option, value, failure.text);
}

static void refuses(const char *option, const char *value)
{
	if (parse(option, value) != OPTIONS_BAD || !strstr(failure.text, option))
		fail_msg("%s %s: \"%s\"", option, value, failure.text);
}

static void check_moment(const char *text, when_t want)
{
	when_t when = 0;

	if (option_read_moment(text, NOW, &when) < 0)
		fail_msg("\"%s\" was refused", text);
	assert_int_equal(when, want);
}

static void test_moments(void **state)
{
	static const char *const bad[] = {"",
					  "2",
					  "d",
					  "2x",
					  "2 d",
					  "-2d",
					  "2dd",
					  "+2d",
					  "1.5h",
					  "now",
					  "2D",
					  "99999999999999999999d",
					  "18446744073709551615s",
					  "3000w"};
	when_t when;

	check_moment("0s", NOW);
	check_moment("45s", NOW - 45 * SECOND);
	check_moment("30m", NOW - 1800 * SECOND);
	check_moment("12h", NOW - 43200 * SECOND);
	check_moment("2d", NOW - 172800 * SECOND);
	check_moment("1w", NOW - 604800 * SECOND);
	check_moment("2026-11-22T14:47:01Z", NOW / SECOND * SECOND);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (option_read_moment(bad[i], NOW, &when) != -EINVAL)
			fail_msg("\"%s\" was taken", bad[i]);
}

static void test_values(void **state)
{
	when_t before = session_now();

	takes("--since", "1h");
	assert_in_range(options.since, before - 3600 * SECOND, session_now() - 3600 * SECOND);
	refuses("--since", "yesterday");
	refuses("--until", "");
	takes("--address", "2001:DB8:0::2");
	refuses("--address", "2001:db8::2/64");
	takes("--verdict", "mute");
	assert_string_equal(options.verdict, "mute");
	refuses("--verdict", "served");
	refuses("--verdict", "");
	refuses("--name", "");
	refuses("--store", "");
	refuses("--output", "");
	takes("-o", "a.html");
	assert_string_equal(options.output, "a.html");
	takes("-n", "imap.example.org"); /* the letter has two meanings */
	assert_string_equal(options.of_name, "imap.example.org");
	assert_int_equal(options.question_count, 0);
}

static void test_filter(void **state)
{
	char text[STORED_TEXT];
	struct store_filter f;

	takes("--open", NULL);
	f = stored_filter(&options, text);
	assert_true(f.open);
	assert_true(!f.since && !f.until && !f.name && !f.address && !f.verdict && !f.limit);
	takes("--name", "Imap.example.org.");
	assert_string_equal(stored_filter(&options, text).name, "Imap.example.org");
	takes("--name", "ev\033il.example.org");
	assert_string_equal(stored_filter(&options, text).name, "ev\\027il.example.org");
	takes("--address", "2001:DB8:0::2");
	assert_string_equal(stored_filter(&options, text).address, "2001:db8::2");
	takes("--until", "2026-11-22");
	assert_int_equal(stored_filter(&options, text).until, 1795305600 * SECOND);
}

static void test_ids(void **state)
{
	static const char *const bad[] = {
		"", "0", "-1", "x", "1x", " 1", "9223372036854775808", "99999999999999999999"};
	uint64_t id = 0;

	assert_int_equal(stored_read_id("7", &id, &failure), 0);
	assert_int_equal(id, 7);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(stored_read_id(bad[i], &id, &failure), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moments),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_ids),
	};

	return cmocka_run_group_tests_name("option_filter", tests, NULL, NULL);
}
