// SPDX-License-Identifier: GPL-2.0-only
/* The store: writing. */
#include "io/store.h"

#include "io/store_db.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define MINUTE_NS 60000000000ULL

/* How much store_trim() removes in one call. */
#define TRIM_INCIDENTS 64
#define TRIM_MINUTES 4096

int store_new(struct store **ret_store, const struct store_settings *settings)
{
	struct store *store = calloc(1, sizeof(*store));
	uint64_t size = settings->size ? settings->size : STORE_SIZE;

	if (!store)
		return -ENOMEM;
	store->path = strdup(settings->path);
	if (!store->path) {
		free(store);
		return -ENOMEM;
	}
	store->keep = settings->keep;
	store->size = size < STORE_SIZE_MIN   ? STORE_SIZE_MIN
		      : size > STORE_SIZE_MAX ? STORE_SIZE_MAX
					      : size;
	*ret_store = store;
	return 0;
}

void store_close(struct store **store)
{
	if (!*store)
		return;
	store_db_close(*store);
	free((*store)->path);
	free(*store);
	*store = NULL;
}

const char *store_news(struct store *store)
{
	bool had = store->has_news;

	store->has_news = false;
	return had ? store->news : NULL;
}

int store_ready(struct store *store, struct failure *failure)
{
	int r;

	if (store->db && (store->reader || store_db_in_place(store)))
		return 0;
	store->replaced |= store->db != NULL;
	store_db_close(store);
	r = store_db_open(store, failure);
	if (r == -EBADMSG && store->damaged && !store->reader) {
		r = store_db_move_aside(store, failure->text, failure);
		r = r < 0 ? r : store_db_open(store, failure);
	}
	return r;
}

int store_next_id(struct store *store, uint64_t *ret_id, struct failure *failure)
{
	int64_t last = 0;
	int r = store_ready(store, failure);

	r = r < 0 ? r
		  : store_number(store, "SELECT seq FROM sqlite_sequence WHERE name = 'incidents'",
				 &last, failure);
	if (r == 0)
		*ret_id = (uint64_t)last + 1;
	return r;
}

/* A statement on a store that is open. */
static int prepare(struct store *store, const char *sql, sqlite3_stmt **ret_statement,
		   struct failure *failure)
{
	int r = store->in_round ? 0 : store_ready(store, failure);

	return r < 0 ? r : store_prepare(store, sql, ret_statement, failure);
}

static int put(struct store *store, const struct store_row *row, struct failure *failure)
{
	autofinalize sqlite3_stmt *insert = NULL;
	const char *const texts[] = {row->address, row->names, row->verdict, row->severity,
				     row->document};
	const uint64_t times[] = {row->opened, row->closed, row->last};
	int r = prepare(store,
			"INSERT OR REPLACE INTO incidents (address, names, verdict, severity,"
			" document, opened, closed, last, id)"
			" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
			&insert, failure);

	if (r < 0)
		return r;
	for (int i = 0; i < 5; i++)
		sqlite3_bind_text(insert, i + 1, texts[i], -1, SQLITE_STATIC);
	for (int i = 0; i < 3; i++)
		sqlite3_bind_int64(insert, i + 6, (int64_t)times[i]);
	sqlite3_bind_int64(insert, 9, (int64_t)row->id);
	return store_run(store, insert, "write to", failure);
}

static int check_length(const struct store *store, const char *document, struct failure *failure)
{
	if (strnlen(document, STORE_DOCUMENT_MAX + 1) <= STORE_DOCUMENT_MAX)
		return 0;
	return failure_set(failure, -E2BIG,
			   "a document of more than %d bytes is not kept in the store %.120s",
			   STORE_DOCUMENT_MAX, store->path);
}

static int shrink(struct store *store, struct failure *failure);

int store_put(struct store *store, const struct store_row *row, struct failure *failure)
{
	struct failure ignored;
	int r = check_length(store, row->document, failure);

	r = r < 0 ? r : put(store, row, failure);
	/* Full may be the disk, or the store: then there is something that can go. */
	if (r == -ENOSPC && !store->in_round && shrink(store, &ignored) == 0)
		r = put(store, row, failure);
	return r;
}

int store_put_state(struct store *store, uint64_t id, enum store_phase phase, const char *document,
		    struct failure *failure)
{
	autofinalize sqlite3_stmt *insert = NULL;
	int r = check_length(store, document, failure);

	r = r < 0 ? r
		  : prepare(store, "INSERT OR REPLACE INTO states VALUES (?, ?, ?)", &insert,
			    failure);
	if (r < 0)
		return r;
	sqlite3_bind_int64(insert, 1, (int64_t)id);
	sqlite3_bind_int(insert, 2, (int)phase);
	sqlite3_bind_text(insert, 3, document, -1, SQLITE_STATIC);
	return store_run(store, insert, "write to", failure);
}

int store_count(struct store *store, const struct store_minute *minute)
{
	when_t at = minute->at - minute->at % MINUTE_NS;
	struct store_minute *pending = store->pending;

	for (size_t i = store->pending_count; i-- > 0;) {
		if (pending[i].id != minute->id || pending[i].at != at)
			continue;
		pending[i].syns += minute->syns;
		pending[i].answers += minute->answers;
		return 0;
	}
	if (store->pending_count == STORE_PENDING_MAX)
		return -ENOBUFS;
	pending[store->pending_count] = *minute;
	pending[store->pending_count++].at = at;
	return 0;
}

static int add_minutes(struct store *store, struct failure *failure)
{
	autofinalize sqlite3_stmt *add = NULL;
	int r = store_prepare(store,
			      "INSERT INTO minutes VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE"
			      " SET syns = syns + excluded.syns,"
			      " answers = answers + excluded.answers",
			      &add, failure);

	for (size_t i = 0; r == 0 && i < store->pending_count; i++) {
		const struct store_minute *m = &store->pending[i];

		sqlite3_bind_int64(add, 1, (int64_t)m->id);
		sqlite3_bind_int64(add, 2, (int64_t)m->at);
		sqlite3_bind_int64(add, 3, (int64_t)m->syns);
		sqlite3_bind_int64(add, 4, (int64_t)m->answers);
		r = store_run(store, add, "write to", failure);
		sqlite3_reset(add);
	}
	return r;
}

/* Ends what BEGIN began, whichever way it went. */
static int finish(struct store *store, int r, struct failure *failure)
{
	r = r < 0 ? r : store_exec(store, "COMMIT", failure);
	if (r < 0 && store->db && !sqlite3_get_autocommit(store->db))
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	return r;
}

static int try_round(struct store *store, store_round_fn *write, void *data,
		     struct failure *failure)
{
	int r = store_ready(store, failure);

	r = r < 0 ? r : store_exec(store, "BEGIN IMMEDIATE", failure);
	if (r < 0)
		return r;
	store->in_round = true;
	r = write(data, failure);
	r = r < 0 ? r : add_minutes(store, failure);
	store->in_round = false;
	r = finish(store, r, failure);
	if (r == 0)
		store->pending_count = 0;
	return r;
}

int store_round(struct store *store, store_round_fn *write, void *data, struct failure *failure)
{
	int r = try_round(store, write, data, failure);
	struct failure ignored;

	if (r == -ENOSPC && shrink(store, &ignored) == 0)
		r = try_round(store, write, data, failure);
	return r;
}

static int nothing_else(void *data, struct failure *failure)
{
	return 0;
}

int store_flush(struct store *store, struct failure *failure)
{
	return store->pending_count ? store_round(store, nothing_else, NULL, failure) : 0;
}

int store_put_value(struct store *store, const char *key, const void *value, size_t size,
		    struct failure *failure)
{
	autofinalize sqlite3_stmt *insert = NULL;
	int r = prepare(store, "INSERT OR REPLACE INTO kept VALUES (?, ?)", &insert, failure);

	if (r < 0)
		return r;
	sqlite3_bind_text(insert, 1, key, -1, SQLITE_STATIC);
	/* A NULL pointer would be NULL. */
	sqlite3_bind_blob64(insert, 2, size ? value : "", size, SQLITE_STATIC);
	return store_run(store, insert, "write to", failure);
}

/* Removes one incident and what belongs to it; the statement that follows gives its id. */
static int remove_incident(struct store *store, int64_t id, struct failure *failure)
{
	char sql[256];
	int r = store_exec(store, "BEGIN IMMEDIATE", failure);

	if (r < 0)
		return r;
	snprintf(sql, sizeof(sql),
		 "DELETE FROM minutes WHERE incident = %lld; DELETE FROM states WHERE incident = "
		 "%lld; DELETE FROM incidents WHERE id = %lld",
		 (long long)id, (long long)id, (long long)id);
	return finish(store, store_exec(store, sql, failure), failure);
}

/* The closed incident that ended first, if before `limit`: 0 is none. */
static int oldest(struct store *store, when_t limit, int64_t *ret_id, struct failure *failure)
{
	char sql[160];

	snprintf(sql, sizeof(sql),
		 "SELECT id FROM incidents WHERE closed > 0 AND closed < %lld ORDER BY closed "
		 "LIMIT 1",
		 (long long)limit);
	return store_number(store, sql, ret_id, failure);
}

static int remove_old(struct store *store, when_t limit, struct failure *failure)
{
	int64_t id = 1;
	int r = 0;

	for (int i = 0; r == 0 && id && i < TRIM_INCIDENTS; i++) {
		r = oldest(store, limit, &id, failure);
		if (r == 0 && id)
			r = remove_incident(store, id, failure);
	}
	return r;
}

static int measure(struct store *store, uint64_t *ret_bytes, struct failure *failure)
{
	int64_t pages = 0, unused = 0, size = 0;
	int r = store_number(store, "PRAGMA page_count", &pages, failure);

	r = r < 0 ? r : store_number(store, "PRAGMA freelist_count", &unused, failure);
	r = r < 0 ? r : store_number(store, "PRAGMA page_size", &size, failure);
	if (r == 0)
		*ret_bytes = (uint64_t)((pages - unused) * size);
	return r;
}

static int remove_minutes(struct store *store, struct failure *failure)
{
	char sql[200];

	snprintf(sql, sizeof(sql),
		 "DELETE FROM minutes WHERE (incident, minute) IN"
		 " (SELECT incident, minute FROM minutes ORDER BY minute LIMIT %d)",
		 TRIM_MINUTES);
	return store_exec(store, sql, failure);
}

static int shrink(struct store *store, struct failure *failure)
{
	uint64_t bytes = 0;
	int64_t id = 0;
	int r = measure(store, &bytes, failure);

	for (int i = 0; r == 0 && bytes > store->size && i < TRIM_INCIDENTS; i++) {
		r = oldest(store, INT64_MAX, &id, failure);
		if (r == 0 && !id) /* all are open: once, since it takes a while */
			return remove_minutes(store, failure);
		r = r < 0 ? r : remove_incident(store, id, failure);
		r = r < 0 ? r : measure(store, &bytes, failure);
	}
	return r;
}

int store_trim(struct store *store, when_t now, struct failure *failure)
{
	int r = store_ready(store, failure);

	if (r == 0 && store->keep && now > store->keep)
		r = remove_old(store, now - store->keep, failure);
	return r < 0 ? r : shrink(store, failure);
}
