// SPDX-License-Identifier: GPL-2.0-only
/* Incidents to JSON and back: nothing is lost on the way, and what is no incident is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "cmd/incident_json.h"
#include "incidents/sample.h"

#include <errno.h>
#include <string.h>

static struct incident in, back;

static void round_trip(void)
{
	char *text = incident_document(&in), *again;

	assert_non_null(text);
	memset(&back, 0x5a, sizeof(back));
	if (incident_from_document(text, &back) < 0)
		fail_msg("refused: %s", text);
	again = incident_document(&back);
	assert_string_equal(again, text);
	free(again);
	free(text);
}

static void same_state(void)
{
	assert_int_equal(back.id, in.id);
	assert_memory_equal(&back.address, &in.address, sizeof(in.address));
	assert_string_equal(back.interface, in.interface);
	assert_int_equal(back.name_count, in.name_count);
	for (size_t i = 0; i < in.name_count; i++)
		assert_string_equal(back.names[i], in.names[i]);
	assert_int_equal(back.verdict, in.verdict);
	assert_int_equal(back.severity, in.severity);
	assert_int_equal(back.causes, in.causes);
	assert_int_equal(back.owned, in.owned);
	assert_int_equal(back.path_known, in.path_known);
	assert_int_equal(back.path, in.path);
	assert_int_equal(back.answered, in.answered);
	assert_string_equal(back.explanation.sentence, in.explanation.sentence);
	assert_int_equal(back.explanation.fixes, in.explanation.fixes);
	for (size_t i = 0; i < in.explanation.fixes; i++)
		assert_string_equal(back.explanation.fix[i], in.explanation.fix[i]);
}

static void same_times(void)
{
	assert_int_equal(back.opened, in.opened);
	assert_int_equal(back.closed, in.closed);
	assert_int_equal(back.end, in.end);
	assert_int_equal(back.reopened, in.reopened);
	assert_int_equal(back.first, in.first);
	assert_int_equal(back.last, in.last);
	assert_int_equal(back.first_client, in.first_client);
	assert_int_equal(back.last_client, in.last_client);
	assert_int_equal(back.more_events, in.more_events);
	assert_int_equal(back.event_count, in.event_count);
	for (size_t i = 0; i < in.event_count; i++) {
		assert_int_equal(back.events[i].at, in.events[i].at);
		assert_int_equal(back.events[i].kind, in.events[i].kind);
		assert_string_equal(back.events[i].text, in.events[i].text);
	}
	assert_int_equal(back.schedule.count, in.schedule.count);
	assert_memory_equal(&back.schedule.source, &in.schedule.source, sizeof(in.schedule.source));
	assert_memory_equal(back.schedule.times, in.schedule.times,
			    in.schedule.count * sizeof(*in.schedule.times));
}

static void same_rows(const struct incident_tally *a, const struct incident_tally *b)
{
	assert_int_equal(a->port_count, b->port_count);
	for (size_t i = 0; i < b->port_count; i++) {
		assert_int_equal(a->ports[i].port, b->ports[i].port);
		assert_int_equal(a->ports[i].syns, b->ports[i].syns);
		assert_int_equal(a->ports[i].attempts, b->ports[i].attempts);
		assert_int_equal(a->ports[i].retransmits, b->ports[i].retransmits);
		assert_int_equal(a->ports[i].answers, b->ports[i].answers);
		assert_int_equal(a->ports[i].listener, b->ports[i].listener);
	}
	assert_int_equal(a->source_count, b->source_count);
	for (size_t i = 0; i < b->source_count; i++) {
		assert_memory_equal(&a->sources[i].address, &b->sources[i].address, 16);
		assert_int_equal(a->sources[i].kind, b->sources[i].kind);
		assert_int_equal(a->sources[i].syns, b->sources[i].syns);
	}
	assert_int_equal(a->drop_count, b->drop_count);
	for (size_t i = 0; i < b->drop_count; i++) {
		assert_string_equal(a->drops[i].reason, b->drops[i].reason);
		assert_int_equal(a->drops[i].count, b->drops[i].count);
	}
}

static void same_tally(void)
{
	const struct incident_tally *a = &back.tally, *b = &in.tally;

	assert_int_equal(a->syns, b->syns);
	assert_int_equal(a->attempts, b->attempts);
	assert_int_equal(a->retransmits, b->retransmits);
	assert_int_equal(a->looped, b->looped);
	assert_int_equal(a->clients, b->clients);
	assert_int_equal(a->answers, b->answers);
	assert_int_equal(a->asked, b->asked);
	assert_int_equal(a->more_ports, b->more_ports);
	assert_int_equal(a->more_sources, b->more_sources);
	same_rows(a, b);
}

static void test_round_trip(void **state)
{
	sample_incident(&in, 7);
	round_trip();
	same_state();
	same_times();
	same_tally();
}

static void test_nothing_known(void **state)
{
	static const struct incident none;

	in = none;
	in.id = 1;
	in.opened = 1000;
	round_trip();
	same_state();
	same_times();
	same_tally();
}

/* Each word of each enum. */
static void test_words(void **state)
{
	sample_incident(&in, 1);
	for (unsigned i = 0; i < 32; i++) {
		in.verdict = i % VERDICTS;
		in.severity = i % (SEVERITY_CRITICAL + 1);
		in.causes = 1U << i % CAUSES;
		in.owned = i % (OWNED_LINK_DOWN + 1);
		in.path = i % (PATH_BLACKHOLE + 1);
		in.answered = i % (ANSWERED_ICMP + 1);
		in.end = i % ENDS;
		in.events[0].kind = i % TIMELINE_KINDS;
		in.tally.sources[0].kind = i % (SOURCE_CLIENT + 1);
		in.tally.ports[0].listener = i % (FACT_NO + 1);
		round_trip();
		same_state();
		same_times();
		same_tally();
	}
}

static void test_all_full(void **state)
{
	sample_full(&in);
	round_trip();
	same_state();
	same_times();
	same_tally();
}

/* Bytes that may not be printed come back as they were printed. */
static void test_hostile_bytes(void **state)
{
	sample_incident(&in, 1);
	strcpy(in.names[0], "ev\033[31mil\xc8\n.example.org");
	strcpy(in.events[0].text, "\x80\xff");
	round_trip();
	assert_string_equal(back.names[0], "ev\\027[31mil\\200\\010.example.org");
	assert_string_equal(back.events[0].text, "\\128\\255");
}

static json_t *document(void)
{
	sample_incident(&in, 1);
	return incident_json(&in);
}

static void refused(json_t *o, const char *what)
{
	memset(&back, 0x5a, sizeof(back));
	if (incident_from_json(o, &back) != -EINVAL)
		fail_msg("taken: %s", what);
	assert_int_equal(back.id, 0x5a5a5a5a5a5a5a5aULL);
	json_decref(o);
}

static void test_tolerant(void **state)
{
	json_t *o = document(), *list = json_array();

	json_object_set_new(o, "of a later version", json_pack("[{si}]", "x", 1));
	json_array_append_new(json_object_get(o, "causes"), json_string("of-a-later-version"));
	for (int i = 0; i < 100; i++)
		json_array_append_new(list, json_sprintf("n%d.example.org", i));
	json_object_set_new(o, "names", list);
	json_object_del(o, "schedule");
	json_object_set_new(o, "interface", json_string("an interface with a long name"));
	assert_int_equal(incident_from_json(o, &back), 0);
	assert_int_equal(back.name_count, INCIDENT_NAMES_MAX);
	assert_int_equal(back.causes, in.causes);
	assert_int_equal(back.schedule.count, 0);
	assert_string_equal(back.interface, "an interface wi");
	json_decref(o);
}

/* No member may be of another type than it is. */
static void test_types(void **state)
{
	json_t *whole = document();
	const char *key;
	json_t *value;

	json_object_foreach(whole, key, value)
	{
		json_t *o = json_deep_copy(whole);

		/* These are only written. */
		if (strcmp(key, "failed") == 0) {
			json_decref(o);
			continue;
		}
		json_object_set_new(o, key, json_real(0.5));
		refused(o, key);
	}
	json_decref(whole);
}

static void test_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"{",
		"[]",
		"\"\"",
		"null",
		"{}",
		"{\"id\": 1}",
		"{\"id\": 1, \"address\": \"192.0.2.1\"}",
		"{\"id\": 1, \"address\": \"192.0.2.1\", \"opened\": \"yesterday\"}",
		"{\"id\": -1, \"address\": \"192.0.2.1\", \"opened\": \"2026-11-22T14:47:01Z\"}",
		"{\"id\": 1, \"address\": \"192.0.2.256\", \"opened\": \"2026-11-22T14:47:01Z\"}",
		/* otherwise good */
		"{\"id\":1,\"address\":\"192.0.2.1\",\"opened\":\"2026-11-22\",\"end\":\"x\"}",
	};
	char *long_text = malloc(INCIDENT_JSON_MAX + 2);

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (incident_from_document(texts[i], &back) != -EINVAL)
			fail_msg("taken: %s", texts[i]);
	assert_int_equal(
		incident_from_document("{\"id\": 1, \"address\": \"192.0.2.1\", \"opened\": "
				       "\"2026-11-22T14:47:01Z\"}",
				       &back),
		0);
	memset(long_text, '[', INCIDENT_JSON_MAX + 1);
	long_text[INCIDENT_JSON_MAX + 1] = '\0';
	assert_int_equal(incident_from_document(long_text, &back), -EINVAL);
	long_text[INCIDENT_JSON_MAX] = '\0'; /* deeper than the library goes */
	assert_int_equal(incident_from_document(long_text, &back), -EINVAL);
	free(long_text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),    cmocka_unit_test(test_nothing_known),
		cmocka_unit_test(test_words),	      cmocka_unit_test(test_all_full),
		cmocka_unit_test(test_hostile_bytes), cmocka_unit_test(test_tolerant),
		cmocka_unit_test(test_types),	      cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("incident_json", tests, NULL, NULL);
}
