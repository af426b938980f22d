// SPDX-License-Identifier: GPL-2.0-only
/* The counting table's arithmetic: fingerprints, and keys that meet with no more than chance. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "samples/slot_keys.h"
#include "table.h"

/* A fingerprint is never zero, and never touches the count. */
static void test_tag(void **state)
{
	struct table_seed zero = {0};
	uint64_t random = 2;

	for (unsigned i = 0; i < 100000; i++) {
		struct table_seed s = i ? slot_seed_drawn(&random) : zero;
		struct slot_key key = slot_key_of(i % SLOT_KEYS);
		__u64 tag = table_tag(&s, &key);

		assert_true(tag != 0);
		assert_true((tag & ABI_COUNT_MASK) == 0);
	}
}

/* In how many of these seeds do two keys meet, by `bits` bits of what is hashed? */
#define SEEDS (1 << 20)
#define BITS 10

static unsigned set_of(const struct table_seed *s, const struct slot_key *key)
{
	return table_set(s, key, (1 << BITS) - 1);
}

static unsigned tag_top(const struct table_seed *s, const struct slot_key *key)
{
	return (unsigned)(table_tag(s, key) >> (64 - BITS));
}

static unsigned tag_bottom(const struct table_seed *s, const struct slot_key *key)
{
	return (unsigned)(table_tag(s, key) >> (ABI_COUNT_BITS + 1)) & ((1 << BITS) - 1);
}

/* The expected number is 1024, its standard deviation 32: six of them either way. */
static void check_chance(const char *what, unsigned meetings)
{
	const unsigned chance = SEEDS >> BITS, margin = 6 * 32;

	if (meetings > chance + margin || meetings + margin < chance)
		fail_msg("%s: %u meetings in %u seeds, by chance %u", what, meetings, SEEDS,
			 chance);
}

static void check_pair(const char *what, struct slot_key a, struct slot_key b)
{
	unsigned sets = 0, tops = 0, bottoms = 0;
	uint64_t random = 3;

	for (unsigned i = 0; i < SEEDS; i++) {
		struct table_seed s = slot_seed_drawn(&random);

		sets += set_of(&s, &a) == set_of(&s, &b);
		tops += tag_top(&s, &a) == tag_top(&s, &b);
		bottoms += tag_bottom(&s, &a) == tag_bottom(&s, &b);
	}
	check_chance(what, sets);
	check_chance(what, tops);
	check_chance(what, bottoms);
}

static void test_hash(void **state)
{
	struct slot_key zero = {0}, a = slot_key_of(0), b = a;

	check_pair("all words", a, slot_key_of(1));
	b.port ^= 1;
	check_pair("the port's last bit", a, b);
	b = a;
	b.port ^= 0x8000;
	check_pair("the port's first bit", a, b);
	b = a;
	b.ifindex++;
	check_pair("the interface", a, b);
	b = a;
	b.dst.bytes[15] ^= 0x80;
	check_pair("the address's last byte", a, b);
	b = a;
	b.dst.bytes[0] ^= 1;
	check_pair("the address's first byte", a, b);
	b = a;
	b.dst.words[3] = a.dst.words[2];
	b.dst.words[2] = a.dst.words[3];
	check_pair("two words exchanged", a, b);
	b = zero;
	b.dst.words[0] = 0x80000000;
	check_pair("zero and a single bit", zero, b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tag),
		cmocka_unit_test(test_hash),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
