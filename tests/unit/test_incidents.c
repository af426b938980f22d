// SPDX-License-Identifier: GPL-2.0-only
/* Incidents over a year, a call in vain each day: time is an input, so it passes at once. What
 * becomes of one incident stands in tests/cases/incidents.case. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/incidents.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_year)};

	return cmocka_run_group_tests_name("incidents", tests, NULL, NULL);
}
