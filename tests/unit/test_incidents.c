// SPDX-License-Identifier: GPL-2.0-only
/* Incidents over a year, a call in vain each day: time is an input, so it passes at once. What
 * becomes of one incident stands in tests/cases/incidents.case. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/incidents.h"

#include <linux/if_addr.h>
#include <string.h>

#define SECOND 1000000000ULL
#define DAY (86400 * SECOND)
#define START 1800000000000000000ULL
#define QUIET (300 * SECOND)

static const struct addr address = {.bytes = {0x20, 0x01, 0x0d, 0xb8, [15] = 2}};

struct year {
	struct engine *engine;
	struct incidents *incidents;
	uint64_t opened, closed, last_id;
	enum incident_end end;
};

static void note(void *data, const struct incident *in, enum incident_change change)
{
	struct year *y = data;

	y->opened += change == INCIDENT_OPENED;
	y->closed += change == INCIDENT_CLOSED;
	y->last_id = in->id;
	y->end = in->end;
}

static void feed(struct year *y, when_t now, struct input in)
{
	in.now = now;
	engine_feed(y->engine, &in);
}

static void begin(struct year *y)
{
	const struct engine_policy engine = {.strangers_summed = true};
	const struct incidents_policy policy = {.quiet = QUIET, .first_id = 1};
	const struct record record = {.address = address, .ttl = 60};
	struct input name = {.kind = INPUT_NAME};

	assert_int_equal(engine_new(&y->engine, &engine), 0);
	assert_int_equal(incidents_new(&y->incidents, y->engine, &policy, note, y), 0);
	name.name = (struct input_name){.name = "www.example.org", .records = &record, .count = 1};
	feed(y, START, name);
	feed(y, START, (struct input){.kind = INPUT_REASON, .reason = {2, "IP_INADDRERRORS"}});
}

/* The table as it is after so many SYNs, each of which the kernel was seen to drop. */
static void snapshot(struct year *y, when_t now, uint64_t syns, when_t last)
{
	struct input row = {.kind = INPUT_COUNT};

	feed(y, now, (struct input){.kind = INPUT_COUNTS_BEGIN, .answers_watched = true});
	row.count = (struct input_count){.kind = SLOT_SYN,
					 .ifindex = 1,
					 .dst = address,
					 .port = 443,
					 .syns = syns,
					 .first = START,
					 .last = last};
	feed(y, now, row);
	row.count.kind = SLOT_DROP;
	row.count.ifindex = 0;
	row.count.port = 2;
	feed(y, now, row);
	feed(y, now, (struct input){.kind = INPUT_COUNTS_END});
	incidents_look(y->incidents, now);
}

static void test_a_year(void **state)
{
	struct year y = {0};
	uint64_t syns = 0;

	(void)state;
	begin(&y);
	for (uint64_t day = 0; day < 365; day++) {
		when_t called = START + day * DAY;

		snapshot(&y, called, ++syns, called);
		assert_int_equal(y.opened, day + 1);
		assert_int_equal(y.last_id, day + 1);
		snapshot(&y, called + SECOND, ++syns, called + SECOND);
		assert_int_equal(incidents_at(y.incidents, 0)->tally.syns, 2);
		for (when_t t = called + SECOND; y.closed == day; t = incidents_next(y.incidents)) {
			assert_true(t < called + DAY);
			snapshot(&y, t, syns, called + SECOND);
		}
		assert_int_equal(y.end, END_QUIET);
		snapshot(&y, called + DAY / 2, syns, called + SECOND);
		assert_null(incidents_at(y.incidents, 0));
	}
	assert_int_equal(incidents_dropped(y.incidents), 0);
	incidents_free(&y.incidents);
	engine_free(&y.engine);
}

static void end(struct year *y)
{
	incidents_free(&y->incidents);
	engine_free(&y->engine);
}

static void hear_name(struct year *y, when_t now, enum name_status status, bool points_here)
{
	const struct record record = {.address = address, .ttl = 60};
	struct input name = {.kind = INPUT_NAME};

	name.name = (struct input_name){.name = "www.example.org",
					.status = status,
					.records = &record,
					.count = points_here};
	feed(y, now, name);
}

/* An incident of an earlier run, and a daemon that has not heard of its name yet. */
static void begin_again(struct year *y)
{
	const struct engine_policy engine = {.strangers_summed = true};
	const struct incidents_policy policy = {.quiet = QUIET, .first_id = 1};
	static struct incident old;

	old = (struct incident){.id = 7,
				.address = address,
				.names = {"www.example.org"},
				.name_count = 1,
				.verdict = VERDICT_BLACKHOLE,
				.severity = SEVERITY_CRITICAL,
				.opened = START - 10 * SECOND,
				.last = START - SECOND,
				.tally = {.syns = 3}};
	assert_int_equal(engine_new(&y->engine, &engine), 0);
	assert_int_equal(incidents_new(&y->incidents, y->engine, &policy, note, y), 0);
	assert_int_equal(incidents_restore(y->incidents, &old), 0);
}

static void test_a_restart_before_dns_answers(void **state)
{
	struct year y = {0};

	(void)state;
	begin_again(&y);
	snapshot(&y, START, 1, START);
	hear_name(&y, START + SECOND, NAME_TIMEOUT, false);
	snapshot(&y, START + 100 * SECOND, 2, START + 100 * SECOND);
	assert_int_equal(y.closed, 0);
	hear_name(&y, START + 101 * SECOND, NAME_OK, true);
	snapshot(&y, START + 102 * SECOND, 3, START + 102 * SECOND);
	assert_int_equal(y.opened, 0);
	assert_int_equal(y.closed, 0);
	assert_int_equal(incidents_at(y.incidents, 0)->verdict, VERDICT_BLACKHOLE);
	hear_name(&y, START + 103 * SECOND, NAME_NODATA, false);
	snapshot(&y, START + 104 * SECOND, 3, START + 102 * SECOND);
	assert_int_equal(y.end, END_WITHDRAWN);
	end(&y);
}

static void test_a_name_that_is_asked_no_more(void **state)
{
	struct year y = {0};

	(void)state;
	begin_again(&y);
	snapshot(&y, START, 1, START);
	assert_int_equal(y.closed, 0);
	snapshot(&y, START + 61 * SECOND, 1, START);
	assert_int_equal(y.end, END_WITHDRAWN);
	end(&y);
}

/* It ends by no time: nothing is to be looked for sooner than the window's end. */
static void test_what_is_unusable_is_not_looked_at_all_the_time(void **state)
{
	struct input in = {.kind = INPUT_ADDRESS};
	struct year y = {0};

	(void)state;
	begin(&y);
	feed(&y, START, (struct input){.kind = INPUT_LINK, .link = {.ifindex = 1, .up = true}});
	in.address = (struct input_address){.address = address, .prefix_len = 128, .ifindex = 1};
	in.address.flags = IFA_F_DADFAILED;
	feed(&y, START, in);
	snapshot(&y, START + SECOND, 1, START);
	assert_int_equal(incidents_at(y.incidents, 0)->verdict, VERDICT_UNUSABLE);
	snapshot(&y, START + 2 * QUIET, 1, START);
	assert_int_equal(y.closed, 0);
	assert_true(incidents_next(y.incidents) > START + 2 * QUIET);
	end(&y);
}

/* One SYN at the end of a window, of which nobody has seen the loss: it is certain only later. */
static void test_a_window_ends_after_what_is_pending(void **state)
{
	const when_t called = START + 60 * SECOND - SECOND / 2;
	struct input row = {.kind = INPUT_COUNT};
	struct year y = {0};

	(void)state;
	begin(&y);
	incidents_look(y.incidents, START);
	for (when_t t = called; t <= called + 2 * SECOND; t += SECOND / 2) {
		feed(&y, t, (struct input){.kind = INPUT_COUNTS_BEGIN, .answers_watched = true});
		row.count = (struct input_count){.kind = SLOT_SYN,
						 .ifindex = 1,
						 .dst = address,
						 .port = 443,
						 .syns = 1,
						 .first = called,
						 .last = called};
		feed(&y, t, row);
		feed(&y, t, (struct input){.kind = INPUT_COUNTS_END});
		incidents_look(y.incidents, t);
	}
	assert_int_equal(y.opened, 1);
	end(&y);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_year),
		cmocka_unit_test(test_a_restart_before_dns_answers),
		cmocka_unit_test(test_a_name_that_is_asked_no_more),
		cmocka_unit_test(test_what_is_unusable_is_not_looked_at_all_the_time),
		cmocka_unit_test(test_a_window_ends_after_what_is_pending),
	};

	return cmocka_run_group_tests_name("incidents", tests, NULL, NULL);
}
