// SPDX-License-Identifier: GPL-2.0-only
/* The store: what was put is there again, and what is too old or too much goes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "io/store_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECOND 1000000000ULL

static void test_put_and_get(void **state)
{
	struct store_dir *dir = *state;

	store_dir_succeeds(dir, store_ready(dir->store, &dir->failure));
	store_dir_succeeds(dir, store_dir_put(dir, 1, 0));
	store_dir_succeeds(dir, store_dir_put(dir, 2, 50));
	store_dir_succeeds(dir, store_dir_put(dir, 1, 60)); /* in place of the first */
	assert_true(store_dir_has(dir, 1));
	store_dir_reopen(dir);
	assert_true(store_dir_has(dir, 1));
	assert_true(store_dir_has(dir, 2));
	assert_false(store_dir_has(dir, 3));
	assert_non_null(strstr(dir->failure.text, "there is no incident 3"));
	assert_null(store_news(dir->store));
	store_dir_succeeds(dir, store_dir_read(dir));
	assert_true(store_dir_has(dir, 1));
}

struct list {
	char ids[64];
	unsigned stop;
};

static bool add_id(void *data, const struct store_row *row)
{
	struct list *list = data;

	sprintf(list->ids + strlen(list->ids), "%llu ", (unsigned long long)row->id);
	assert_int_equal(row->opened, row->id * SECOND);
	assert_int_equal(row->last, row->id * SECOND + 1);
	assert_string_equal(row->severity, "critical");
	assert_string_equal(row->verdict, row->id % 3 ? "blackhole" : "mute");
	assert_true(strlen(row->document) > 1500 && strlen(row->address) > 8);
	return !list->stop || --list->stop;
}

static void lists(struct store_dir *dir, const struct store_filter *filter, const char *wanted)
{
	struct list list = {.stop = 0};

	store_dir_succeeds(dir, store_list(dir->store, filter, add_id, &list, &dir->failure));
	assert_string_equal(list.ids, wanted);
}

static void test_list(void **state)
{
	struct store_dir *dir = *state;
	struct list two = {.stop = 2};

	for (uint64_t id = 1; id <= 6; id++) /* 2, 4 and 6 are open */
		store_dir_succeeds(dir, store_dir_put(dir, id, id % 2 ? id + 10 : 0));
	lists(dir, &(struct store_filter){0}, "6 5 4 3 2 1 ");
	lists(dir, &(struct store_filter){.open = true}, "6 4 2 ");
	lists(dir, &(struct store_filter){.limit = 4, .open_first = true}, "6 4 2 5 ");
	lists(dir, &(struct store_filter){.since = 13 * SECOND}, "6 5 4 3 2 ");
	lists(dir, &(struct store_filter){.until = 3 * SECOND}, "3 2 1 ");
	lists(dir, &(struct store_filter){.since = 13 * SECOND, .until = 3 * SECOND}, "3 2 ");
	lists(dir, &(struct store_filter){.name = "mail.example.ORG"}, "5 3 1 ");
	lists(dir, &(struct store_filter){.name = "example.org"}, "");
	lists(dir, &(struct store_filter){.address = "192.0.2.4"}, "4 ");
	lists(dir, &(struct store_filter){.verdict = "mute", .open = true}, "6 ");
	lists(dir, &(struct store_filter){.limit = 2}, "6 5 ");
	lists(dir, &(struct store_filter){.name = "' OR 1=1 --"}, "");
	store_dir_succeeds(dir, store_list(dir->store, &(struct store_filter){0}, add_id, &two,
					   &dir->failure));
	assert_string_equal(two.ids, "6 5 ");
}

static void add_minute(void *data, const struct store_minute *m)
{
	sprintf((char *)data + strlen(data), "%llu:%llu/%llu ",
		(unsigned long long)(m->at / SECOND), (unsigned long long)m->syns,
		(unsigned long long)m->answers);
}

static void counts(struct store_dir *dir, uint64_t id, const char *wanted)
{
	char text[256] = "";

	store_dir_succeeds(dir, store_minutes(dir->store, id, add_minute, text, &dir->failure));
	assert_string_equal(text, wanted);
}

static void count(struct store_dir *dir, uint64_t id, uint64_t second, uint64_t syns)
{
	store_dir_succeeds(dir,
			   store_count(dir->store, &(struct store_minute){.id = id,
									  .at = second * SECOND,
									  .syns = syns,
									  .answers = 1}));
}

static void test_minutes(void **state)
{
	struct store_dir *dir = *state;

	store_dir_succeeds(dir, store_flush(dir->store, &dir->failure)); /* nothing waits */
	count(dir, 1, 125, 3);
	count(dir, 2, 126, 4);
	count(dir, 1, 179, 5);
	count(dir, 1, 180, 6);
	counts(dir, 1, "");
	store_dir_succeeds(dir, store_flush(dir->store, &dir->failure));
	count(dir, 1, 181, 7);
	count(dir, 1, 60, 1);
	store_dir_succeeds(dir, store_flush(dir->store, &dir->failure));
	store_dir_succeeds(dir, store_flush(dir->store, &dir->failure));
	counts(dir, 1, "60:1/1 120:8/2 180:13/2 ");
	counts(dir, 2, "120:4/1 ");
}

static void test_minutes_are_bounded(void **state)
{
	struct store_dir *dir = *state;
	struct store_minute one = {.syns = 1};

	for (one.id = 1; one.id <= STORE_PENDING_MAX; one.id++)
		store_dir_succeeds(dir, store_count(dir->store, &one));
	assert_int_equal(store_count(dir->store, &one), -ENOBUFS);
	store_dir_succeeds(dir, store_flush(dir->store, &dir->failure));
	store_dir_succeeds(dir, store_count(dir->store, &one));
	counts(dir, STORE_PENDING_MAX, "0:1/0 ");
}

static void test_values(void **state)
{
	struct store_dir *dir = *state;
	void *value = NULL;
	size_t size = 0;

	dir->failure.text[0] = '\0';
	assert_int_equal(store_get_value(dir->store, "baseline", &value, &size, &dir->failure),
			 -ENOENT);
	assert_string_equal(dir->failure.text, "");
	store_dir_succeeds(dir, store_put_value(dir->store, "baseline", "a\0b", 3, &dir->failure));
	store_dir_succeeds(dir, store_put_value(dir->store, "empty", NULL, 0, &dir->failure));
	store_dir_reopen(dir);
	store_dir_succeeds(dir,
			   store_get_value(dir->store, "baseline", &value, &size, &dir->failure));
	assert_int_equal(size, 3);
	assert_memory_equal(value, "a\0b", 3);
	free(value);
	store_dir_succeeds(dir, store_get_value(dir->store, "empty", &value, &size, &dir->failure));
	assert_int_equal(size, 0);
	free(value);
}

static void test_states(void **state)
{
	struct store_dir *dir = *state;
	char *text = NULL, *large = malloc(STORE_DOCUMENT_MAX + 2);

	store_dir_succeeds(dir,
			   store_put_state(dir->store, 1, STORE_OPENING, "{1}", &dir->failure));
	store_dir_succeeds(dir,
			   store_put_state(dir->store, 1, STORE_OPENING, "{2}", &dir->failure));
	store_dir_succeeds(dir, store_put_state(dir->store, 1, STORE_CLOSE, "{3}", &dir->failure));
	store_dir_succeeds(dir,
			   store_get_state(dir->store, 1, STORE_OPENING, &text, &dir->failure));
	assert_string_equal(text, "{2}");
	free(text);
	assert_int_equal(store_get_state(dir->store, 2, STORE_CLOSE, &text, &dir->failure),
			 -ENOENT);
	assert_non_null(strstr(dir->failure.text, "at the close of incident 2"));
	memset(large, ' ', STORE_DOCUMENT_MAX + 1);
	large[STORE_DOCUMENT_MAX + 1] = '\0';
	assert_int_equal(store_put_state(dir->store, 3, STORE_CLOSE, large, &dir->failure), -E2BIG);
	large[STORE_DOCUMENT_MAX] = '\0';
	store_dir_succeeds(dir, store_put_state(dir->store, 3, STORE_CLOSE, large, &dir->failure));
	free(large);
}

static uint64_t next_id(struct store_dir *dir)
{
	uint64_t id = 0;

	store_dir_succeeds(dir, store_next_id(dir->store, &id, &dir->failure));
	return id;
}

static void test_no_number_twice(void **state)
{
	struct store_dir *dir = *state;

	dir->settings.keep = SECOND;
	store_dir_reopen(dir);
	assert_int_equal(next_id(dir), 1);
	store_dir_succeeds(dir, store_dir_put(dir, 7, 8));
	assert_int_equal(next_id(dir), 8);
	store_dir_succeeds(dir, store_trim(dir->store, 1000 * SECOND, &dir->failure));
	store_dir_reopen(dir);
	assert_false(store_dir_has(dir, 7));
	assert_int_equal(next_id(dir), 8);
}

static void test_keep(void **state)
{
	struct store_dir *dir = *state;
	char *text = NULL;

	dir->settings.keep = 100 * SECOND;
	store_dir_reopen(dir);
	for (uint64_t id = 1; id <= 4; id++) { /* the first is open */
		store_dir_succeeds(dir, store_dir_put(dir, id, id == 1 ? 0 : id * 100));
		store_dir_succeeds(
			dir, store_put_state(dir->store, id, STORE_OPENING, "{}", &dir->failure));
		count(dir, id, 100, 1);
	}
	store_dir_succeeds(dir, store_flush(dir->store, &dir->failure));
	store_dir_succeeds(dir, store_trim(dir->store, 50 * SECOND, &dir->failure));
	lists(dir, &(struct store_filter){0}, "4 3 2 1 ");
	store_dir_succeeds(dir, store_trim(dir->store, 400 * SECOND, &dir->failure));
	lists(dir, &(struct store_filter){0}, "4 3 1 ");
	counts(dir, 2, "");
	counts(dir, 3, "60:1/1 ");
	assert_int_equal(store_get_state(dir->store, 2, STORE_OPENING, &text, &dir->failure),
			 -ENOENT);
}

/* With all of the log in it. */
static uint64_t bytes_on_disk(struct store_dir *dir)
{
	struct stat st;

	store_dir_reopen(dir);
	return stat(dir->path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

/* The oldest that are closed go, and the file does not grow on. */
static void test_size(void **state)
{
	struct store_dir *dir = *state;

	dir->settings.size = STORE_SIZE_MIN;
	store_dir_reopen(dir);
	store_dir_succeeds(dir, store_dir_put(dir, 1, 0));
	for (uint64_t id = 2; id <= 3000; id++) { /* some 6 MB */
		store_dir_succeeds(dir, store_dir_put(dir, id, id));
		if (id % 50 == 0)
			store_dir_succeeds(dir, store_trim(dir->store, id * SECOND, &dir->failure));
	}
	assert_true(store_dir_has(dir, 1));
	assert_false(store_dir_has(dir, 2));
	assert_true(store_dir_has(dir, 2800));
	assert_true(store_dir_has(dir, 3000));
	assert_in_range(bytes_on_disk(dir), STORE_SIZE_MIN / 2, STORE_SIZE_MIN * 5 / 4);
}

/* Nobody trims: then a put makes room itself, and the file has its end. */
static void test_size_without_trim(void **state)
{
	struct store_dir *dir = *state;

	dir->settings.size = STORE_SIZE_MIN;
	store_dir_reopen(dir);
	for (uint64_t id = 1; id <= 2000; id++)
		store_dir_succeeds(dir, store_dir_put(dir, id, id));
	assert_true(store_dir_has(dir, 2000));
	assert_in_range(bytes_on_disk(dir), STORE_SIZE_MIN / 2, STORE_SIZE_MIN * 5 / 4);
}

static void note_range(void *data, const struct store_minute *m)
{
	when_t *range = data;

	range[0] = range[0] ? range[0] : m->at;
	range[1] = m->at;
}

/* An open incident never goes, but the earliest of its minutes do. */
static void test_size_of_minutes(void **state)
{
	const uint64_t minutes = 150000;
	struct store_dir *dir = *state;
	when_t range[2] = {0, 0};

	dir->settings.size = STORE_SIZE_MIN;
	store_dir_reopen(dir);
	store_dir_succeeds(dir, store_dir_put(dir, 1, 0));
	for (uint64_t minute = 1; minute <= minutes; minute++) {
		count(dir, 1, minute * 60, 1);
		if (minute % 1000)
			continue;
		store_dir_succeeds(dir, store_flush(dir->store, &dir->failure));
		store_dir_succeeds(dir, store_trim(dir->store, minute, &dir->failure));
	}
	assert_true(store_dir_has(dir, 1));
	store_dir_succeeds(dir, store_minutes(dir->store, 1, note_range, range, &dir->failure));
	assert_in_range(range[0], 2 * 60 * SECOND, (minutes - 1000) * 60 * SECOND);
	assert_int_equal(range[1], minutes * 60 * SECOND);
	assert_in_range(bytes_on_disk(dir), STORE_SIZE_MIN / 2, STORE_SIZE_MIN * 5 / 4);
}

/* The rights that a reader of the group needs, and no more, whatever the umask. */
static void test_rights(void **state)
{
	struct store_dir *dir = *state;
	mode_t before = umask(0077);
	static const char *const suffixes[] = {"", "-wal", "-shm"};
	struct stat st;

	store_dir_succeeds(dir, store_dir_put(dir, 1, 0));
	umask(before);
	for (int closed = 0; closed < 2; closed++) {
		for (size_t i = 0; i < 3; i++) {
			assert_int_equal(stat(store_dir_file(dir, suffixes[i]), &st), 0);
			assert_int_equal(st.st_mode & 07777, 0640);
		}
		store_close(&dir->store);
	}
}

/* Reads as a member of the group, who can write neither the files nor the directory. */
static int read_as_member(struct store_dir *dir)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		dir->store = NULL;
		if (setgroups(0, NULL) < 0 || setgid(4242) < 0 || setuid(4242) < 0)
			_exit(2);
		if (store_dir_read(dir) < 0 || !store_dir_has(dir, 1))
			fprintf(stderr, "# %s\n", dir->failure.text);
		else
			_exit(0);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

static void test_group_reads(void **state)
{
	static const char *const suffixes[] = {"", "-wal", "-shm"};
	struct store_dir *dir = *state;

	if (geteuid() != 0) {
		print_message("# needs root\n");
		skip();
	}
	store_dir_succeeds(dir, store_ready(dir->store, &dir->failure));
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(chown(store_dir_file(dir, suffixes[i]), 0, 4242), 0);
	store_dir_succeeds(dir, store_dir_put(dir, 1, 0));
	assert_int_equal(read_as_member(dir), 0); /* while it is open for writing */
	store_close(&dir->store);
	assert_int_equal(read_as_member(dir), 0);
	unlink(store_dir_file(dir, "-wal"));
	unlink(store_dir_file(dir, "-shm"));
	assert_int_equal(read_as_member(dir), 0); /* as a copy of the file alone */
	assert_int_equal(chown(dir->path, 0, 0), 0);
	assert_int_equal(read_as_member(dir), 1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, store_dir_begin, store_dir_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_put_and_get),
		TEST(test_list),
		TEST(test_minutes),
		TEST(test_minutes_are_bounded),
		TEST(test_values),
		TEST(test_states),
		TEST(test_no_number_twice),
		TEST(test_keep),
		TEST(test_size),
		TEST(test_size_without_trim),
		TEST(test_size_of_minutes),
		TEST(test_rights),
		TEST(test_group_reads),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
