// SPDX-License-Identifier: GPL-2.0-only
/* Flows: what makes a client, a scanner or a loop, and the bounds of what is remembered. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "core/flows.h"
#include "samples/parsed.h"

#include <string.h>

#define MS 1000000ULL
#define START 1800000000000000000ULL

/* A SYN of a real stack. */
static struct syn_event usual(void)
{
	return (struct syn_event){
		.dst = parsed("192.0.2.2"),
		.src = parsed("198.51.100.7"),
		.ifindex = 1,
		.seq = 1000,
		.sport = 40000,
		.dport = 993,
		.timestamp = 5000,
		.ip_id = 100,
		.hop_limit = 57,
		.header = 40,
	};
}

static void feed(struct flows *flows, struct syn_event event, uint64_t ms)
{
	struct input in = {.kind = INPUT_SYN, .now = START + ms * MS, .syn = {&event}};

	event.time = ms * MS;
	flows_feed(flows, &in);
}

static const struct flow *flow_of(struct flows *flows)
{
	struct addr dst = parsed("192.0.2.2");

	return flows_find(flows, &dst, 1);
}

static int setup(void **state)
{
	struct flows *flows;

	if (flows_new(&flows) < 0)
		return -1;
	*state = flows;
	return 0;
}

static int teardown(void **state)
{
	struct flows *flows = *state;

	flows_free(&flows);
	assert_null(flows);
	flows_free(&flows);
	return 0;
}

static void test_nothing(void **state)
{
	struct addr dst = parsed("192.0.2.2");

	assert_null(flow_of(*state));
	flows_feed(*state, &(struct input){.kind = INPUT_COUNTS_BEGIN});
	assert_null(flow_of(*state));
	feed(*state, usual(), 0);
	assert_non_null(flow_of(*state));
	assert_null(flows_find(*state, &dst, 2));
	assert_null(flows_port(flow_of(*state), 25));
}

/* What moves between a SYN and its repeat, and what that makes of the source. */
static void test_repeats(void **state)
{
	static const struct {
		uint64_t interval; /* ms */
		int timestamp, ip_id, hops;
		uint8_t header;
		enum source_kind kind;
		uint64_t looped;
	} rows[] = {
		{1000, 1000, 1, 0, 40, SOURCE_CLIENT, 0},  {1000, 1000, 0, 0, 40, SOURCE_CLIENT, 0},
		{1000, 0, 1, 0, 40, SOURCE_CLIENT, 0},	   {1000, 0, 1, 0, 24, SOURCE_CLIENT, 0},
		{1000, 1000, 1, -2, 40, SOURCE_CLIENT, 0}, {1000, 0, 0, 0, 40, SOURCE_SCANNER, 0},
		{1000, 0, 0, 5, 40, SOURCE_SCANNER, 0},	   {10, 1000, 1, 0, 40, SOURCE_SCANNER, 0},
		{10, 0, 0, -1, 40, SOURCE_SCANNER, 1},	   {0, 0, 0, -2, 40, SOURCE_SCANNER, 1},
		{299, 1, 1, 0, 40, SOURCE_SCANNER, 0},	   {300, 1, 1, 0, 40, SOURCE_CLIENT, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct syn_event event = usual();
		const struct flow *flow;

		event.ifindex = 1 + (uint32_t)i;
		event.header = rows[i].header;
		feed(*state, event, 5000);
		event.timestamp += (uint32_t)rows[i].timestamp;
		event.ip_id = (uint16_t)(event.ip_id + rows[i].ip_id);
		event.hop_limit = (uint8_t)(event.hop_limit + rows[i].hops);
		feed(*state, event, 5000 + rows[i].interval);
		flow = flows_find(*state, &event.dst, event.ifindex);
		if (flow->sources[0].kind != rows[i].kind)
			fail_msg("row %zu: kind %d", i, flow->sources[0].kind);
		assert_int_equal(flow->clients, rows[i].kind != SOURCE_SCANNER);
		assert_int_equal(flow->looped, rows[i].looped);
		assert_int_equal(flow->retransmits, !rows[i].looped);
		assert_int_equal(flow->attempts, 1);
		assert_int_equal(flow->syns, 2);
		assert_int_equal(flow->ports[0].retransmits, !rows[i].looped);
	}
}

/* With neither IP-ID nor timestamp the interval speaks, and the options of a real stack. */
static void test_untold(void **state)
{
	struct syn_event event = usual();

	event.timestamp = 0;
	event.ip_id = 0;
	feed(*state, event, 0);
	feed(*state, event, 3000);
	assert_int_equal(flow_of(*state)->sources[0].kind, SOURCE_PROBABLE);
	event.src = parsed("198.51.100.8");
	event.header = 24;
	feed(*state, event, 0);
	feed(*state, event, 3000);
	assert_int_equal(flow_of(*state)->sources[1].kind, SOURCE_SCANNER);
	assert_int_equal(flow_of(*state)->clients, 1);
	/* What a source was once it stays, and it may become more. */
	event = usual();
	feed(*state, event, 9000);
	event.ip_id++;
	feed(*state, event, 10000);
	assert_int_equal(flow_of(*state)->sources[0].kind, SOURCE_CLIENT);
	assert_int_equal(flow_of(*state)->clients, 1);
}

static void test_ports_and_times(void **state)
{
	struct syn_event event = usual();
	const struct flow *flow;

	feed(*state, event, 0);
	event.dport = 25;
	feed(*state, event, 0);
	event.dport = 993;
	event.ip_id++;
	feed(*state, event, 1000);
	event.ip_id++;
	feed(*state, event, 3000);
	flow = flow_of(*state);
	assert_int_equal(flow->attempts, 2);
	assert_int_equal(flow->retransmits, 2);
	assert_true(flow->first_client == START + 1000 * MS);
	assert_true(flows_port(flow, 993)->waiting == START);
	assert_true(flows_port(flow, 25)->waiting == 0);
	assert_int_equal(flows_port(flow, 25)->attempts, 1);
}

/* A loop that lasts long: no copy of it is a retransmission, but the client's next SYN is. */
static void test_slow_loop(void **state)
{
	struct syn_event event = usual();

	for (unsigned i = 0; i < 28; i++, event.hop_limit = (uint8_t)(event.hop_limit - 2))
		feed(*state, event, 33 * i);
	assert_int_equal(flow_of(*state)->looped, 27);
	assert_int_equal(flow_of(*state)->retransmits, 0);
	event.hop_limit = 57;
	event.ip_id++;
	feed(*state, event, 1000);
	assert_int_equal(flow_of(*state)->looped, 27);
	assert_int_equal(flow_of(*state)->retransmits, 1);
	assert_int_equal(flow_of(*state)->clients, 1);
	for (unsigned i = 1; i < 28; i++) {
		event.hop_limit = (uint8_t)(event.hop_limit - 2);
		feed(*state, event, 1000 + 33 * i);
	}
	assert_int_equal(flow_of(*state)->looped, 54);
	assert_int_equal(flow_of(*state)->retransmits, 1);
}

/* Sources of events are several CPUs, whose records may be read in another order. */
static void test_out_of_order(void **state)
{
	struct syn_event event = usual();

	feed(*state, event, 1000);
	event.ip_id++;
	feed(*state, event, 999);
	assert_int_equal(flow_of(*state)->clients, 0);
}

static struct addr numbered(const char *base, unsigned i)
{
	struct addr a = parsed(base);

	a.bytes[13] = (uint8_t)(i >> 16);
	a.bytes[14] = (uint8_t)(i >> 8);
	a.bytes[15] = (uint8_t)i;
	return a;
}

static void test_sources_are_bounded(void **state)
{
	struct syn_event event = usual();

	for (unsigned i = 0; i < FLOWS_SOURCES_MAX + 4; i++) {
		event.src = numbered("198.51.100.0", i);
		feed(*state, event, i);
	}
	assert_int_equal(flow_of(*state)->source_count, FLOWS_SOURCES_MAX);
	assert_int_equal(flow_of(*state)->incomplete, 4);
	for (unsigned i = 0; i < FLOWS_SOURCES_MAX; i++) {
		struct addr src = numbered("198.51.100.0", i);

		assert_true(address_equal(&flow_of(*state)->sources[i].address, &src));
	}
	assert_int_equal(flow_of(*state)->attempts, FLOWS_SOURCES_MAX + 4);
}

/* However many scanners came before: a client that waits is seen, and so is its port. */
static void test_a_client_behind_scanners(void **state)
{
	struct syn_event event = usual();

	for (unsigned i = 0; i < FLOWS_SOURCES_MAX + FLOWS_PORTS_MAX; i++) {
		event.src = numbered("203.0.113.0", i);
		event.dport = (uint16_t)(1 + i);
		feed(*state, event, i);
	}
	event = usual();
	feed(*state, event, 1000);
	event.ip_id++;
	feed(*state, event, 2000);
	assert_int_equal(flow_of(*state)->clients, 1);
	assert_non_null(flows_port(flow_of(*state), 993));
}

static void test_targets_are_bounded(void **state)
{
	struct syn_event event = usual();
	struct addr last = numbered("2001:db8::", 3 * FLOWS_DESTINATIONS_MAX - 1);
	struct addr first = numbered("2001:db8::", 0);

	for (unsigned i = 0; i < 3 * FLOWS_DESTINATIONS_MAX; i++) {
		event.dst = numbered("2001:db8::", i);
		feed(*state, event, i);
	}
	assert_null(flows_find(*state, &first, 1));
	assert_non_null(flows_find(*state, &last, 1));
	assert_int_equal(flows_dropped(*state), 2 * FLOWS_DESTINATIONS_MAX);
}

/* Those that somebody waits for, and the published, stay through any scan. */
static void test_a_scan_displaces_nobody_who_waits(void **state)
{
	struct syn_event event = usual();
	struct addr waited = event.dst, published = parsed("192.0.2.3");

	feed(*state, event, 0);
	event.ip_id++;
	feed(*state, event, 1000);
	event.dst = published;
	event.known = KNOWN_PUBLISHED;
	feed(*state, event, 1000);
	event.known = 0;
	for (unsigned i = 0; i < 3 * FLOWS_DESTINATIONS_MAX; i++) {
		event.dst = numbered("2001:db8::", i);
		feed(*state, event, 1000 + i);
	}
	assert_non_null(flows_find(*state, &waited, 1));
	assert_non_null(flows_find(*state, &published, 1));
}

/* Many that look as if somebody waited for them must not keep a published one out. */
static void test_a_published_one_finds_room(void **state)
{
	struct syn_event event = usual();
	struct addr published = parsed("192.0.2.3");

	for (unsigned i = 0; i < FLOWS_DESTINATIONS_MAX; i++) {
		event.dst = numbered("2001:db8::", i);
		feed(*state, event, 2 * i);
		event.ip_id++;
		feed(*state, event, 2 * i + 400);
	}
	event.dst = published;
	event.known = KNOWN_PUBLISHED;
	feed(*state, event, 100000);
	assert_non_null(flows_find(*state, &published, 1));
}

/* The oldest attempt gives way: what comes again after so many others is taken for a new one. */
static void test_attempts_are_bounded(void **state)
{
	struct syn_event event = usual(), other = usual();

	feed(*state, event, 0);
	other.dst = parsed("192.0.2.9");
	for (unsigned i = 1; i < FLOWS_ATTEMPTS_MAX; i++) {
		other.seq = i;
		feed(*state, other, 1);
	}
	event.ip_id++;
	feed(*state, event, 1000);
	assert_int_equal(flow_of(*state)->retransmits, 1);
	for (unsigned i = 0; i < FLOWS_ATTEMPTS_MAX; i++) {
		other.seq = 1000000 + i;
		feed(*state, other, 1001);
	}
	event.ip_id++;
	feed(*state, event, 3000);
	assert_int_equal(flow_of(*state)->retransmits, 1);
	assert_int_equal(flow_of(*state)->attempts, 2);
}

#define test(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_nothing),
		test(test_repeats),
		test(test_untold),
		test(test_ports_and_times),
		test(test_slow_loop),
		test(test_out_of_order),
		test(test_sources_are_bounded),
		test(test_a_client_behind_scanners),
		test(test_targets_are_bounded),
		test(test_a_scan_displaces_nobody_who_waits),
		test(test_a_published_one_finds_room),
		test(test_attempts_are_bounded),
	};

	return cmocka_run_group_tests_name("flows", tests, NULL, NULL);
}
