// SPDX-License-Identifier: GPL-2.0-only
/* The journal's entries: their fields, and that nothing hostile comes through. */
#include "cmd/journal.h"
#include "incidents/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void check_has(const struct journal_entry *e, const char *field)
{
	for (size_t i = 0; i < e->count; i++)
		if (strcmp(e->fields[i], field) == 0)
			return;
	for (size_t i = 0; i < e->count; i++)
		print_error("%s\n", e->fields[i]);
	fail_msg("\"%s\" is missing", field);
}

static void check_entry(const struct incident *in, enum incident_change change,
			const char *const *fields, size_t count)
{
	struct journal_entry e;

	journal_write(&e, in, change);
	for (size_t i = 0; i < count; i++)
		check_has(&e, fields[i]);
	assert_memory_equal(e.fields[0], "MESSAGE=", 8);
	journal_clear(&e);
}

#define check(in, change, ...)                                                                     \
	check_entry(in, change, (const char *const[]){__VA_ARGS__},                                \
		    sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void test_fields(void **state)
{
	struct incident in;

	sample_incident(&in, 7);
	in.reopened = 0;
	check(&in, INCIDENT_OPENED,
	      "MESSAGE=incident 7 opened, blackhole: imap.example.org publishes 2001:db8:1::2, "
	      "which no interface of this host has: 2 clients tried port 993 and heard nothing. "
	      "Mend: ip -6 addr add 2001:db8:1::2/64 dev eth0; ip -6 route add default via "
	      "fe80::1 dev eth0",
	      "MESSAGE_ID=52340d34f38546eca2efcc6b4e0fb183", "PRIORITY=2", "SYNHOLE_INCIDENT=7",
	      "SYNHOLE_ADDRESS=2001:db8:1::2", "SYNHOLE_VERDICT=blackhole",
	      "SYNHOLE_SEVERITY=critical", "SYNHOLE_CAUSES=address-missing no-default-route",
	      "SYNHOLE_INTERFACE=eth0", "SYNHOLE_NAME=imap.example.org",
	      "SYNHOLE_NAME=mail.example.org",
	      "SYNHOLE_FIX=ip -6 addr add 2001:db8:1::2/64 dev eth0");
	in.severity = SEVERITY_WARNING;
	check(&in, INCIDENT_CHANGED, "MESSAGE_ID=1b5354f2924544bfbe43f739fef7561d", "PRIORITY=4");
	check(&in, INCIDENT_CLOSED,
	      "MESSAGE=incident 7 closed: 2001:db8:1::2 answers, after 310 SYNs and 2 clients in "
	      "vain",
	      "MESSAGE_ID=1323b0afc7924753b34fae61a594e4c9", "PRIORITY=5", "SYNHOLE_END=answered");
	in.end = END_QUIET;
	in.tally.syns = in.tally.clients = 1;
	check(&in, INCIDENT_CLOSED,
	      "MESSAGE=incident 7 closed: 2001:db8:1::2 has not been called any more, after 1 SYN "
	      "and 1 client in vain");
	in.reopened = 1;
	in.explanation.fixes = 0;
	strcpy(in.explanation.sentence, "it is back.");
	check(&in, INCIDENT_OPENED, "MESSAGE=incident 7 opened again, blackhole: it is back.");
}

static void test_hostile(void **state)
{
	struct journal_entry e;
	struct incident in;

	sample_incident(&in, 7);
	strcpy(in.names[0], "ev\033[31mil\n\xff");
	strcpy(in.explanation.sentence, "ev\033[31mil\n\xff");
	journal_write(&e, &in, INCIDENT_OPENED);
	check_has(&e, "SYNHOLE_NAME=ev\\027[31mil\\010\\255");
	for (size_t i = 0; i < e.count; i++)
		for (const char *p = e.fields[i]; *p; p++)
			assert_in_range(*p, ' ', '~');
	journal_clear(&e);
}

/* However full an incident is, all kinds of fields find room. */
static void test_full(void **state)
{
	struct journal_entry e;
	struct incident in;

	sample_full(&in);
	journal_write(&e, &in, INCIDENT_OPENED);
	assert_true(e.count < JOURNAL_FIELDS_MAX);
	assert_memory_equal(e.fields[e.count - 1], "SYNHOLE_FIX=", 12);
	journal_clear(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
