// SPDX-License-Identifier: GPL-2.0-only
/* Options: how often each may be given, and the nearest of many names. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "cmd/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const struct command all = {.name = "capture", .takes = TAKES(OPTIONS) - 1};
static struct options options;
static struct failure failure;

#define MANY (OPTIONS_NAMES_MAX + 1)
static char many[2 * MANY][24];
static char *words[2 * MANY + 2] = {(char *)"capture"};

/* `count` times the option with values that differ. */
static enum options_outcome parse_many(const char *option, const char *format, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		snprintf(many[2 * i], sizeof(many[0]), "%s", option);
		snprintf(many[2 * i + 1], sizeof(many[0]), format, i / 256, i % 256);
		words[1 + 2 * i] = many[2 * i];
		words[2 + 2 * i] = many[2 * i + 1];
	}
	words[1 + 2 * count] = NULL;
	optind = 0;
	return options_parse(&all, 1 + 2 * (int)count, words, &options, &failure);
}

static void test_bounds(void **state)
{
	static const struct {
		const char *option, *format;
		unsigned most;
	} rows[] = {
		{"-i", "i%u-%u", OPTIONS_LIST_MAX},
		{"--dns", "192.0.%u.%u", OPTIONS_LIST_MAX},
		{"--elsewhere", "192.0.%u.%u", OPTIONS_LIST_MAX},
		{"--alias", "10.0.%u.%u=10.1.0.1", OPTIONS_LIST_MAX},
		{"-n", "n%u.%u.example.org", OPTIONS_NAMES_MAX},
		{"--mx", "n%u.%u.example.org", OPTIONS_NAMES_MAX},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(parse_many(rows[i].option, rows[i].format, rows[i].most),
				 OPTIONS_RUN);
		assert_int_equal(parse_many(rows[i].option, rows[i].format, rows[i].most + 1),
				 OPTIONS_BAD);
		assert_non_null(strstr(failure.text, "more than"));
	}
}

static void check_nearest(const char *word, const char *want)
{
	static const char *const names[] = {"capture", "check", "host", "watch", NULL};
	const char *near = options_nearest(word, names);

	if (strcmp(near ? near : "nothing", want) != 0)
		fail_msg("%.32s: nearest is %s, not %s", word, near ? near : "nothing", want);
}

static void test_nearest(void **state)
{
	char long_word[200];

	check_nearest("capture", "capture");
	check_nearest("captrue", "capture");
	check_nearest("captur", "capture");
	check_nearest("chekc", "check");
	check_nearest("hosts", "host");
	check_nearest("wacth", "watch");
	check_nearest("incidents", "nothing");
	check_nearest("", "nothing");
	memset(long_word, 'c', sizeof(long_word) - 1);
	long_word[sizeof(long_word) - 1] = '\0';
	check_nearest(long_word, "nothing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_nearest),
	};

	return cmocka_run_group_tests_name("options, many", tests, NULL, NULL);
}
