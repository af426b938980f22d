// SPDX-License-Identifier: GPL-2.0-only
/* The store: reading. */
#include "io/store_db.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int store_open_read(struct store **ret_store, const char *path, struct failure *failure)
{
	const struct store_settings settings = {.path = path};
	struct store *store;
	int r = store_new(&store, &settings);

	if (r < 0)
		return failure_set(failure, r, "no memory");
	store->reader = true;
	r = store_ready(store, failure);
	if (r < 0)
		store_close(&store);
	else
		*ret_store = store;
	return r;
}

static int prepare(struct store *store, const char *sql, sqlite3_stmt **ret_query,
		   struct failure *failure)
{
	int r = store_ready(store, failure);

	return r < 0 ? r : store_prepare(store, sql, ret_query, failure);
}

/* Never NULL, whatever the file says. */
static const char *text(sqlite3_stmt *query, int column)
{
	const char *value = (const char *)sqlite3_column_text(query, column);

	return value ? value : "";
}

static uint64_t number(sqlite3_stmt *query, int column)
{
	int64_t value = sqlite3_column_int64(query, column);

	return value > 0 ? (uint64_t)value : 0;
}

static struct store_row row_of(sqlite3_stmt *query)
{
	return (struct store_row){
		.id = number(query, 0),
		.address = text(query, 1),
		.names = text(query, 2),
		.verdict = text(query, 3),
		.severity = text(query, 4),
		.opened = number(query, 5),
		.closed = number(query, 6),
		.last = number(query, 7),
		.document = text(query, 8),
	};
}

static void bind_filter(sqlite3_stmt *query, const struct store_filter *f)
{
	sqlite3_bind_int64(query, 1, (int64_t)f->since);
	sqlite3_bind_int64(query, 2, f->until ? (int64_t)f->until : INT64_MAX);
	sqlite3_bind_int(query, 3, f->open);
	sqlite3_bind_text(query, 4, f->name, -1, SQLITE_STATIC);
	sqlite3_bind_text(query, 5, f->address, -1, SQLITE_STATIC);
	sqlite3_bind_text(query, 6, f->verdict, -1, SQLITE_STATIC);
	sqlite3_bind_int64(query, 7, f->limit ? (int64_t)f->limit : -1);
	sqlite3_bind_int(query, 8, f->open_first);
}

/* Numbers are given in the order of opening. */
int store_list(struct store *store, const struct store_filter *filter, store_row_fn *tell,
	       void *data, struct failure *failure)
{
	static const char sql[] =
		"SELECT id, address, names, verdict, severity, opened, closed, last, document"
		" FROM incidents WHERE (closed = 0 OR closed >= ?1) AND opened <= ?2"
		" AND (NOT ?3 OR closed = 0)"
		" AND (?4 IS NULL OR instr(char(10) || lower(names), char(10) || lower(?4) || "
		"char(10)))"
		" AND (?5 IS NULL OR address = ?5) AND (?6 IS NULL OR verdict = ?6)"
		" ORDER BY ?8 AND closed = 0 DESC, id DESC LIMIT ?7";
	autofinalize sqlite3_stmt *query = NULL;
	int r = prepare(store, sql, &query, failure), result = SQLITE_DONE;
	bool more = true;

	if (r < 0)
		return r;
	bind_filter(query, filter);
	while (more && (result = sqlite3_step(query)) == SQLITE_ROW) {
		struct store_row row = row_of(query);

		more = tell(data, &row);
	}
	return !more || result == SQLITE_DONE ? 0 : store_failed(store, result, "read", failure);
}

/* The text that the query gives, or -ENOENT without a sentence. */
static int get(struct store *store, sqlite3_stmt *query, char **ret_text, struct failure *failure)
{
	int result = sqlite3_step(query);

	if (result == SQLITE_DONE)
		return -ENOENT;
	if (result != SQLITE_ROW)
		return store_failed(store, result, "read", failure);
	*ret_text = strdup(text(query, 0));
	return *ret_text ? 0 : failure_set(failure, -ENOMEM, "no memory");
}

int store_get(struct store *store, uint64_t id, char **ret_document, struct failure *failure)
{
	autofinalize sqlite3_stmt *query = NULL;
	int r = prepare(store, "SELECT document FROM incidents WHERE id = ?", &query, failure);

	if (r < 0)
		return r;
	sqlite3_bind_int64(query, 1, (int64_t)id);
	r = get(store, query, ret_document, failure);
	return r != -ENOENT
		       ? r
		       : failure_set(failure, r, "there is no incident %llu in the store %.120s",
				     (unsigned long long)id, store->path);
}

int store_get_state(struct store *store, uint64_t id, enum store_phase phase, char **ret_document,
		    struct failure *failure)
{
	autofinalize sqlite3_stmt *query = NULL;
	int r = prepare(store, "SELECT document FROM states WHERE incident = ? AND phase = ?",
			&query, failure);

	if (r < 0)
		return r;
	sqlite3_bind_int64(query, 1, (int64_t)id);
	sqlite3_bind_int(query, 2, (int)phase);
	r = get(store, query, ret_document, failure);
	return r != -ENOENT
		       ? r
		       : failure_set(failure, r,
				     "the store %.120s does not tell what this host was like at "
				     "the %s of incident %llu",
				     store->path, phase == STORE_OPENING ? "opening" : "close",
				     (unsigned long long)id);
}

int store_minutes(struct store *store, uint64_t id, store_minute_fn *tell, void *data,
		  struct failure *failure)
{
	autofinalize sqlite3_stmt *query = NULL;
	int r = prepare(store,
			"SELECT minute, syns, answers FROM minutes WHERE incident = ?"
			" ORDER BY minute",
			&query, failure),
	    result;

	if (r < 0)
		return r;
	sqlite3_bind_int64(query, 1, (int64_t)id);
	while ((result = sqlite3_step(query)) == SQLITE_ROW) {
		const struct store_minute minute = {
			.id = id,
			.at = number(query, 0),
			.syns = number(query, 1),
			.answers = number(query, 2),
		};

		tell(data, &minute);
	}
	return result == SQLITE_DONE ? 0 : store_failed(store, result, "read", failure);
}

int store_get_value(struct store *store, const char *key, void **ret_value, size_t *ret_size,
		    struct failure *failure)
{
	autofinalize sqlite3_stmt *query = NULL;
	int r = prepare(store, "SELECT value FROM kept WHERE key = ?", &query, failure), result;
	const void *value;

	if (r < 0)
		return r;
	sqlite3_bind_text(query, 1, key, -1, SQLITE_STATIC);
	result = sqlite3_step(query);
	if (result == SQLITE_DONE)
		return -ENOENT;
	if (result != SQLITE_ROW)
		return store_failed(store, result, "read", failure);
	value = sqlite3_column_blob(query, 0);
	*ret_size = (size_t)sqlite3_column_bytes(query, 0);
	*ret_value = malloc(*ret_size + 1);
	if (!*ret_value)
		return failure_set(failure, -ENOMEM, "no memory");
	if (*ret_size)
		memcpy(*ret_value, value, *ret_size);
	return 0;
}
