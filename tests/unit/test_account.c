// SPDX-License-Identifier: GPL-2.0-only
/* Accounts: which facts are told of a finding, and that hostile and plentiful ones do no harm. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "core/account.h"

#include <stdio.h>
#include <string.h>

static const struct engine_policy none;
static struct engine *e;
static struct addr address;

static int setup(void **state)
{
	const struct input link = {
		.kind = INPUT_LINK,
		.link = {.ifindex = 2, .name = "eth0", .up = true, .running = true}};

	address_parse("2001:db8::2", &address);
	if (engine_new(&e, &none) < 0)
		return -1;
	engine_feed(e, &link);
	return 0;
}

static int teardown(void **state)
{
	engine_free(&e);
	return 0;
}

static void publish(const char *name)
{
	const struct record record = {.address = address, .ttl = 300};
	const struct input in = {.kind = INPUT_NAME,
				 .name = {.name = name, .records = &record, .count = 1}};

	engine_feed(e, &in);
}

static void call(uint16_t port, enum slot_kind kind, uint64_t count)
{
	const struct input in = {.kind = INPUT_COUNT,
				 .count = {.kind = kind,
					   .ifindex = 2,
					   .dst = address,
					   .src = {.bytes = {0x20, 1, 0xd, 0xb8, [15] = 9}},
					   .port = port,
					   .syns = count,
					   .first = 1000000000,
					   .last = 2000000000}};

	engine_feed(e, &in);
}

static const struct account *tell(bool watched)
{
	static struct account account;
	const struct record record = {.address = address};
	struct finding f;

	judge_record(e, 9000000000, &record, &f);
	account_of(e, &f, watched, &account);
	return &account;
}

static void tells(const struct account *account, const char *about, const char *text)
{
	for (size_t i = 0; i < account->count; i++)
		if (strcmp(account->facts[i].about, about) == 0 &&
		    strstr(account->facts[i].text, text))
			return;
	fail_msg("\"%s\" is not told of %s", text, about);
}

static void test_before_anybody_calls(void **state)
{
	const struct account *account;

	publish("imap.example.org");
	account = tell(false);
	tells(account, "published",
	      "imap.example.org has the AAAA record 2001:db8::2 for up to 300 s");
	tells(account, "owned", "no interface of this host has the address");
	tells(account, "default-route", "this host has no default IPv6 route");
	tells(account, "called", "traffic was not watched");
	tells(tell(true), "called", "nobody called it while it was watched");
}

static void test_while_it_is_called(void **state)
{
	const struct account *account;

	engine_feed(e, &(struct input){.kind = INPUT_LISTENERS_BEGIN});
	engine_feed(e, &(struct input){.kind = INPUT_LISTENER, .listener = {.port = 993}});
	engine_feed(e, &(struct input){.kind = INPUT_LISTENERS_END});
	engine_feed(e, &(struct input){.kind = INPUT_COUNTS_BEGIN, .answers_watched = true});
	call(993, SLOT_SYN, 1);
	call(22, SLOT_SYN, 5);
	call(0, SLOT_HAIRPIN, 3);
	engine_feed(e, &(struct input){.kind = INPUT_COUNTS_END});
	account = tell(true);
	tells(account, "published", "no name known here points to it");
	tells(account, "called", "1 connection attempt (SYN) came in by eth0 to port 993");
	tells(account, "called", "5 connection attempts (SYNs) came in by eth0 to port 22");
	tells(account, "listener", "a program listens on port 993 here");
	tells(account, "listener", "nothing listens on port 22 here");
	tells(account, "returned", "3 left again");
	tells(account, "answered", "no answer left");
}

static void test_bounds(void **state)
{
	char name[300];

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (int i = 0; i < 100; i++) {
		sprintf(name, "%02d", i);
		name[2] = '\033';
		publish(name);
	}
	engine_feed(e, &(struct input){.kind = INPUT_COUNTS_BEGIN});
	for (uint16_t port = 1; port < 100; port++)
		call(port, SLOT_SYN, 1);
	engine_feed(e, &(struct input){.kind = INPUT_COUNTS_END});
	tells(tell(true), "published", "92 more names point to it");
	tells(tell(true), "called", "93 more ports were called");
	assert_true(tell(true)->count < ACCOUNT_FACTS);
}

static void test_every_cause_has_words(void **state)
{
	for (unsigned i = 0; i < CAUSES; i++)
		assert_true(strlen(account_cause(1U << i)) > 10);
}

int main(void)
{
#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		test(test_before_anybody_calls),
		test(test_while_it_is_called),
		test(test_bounds),
		test(test_every_cause_has_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
