// SPDX-License-Identifier: GPL-2.0-only
/* The resolver against servers that are dead, slow, broken or hostile. */
#include "bad_dns.h"
#include "dns_ear.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_ANSWER "no answer from 127.0.0.1 port "

struct expected {
	const char *name;
	enum name_status status;
	const char *error;
	size_t count;
};

static void ask_all(struct ear *ear, const struct expected *cases, size_t n)
{
	for (size_t i = 0; i < n; i++)
		ear_ask(ear, RESOLVE_NAME, cases[i].name);
}

static void check_all(const struct ear *ear, const struct expected *cases, size_t n)
{
	assert_int_equal(ear->count, n);
	for (size_t i = 0; i < n; i++) {
		const struct input_name *name = ear_heard(ear, cases[i].name, NULL);
		const char *error = name->error ? name->error : "";

		if (name->status != cases[i].status || name->count != cases[i].count ||
		    !strstr(error, cases[i].error) || !name->error != !*cases[i].error)
			fail_msg("%s: status %d, %zu records, error \"%s\"", name->name,
				 name->status, name->count, error);
	}
}

/* Everything that has an answer: it is heard long before the deadline. */
static void test_bad_answers(void **state)
{
	static const struct expected cases[] = {
		{"good.bad", NAME_OK, "", 2},
		{"halffail.bad", NAME_SERVFAIL, "the server failed (SERVFAIL), asked for AAAA", 1},
		{"halfnx.bad", NAME_OK, "", 1},
		{"servfail.bad", NAME_SERVFAIL, "the server failed (SERVFAIL)", 0},
		{"refused.bad", NAME_REFUSED, "refuses to answer for this name", 0},
		{"notimp.bad", NAME_SERVFAIL, "(NOTIMP)", 0},
		{"formerr.bad", NAME_SERVFAIL, "(FORMERR)", 0},
		{"noedns.bad", NAME_OK, "", 2},
		{"odd.bad", NAME_SERVFAIL, "unknown error", 0},
		{"truncated.bad", NAME_OK, "", 2},
		{"oneshot-1.bad", NAME_OK, "", 2},
		{"oneshot-2.bad", NAME_OK, "", 2},
		{"oneshot-3.bad", NAME_OK, "", 2},
		{"garbled.bad", NAME_SERVFAIL, "malformed", 0},
		{"echo.bad", NAME_SERVFAIL, "malformed", 0},
		{"other.bad", NAME_NODATA, "no A or AAAA", 0},
		{"mixed.bad", NAME_OK, "", 2},
		{"shortdata.bad", NAME_SERVFAIL, "malformed", 0},
		{"loop.bad", NAME_SERVFAIL, "its CNAMEs form a loop", 0},
		{"ping.bad", NAME_SERVFAIL, "its CNAMEs form a loop", 0},
		{"far.bad", NAME_OK, "", 2},
		{"far2fail.bad", NAME_SERVFAIL, "asked for addresses of servfail.bad", 0},
		{"pointer.bad", NAME_SERVFAIL, "malformed", 0},
		{"outside.bad", NAME_SERVFAIL, "malformed", 0},
		{"many.bad", NAME_OK, "", 64},
		{"synthetic.bad", NAME_NODATA, "no A or AAAA", 0},
		{"mapped.bad", NAME_NODATA, "no A or AAAA", 0},
		{"longttl.bad", NAME_OK, "", 1},
	};
	const size_t n = sizeof(cases) / sizeof(*cases);
	const struct input_name *many;
	unsigned v4 = 0;
	struct bad_dns bad;
	struct ear ear;

	(void)state;
	bad_dns_start(&bad, 0);
	ear_open(&ear, bad.address, NULL);
	ask_all(&ear, cases, n);
	ear_listen(&ear, 6);
	check_all(&ear, cases, n);
	assert_true(ear.heard[ear.count - 1].after < 4);
	ear_has(ear_heard(&ear, "far.bad", NULL), "192.0.2.1", 20);
	ear_has(ear_heard(&ear, "far.bad", NULL), "2001:db8::1", 20);
	ear_has(ear_heard(&ear, "mixed.bad", NULL), "192.0.2.1", 500);
	ear_has(ear_heard(&ear, "longttl.bad", NULL), "192.0.2.1", 0);
	many = ear_heard(&ear, "many.bad", NULL);
	for (size_t i = 0; i < many->count; i++)
		v4 += many->records[i].address.bytes[0] == 0;
	assert_int_equal(v4, 32);
	ear_close(&ear);
	bad_dns_stop(&bad);
}

/* Everything that has none, or no true one: it costs the deadline, and the loop goes on. */
static void test_no_answers(void **state)
{
	static const struct expected cases[] = {
		{"silent.bad", NAME_TIMEOUT, NO_ANSWER, 0},
		{"half.bad", NAME_TIMEOUT, " within 5 s, asked for AAAA", 1},
		{"garbage.bad", NAME_TIMEOUT, NO_ANSWER, 0},
		{"wrongid.bad", NAME_TIMEOUT, NO_ANSWER, 0},
		{"otherask.bad", NAME_TIMEOUT, NO_ANSWER, 0},
		{"truncsilent.bad", NAME_TIMEOUT, "no answer by TCP, and by UDP it is too long", 0},
	};
	const size_t n = sizeof(cases) / sizeof(*cases);
	struct bad_dns bad;
	struct ear ear;

	(void)state;
	bad_dns_start(&bad, 0);
	ear_open(&ear, bad.address, NULL);
	ask_all(&ear, cases, n);
	ear_listen(&ear, 7);
	check_all(&ear, cases, n);
	assert_true(ear.heard[n - 1].after > 4.9 && ear.heard[n - 1].after < 5.3);
	assert_true(ear.longest_gap < 2);
	ear_close(&ear);
	bad_dns_stop(&bad);
}

/* A chain of CNAMEs that takes 8 times 2 slow answers ends by the same deadline. */
static void test_slow_chain(void **state)
{
	const struct input_name *name;
	struct bad_dns bad;
	struct ear ear;

	(void)state;
	bad_dns_start(&bad, 400);
	ear_open(&ear, bad.address, NULL);
	ear_ask(&ear, RESOLVE_NAME, "ping.bad");
	ear_listen(&ear, 7);
	name = ear_heard(&ear, "ping.bad", NULL);
	assert_int_equal(name->status, NAME_TIMEOUT);
	assert_true(ear.heard[0].after > 4.9 && ear.heard[0].after < 5.3);
	ear_close(&ear);
	bad_dns_stop(&bad);
}

/* Dead names do not flood a server, nor hide the live ones behind them. */
static void test_pace(void **state)
{
	struct bad_dns bad;
	struct ear ear;
	char name[32];

	(void)state;
	bad_dns_start(&bad, 0);
	ear_open(&ear, bad.address, NULL);
	for (int i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "silent-%d.bad", i);
		ear_ask(&ear, RESOLVE_NAME, name);
	}
	ear_ask(&ear, RESOLVE_NAME, "good.bad");
	ear_listen(&ear, 0.15);
	assert_int_equal(bad.questions, 2 * 64);
	ear_listen(&ear, 7);
	assert_int_equal(ear.count, 201);
	assert_int_equal(ear.heard[0].name.status, NAME_OK);
	assert_true(ear.heard[0].after < 2);
	assert_true(ear.heard[200].after < 5.4);
	assert_int_equal(ear.heard[200].name.status, NAME_TIMEOUT);
	ear_close(&ear);
	bad_dns_stop(&bad);
}

/* A server that closes its connections does not lose what others asked by UDP meanwhile. */
static void test_hangup(void **state)
{
	struct bad_dns bad;
	struct ear ear;
	char name[32];

	(void)state;
	bad_dns_start(&bad, 50);
	ear_open(&ear, bad.address, NULL);
	for (int i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "%s-%d.bad", i % 2 ? "good" : "hangup", i);
		ear_ask(&ear, RESOLVE_NAME, name);
	}
	ear_listen(&ear, 6);
	assert_int_equal(ear.count, 8);
	for (size_t i = 0; i < ear.count; i++)
		assert_int_equal(ear.heard[i].name.count, ear.heard[i].name.name[0] == 'g' ? 2 : 0);
	ear_close(&ear);
	bad_dns_stop(&bad);
}

static void test_closed_port(void **state)
{
	struct bad_dns bad;
	struct ear ear;

	(void)state;
	bad_dns_start(&bad, 0);
	bad_dns_stop(&bad);
	ear_open(&ear, bad.address, NULL);
	ear_ask(&ear, RESOLVE_NAME, "good.bad");
	ear_ask(&ear, RESOLVE_MX, "mx.bad");
	ear_listen(&ear, 7);
	assert_int_equal(ear.count, 2);
	assert_int_equal(ear_heard(&ear, "good.bad", NULL)->status, NAME_TIMEOUT);
	assert_non_null(strstr(ear.heard[0].name.error, "no way to 127.0.0.1 port "));
	assert_string_equal(ear_heard(&ear, "mx.bad", NULL)->via, "mx mx.bad");
	assert_true(ear.heard[1].after < 1);
	ear_close(&ear);
}

/* Of two servers the second is asked if the first is dead, refuses or fails; what the first said
 * stays if the second does no better. */
static void test_second_server(void **state)
{
	struct bad_dns dead, bad;
	struct ear ear;

	(void)state;
	bad_dns_start(&dead, 0);
	bad_dns_stop(&dead);
	bad_dns_start(&bad, 0);
	ear_open(&ear, dead.address, bad.address);
	ear_ask(&ear, RESOLVE_NAME, "good.bad");
	ear_ask(&ear, RESOLVE_NAME, "refused.bad");
	ear_ask(&ear, RESOLVE_NAME, "far2fail.bad");
	ear_listen(&ear, 7);
	assert_int_equal(ear_heard(&ear, "good.bad", NULL)->count, 2);
	assert_null(ear_heard(&ear, "good.bad", NULL)->server);
	assert_int_equal(ear_heard(&ear, "refused.bad", NULL)->status, NAME_REFUSED);
	assert_int_equal(ear_heard(&ear, "far2fail.bad", NULL)->status, NAME_SERVFAIL);
	assert_true(ear.heard[2].after < 2);
	ear_close(&ear);
	bad_dns_stop(&bad);
}

/* One server refuses all, the other knows: for users the name resolves. */
static void test_first_refuses(void **state)
{
	struct bad_dns first, second;
	struct ear ear;

	(void)state;
	bad_dns_start(&first, 0);
	first.refuse_all = true;
	bad_dns_start(&second, 0);
	ear_open(&ear, first.address, second.address);
	ear_ask(&ear, RESOLVE_NAME, "far.bad");
	ear_ask(&ear, RESOLVE_MX, "mx.bad");
	ear_listen(&ear, 7);
	ear_has(ear_heard(&ear, "far.bad", NULL), "2001:db8::1", 20);
	assert_int_equal(ear.count, 1 + 32);
	ear_ask(&ear, RESOLVE_NAME, "far2fail.bad");
	ear_listen(&ear, 7);
	assert_int_equal(ear_heard(&ear, "far2fail.bad", NULL)->status, NAME_REFUSED);
	assert_true(ear.heard[ear.count - 1].after < 2);
	ear_close(&ear);
	bad_dns_stop(&first);
	bad_dns_stop(&second);
}

static void test_dead_servers(void **state)
{
	const struct input_name *name;
	struct bad_dns one, two;
	struct ear ear;

	(void)state;
	bad_dns_start(&one, 0);
	bad_dns_start(&two, 0);
	ear_open(&ear, one.address, two.address);
	ear_ask(&ear, RESOLVE_SRV, "silent.bad");
	ear_ask(&ear, RESOLVE_MX, "mxdead.bad");
	ear_listen(&ear, 9);
	assert_int_equal(ear.count, 2);
	name = ear_heard(&ear, "silent.bad", "srv silent.bad");
	assert_int_equal(name->status, NAME_TIMEOUT);
	assert_string_equal(name->error,
			    "no answer from any of 2 servers within 5 s, asked for SRV");
	name = ear_heard(&ear, "silent-0.bad", "mx mxdead.bad");
	assert_int_equal(name->status, NAME_TIMEOUT);
	assert_true(ear.heard[0].after > 4.9 && ear.heard[1].after < 5.3);
	assert_true(one.questions > 0 && two.questions > 0);
	ear_close(&ear);
	bad_dns_stop(&one);
	bad_dns_stop(&two);
}

static void test_mx_bounds(void **state)
{
	struct bad_dns bad;
	struct ear ear;

	(void)state;
	bad_dns_start(&bad, 0);
	ear_open(&ear, bad.address, NULL);
	ear_ask(&ear, RESOLVE_MX, "mx.bad");
	ear_listen(&ear, 6);
	assert_int_equal(ear.count, 32);
	for (size_t i = 0; i < ear.count; i++) {
		assert_string_equal(ear.heard[i].name.via, "mx mx.bad");
		assert_int_equal(ear.heard[i].name.count, 2);
	}
	ear_close(&ear);
	bad_dns_stop(&bad);
}

/* Freed with everything in flight, UDP and TCP: nothing is heard, and every descriptor is back. */
static void test_free_in_flight(void **state)
{
	unsigned before;
	struct bad_dns bad;
	struct ear ear;
	char name[32];

	(void)state;
	bad_dns_start(&bad, 0);
	before = open_fds(UINT_MAX);
	ear_open(&ear, bad.address, bad.address);
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "%s-%d.bad", i % 2 ? "silent" : "truncsilent", i);
		ear_ask(&ear, i % 3 ? RESOLVE_NAME : RESOLVE_MX, name);
	}
	ear_listen(&ear, 0.4);
	assert_true(open_fds(UINT_MAX) >= before + 2 + 2); /* epoll and timer; UDP and TCP */
	assert_int_equal(ear.count, 0);
	resolver_free(&ear.resolver);
	assert_null(ear.resolver);
	for (int i = 0; i < 20; i++)
		assert_true(sd_event_run(ear.loop, 10000) >= 0);
	assert_int_equal(ear.count, 0);
	ear_close(&ear);
	assert_int_equal(open_fds(before), before);
	bad_dns_stop(&bad);
}

/* When all is heard, no socket stays open, and the next question works as the first. */
static void test_idle(void **state)
{
	unsigned idle;
	struct bad_dns bad;
	struct ear ear;

	(void)state;
	bad_dns_start(&bad, 0);
	ear_open(&ear, bad.address, bad.address);
	sd_event_run(ear.loop, 0);
	idle = open_fds(UINT_MAX);
	for (int i = 0; i < 2; i++) {
		ear_ask(&ear, RESOLVE_NAME, i ? "good.bad" : "half.bad");
		ear_ask(&ear, RESOLVE_NAME, "truncated.bad");
		ear_listen(&ear, 6);
		sd_event_run(ear.loop, 0);
		assert_int_equal(open_fds(idle), idle);
	}
	assert_int_equal(ear.count, 4);
	ear_close(&ear);
	bad_dns_stop(&bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_answers),    cmocka_unit_test(test_no_answers),
		cmocka_unit_test(test_slow_chain),     cmocka_unit_test(test_pace),
		cmocka_unit_test(test_hangup),	       cmocka_unit_test(test_closed_port),
		cmocka_unit_test(test_second_server),  cmocka_unit_test(test_first_refuses),
		cmocka_unit_test(test_dead_servers),   cmocka_unit_test(test_mx_bounds),
		cmocka_unit_test(test_free_in_flight), cmocka_unit_test(test_idle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
