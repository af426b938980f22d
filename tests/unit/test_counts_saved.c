// SPDX-License-Identifier: GPL-2.0-only
/* Saved counts: the next run sees what was counted since, once, and believes no other table's. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "core/counts_saved.h"

#include <errno.h>
#include <string.h>

#define GENERATION 42

static const struct addr a = {.words = {1, 2, 3, 4}};

/* A snapshot: the table's SYNs and answers since its beginning. */
static void tell(struct counts *c, uint64_t syns, uint64_t answers)
{
	struct input in = {.kind = INPUT_COUNTS_BEGIN, .now = 100};

	counts_feed(c, &in);
	in.kind = INPUT_COUNT;
	in.count = (struct input_count){.kind = SLOT_SYN, .ifindex = 1, .dst = a, .port = 25};
	in.count.syns = syns;
	counts_feed(c, &in);
	in.count = (struct input_count){.kind = SLOT_RST, .dst = a, .port = 25, .syns = answers};
	counts_feed(c, &in);
	in.kind = INPUT_COUNTS_END;
	counts_feed(c, &in);
}

static uint64_t syns_of(const struct counts *c)
{
	struct destination d;

	return counts_at(c, 0, &d) ? d.syns : 0;
}

static void test_goes_on(void **state)
{
	struct counts first = {0}, second = {0};
	autofree void *saved = NULL;
	size_t size;

	(void)state;
	tell(&first, 10, 3);
	counts_rotate(&first);
	tell(&first, 15, 4); /* 5 and 1 in this window */
	assert_int_equal(syns_of(&first), 5);
	saved = counts_save(&first, GENERATION, &size);
	assert_non_null(saved);

	assert_int_equal(counts_restore(&second, GENERATION, saved, size), 0);
	assert_int_equal(syns_of(&second), 0);
	tell(&second, 15, 4);
	assert_int_equal(syns_of(&second), 0);
	tell(&second, 17, 6);
	assert_int_equal(syns_of(&second), 2);
	assert_int_equal(counts_evidence(&second, &a, 0).rsts, 2);
	counts_free(&first);
	counts_free(&second);
}

static void test_others_are_refused(void **state)
{
	struct counts c = {0};
	autofree char *saved = NULL;
	size_t size;

	(void)state;
	tell(&c, 10, 3);
	saved = counts_save(&c, GENERATION, &size);
	assert_int_equal(counts_restore(&c, GENERATION + 1, saved, size), -EINVAL);
	assert_int_equal(counts_restore(&c, GENERATION, saved, size - 1), -EINVAL);
	assert_int_equal(counts_restore(&c, GENERATION, saved, 3), -EINVAL);
	assert_int_equal(counts_restore(&c, GENERATION, saved, 0), -EINVAL);
	saved[8]++; /* the version */
	assert_int_equal(counts_restore(&c, GENERATION, saved, size), -EINVAL);
	counts_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_goes_on),
		cmocka_unit_test(test_others_are_refused),
	};

	return cmocka_run_group_tests_name("counts_saved", tests, NULL, NULL);
}
