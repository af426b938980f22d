// SPDX-License-Identifier: GPL-2.0-only
/* Published: names as DNS last said, and who publishes an address. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "core/published.h"
#include "samples/parsed.h"

#include <stdio.h>
#include <string.h>

/* Up to two addresses, NULL for none. */
static bool feed(struct published *p, const char *name, const char *one, const char *two)
{
	struct record records[2] = {{.ttl = 300}, {.ttl = 60}};
	struct input in = {.kind = INPUT_NAME, .name = {.name = name, .records = records}};

	if (one)
		records[in.name.count++].address = parsed(one);
	if (two)
		records[in.name.count++].address = parsed(two);
	return published_feed(p, &in);
}

static size_t publishers(struct published *p, const char *address,
			 const struct publication **ret_first)
{
	struct addr a = parsed(address);
	size_t count;

	*ret_first = published_find(p, &a, &count);
	assert_int_equal(!*ret_first, !count);
	return count;
}

static int setup(void **state)
{
	struct published *p;

	if (published_new(&p) < 0)
		return -1;
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct published *p = *state;

	published_free(&p);
	assert_null(p);
	published_free(&p);
	return 0;
}

static void test_nothing(void **state)
{
	const struct publication *found;
	size_t count = 77;

	assert_int_equal(publishers(*state, "192.0.2.2", &found), 0);
	published_all(*state, &count);
	assert_int_equal(count, 0);
	assert_null(published_name(*state, 0));
}

static void test_find(void **state)
{
	const struct publication *found;

	feed(*state, "a.example.org", "192.0.2.2", "2001:db8::2");
	feed(*state, "b.example.org", "192.0.2.1", "192.0.2.2");
	feed(*state, "c.example.org", "192.0.2.3", NULL);
	assert_int_equal(publishers(*state, "192.0.2.2", &found), 2);
	assert_string_equal(found[0].name->name, "a.example.org");
	assert_int_equal(found[0].record->ttl, 300);
	assert_string_equal(found[1].name->name, "b.example.org");
	assert_int_equal(found[1].record->ttl, 60);
	assert_int_equal(publishers(*state, "192.0.2.1", &found), 1);
	assert_int_equal(publishers(*state, "192.0.2.3", &found), 1);
	assert_int_equal(publishers(*state, "2001:db8::2", &found), 1);
	assert_int_equal(publishers(*state, "192.0.2.0", &found), 0);
	assert_int_equal(publishers(*state, "192.0.2.4", &found), 0);
	assert_int_equal(publishers(*state, "2001:db8::3", &found), 0);
}

static void test_all_by_address(void **state)
{
	const struct publication *all;
	size_t count;

	feed(*state, "a.example.org", "2001:db8::2", "192.0.2.9");
	feed(*state, "b.example.org", "192.0.2.1", "192.0.2.9");
	all = published_all(*state, &count);
	assert_int_equal(count, 4);
	for (size_t i = 1; i < count; i++)
		assert_true(address_compare(&all[i - 1].address, &all[i].address) <= 0);
}

static void test_an_answer_replaces(void **state)
{
	const struct publication *found;

	assert_true(feed(*state, "a.example.org", "192.0.2.2", NULL));
	assert_int_equal(publishers(*state, "192.0.2.2", &found), 1);
	assert_true(feed(*state, "A.Example.ORG", "192.0.2.3", NULL));
	assert_int_equal(publishers(*state, "192.0.2.2", &found), 0);
	assert_int_equal(publishers(*state, "192.0.2.3", &found), 1);
	assert_null(published_name(*state, 1));
	assert_true(feed(*state, "a.example.org", NULL, NULL));
	assert_int_equal(publishers(*state, "192.0.2.3", &found), 0);
	assert_non_null(published_name(*state, 0));
}

static void test_what_differs(void **state)
{
	struct input in = {.kind = INPUT_NAME, .name = {.name = "a.example.org"}};

	assert_true(feed(*state, "a.example.org", "192.0.2.2", "192.0.2.3"));
	assert_false(feed(*state, "a.example.org", "192.0.2.2", "192.0.2.3"));
	assert_true(feed(*state, "a.example.org", "192.0.2.2", NULL));
	assert_true(published_feed(*state, &in));
	in.name.status = NAME_TIMEOUT; /* nobody has answered: nothing is known to differ */
	assert_false(published_feed(*state, &in));
	in.name.status = NAME_NXDOMAIN;
	assert_true(published_feed(*state, &in));
	assert_false(published_feed(*state, &in));
	in.kind = INPUT_HOST_END;
	assert_false(published_feed(*state, &in));
}

static void test_texts_are_copied(void **state)
{
	char name[] = "a\xff\x1b.example.org", error[] = "no answer", server[] = "192.0.2.53";
	char via[] = "mx example.org";
	struct input in = {.kind = INPUT_NAME,
			   .name = {.name = name,
				    .error = error,
				    .server = server,
				    .via = via,
				    .status = NAME_SERVFAIL}};
	const struct published_name *n;

	published_feed(*state, &in);
	memset(name, 'x', sizeof(name) - 1);
	memset(error, 'x', sizeof(error) - 1);
	memset(server, 'x', sizeof(server) - 1);
	memset(via, 'x', sizeof(via) - 1);
	n = published_name(*state, 0);
	assert_string_equal(n->name, "a\xff\x1b.example.org");
	assert_string_equal(n->error, "no answer");
	assert_string_equal(n->server, "192.0.2.53");
	assert_string_equal(n->via, "mx example.org");
	assert_int_equal(n->status, NAME_SERVFAIL);
}

static void test_records_are_bounded(void **state)
{
	struct record records[PUBLISHED_RECORDS_MAX + 3] = {0};
	struct input in = {.kind = INPUT_NAME,
			   .name = {.name = "a.example.org",
				    .records = records,
				    .count = PUBLISHED_RECORDS_MAX + 3}};
	size_t count;

	for (size_t i = 0; i < in.name.count; i++)
		records[i].address.bytes[15] = (uint8_t)(i + 1);
	assert_true(published_feed(*state, &in));
	published_all(*state, &count);
	assert_int_equal(count, PUBLISHED_RECORDS_MAX);
	assert_int_equal(published_dropped(*state), 3);
}

static void test_names_are_bounded(void **state)
{
	const struct publication *found;
	char name[32];

	for (unsigned i = 0; i < PUBLISHED_NAMES_MAX + 2; i++) {
		snprintf(name, sizeof(name), "n%u.example.org", i);
		assert_int_equal(feed(*state, name, i ? NULL : "192.0.2.2", NULL),
				 i < PUBLISHED_NAMES_MAX);
	}
	assert_int_equal(published_dropped(*state), 2);
	assert_null(published_name(*state, PUBLISHED_NAMES_MAX));
	assert_string_equal(published_name(*state, 7)->name, "n7.example.org");
	/* Those that have a place keep it. */
	assert_true(feed(*state, "n0.example.org", "192.0.2.3", NULL));
	assert_int_equal(publishers(*state, "192.0.2.3", &found), 1);
}

#define test(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static bool is_stale(struct published *p, const char *address)
{
	const struct publication *found;

	assert_int_equal(publishers(p, address, &found), 1);
	return found->record->stale;
}

/* What the zone's own servers have said holds while the resolver says the same again and again. */
static void test_stale_until_the_servers_have_it(void **state)
{
	struct record still = {.address = parsed("192.0.2.3")};
	struct input in = {
		.kind = INPUT_AUTHORITY,
		.authority = {
			.name = "a.example.org", .ipv4 = true, .records = &still, .count = 1}};

	feed(*state, "a.example.org", "192.0.2.2", "192.0.2.3");
	published_feed(*state, &in);
	assert_true(is_stale(*state, "192.0.2.2"));
	assert_false(is_stale(*state, "192.0.2.3"));
	feed(*state, "a.example.org", "192.0.2.3", "192.0.2.2");
	assert_true(is_stale(*state, "192.0.2.2"));
	assert_false(is_stale(*state, "192.0.2.3"));
	still.address = parsed("192.0.2.2");
	published_feed(*state, &in);
	assert_false(is_stale(*state, "192.0.2.2"));
	assert_true(is_stale(*state, "192.0.2.3"));
	feed(*state, "a.example.org", "192.0.2.2", NULL);
	feed(*state, "a.example.org", "192.0.2.2", "192.0.2.3");
	assert_false(is_stale(*state, "192.0.2.3"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_nothing),
		test(test_find),
		test(test_all_by_address),
		test(test_an_answer_replaces),
		test(test_what_differs),
		test(test_texts_are_copied),
		test(test_records_are_bounded),
		test(test_names_are_bounded),
		test(test_stale_until_the_servers_have_it),
	};

	return cmocka_run_group_tests_name("published", tests, NULL, NULL);
}
