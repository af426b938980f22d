// SPDX-License-Identifier: GPL-2.0-only
/* The store's file: how it is opened, and when it is not to be trusted. */
#include "io/store_db.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Reading takes milliseconds; this is for files that were made to take for ever. */
#define READ_SECONDS 20
#define READ_MEMORY (64LL << 20)

static const char *const beside[] = {"", "-wal", "-shm"};

/* 0 and the identity also where there is no such file. */
static struct store_identity identify(const char *path, const char *suffix)
{
	char name[4096];
	struct stat st;

	if (snprintf(name, sizeof(name), "%s%s", path, suffix) >= (int)sizeof(name) ||
	    stat(name, &st) < 0)
		return (struct store_identity){0};
	return (struct store_identity){st.st_dev, st.st_ino};
}

static bool same(struct store_identity a, struct store_identity b)
{
	return a.dev == b.dev && a.ino == b.ino;
}

bool store_db_in_place(const struct store *store)
{
	return same(identify(store->path, ""), store->file) &&
	       (!store->wal.ino || same(identify(store->path, "-wal"), store->wal));
}

void store_db_close(struct store *store)
{
	sqlite3_close_v2(store->db);
	store->db = NULL;
}

/* SQLite gives the files beside it the same owner and rights: those who may read the store may then
 * read it while it is written. */
static int create(const struct store *store, bool *ret_created, struct failure *failure)
{
	autoclose int fd = open(store->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);

	*ret_created = fd >= 0;
	if (fd < 0 && errno == EEXIST)
		return 0;
	if (fd < 0 || fchmod(fd, 0640) < 0)
		return failure_set(failure, -errno, "cannot create the store %.120s: %s",
				   store->path, strerror(errno));
	directory_sync(store->path);
	return 0;
}

/* Devices and pipes would keep us waiting for ever. */
static int check_kind(const struct store *store, struct failure *failure)
{
	struct stat st;

	if (stat(store->path, &st) < 0)
		return failure_set(
			failure, -errno,
			errno == ENOENT && store->reader
				? "there is no store %.120s (%s): \"synhole watch\" makes "
				  "it, --store names another"
				: "cannot look at the store %.120s: %s",
			store->path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return failure_set(failure, -EINVAL, "%.120s is no regular file, so it is no store",
				   store->path);
	if (store->reader && (uint64_t)st.st_size > 2 * STORE_SIZE_MAX)
		return failure_set(failure, -EFBIG,
				   "%.120s is larger than any store of synhole, and not read",
				   store->path);
	return 0;
}

static int too_long(void *data)
{
	const struct store *store = data;

	return clock_ns(CLOCK_MONOTONIC) > store->deadline;
}

/* A file may come from anywhere: its schema is data, and nothing of it is run. */
static void harden(struct store *store)
{
	static const struct {
		int limit, value;
	} limits[] = {
		{SQLITE_LIMIT_LENGTH, 2 * STORE_DOCUMENT_MAX},
		{SQLITE_LIMIT_SQL_LENGTH, 1 << 16},
		{SQLITE_LIMIT_COLUMN, 64},
		{SQLITE_LIMIT_EXPR_DEPTH, 64},
		{SQLITE_LIMIT_COMPOUND_SELECT, 8},
		{SQLITE_LIMIT_VDBE_OP, 1 << 16},
		{SQLITE_LIMIT_FUNCTION_ARG, 8},
		{SQLITE_LIMIT_ATTACHED, 0},
		{SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 256},
		{SQLITE_LIMIT_TRIGGER_DEPTH, 1},
		{SQLITE_LIMIT_WORKER_THREADS, 0},
	};

	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++)
		sqlite3_limit(store->db, limits[i].limit, limits[i].value);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	sqlite3_extended_result_codes(store->db, 1);
	sqlite3_busy_timeout(store->db, STORE_WAIT_MS);
	if (!store->reader)
		return;
	sqlite3_hard_heap_limit64(READ_MEMORY);
	store->deadline = clock_ns(CLOCK_MONOTONIC) + READ_SECONDS * 1000000000ULL;
	sqlite3_progress_handler(store->db, 10000, too_long, store);
}

/* Without a log nobody is writing, and the file is whole by itself: then it can be read even where
 * the files that SQLite wants beside it cannot be made. */
static bool stands_alone(const struct store *store)
{
	char name[4096];
	struct stat st;

	snprintf(name, sizeof(name), "%s-wal", store->path);
	return stat(name, &st) < 0 || !st.st_size;
}

/* The path as a URI: what would be syntax there is written as %XX. */
static void format_uri(const struct store *store, char *ret_uri, size_t size)
{
	int n = snprintf(ret_uri, size, "file:%s", store->path[0] == '/' ? "" : "./");

	for (const unsigned char *p = (const void *)store->path; *p && (size_t)n + 4 < size; p++)
		n += sprintf(ret_uri + n, strchr("%?#", *p) ? "%%%02x" : "%c", *p);
	if (store->reader && stands_alone(store))
		snprintf(ret_uri + n, size - (size_t)n, "?immutable=1");
}

static int open_database(struct store *store, struct failure *failure)
{
	const int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
			  (store->reader ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
	char uri[3 * 4096];
	int result;

	format_uri(store, uri, sizeof(uri));
	result = sqlite3_open_v2(uri, &store->db, flags, NULL);
	if (result != SQLITE_OK)
		return store_failed(store, result, "open", failure);
	harden(store);
	return 0;
}

/* The files beside it stay when the last one closes it: who may only read could not make them, and
 * SQLite would remove by name what others have put in their place. */
static int set_up(struct store *store, struct failure *failure)
{
	char sql[256];
	int stay = 1, r;

	sqlite3_file_control(store->db, "main", SQLITE_FCNTL_PERSIST_WAL, &stay);
	r = store_exec(store, "PRAGMA journal_mode = WAL", failure);
	/* A page has 4096 bytes. What is beyond `size` is for what store_trim() has to write. */
	snprintf(sql, sizeof(sql),
		 "PRAGMA synchronous = FULL; PRAGMA cache_size = -512; PRAGMA temp_store = MEMORY; "
		 "PRAGMA journal_size_limit = 4194304; PRAGMA max_page_count = %llu",
		 (unsigned long long)(store->size / 4096 * 5 / 4));
	return r < 0 ? r : store_exec(store, sql, failure);
}

/* Pages and their order; `closely` also what indices hold, which takes much longer. */
static int check_integrity(struct store *store, bool closely, struct failure *failure)
{
	const char *sql = closely ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)";
	autofinalize sqlite3_stmt *query = NULL;
	const char *found;
	int r = store_prepare(store, sql, &query, failure), result;

	if (r < 0)
		return r;
	result = sqlite3_step(query);
	if (result != SQLITE_ROW)
		return store_failed(store, result == SQLITE_DONE ? SQLITE_CORRUPT : result, "read",
				    failure);
	found = (const char *)sqlite3_column_text(query, 0);
	if (found && strcmp(found, "ok") == 0)
		return 0;
	store->damaged = true;
	return failure_set(failure, -EBADMSG, "the store %.120s is damaged: %.120s", store->path,
			   found ? found : "unreadable");
}

static int open_read(struct store *store, struct failure *failure)
{
	int r = open_database(store, failure);

	r = r < 0 ? r : store_exec(store, "PRAGMA cell_size_check = ON", failure);
	r = r < 0 ? r : store_schema_verify(store, failure);
	return r < 0 ? r : check_integrity(store, false, failure);
}

/* A large file takes its time to be checked: that is done at the start, and when there is reason.
 */
static int open_write(struct store *store, bool suspect, struct failure *failure)
{
	int r = open_database(store, failure);

	if (r == 0 && !store->checked)
		r = check_integrity(store, suspect, failure);
	store->checked = r == 0;
	r = r < 0 ? r : set_up(store, failure);
	r = r < 0 ? r : store_schema_migrate(store, failure);
	if (r < 0)
		return r;
	directory_sync(store->path);
	store->wal = identify(store->path, "-wal");
	return 0;
}

static void tell_of_another(struct store *store)
{
	if (!store->has_news)
		snprintf(store->news, sizeof(store->news),
			 "the store %.120s was removed or replaced while it was in use: what is "
			 "there now is used from here on",
			 store->path);
	store->has_news = true;
}

int store_db_open(struct store *store, struct failure *failure)
{
	const struct store_identity before = store->file;
	bool created = false, suspect = store->damaged;
	int r = store->reader ? 0 : create(store, &created, failure);

	r = r < 0 ? r : check_kind(store, failure);
	if (r < 0)
		return r;
	store->damaged = false;
	store->file = identify(store->path, "");
	/* A number is given again at once to the next file, so it alone does not tell. */
	store->replaced |= before.ino && (created || !same(before, store->file));
	store->checked &= !suspect && !store->replaced;
	r = store->reader ? open_read(store, failure) : open_write(store, suspect, failure);
	if (r < 0)
		store_db_close(store);
	if (r == 0 && store->replaced)
		tell_of_another(store);
	if (r == 0)
		store->replaced = false;
	return r;
}

static bool too_many_aside(const struct store *store)
{
	char pattern[4096];
	glob_t found = {0};
	size_t count;

	snprintf(pattern, sizeof(pattern), "%s.corrupt-*Z", store->path);
	count = glob(pattern, GLOB_NOSORT, NULL, &found) == 0 ? found.gl_pathc : 0;
	globfree(&found);
	return count >= STORE_ASIDE_MAX;
}

int store_db_move_aside(struct store *store, const char *why, struct failure *failure)
{
	char from[4096], to[4200], stamp[32];
	time_t now = time(NULL);
	struct tm utc;

	if (too_many_aside(store))
		return failure_set(failure, -EBADMSG,
				   "the store %.100s is damaged, and %d damaged ones are beside it "
				   "already: look at its disk, then remove them",
				   store->path, STORE_ASIDE_MAX);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", gmtime_r(&now, &utc));
	for (size_t i = 0; i < sizeof(beside) / sizeof(*beside); i++) {
		snprintf(from, sizeof(from), "%s%s", store->path, beside[i]);
		snprintf(to, sizeof(to), "%s.corrupt-%s%s", store->path, stamp, beside[i]);
		if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) < 0 && i == 0)
			return failure_set(
				failure, -errno,
				"the store %.100s is damaged and cannot be moved aside: %s",
				store->path, strerror(errno));
	}
	snprintf(store->news, sizeof(store->news),
		 "%.200s; it is now %.100s.corrupt-%s, and a new one begins", why, store->path,
		 stamp);
	store->has_news = true;
	return 0;
}
