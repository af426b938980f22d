// SPDX-License-Identifier: GPL-2.0-only
/* The counting table in memory: exact for what is known, bounded for strangers, with full times. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "core/tally.h"
#include "table.h"

#include <string.h>

static const struct table_seed seed = {
	.set = {9, 0x9e3779b97f4a7c15, 3, 0xbf58476d1ce4e5b9, 5, 7, 11},
	.tag = {1, 0x94d049bb133111eb, 3, 5, 7, 0x9e3779b97f4a7c15, 9}};

/* Addresses that begin with a 1 are known. */
static uint32_t known(void *data, const struct addr *a)
{
	(void)data;
	return a->bytes[0] == 1 ? KNOWN_PUBLISHED : 0;
}

struct told {
	uint64_t syns, rows, others;
	when_t first, last;
	bool begun, ended, watched;
};

static void hear(void *data, const struct input *in)
{
	struct told *t = data;

	if (in->kind == INPUT_COUNTS_BEGIN) {
		t->begun = true;
		t->watched = in->answers_watched;
		return;
	}
	t->ended |= in->kind == INPUT_COUNTS_END;
	if (in->kind != INPUT_COUNT)
		return;
	assert_true(t->begun && !t->ended);
	t->rows++;
	if (in->count.kind == SLOT_SYN)
		t->syns += in->count.syns;
	else
		t->others += in->count.syns;
	t->first = in->count.first;
	t->last = in->count.last;
}

static struct told tell(const struct tally *t)
{
	struct told told = {0};

	tally_tell(t, 1, true, hear, &told);
	assert_true(told.begun && told.ended && told.watched);
	return told;
}

static struct tally *make(void)
{
	struct tally *t = NULL;

	assert_int_equal(tally_new(&t, &seed, known, NULL), 0);
	return t;
}

static struct slot_key key_of(uint32_t number, bool is_known)
{
	struct slot_key key = {.ifindex = 2, .port = (__u16)(1 + number % 7)};

	key.dst.words[2] = number * 2654435761;
	key.dst.words[3] = number;
	key.dst.bytes[0] = is_known;
	return key;
}

static void test_times(void **state)
{
	static const when_t times[] = {5000000000, 3, UINT32_MAX * 1000000000ULL, 7};
	cleanup(tally_free) struct tally *t = make();
	struct slot_key key = key_of(1, true);
	struct told told;

	(void)state;
	assert_false(tally_has(t, &key));
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(tally_count(t, &key, &key.dst, times[i]), KNOWN_PUBLISHED);
	assert_true(tally_has(t, &key));
	told = tell(t);
	assert_int_equal(told.rows, 1);
	assert_int_equal(told.syns, 4);
	assert_true(told.first == 3 && told.last == times[2]);
}

/* Half as many strangers again as there are slots: nothing is lost but what is said to be. */
static void test_strangers(void **state)
{
	const uint32_t strangers = TALLY_SLOTS + TALLY_SLOTS / 2;
	cleanup(tally_free) struct tally *t = make();
	struct told told;

	(void)state;
	for (uint32_t i = 0; i < strangers; i++) {
		struct slot_key key = key_of(i, i % 4096 == 0);

		tally_count(t, &key, &key.dst, 1 + i);
		if (i % 4096 == 0)
			tally_count(t, &key, &key.dst, 2 + i);
	}
	told = tell(t);
	assert_true(told.rows <= TALLY_SLOTS);
	assert_int_equal(told.rows, tally_used(t));
	assert_int_equal(told.syns + tally_losses(t).unattributed, strangers + strangers / 4096);
	assert_true(tally_losses(t).unattributed > strangers / 10);
	for (uint32_t i = 0; i < strangers; i += 4096) {
		struct slot_key key = key_of(i, true);

		assert_true(tally_has(t, &key));
	}
}

/* More known keys than may stand in one set are counted in their second ones, each for itself. */
static void test_crowded(void **state)
{
	cleanup(tally_free) struct tally *t = make();
	struct slot_key crowd[ABI_WAYS + 2];
	size_t found = 0;
	__u32 set = 0;

	(void)state;
	for (uint32_t i = 0; found < sizeof(crowd) / sizeof(*crowd); i++) {
		struct slot_key key = key_of(i, true);

		if (!found)
			set = table_set(&seed, &key, TALLY_SLOTS / ABI_WAYS - 1);
		if (table_set(&seed, &key, TALLY_SLOTS / ABI_WAYS - 1) == set)
			crowd[found++] = key;
	}
	for (size_t round = 0; round < 3; round++)
		for (size_t i = 0; i < found; i++)
			tally_count(t, &crowd[i], &crowd[i].dst, 1);
	assert_int_equal(tell(t).rows, found);
	assert_int_equal(tell(t).syns, 3 * found);
	for (size_t i = 0; i < found; i++)
		assert_true(tally_has(t, &crowd[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_crowded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
