// SPDX-License-Identifier: GPL-2.0-only
/* The counting table as a reader sees it: torn slots, a race, and what is told of it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "io/slots.h"
#include "samples/slot_keys.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

static struct table_seed seed;

static int setup(void **state)
{
	seed = slot_seed_clear();
	return 0;
}

static struct slot whole_slot(unsigned id, __u64 count)
{
	struct slot slot = {.key = slot_key_of(id), .first = 1, .last = 2};

	slot.tagged = table_tag(&seed, &slot.key) | count;
	return slot;
}

static void test_empty(void **state)
{
	struct slot slot = {0}, read, before;

	memset(&read, 0xa5, sizeof(read));
	before = read;
	assert_false(slots_read(&seed, &slot, &read));
	slot.key = slot_key_of(1);
	assert_false(slots_read(&seed, &slot, &read));
	assert_memory_equal(&read, &before, sizeof(read));
}

static void test_whole(void **state)
{
	static const __u64 counts[] = {0, 1, 2, 0xffffffff, 0x100000000, ABI_COUNT_MASK};

	for (unsigned id = 0; id < SLOT_KEYS; id++) {
		for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
			struct slot slot = whole_slot(id, counts[i]), read = {0};

			assert_true(slots_read(&seed, &slot, &read));
			assert_memory_equal(&read, &slot, sizeof(read));
			assert_true(table_count(&read) == counts[i]);
		}
	}
}

/* Each mixture of two keys' words beside each of their fingerprints. */
static void test_torn(void **state)
{
	struct slot read = {.misses = 7};

	for (unsigned number = 0; number < SLOT_MIXTURES; number++) {
		unsigned ids[SLOT_WORDS];
		struct slot slot = {0};

		slot_mixture(number, ids);
		slot.key = slot_key_mixed(ids);
		for (unsigned id = 0; id < SLOT_KEYS; id++) {
			struct slot_key key = slot_key_of(id);

			slot.tagged = table_tag(&seed, &key) | 5;
			if (slots_read(&seed, &slot, &read) !=
			    (slot_mixture_is_whole(ids) && ids[0] == id))
				fail_msg("mixture %u with the fingerprint of key %u", number, id);
		}
		slot.tagged = 0;
		assert_false(slots_read(&seed, &slot, &read));
	}
}

#define REPLACEMENTS 10000000
#define TURNS 1000  /* so often at least the reader must find another key than before */
#define PATIENCE 20 /* times as many replacements for that, where the CPUs are busy */

static struct slot shared;
static bool done, enough;

/* Goes on until the reader has seen enough, too: the two may have to share a CPU. */
static bool goes_on(uint64_t i)
{
	return i < REPLACEMENTS || (i < (uint64_t)PATIENCE * REPLACEMENTS &&
				    !__atomic_load_n(&enough, __ATOMIC_RELAXED));
}

/* In the order of region_replace() and region_hit() in include/region.h. Who the key is stands in
 * the count, too: its number and one, and SLOT_KEYS for each hit. */
static void *replace_for_long(void *data)
{
	volatile struct slot *slot = &shared;
	struct slot_key keys[SLOT_KEYS];
	__u64 tags[SLOT_KEYS];

	(void)data;
	for (unsigned id = 0; id < SLOT_KEYS; id++) {
		keys[id] = slot_key_of(id);
		tags[id] = table_tag(&seed, &keys[id]);
	}
	for (uint64_t i = 0; goes_on(i); i++) {
		unsigned id = i % SLOT_KEYS;

		slot->tagged = 0;
		slot->key.dst.halves[0] = keys[id].dst.halves[0];
		slot->key.dst.halves[1] = keys[id].dst.halves[1];
		slot->key.ifindex = keys[id].ifindex;
		slot->key.port = keys[id].port;
		slot->src.halves[0] = slot->src.halves[1] = id;
		slot->first = slot->last = (__u32)i;
		slot->misses = 0;
		slot->tagged = tags[id] | (id + 1);
		for (unsigned hits = i % 16 == i / 16 % 16 ? 512 : 0; hits; hits--)
			slot->tagged += SLOT_KEYS;
	}
	__atomic_store_n(&done, true, __ATOMIC_RELEASE);
	return NULL;
}

static void test_race(void **state)
{
	unsigned long whole = 0, torn = 0, turns = 0, before = SLOT_KEYS;
	struct slot read;
	pthread_t writer;

	assert_int_equal(pthread_create(&writer, NULL, replace_for_long, NULL), 0);
	while (!__atomic_load_n(&done, __ATOMIC_ACQUIRE)) {
		struct slot_key key;
		unsigned id;

		if (!slots_read(&seed, &shared, &read)) {
			torn++;
			continue;
		}
		id = (unsigned)(table_count(&read) - 1) % SLOT_KEYS;
		key = slot_key_of(id);
		assert_memory_equal(&read.key, &key, sizeof(key));
		whole++;
		turns += id != before;
		before = id;
		if (turns == TURNS)
			__atomic_store_n(&enough, true, __ATOMIC_RELAXED);
	}
	pthread_join(writer, NULL);
	print_message("# %lu whole reads, in which the key changed %lu times; %lu torn\n", whole,
		      turns, torn);
	if (turns < TURNS)
		print_message("# not shown: the two threads hardly ever ran at the same time\n");
}

static void test_region_bytes(void **state)
{
	size_t before = slots_region_bytes(1);

	assert_int_equal(before, 2 << 20);
	assert_int_equal(slots_region_bytes(32), 2 << 20);
	assert_int_equal(slots_region_bytes(33), 1 << 20);
	for (unsigned cpus = 1; cpus <= ABI_MAX_CPUS; cpus++) {
		size_t bytes = slots_region_bytes(cpus);

		assert_true(bytes >= 64 << 10 && bytes <= 2 << 20 && bytes <= before);
		assert_int_equal(bytes & (bytes - 1), 0);
		assert_true(bytes * cpus <= 64 << 20);
		/* As much as may be. */
		assert_true(bytes == 2 << 20 || 2 * bytes * cpus > 64 << 20);
		before = bytes;
	}
}

static void test_region_of(void **state)
{
	assert_int_equal(slots_region_of(4 << 20, 2), 2 << 20);
	assert_int_equal(slots_region_of((4 << 20) - 1, 2), 1 << 20);
	assert_int_equal(slots_region_of(64 << 10, 1), 64 << 10);
	assert_int_equal(slots_region_of((64 << 10) - 1, 1), 0);
	assert_int_equal(slots_region_of(64 << 10, 2), 0);
	assert_int_equal(slots_region_of(SIZE_MAX, 1), (size_t)1 << 36);
	assert_int_equal(slots_region_of((size_t)100 << 20, 3), 32 << 20);
}

/* What slots_tell() tells, of a table that lies in a file. */
struct told {
	size_t begins, ends, count;
	struct input_count rows[8];
};

static void hear(void *data, const struct input *in)
{
	struct told *told = data;

	told->begins += in->kind == INPUT_COUNTS_BEGIN;
	told->ends += in->kind == INPUT_COUNTS_END;
	if (in->kind != INPUT_COUNT)
		return;
	assert_true(told->begins == 1 && !told->ends && told->count < 8);
	told->rows[told->count++] = in->count;
}

#define REGION ((size_t)64 << 10)
#define TICK 4000000ULL
#define NOW 1800000000000000000ULL

static int table_of(const struct slot *slots, const size_t *places, size_t count)
{
	autoclose int fd = memfd_create("table", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 2 * REGION), 0);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(pwrite(fd, &slots[i], sizeof(slots[i]),
					(off_t)(places[i] * sizeof(slots[i]))),
				 sizeof(slots[i]));
	return take_fd(&fd);
}

/* Twice: what stays mapped was mapped the first time. */
static void tell_twice(bool stays)
{
	const size_t last = 2 * REGION / sizeof(struct slot) - 1;
	struct slot slots[] = {whole_slot(0, 5), whole_slot(1, 7), whole_slot(2, 9)};
	autoclose int fd = table_of(slots, (size_t[]){0, last / 2, last}, 3);
	struct slots table = {.fd = fd, .cpus = 2, .region = REGION, .seed = seed, .stays = stays};
	struct tick_clock clock = {.jiffies = 1002, .now = NOW, .tick = TICK};
	struct told told = {0};

	assert_int_equal(slots_tell(&table, &clock, NULL, hear, &told), 0);
	assert_true((table.table != NULL) == stays);
	told = (struct told){0};
	assert_int_equal(slots_tell(&table, &clock, NULL, hear, &told), 0);
	slots_close(&table);
	assert_null(table.table);
	assert_int_equal(told.ends, 1);
	assert_int_equal(told.count, 3);
	for (unsigned i = 0; i < 3; i++) {
		struct slot_key key = slot_key_of(i);

		assert_memory_equal(&told.rows[i].dst, &key.dst, sizeof(key.dst));
		assert_int_equal(told.rows[i].ifindex, key.ifindex);
		assert_int_equal(told.rows[i].port, key.port);
		assert_int_equal(told.rows[i].syns, 5 + 2 * i);
		assert_true(told.rows[i].first == NOW - 1001 * TICK);
		assert_true(told.rows[i].last == NOW - 1000 * TICK);
	}
}

static void test_tell(void **state)
{
	tell_twice(false);
	tell_twice(true);
}

static void test_tell_one(void **state)
{
	struct slot slots[] = {whole_slot(0, 5), whole_slot(1, 7), whole_slot(1, 9)};
	autoclose int fd = table_of(slots, (size_t[]){0, 1, REGION / sizeof(struct slot)}, 3);
	struct slots table = {.fd = fd, .cpus = 2, .region = REGION, .seed = seed};
	struct tick_clock clock = {.jiffies = 1002, .now = NOW, .tick = TICK};
	struct slot_key one = slot_key_of(1);
	struct told told = {0};

	assert_int_equal(slots_tell(&table, &clock, &one.dst, hear, &told), 0);
	assert_int_equal(told.begins, 1);
	assert_int_equal(told.ends, 1);
	assert_int_equal(told.count, 2);
	assert_int_equal(told.rows[0].syns, 7);
	assert_int_equal(told.rows[1].syns, 9);
}

static when_t last_of(__u32 last, uint64_t jiffies)
{
	struct slot slot = whole_slot(0, 5);
	struct tick_clock clock = {.jiffies = jiffies, .now = NOW, .tick = TICK};
	struct slots table = {.cpus = 1, .region = REGION, .seed = seed};
	struct told told = {0};
	autoclose int fd = -1;

	slot.first = slot.last = last;
	fd = table.fd = table_of(&slot, (size_t[]){3}, 1);
	assert_int_equal(slots_tell(&table, &clock, NULL, hear, &told), 0);
	assert_int_equal(told.count, 1);
	return told.rows[0].last;
}

/* Ticks are kept in 32 bits, which the kernel fills for the first time five minutes after boot. */
static void test_ticks_wrap(void **state)
{
	assert_true(last_of(0xfffffff0, 0x100000010) == NOW - 0x20 * TICK);
	assert_true(last_of(0xfffffff0, 0xfffffff0) == NOW);
	assert_true(last_of(5, 0x300000005) == NOW);
}

/* The clock is read first, then the table: SYNs that come between the two are of now, not of the
 * time before the counter's last turn (49 days or more). */
static void test_ticks_after_the_clock(void **state)
{
	const when_t minute = 60000000000;

	assert_true(last_of(1001, 1000) > NOW - minute);
	assert_true(last_of(0, 0xffffffff) > NOW - minute);
	assert_true(last_of(1001, 1000) < NOW + minute);
}

static void test_no_table(void **state)
{
	struct slots table = {.fd = -1, .cpus = 2, .region = REGION, .seed = seed};
	struct tick_clock clock = {.jiffies = 1, .now = NOW, .tick = TICK};
	struct told told = {0};

	assert_int_equal(slots_tell(&table, &clock, NULL, hear, &told), -EBADF);
	assert_int_equal(told.begins, 1);
	assert_int_equal(told.ends, 1);
	assert_int_equal(told.count, 0);
}

#define test(fn) cmocka_unit_test(fn)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_empty),	 test(test_whole),
		test(test_torn),	 test(test_race),
		test(test_region_bytes), test(test_region_of),
		test(test_tell),	 test(test_tell_one),
		test(test_ticks_wrap),	 test(test_ticks_after_the_clock),
		test(test_no_table)};

	return cmocka_run_group_tests_name("slots", tests, setup, NULL);
}
