// SPDX-License-Identifier: GPL-2.0-only
/* Counts: rows of the counting table, added up over CPUs, in order, one snapshot at a time. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "core/counts.h"

#include <stdlib.h>

static void feed(struct counts *counts, enum input_kind kind)
{
	counts_feed(counts, &(struct input){.kind = kind});
}

static struct input_count row(const char *dst, uint32_t ifindex, uint16_t port, uint64_t syns,
			      when_t first, when_t last)
{
	struct input_count count = {
		.ifindex = ifindex, .port = port, .syns = syns, .first = first, .last = last};

	assert_int_equal(address_parse(dst, &count.dst), 0);
	/* Who sent the last one is told by its time. */
	assert_int_equal(address_parse("2001:db8:7::", &count.src), 0);
	count.src.bytes[15] = (uint8_t)last;
	return count;
}

static void feed_row(struct counts *counts, struct input_count count)
{
	counts_feed(counts, &(struct input){.kind = INPUT_COUNT, .count = count});
}

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct counts));
	return !*state;
}

static int teardown(void **state)
{
	counts_free(*state);
	free(*state);
	return 0;
}

static void test_nothing(void **state)
{
	struct destination d = {.syns = 77};

	assert_false(counts_at(*state, 0, &d));
	feed(*state, INPUT_COUNTS_BEGIN);
	feed(*state, INPUT_COUNTS_END);
	assert_false(counts_at(*state, 0, &d));
	assert_int_equal(d.syns, 77);
}

static void test_merge(void **state)
{
	struct destination d;

	feed(*state, INPUT_COUNTS_BEGIN);
	feed_row(*state, row("192.0.2.2", 1, 80, 5, 20, 30));
	feed_row(*state, row("192.0.2.2", 1, 443, 1, 9, 50));
	feed_row(*state, row("192.0.2.2", 1, 80, 7, 10, 40));
	feed_row(*state, row("192.0.2.2", 1, 80, 11, 15, 35));
	feed(*state, INPUT_COUNTS_END);
	assert_true(counts_at(*state, 0, &d));
	assert_int_equal(d.count, 2);
	assert_int_equal(d.syns, 24);
	assert_int_equal(d.first, 9);
	assert_int_equal(d.last, 50);
	assert_int_equal(d.ports[0].port, 80);
	assert_int_equal(d.ports[0].syns, 23);
	assert_int_equal(d.ports[0].first, 10);
	assert_int_equal(d.ports[0].last, 40);
	assert_int_equal(d.ports[0].src.bytes[15], 40);
	assert_int_equal(d.ports[1].port, 443);
	assert_false(counts_at(*state, 2, &d));
}

/* By interface, destination and port, however they come. */
static void test_order(void **state)
{
	static const struct {
		uint32_t ifindex;
		const char *dst;
		size_t ports;
	} want[] = {
		{1, "192.0.2.2", 2}, {1, "192.0.2.3", 1}, {1, "2001:db8::1", 3},
		{2, "192.0.2.2", 1}, {256, "0.0.0.1", 1},
	};
	struct destination d;
	size_t at = 0;

	feed(*state, INPUT_COUNTS_BEGIN);
	feed_row(*state, row("2001:db8::1", 1, 65535, 1, 1, 1));
	feed_row(*state, row("0.0.0.1", 256, 1, 1, 1, 1));
	feed_row(*state, row("192.0.2.2", 1, 256, 1, 1, 1));
	feed_row(*state, row("2001:db8::1", 1, 0, 1, 1, 1));
	feed_row(*state, row("192.0.2.3", 1, 80, 1, 1, 1));
	feed_row(*state, row("192.0.2.2", 2, 80, 1, 1, 1));
	feed_row(*state, row("192.0.2.2", 1, 255, 1, 1, 1));
	feed_row(*state, row("2001:db8::1", 1, 32768, 1, 1, 1));
	feed(*state, INPUT_COUNTS_END);
	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++, at += d.count) {
		char text[ADDRESS_TEXT];

		assert_true(counts_at(*state, at, &d));
		assert_int_equal(d.ports->ifindex, want[i].ifindex);
		assert_string_equal(address_format(&d.ports->dst, text), want[i].dst);
		assert_int_equal(d.count, want[i].ports);
		for (size_t p = 1; p < d.count; p++)
			assert_true(d.ports[p - 1].port < d.ports[p].port);
	}
	assert_false(counts_at(*state, at, &d));
}

static void test_snapshot_replaces(void **state)
{
	struct destination d;

	for (int round = 0; round < 3; round++) {
		feed(*state, INPUT_COUNTS_BEGIN);
		feed_row(*state, row("192.0.2.2", 1, 80, 5, 20, 30));
		if (round == 0)
			feed_row(*state, row("192.0.2.9", 1, 80, 5, 20, 30));
		feed(*state, INPUT_COUNTS_END);
	}
	assert_true(counts_at(*state, 0, &d));
	assert_int_equal(d.syns, 5);
	assert_false(counts_at(*state, 1, &d));
	feed(*state, INPUT_COUNTS_END);
	assert_true(counts_at(*state, 0, &d));
	assert_int_equal(d.syns, 5);
}

/* Many rows, each key from four CPUs: no SYN is lost or counted twice. */
static void test_many(void **state)
{
	const unsigned keys = 5000, cpus = 4;
	uint64_t total = 0;
	struct destination d;
	size_t destinations = 0;

	feed(*state, INPUT_COUNTS_BEGIN);
	for (unsigned i = 0; i < keys * cpus; i++) {
		struct input_count count = row("2001:db8::", 1, 80, i + 1, i, i);
		unsigned key = i * 7919 % keys;

		count.dst.bytes[14] = (uint8_t)(key >> 8);
		count.dst.bytes[15] = (uint8_t)key;
		feed_row(*state, count);
	}
	feed(*state, INPUT_COUNTS_END);
	for (size_t at = 0; counts_at(*state, at, &d); at += d.count, destinations++) {
		assert_int_equal(d.count, 1);
		total += d.syns;
	}
	assert_int_equal(destinations, keys);
	assert_int_equal(total, (uint64_t)keys * cpus * (keys * cpus + 1) / 2);
}

/* Frames for us and for another MAC address are one destination's, and summed apart. */
static void test_foreign(void **state)
{
	struct input_count foreign = row("192.0.2.2", 1, 80, 7, 10, 60);
	struct destination d;

	foreign.kind = SLOT_FOREIGN;
	feed(*state, INPUT_COUNTS_BEGIN);
	feed_row(*state, foreign);
	feed_row(*state, row("192.0.2.2", 1, 80, 5, 20, 30));
	feed_row(*state, foreign);
	feed(*state, INPUT_COUNTS_END);
	assert_true(counts_at(*state, 0, &d));
	assert_int_equal(d.count, 2);
	assert_int_equal(d.syns, 5);
	assert_int_equal(d.foreign, 14);
	assert_false(counts_at(*state, d.count, &d));
}

static void feed_evidence(struct counts *counts, enum slot_kind kind, const char *dst,
			  uint32_t ifindex, uint16_t port, uint64_t n, when_t first, when_t last)
{
	struct input_count count = row(dst, ifindex, port, n, first, last);

	count.kind = kind;
	feed_row(counts, count);
}

static struct evidence evidence(struct counts *counts, const char *dst, uint32_t ifindex)
{
	struct addr a;

	assert_int_equal(address_parse(dst, &a), 0);
	return counts_evidence(counts, &a, ifindex);
}

static void test_evidence(void **state)
{
	struct evidence e;
	struct destination d;

	feed(*state, INPUT_COUNTS_BEGIN);
	feed_evidence(*state, SLOT_HAIRPIN, "192.0.2.2", 1, 80, 3, 10, 20);
	feed_evidence(*state, SLOT_HAIRPIN, "192.0.2.2", 2, 80, 4, 10, 20);
	feed_evidence(*state, SLOT_ASKED, "192.0.2.2", 1, 0, 5, 10, 20);
	feed_evidence(*state, SLOT_ASKED, "192.0.2.2", 2, 0, 6, 5, 15);
	feed_evidence(*state, SLOT_SYN_ACK, "192.0.2.2", 0, 80, 7, 10, 20);
	feed_evidence(*state, SLOT_SYN_ACK, "192.0.2.2", 0, 443, 8, 10, 20);
	feed_evidence(*state, SLOT_RST, "192.0.2.2", 0, 22, 9, 10, 20);
	feed_evidence(*state, SLOT_ICMP, "192.0.2.2", 0, 22, 10, 10, 20);
	feed_evidence(*state, SLOT_DROP, "192.0.2.2", 0, 63, 11, 10, 20);
	feed_evidence(*state, SLOT_DROP, "192.0.2.2", 0, 2, 12, 10, 20);
	feed_evidence(*state, SLOT_DROP, "192.0.2.2", 0, 63, 1, 10, 20);
	feed_evidence(*state, SLOT_SYN_ACK, "192.0.2.1", 0, 80, 1000, 10, 20);
	feed_evidence(*state, SLOT_SYN_ACK, "192.0.2.3", 0, 80, 1000, 10, 20);
	feed_evidence(*state, (enum slot_kind)77, "192.0.2.2", 0, 80, 1000, 10, 20);
	feed(*state, INPUT_COUNTS_END);
	e = evidence(*state, "192.0.2.2", 0);
	assert_int_equal(e.syn_acks, 15);
	assert_int_equal(e.rsts, 9);
	assert_int_equal(e.icmps, 10);
	assert_int_equal(e.hairpins, 7);
	assert_int_equal(e.asked, 11);
	assert_int_equal(e.first_asked, 5);
	assert_int_equal(e.last_asked, 20);
	assert_int_equal(e.asked_ifindex, 1);
	assert_int_equal(e.drop_count, 2);
	assert_int_equal(e.drops[0].port, 2);
	assert_int_equal(e.drops[0].syns, 12);
	assert_int_equal(e.drops[1].port, 63);
	assert_int_equal(e.drops[1].syns, 12);
	e = evidence(*state, "192.0.2.2", 2);
	assert_int_equal(e.hairpins, 4);
	assert_int_equal(e.asked, 6);
	assert_int_equal(e.asked_ifindex, 2);
	assert_int_equal(e.syn_acks, 15);
	assert_int_equal(e.drop_count, 2);
	e = evidence(*state, "192.0.2.4", 0);
	assert_int_equal(e.syn_acks + e.rsts + e.icmps + e.hairpins + e.asked + e.drop_count, 0);
	assert_false(counts_at(*state, 0, &d));
}

static void test_answers(void **state)
{
	struct addr a;
	when_t last = 77;

	assert_int_equal(address_parse("192.0.2.2", &a), 0);
	assert_int_equal(counts_answers(*state, &a, 80, &last), 0);
	assert_int_equal(last, 0);
	feed(*state, INPUT_COUNTS_BEGIN);
	feed_evidence(*state, SLOT_SYN_ACK, "192.0.2.2", 0, 80, 7, 10, 40);
	feed_evidence(*state, SLOT_RST, "192.0.2.2", 0, 80, 2, 10, 30);
	feed_evidence(*state, SLOT_ICMP, "192.0.2.2", 0, 80, 1, 10, 20);
	feed_evidence(*state, SLOT_DROP, "192.0.2.2", 0, 80, 100, 10, 90);
	feed_evidence(*state, SLOT_HAIRPIN, "192.0.2.2", 1, 80, 100, 10, 90);
	feed_evidence(*state, SLOT_SYN_ACK, "192.0.2.2", 0, 81, 100, 10, 90);
	feed(*state, INPUT_COUNTS_END);
	assert_int_equal(counts_answers(*state, &a, 80, &last), 10);
	assert_int_equal(last, 40);
	assert_int_equal(counts_answers(*state, &a, 82, &last), 0);
	assert_int_equal(last, 0);
}

/* A new snapshot without evidence has none. */
static void test_evidence_is_replaced(void **state)
{
	feed(*state, INPUT_COUNTS_BEGIN);
	feed_evidence(*state, SLOT_SYN_ACK, "192.0.2.2", 0, 80, 7, 10, 40);
	feed(*state, INPUT_COUNTS_END);
	feed(*state, INPUT_COUNTS_BEGIN);
	feed(*state, INPUT_COUNTS_END);
	assert_int_equal(evidence(*state, "192.0.2.2", 0).syn_acks, 0);
}

static void test_others_are_ignored(void **state)
{
	struct destination d;

	feed(*state, INPUT_COUNTS_BEGIN);
	feed_row(*state, row("192.0.2.2", 1, 80, 5, 20, 30));
	feed(*state, INPUT_COUNTS_END);
	feed(*state, INPUT_HOST_BEGIN);
	feed(*state, INPUT_HOST_END);
	feed(*state, INPUT_LISTENERS_BEGIN);
	assert_true(counts_at(*state, 0, &d));
	assert_int_equal(d.syns, 5);
}

#define test(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_nothing), test(test_merge),
		test(test_order),   test(test_snapshot_replaces),
		test(test_many),    test(test_others_are_ignored),
		test(test_foreign), test(test_evidence),
		test(test_answers), test(test_evidence_is_replaced),
	};

	return cmocka_run_group_tests_name("counts", tests, NULL, NULL);
}
