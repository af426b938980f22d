// SPDX-License-Identifier: GPL-2.0-only
/* Verdicts: the rules are those of docs/verdicts.md, row by row. Their behaviour is in the cases.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/verdict.h"

#include <stdio.h>
#include <string.h>

/* "| 12 | `blackhole` | words | ..." */
static bool is_row(const char *line, unsigned row)
{
	char number[16], words[256];

	snprintf(number, sizeof(number), "| %u | ", row);
	snprintf(words, sizeof(words), " | %s | ", verdict_rule_words(row));
	return strncmp(line, number, strlen(number)) == 0 && strstr(line, words);
}

static void test_rows_are_documented(void **state)
{
	FILE *file = fopen("docs/verdicts.md", "re");
	char line[1024];
	unsigned row = 1;

	if (!file)
		skip(); /* not from the tree's root */
	while (fgets(line, sizeof(line), file))
		if (row <= VERDICT_RULES && is_row(line, row))
			row++;
	fclose(file);
	if (row <= VERDICT_RULES)
		fail_msg("docs/verdicts.md has no row %u with \"%s\"", row,
			 verdict_rule_words(row));
}

static void test_rule_is_told(void **state)
{
	struct facts facts = {.published = true};

	assert_int_equal(verdict_judge(&facts).rule, 14);
	assert_string_equal(verdict_rule_words(14), "published");
	facts.published = false;
	assert_int_equal(verdict_judge(&facts).rule, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_are_documented),
		cmocka_unit_test(test_rule_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
