// SPDX-License-Identifier: GPL-2.0-only
/* The outbox: what is owed to whom and when, through outages of any length. */
#include "base/cleanup.h"
#include "core/outbox.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SECOND 1000000ULL
#define OPENED "2026-11-22T14:00:00Z"
#define CHANGED "2026-11-22T14:30:00Z"

static struct outbox *box;

static int set_up(void **state)
{
	return outbox_new(&box, 2);
}

static int tear_down(void **state)
{
	outbox_free(&box);
	return 0;
}

static int put(uint64_t id, const char *labels, bool over, bool urgent, uint64_t now)
{
	return outbox_put(box,
			  &(struct alert){.id = id,
					  .labels = labels,
					  .annotations = "{}",
					  .starts = OPENED,
					  .changed = CHANGED,
					  .over = over},
			  urgent, now);
}

/* What the receiver is told next, and takes or not. */
static void check_told(size_t receiver, const char *want, bool takes, uint64_t now)
{
	autofree char *text = outbox_write(box, receiver);

	assert_string_equal(text, want);
	assert_int_equal(outbox_next(box, receiver), UINT64_MAX);
	outbox_done(box, receiver, takes, now);
}

#define LASTS(labels) "{\"labels\":" labels ",\"annotations\":{},\"startsAt\":\"" OPENED "\"}"
#define OVER(labels)                                                                               \
	"{\"labels\":" labels ",\"annotations\":{},\"startsAt\":\"" OPENED                         \
	"\",\"endsAt\":\"" CHANGED "\"}"

static void test_life(void **state)
{
	uint64_t now = 7 * SECOND;

	assert_int_equal(outbox_next(box, 0), UINT64_MAX);
	put(1, "{\"a\":1}", false, true, now);
	assert_true(outbox_next(box, 0) <= now);
	check_told(0, "[" LASTS("{\"a\":1}") "]\n", true, now);
	assert_int_equal(outbox_next(box, 0), now + OUTBOX_INTERVAL);
	now += OUTBOX_INTERVAL;
	check_told(0, "[" LASTS("{\"a\":1}") "]\n", true, now); /* repeated while it lasts */
	put(1, "{\"a\":1}", true, true, now);
	assert_int_equal(outbox_next(box, 0), now);
	check_told(0, "[" OVER("{\"a\":1}") "]\n", true, now);
	assert_int_equal(outbox_next(box, 0), now + OUTBOX_INTERVAL); /* the other is still owed */
	check_told(1, "[" OVER("{\"a\":1}") "]\n", true, now);
	assert_int_equal(outbox_next(box, 0), UINT64_MAX);
	assert_int_equal(outbox_next(box, 1), UINT64_MAX);
}

/* An hour: attempts become rare, but never rarer than the backoff's bound; what is told in the end
 * is how things are then, and nothing is lost. */
static void test_outage(void **state)
{
	uint64_t now = 0, last = 0;
	unsigned attempts = 0;

	put(1, "{\"a\":1}", false, true, now);
	put(2, "{\"a\":2}", false, true, now);
	for (; now < 3600 * SECOND; now += SECOND) {
		if (now == 600 * SECOND)
			put(1, "{\"a\":1}", true, true, now);
		if (now == 1200 * SECOND)
			put(3, "{\"a\":3}", false, true, now);
		if (outbox_next(box, 0) > now)
			continue;
		free(outbox_write(box, 0));
		outbox_done(box, 0, false, now);
		assert_true(now - last <= OUTBOX_BACKOFF_MAX);
		last = now;
		attempts++;
	}
	assert_in_range(attempts, 60, 70);
	now = outbox_next(box, 0);
	check_told(0, "[" OVER("{\"a\":1}") ",\n" LASTS("{\"a\":2}") ",\n" LASTS("{\"a\":3}") "]\n",
		   true, now);
	assert_int_equal(outbox_next(box, 0), now + OUTBOX_INTERVAL);
	check_told(0, "[" LASTS("{\"a\":2}") ",\n" LASTS("{\"a\":3}") "]\n", true, now);
	assert_int_equal(outbox_dropped(box), 0);
}

static void test_changes(void **state)
{
	autofree char *text = NULL;

	put(1, "{\"a\":1}", false, true, 0);
	check_told(0, "[" LASTS("{\"a\":1}") "]\n", true, 0);
	put(1, "{\"a\":2}", false, true, SECOND); /* other labels: another alert */
	check_told(0, "[" OVER("{\"a\":1}") ",\n" LASTS("{\"a\":2}") "]\n", true, SECOND);
	check_told(0, "[" LASTS("{\"a\":2}") "]\n", true, SECOND);
	put(1, "{\"a\":2}", false, false, SECOND); /* not urgent: with the next repetition */
	assert_int_equal(outbox_next(box, 0), SECOND + OUTBOX_INTERVAL);
	text = outbox_write(box, 0);
	put(1, "{\"a\":2}", true, true, 2 * SECOND); /* while it is being told */
	assert_int_equal(outbox_next(box, 0), UINT64_MAX);
	outbox_done(box, 0, true, 3 * SECOND);
	assert_int_equal(outbox_next(box, 0), 3 * SECOND);
	check_told(0, "[" OVER("{\"a\":2}") "]\n", true, 3 * SECOND);
}

/* Before the end every receiver is tried once more, but for what is only repeated. */
static void test_end(void **state)
{
	uint64_t now = 7 * SECOND;

	assert_false(outbox_is_owing(box));
	put(1, "{\"a\":1}", false, true, now);
	assert_true(outbox_is_owing(box));
	check_told(0, "[" LASTS("{\"a\":1}") "]\n", true, now);
	assert_true(outbox_is_owing(box));
	check_told(1, "[" LASTS("{\"a\":1}") "]\n", false, now);
	assert_false(outbox_is_owing(box)); /* who does not take it is not waited for */
	put(1, "{\"a\":1}", false, false, now);
	outbox_hurry(box, now);
	assert_int_equal(outbox_next(box, 0), now + OUTBOX_INTERVAL);
	assert_int_equal(outbox_next(box, 1), now);
	assert_true(outbox_is_owing(box));
	check_told(1, "[" LASTS("{\"a\":1}") "]\n", true, now);
	assert_false(outbox_is_owing(box));
}

/* The same fault again, before its end was told: it lasts. */
static void test_again(void **state)
{
	put(1, "{\"a\":1}", false, true, 0);
	put(1, "{\"a\":1}", true, true, 0);
	put(2, "{\"a\":1}", false, true, 0);
	check_told(0, "[" LASTS("{\"a\":1}") "]\n", true, 0);
}

static void test_bound(void **state)
{
	char labels[32];

	for (int i = 0; i < OUTBOX_ALERTS_MAX; i++) {
		snprintf(labels, sizeof(labels), "{\"a\":%d}", i);
		assert_return_code(put((uint64_t)i, labels, i == 5 || i == 9, true, 0), 0);
	}
	assert_int_equal(outbox_dropped(box), 0);
	assert_return_code(put(1000, "{\"new\":1}", false, true, 0), 0);
	assert_int_equal(outbox_dropped(box), 1); /* one that had ended */
	assert_return_code(put(1001, "{\"new\":2}", false, true, 0), 0);
	assert_int_equal(put(1002, "{\"new\":3}", false, true, 0), -ENOBUFS);
	assert_int_equal(outbox_dropped(box), 3);
	assert_return_code(put(1000, "{\"new\":1}", true, true, 0), 0);
}

static void test_adopted(void **state)
{
	struct outbox *old = box;

	put(1, "{\"a\":1}", true, true, 0);
	put(2, "{\"a\":2}", false, true, 0);
	assert_return_code(outbox_new(&box, 1), 0);
	outbox_adopt(box, old, SECOND);
	outbox_free(&old);
	check_told(0, "[" OVER("{\"a\":1}") ",\n" LASTS("{\"a\":2}") "]\n", true, SECOND);
}

int main(void)
{
#define test(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		test(test_life),  test(test_outage),  test(test_changes), test(test_again),
		test(test_bound), test(test_adopted), test(test_end),
	};

	return cmocka_run_group_tests_name("outbox", tests, NULL, NULL);
}
