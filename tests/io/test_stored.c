// SPDX-License-Identifier: GPL-2.0-only
/* Incidents through a real store and back, with all that is kept beside them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "cmd/incident_json.h"
#include "cmd/stored.h"
#include "incidents/sample.h"
#include "io/store_dir.h"

#include <errno.h>
#include <string.h>

static struct incident in;

static void succeeds(struct store_dir *dir, int r)
{
	if (r < 0)
		fail_msg("%s: %s", strerror(-r), dir->failure.text);
}

static void put(struct store_dir *dir, uint64_t id)
{
	sample_incident(&in, id);
	in.closed = id == 3 ? 0 : in.closed;
	succeeds(dir, stored_put(dir->store, &in, &dir->failure));
}

static bool add_id(void *data, const struct incident *incident)
{
	sprintf((char *)data + strlen(data), "%llu ", (unsigned long long)incident->id);
	return true;
}

static void lists(struct store_dir *dir, const struct options *options, const char *wanted)
{
	char text[STORED_TEXT], ids[64] = "";
	const struct store_filter filter = stored_filter(options, text);

	succeeds(dir, stored_list(dir->store, &filter, add_id, ids, &dir->failure));
	assert_string_equal(ids, wanted);
}

static void test_list(void **state)
{
	struct store_dir *dir = *state;
	static struct options o;

	for (uint64_t id = 1; id <= 3; id++)
		put(dir, id);
	lists(dir, &o, "3 2 1 ");
	o.of_name = "Mail.example.org.";
	o.address_given = true;
	o.address = in.address;
	o.verdict = "blackhole";
	lists(dir, &o, "3 2 1 ");
	o.open = true;
	lists(dir, &o, "3 ");
	o.verdict = "mute";
	lists(dir, &o, "");
}

static void test_hostile_name(void **state)
{
	struct store_dir *dir = *state;
	const struct options o = {.of_name = "a\nimap.example.org"};

	sample_incident(&in, 1);
	strcpy(in.names[0], o.of_name);
	succeeds(dir, stored_put(dir->store, &in, &dir->failure));
	lists(dir, &o, "1 ");
	lists(dir, &(struct options){.of_name = "imap.example.org"}, "");
}

static void test_get(void **state)
{
	struct store_dir *dir = *state;
	struct stored *s = NULL;
	char *wanted, *got;

	put(dir, 7);
	succeeds(dir, store_put_state(dir->store, 7, STORE_OPENING, "{\"kind\": \"host\"}",
				      &dir->failure));
	for (uint64_t i = 0; i < 100; i++)
		store_count(dir->store,
			    &(struct store_minute){.id = 7,
						   .at = SAMPLE_BEGAN + i * 60 * SAMPLE_SECOND,
						   .syns = i + 1,
						   .answers = i});
	succeeds(dir, store_flush(dir->store, &dir->failure));
	succeeds(dir, store_dir_read(dir));
	succeeds(dir, stored_get(dir->store, 7, &s, &dir->failure));
	wanted = incident_document(&in);
	got = incident_document(&s->incident);
	assert_string_equal(got, wanted);
	free(wanted);
	free(got);
	assert_int_equal(s->minute_count, 100);
	assert_int_equal(s->minutes[99].at, SAMPLE_BEGAN + 99 * 60 * SAMPLE_SECOND);
	assert_int_equal(s->minutes[99].syns, 100);
	assert_int_equal(s->minutes[99].answers, 99);
	assert_string_equal(json_string_value(json_object_get(s->opening, "kind")), "host");
	assert_null(s->close);
	stored_free(&s);
	assert_int_equal(stored_get(dir->store, 8, &s, &dir->failure), -ENOENT);
}

/* One that cannot be read hides no other. */
static void test_unreadable(void **state)
{
	struct store_dir *dir = *state;
	char ids[64] = "";
	struct stored *s;

	put(dir, 1);
	succeeds(dir, store_dir_put(dir, 2, 0));
	put(dir, 3);
	assert_int_equal(
		stored_list(dir->store, &(struct store_filter){0}, add_id, ids, &dir->failure),
		-EBADMSG);
	assert_non_null(strstr(dir->failure.text, "1 of the incidents could not be read"));
	assert_string_equal(ids, "3 1 ");
	assert_int_equal(stored_get(dir->store, 2, &s, &dir->failure), -EBADMSG);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, store_dir_begin, store_dir_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_list),
		TEST(test_hostile_name),
		TEST(test_get),
		TEST(test_unreadable),
	};

	return cmocka_run_group_tests_name("stored", tests, NULL, NULL);
}
