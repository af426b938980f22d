// SPDX-License-Identifier: GPL-2.0-only
/* Strangers: each destination counts once, however many rows it has. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/strangers.h"

static void note(struct strangers *s, uint32_t n)
{
	struct addr a = {.words = {1, 2, 3, n}};

	strangers_note(s, &a);
}

static void test_count(void **state)
{
	struct strangers s = {0};

	(void)state;
	for (int snapshot = 0; snapshot < 2; snapshot++) {
		strangers_begin(&s);
		for (uint32_t i = 0; i < 3000; i++)
			note(&s, i % 1000);
		assert_int_equal(s.count, snapshot ? 1000 : 0); /* that of the last whole one */
		strangers_end(&s);
		assert_int_equal(s.count, 1000);
	}
	strangers_begin(&s);
	strangers_end(&s);
	assert_int_equal(s.count, 0);
	strangers_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_count)};

	return cmocka_run_group_tests_name("strangers", tests, NULL, NULL);
}
