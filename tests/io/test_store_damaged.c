// SPDX-License-Identifier: GPL-2.0-only
/* The store when its file is damaged, foreign, or made to do harm. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "io/store_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What somebody else does to the file. */
static void meddle(const char *path, const char *sql)
{
	sqlite3 *db = NULL;
	char *error = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK)
		fail_msg("%s: %s", sql, error);
	sqlite3_close(db);
}

static void overwrite(const char *path, off_t offset, const void *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0640);

	assert_int_equal(pwrite(fd, bytes, size, offset), size);
	close(fd);
}

static void test_random_bytes(void **state)
{
	struct store_dir *dir = *state;
	char bytes[5000], *aside, found[5000];
	const char *news;
	int fd;

	srandom(1);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)random();
	overwrite(dir->path, 0, bytes, sizeof(bytes));
	store_dir_fails(dir, store_open_read(&dir->store, dir->path, &dir->failure), -EBADMSG,
			"damaged");
	store_dir_reopen(dir);
	store_dir_succeeds(dir, store_dir_put(dir, 1, 0));
	news = store_news(dir->store);
	assert_non_null(news);
	assert_non_null(strstr(news, ".corrupt-2"));
	assert_null(store_news(dir->store));
	assert_true(store_dir_has(dir, 1));
	assert_int_equal(store_dir_count(dir, ".corrupt-2*Z"), 1);
	aside = strdup(strchr(news, '/')); /* ends at the comma behind the second name */
	memmove(aside, strstr(aside, "it is now ") + 10,
		strlen(strstr(aside, "it is now ") + 10) + 1);
	*strstr(aside, ", and a new") = '\0';
	fd = open(aside, O_RDONLY);
	assert_int_equal(read(fd, found, sizeof(found)), sizeof(found));
	assert_memory_equal(found, bytes, sizeof(bytes));
	close(fd);
	free(aside);
}

/* While it is open: what is still in memory may go well, then it is noticed. */
static void test_damaged_in_use(void **state)
{
	struct store_dir *dir = *state;
	char bytes[4096];
	struct stat st;
	int r = 0;

	for (uint64_t id = 1; id <= 2000; id++)
		store_dir_succeeds(dir, store_dir_put(dir, id, 0));
	store_dir_reopen(dir); /* all of it is in the file */
	store_dir_succeeds(dir, store_ready(dir->store, &dir->failure));
	memset(bytes, 0xee, sizeof(bytes));
	assert_int_equal(stat(dir->path, &st), 0);
	for (off_t at = 4096; at < st.st_size; at += 4096)
		overwrite(dir->path, at, bytes, sizeof(bytes));
	for (uint64_t id = 1; r == 0 && id < 2000; id++)
		r = store_dir_put(dir, id, 1);
	store_dir_fails(dir, r, -EBADMSG, "damaged");
	store_dir_succeeds(dir, store_dir_put(dir, 1, 0));
	assert_non_null(store_news(dir->store));
	assert_true(store_dir_has(dir, 1));
	assert_int_equal(store_dir_count(dir, ".corrupt-2*Z"), 1);
}

/* A page that the list does not need is damaged: then what it does need cannot be trusted. */
static void test_reader_checks_all(void **state)
{
	static const char junk[64] = "\x05\xff\xff\xff\xff\xff\xff\xff";
	struct store_dir *dir = *state;
	sqlite3_stmt *query = NULL;
	sqlite3 *db = NULL;
	int page;

	for (uint64_t id = 1; id <= 5; id++)
		store_dir_succeeds(dir, store_dir_put(dir, id, id));
	store_close(&dir->store);
	assert_int_equal(sqlite3_open(dir->path, &db), SQLITE_OK);
	sqlite3_prepare_v2(db,
			   "SELECT rootpage FROM sqlite_schema WHERE type = 'index' AND sql > ''",
			   -1, &query, NULL);
	assert_int_equal(sqlite3_step(query), SQLITE_ROW);
	page = sqlite3_column_int(query, 0);
	sqlite3_finalize(query);
	sqlite3_close(db);
	overwrite(dir->path, (page - 1) * 4096, junk, sizeof(junk));
	store_dir_fails(dir, store_dir_read(dir), -EBADMSG, "is damaged");
}

/* Never over another one, and not for ever. */
static void test_many_damaged(void **state)
{
	struct store_dir *dir = *state;
	char name[64];

	for (int i = 0; i < STORE_ASIDE_MAX; i++) {
		snprintf(name, sizeof(name), ".corrupt-2026112%dT000000Z", i);
		overwrite(store_dir_file(dir, name), 0, "x", 1);
	}
	overwrite(dir->path, 0, "no database at all, but long enough", 35);
	store_dir_fails(dir, store_dir_put(dir, 1, 0), -EBADMSG, "remove them");
	assert_int_equal(store_dir_count(dir, ".corrupt-"), STORE_ASIDE_MAX);
	unlink(store_dir_file(dir, name));
	store_dir_succeeds(dir, store_dir_put(dir, 1, 0));
}

static void test_not_ours(void **state)
{
	struct store_dir *dir = *state;

	meddle(dir->path, "CREATE TABLE precious (x)");
	store_dir_fails(dir, store_dir_put(dir, 1, 0), -EINVAL, "no store of synhole");
	store_dir_fails(dir, store_dir_read(dir), -EINVAL, "no store of synhole");
	assert_int_equal(store_dir_count(dir, ".corrupt"), 0);
}

static void test_later_version(void **state)
{
	struct store_dir *dir = *state;

	store_dir_succeeds(dir, store_dir_put(dir, 1, 0));
	store_close(&dir->store);
	meddle(dir->path, "PRAGMA user_version = 999");
	store_dir_reopen(dir);
	store_dir_fails(dir, store_dir_put(dir, 1, 0), -EINVAL, "later version");
	store_dir_fails(dir, store_dir_read(dir), -EINVAL, "later version");
	assert_int_equal(store_dir_count(dir, ".corrupt"), 0);
}

static bool ignore_row(void *data, const struct store_row *row)
{
	return true;
}

static void ignore_minute(void *data, const struct store_minute *minute)
{
}

/* Everything that a reader does. */
static int read_all(struct store_dir *dir)
{
	char *text = NULL;
	int r = store_dir_read(dir);

	if (r < 0)
		return r;
	r = store_list(dir->store, &(struct store_filter){0}, ignore_row, NULL, &dir->failure);
	store_minutes(dir->store, 1, ignore_minute, NULL, &dir->failure);
	if (store_get(dir->store, 1, &text, &dir->failure) == 0)
		free(text);
	return r;
}

static void test_hostile_schema(void **state)
{
	static const char *const changes[] = {
		"ALTER TABLE incidents RENAME TO hidden; CREATE VIEW incidents AS WITH RECURSIVE "
		"r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r) SELECT x AS id, '' AS address, "
		"'' "
		"AS names, '' AS verdict, '' AS severity, 1 AS opened, 0 AS closed, 1 AS last, '' "
		"AS "
		"document FROM r",
		"CREATE TRIGGER t AFTER INSERT ON incidents BEGIN SELECT 1; END",
		"DROP TABLE minutes",
		"DROP TABLE kept; CREATE TABLE kept (key TEXT, value BLOB GENERATED ALWAYS AS "
		"(length(key)))",
		"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE "
		"incidents"
		"(id)' WHERE name = 'incidents'",
	};
	struct store_dir *dir = *state;

	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		store_dir_reopen(dir);
		store_dir_succeeds(dir, store_dir_put(dir, 1, 0));
		store_close(&dir->store);
		meddle(dir->path, changes[i]);
		store_dir_fails(dir, store_dir_read(dir), -EBADMSG, "damaged");
		unlink(dir->path);
	}
}

static void test_no_file_at_all(void **state)
{
	struct store_dir *dir = *state;

	store_dir_fails(dir, store_dir_read(dir), -ENOENT, "there is no store");
	overwrite(dir->path, 0, "", 0);
	store_dir_fails(dir, store_dir_read(dir), -ENODATA, "nothing was ever written");
	unlink(dir->path);
	assert_int_equal(mkfifo(dir->path, 0600), 0);
	store_dir_fails(dir, store_dir_read(dir), -EINVAL, "no regular file");
	unlink(dir->path);
	overwrite(dir->path, (off_t)1 << 40, "x", 1);
	store_dir_fails(dir, store_dir_read(dir), -EFBIG, "larger than any store");
}

/* Damage of every kind to a small store: a result or a sentence, and never more than that. */
static void test_damage_everywhere(void **state)
{
	struct store_dir *dir = *state;
	unsigned refused = 0;
	struct stat st;
	char *whole;
	int fd;

	for (uint64_t id = 1; id <= 8; id++)
		store_dir_succeeds(dir, store_dir_put(dir, id, id % 2 ? 0 : id));
	store_close(&dir->store);
	fd = open(dir->path, O_RDONLY);
	assert_int_equal(fstat(fd, &st), 0);
	whole = malloc((size_t)st.st_size);
	assert_int_equal(read(fd, whole, (size_t)st.st_size), st.st_size);
	close(fd);
	unlink(store_dir_file(dir, "-wal"));
	unlink(store_dir_file(dir, "-shm"));
	srandom(3);
	for (int i = 0; i < 2000; i++) {
		off_t at = i < 100 ? i : random() % st.st_size;
		char byte = (char)random();

		overwrite(dir->path, 0, whole, (size_t)st.st_size);
		overwrite(dir->path, at, &byte, 1);
		dir->failure.text[0] = '\0';
		if (read_all(dir) < 0) {
			assert_true(strlen(dir->failure.text) > 20);
			refused++;
		}
	}
	print_message("# %u of 2000 were refused\n", refused);
	assert_in_range(refused, 50, 1999);
	free(whole);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, store_dir_begin, store_dir_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_random_bytes),      TEST(test_damaged_in_use),
		TEST(test_many_damaged),      TEST(test_not_ours),
		TEST(test_later_version),     TEST(test_hostile_schema),
		TEST(test_no_file_at_all),    TEST(test_reader_checks_all),
		TEST(test_damage_everywhere),
	};

	return cmocka_run_group_tests_name("store damaged", tests, NULL, NULL);
}
