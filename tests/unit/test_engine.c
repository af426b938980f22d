// SPDX-License-Identifier: GPL-2.0-only
/* The engine's bounds: what it asks first, and what it says where a table is full. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "core/explain.h"
#include "core/judge.h"
#include "samples/parsed.h"

#include <linux/rtnetlink.h>
#include <string.h>

#define NOW 1800000000000000000ULL

static struct addr numbered(const char *base, unsigned i)
{
	struct addr a = parsed(base);

	a.bytes[13] = (uint8_t)(i >> 16);
	a.bytes[14] = (uint8_t)(i >> 8);
	a.bytes[15] = (uint8_t)i;
	return a;
}

static int setup(void **state)
{
	static const struct engine_policy policy;
	struct engine *engine;

	if (engine_new(&engine, &policy) < 0)
		return -1;
	*state = engine;
	return 0;
}

static int teardown(void **state)
{
	struct engine *engine = *state;

	engine_free(&engine);
	assert_null(engine);
	engine_free(&engine);
	return 0;
}

static void feed(struct engine *engine, enum input_kind kind)
{
	engine_feed(engine, &(struct input){.kind = kind, .now = NOW});
}

static void feed_count(struct engine *engine, struct addr dst, uint64_t syns)
{
	struct input in = {.kind = INPUT_COUNT, .now = NOW};

	in.count = (struct input_count){
		.ifindex = 1,
		.dst = dst,
		.src = parsed("2001:db8:7::5"),
		.port = 80,
		.syns = syns,
		.first = NOW - 5000000000,
		.last = NOW,
	};
	engine_feed(engine, &in);
}

static void feed_name(struct engine *engine, const char *name, struct addr address)
{
	struct record record = {.address = address, .ttl = 300};

	engine_feed(engine,
		    &(struct input){.kind = INPUT_NAME,
				    .now = NOW,
				    .name = {.name = name, .records = &record, .count = 1}});
}

/* As a capture does: each question is answered. */
static size_t ask_all(struct engine *engine, const struct addr *wanted, bool *ret_asked)
{
	struct engine_question q;
	size_t cursor = 0, questions = 0;

	*ret_asked = false;
	while (engine_question(engine, &cursor, &q)) {
		struct input path = {
			.kind = INPUT_PATH,
			.path = {.dst = q.dst, .ifindex = q.ifindex, .kind = PATH_NONE}};
		struct input back = {.kind = INPUT_RETURN,
				     .back = {.address = q.dst, .peer = q.src}};

		engine_feed(engine, &path);
		engine_feed(engine, &back);
		*ret_asked |= address_equal(&q.dst, wanted);
		questions++;
	}
	return questions;
}

static void test_questions(void **state)
{
	struct addr a = parsed("2001:db8::1");
	bool asked;

	assert_int_equal(ask_all(*state, &a, &asked), 0);
	feed(*state, INPUT_COUNTS_BEGIN);
	feed_count(*state, a, 2);
	feed_count(*state, parsed("2001:db8::2"), 2);
	feed(*state, INPUT_COUNTS_END);
	assert_int_equal(ask_all(*state, &a, &asked), 2);
	assert_true(asked);
	assert_int_equal(ask_all(*state, &a, &asked), 0);
}

/* However many strangers are called: of a published address the kernel is asked. */
static void test_strangers_take_no_question_away(void **state)
{
	struct addr published = parsed("2001:db8:ffff::1");
	bool asked;

	feed_name(*state, "www.example.org", published);
	feed(*state, INPUT_COUNTS_BEGIN);
	for (unsigned i = 0; i < ROUTING_MAX; i++)
		feed_count(*state, numbered("2001:db8::", i), 3);
	feed_count(*state, published, 1);
	feed(*state, INPUT_COUNTS_END);
	ask_all(*state, &published, &asked);
	assert_true(asked);
}

static void feed_listener(struct engine *engine, uint16_t port)
{
	engine_feed(engine, &(struct input){.kind = INPUT_LISTENER, .listener = {.port = port}});
}

/* Of what found no room nobody can say that it does not exist. */
static void test_too_many_listeners(void **state)
{
	struct addr a = parsed("2001:db8::1");

	assert_int_equal(engine_listens(*state, &a, 80, 0, NULL), FACT_UNKNOWN);
	feed(*state, INPUT_LISTENERS_BEGIN);
	for (unsigned i = 0; i < ENGINE_LISTENERS_MAX + 1; i++)
		feed_listener(*state, (uint16_t)(1000 + i));
	assert_int_equal(engine_listens(*state, &a, 1000, 0, NULL), FACT_UNKNOWN);
	feed(*state, INPUT_LISTENERS_END);
	assert_int_equal(engine_listens(*state, &a, 1000, 0, NULL), FACT_YES);
	assert_int_equal(engine_dropped(*state), 1);
	assert_int_equal(engine_listens(*state, &a, 80, 0, NULL), FACT_UNKNOWN);
	feed(*state, INPUT_LISTENERS_BEGIN);
	feed(*state, INPUT_LISTENERS_END);
	assert_int_equal(engine_listens(*state, &a, 80, 0, NULL), FACT_NO);
}

/* Each look replaces the one before. */
static void test_listeners(void **state)
{
	struct addr a = parsed("2001:db8::1");

	for (unsigned i = 0; i < 2; i++) {
		feed(*state, INPUT_LISTENERS_BEGIN);
		feed_listener(*state, (uint16_t)(80 + i));
		feed(*state, INPUT_LISTENERS_END);
		assert_int_equal(engine_listens(*state, &a, 80, 0, NULL), i ? FACT_NO : FACT_YES);
		assert_int_equal(engine_listens(*state, &a, 81, 0, NULL), i ? FACT_YES : FACT_NO);
	}
}

static void feed_local(struct engine *engine, struct addr a)
{
	struct input in = {.kind = INPUT_ROUTE, .now = NOW};

	in.route.kind = ROUTE_LOCAL;
	in.route.prefix = a;
	in.route.prefix_len = 128;
	in.route.table = RT_TABLE_LOCAL;
	engine_feed(engine, &in);
}

static bool wants_all(void *data, const struct finding *f)
{
	return true;
}

static bool wants_bad(void *data, const struct finding *f)
{
	return f->judgement.severity > SEVERITY_OK;
}

static void count_told(void *data, const struct finding *f)
{
	struct explanation x;
	size_t *told = data;

	++*told;
	explain(f, &x);
	assert_true(strlen(x.sentence) > 0);
}

static void test_nothing_heard(void **state)
{
	struct judge_summary summary;
	size_t told = 0;

	summary = judge_all(*state, NOW, 0, wants_all, count_told, &told);
	assert_int_equal(summary.worst, SEVERITY_OK);
	assert_int_equal(summary.findings, 0);
	assert_int_equal(summary.attributed, 0);
	assert_int_equal(told, 0);
}

/* What is not wanted is counted all the same, and changes no severity. */
static void test_wants(void **state)
{
	struct judge_summary summary;
	size_t told = 0;

	feed_name(*state, "www.example.org", parsed("2001:db8::1"));
	feed(*state, INPUT_COUNTS_BEGIN);
	feed_count(*state, parsed("2001:db8::1"), 5);
	feed_count(*state, parsed("2001:db8::2"), 7);
	feed(*state, INPUT_COUNTS_END);
	summary = judge_all(*state, NOW, 0, wants_bad, count_told, &told);
	assert_int_equal(summary.worst, SEVERITY_CRITICAL);
	assert_int_equal(summary.findings, 1);
	assert_int_equal(summary.attributed, 12);
	assert_int_equal(told, 1);
}

static void keep_verdict(void *data, const struct finding *f)
{
	*(enum verdict *)data = f->judgement.verdict;
}

/* Anybody can send a SYN from an address to which no route leads, nor should. */
static void test_a_forged_source_proves_nothing(void **state)
{
	static const char *const sources[] = {"224.0.0.1", "255.255.255.255", "0.0.0.0",
					      "240.0.0.1", "127.0.0.1"};
	struct addr a = parsed("192.0.2.2");
	struct input count = {.kind = INPUT_COUNT, .now = NOW};

	feed_local(*state, a);
	feed_name(*state, "www.example.org", a);
	feed(*state, INPUT_LISTENERS_BEGIN);
	feed_listener(*state, 80);
	feed(*state, INPUT_LISTENERS_END);
	for (size_t i = 0; i < sizeof(sources) / sizeof(*sources); i++) {
		enum verdict verdict = VERDICT_NONE;
		struct engine_question q;
		size_t cursor = 0;

		count.count = (struct input_count){.ifindex = 1,
						   .dst = a,
						   .src = parsed(sources[i]),
						   .port = 80,
						   .syns = 1,
						   .first = NOW - 5000000000,
						   .last = NOW - 5000000000};
		feed(*state, INPUT_COUNTS_BEGIN);
		engine_feed(*state, &count);
		feed(*state, INPUT_COUNTS_END);
		while (engine_question(*state, &cursor, &q)) {
			struct input back = {.kind = INPUT_RETURN,
					     .back = {.address = q.dst, .peer = q.src}};

			engine_feed(*state, &back);
		}
		judge_all(*state, NOW, 0, wants_all, keep_verdict, &verdict);
		if (verdict == VERDICT_MUTE || verdict == VERDICT_NONE)
			fail_msg("a SYN from %s makes %d", sources[i], verdict);
	}
}

/* The longest name that DNS has, all of it hostile: a sentence is cut, and ends. */
static void test_long_names(void **state)
{
	char name[1300];
	struct judge_summary summary;
	size_t told = 0;

	memset(name, '%', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	feed_name(*state, name, parsed("2001:db8::1"));
	summary = judge_all(*state, NOW, 0, wants_all, count_told, &told);
	assert_int_equal(summary.findings, 1);
	assert_int_equal(told, 1);
}

#define test(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

/* A guest of verify is known, but it is no news when it comes, and when it goes in whatever way. */
static void test_guests_are_no_change(void **state)
{
	struct engine *engine = *state;
	struct input link = {
		.kind = INPUT_LINK, .now = NOW, .link = {.ifindex = 7, .name = "synhole-1234"}};
	struct input address = {.kind = INPUT_ADDRESS, .now = NOW};
	struct input route = {.kind = INPUT_ROUTE, .now = NOW};
	const struct addr fd = parsed("fd00::7:1");

	address.address = (struct input_address){.address = fd, .prefix_len = 64, .ifindex = 7};
	route.route = (struct input_route){
		.kind = ROUTE_LOCAL, .prefix = fd, .prefix_len = 128, .oif = 7};
	for (int gone = 0; gone < 2; gone++) {
		address.address.gone = link.link.gone = gone;
		assert_false(engine_feed(engine, &link));
		assert_false(engine_feed(engine, &address));
		assert_false(!gone && engine_feed(engine, &route));
		assert_int_equal(hostaddr_owned(engine->host, &fd, NULL), OWNED_YES);
	}
	feed(engine, INPUT_HOST_BEGIN);
	assert_false(engine_feed(engine, &(struct input){.kind = INPUT_HOST_END, .now = NOW}));
	assert_int_equal(hostaddr_owned(engine->host, &fd, NULL), OWNED_NO);
	assert_int_equal(engine->host_changed, 0);
	memcpy(link.link.name, "eth0", 5);
	link.link.gone = false;
	assert_true(engine_feed(engine, &link));
	assert_int_equal(engine->host_changed, NOW);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_questions),
		test(test_strangers_take_no_question_away),
		test(test_too_many_listeners),
		test(test_listeners),
		test(test_nothing_heard),
		test(test_wants),
		test(test_long_names),
		test(test_a_forged_source_proves_nothing),
		test(test_guests_are_no_change),
	};

	return cmocka_run_group_tests_name("engine", tests, NULL, NULL);
}
