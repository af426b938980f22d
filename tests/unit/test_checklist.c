// SPDX-License-Identifier: GPL-2.0-only
/* The checklist: a fault is said once, and what needs that step waits. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/checklist.h"

#include <string.h>

static void test_all_in_order(void **state)
{
	struct checklist list = {.count = 0};

	for (enum check_step step = 0; step < CHECK_STEPS; step++) {
		assert_false(checklist_waits(&list, step, 993));
		checklist_say(&list, step, 0, CHECK_OK, "%s", checklist_step_words(step));
		assert_non_null(checklist_step_name(step));
	}
	assert_int_equal(list.count, CHECK_STEPS);
	assert_int_equal(list.worst, SEVERITY_OK);
}

static void test_waits_for_what_fails(void **state)
{
	struct checklist list = {.count = 0};

	checklist_say(&list, CHECK_OWNED, 0, CHECK_OK, "owned");
	checklist_say(&list, CHECK_ROUTE, 0, CHECK_CRITICAL, "no route");
	assert_true(checklist_waits(&list, CHECK_RETURN, 0));
	assert_false(checklist_waits(&list, CHECK_ALONE, 0));
	assert_false(checklist_waits(&list, CHECK_UNFILTERED, 993));
	assert_int_equal(checklist_missing(&list, CHECK_ANSWERED, 993), CHECK_ROUTE);
	assert_int_equal(list.count, 3);
	assert_int_equal(list.lines[2].state, CHECK_WAITS);
	assert_non_null(strstr(list.lines[2].words, "default route"));
	assert_int_equal(list.worst, SEVERITY_CRITICAL);
}

static void test_ports_are_apart(void **state)
{
	struct checklist list = {.count = 0};

	checklist_say(&list, CHECK_LISTENING, 25, CHECK_CRITICAL, "nothing");
	checklist_say(&list, CHECK_LISTENING, 993, CHECK_OK, "something");
	assert_int_equal(checklist_missing(&list, CHECK_ANSWERED, 25), CHECK_LISTENING);
	assert_int_equal(checklist_missing(&list, CHECK_ANSWERED, 993), CHECK_STEPS);
	assert_int_equal(checklist_missing(&list, CHECK_ANSWERED, 0), CHECK_STEPS);
}

static void test_doubts_hold_nothing_up(void **state)
{
	static const enum check_state doubts[] = {CHECK_NOTE, CHECK_WAITS, CHECK_WARNING,
						  CHECK_UNKNOWN};
	static const enum severity worst[] = {SEVERITY_OK, SEVERITY_OK, SEVERITY_WARNING,
					      SEVERITY_UNKNOWN};

	for (size_t i = 0; i < sizeof(doubts) / sizeof(*doubts); i++) {
		struct checklist list = {.count = 0};

		checklist_say(&list, CHECK_ROUTE, 0, doubts[i], "a doubt");
		assert_false(checklist_waits(&list, CHECK_ANSWERED, 0));
		assert_int_equal(list.worst, worst[i]);
	}
}

/* Lines beyond the bound are dropped, but what they mean is not. */
static void test_bound(void **state)
{
	struct checklist list = {.count = 0};

	for (size_t i = 0; i < CHECKLIST_LINES_MAX; i++)
		checklist_say(&list, CHECK_PUBLISHED, 0, CHECK_OK, "line %zu", i);
	checklist_say(&list, CHECK_OWNED, 0, CHECK_CRITICAL, "no room");
	assert_int_equal(list.count, CHECKLIST_LINES_MAX);
	assert_int_equal(list.worst, SEVERITY_CRITICAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_in_order),
		cmocka_unit_test(test_waits_for_what_fails),
		cmocka_unit_test(test_ports_are_apart),
		cmocka_unit_test(test_doubts_hold_nothing_up),
		cmocka_unit_test(test_bound),
	};

	return cmocka_run_group_tests_name("checklist", tests, NULL, NULL);
}
