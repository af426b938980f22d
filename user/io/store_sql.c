// SPDX-License-Identifier: GPL-2.0-only
/* The store's statements, and SQLite's results in words. */
#include "io/store_db.h"

#include <errno.h>
#include <string.h>

/* The system's own reason, where SQLite knows one. */
static const char *system_reason(const struct store *store)
{
	int error = store->db ? sqlite3_system_errno(store->db) : 0;

	return error ? strerror(error) : sqlite3_errmsg(store->db);
}

static int damaged(struct store *store, const char *doing, struct failure *failure)
{
	const char *todo = store->reader ? "take a backup, or what \"sqlite3 FILE .recover\" saves"
					 : "it will be moved aside";

	store->damaged = true;
	return failure_set(failure, -EBADMSG, "cannot %s the store %.120s: it is damaged (%s); %s",
			   doing, store->path, sqlite3_errmsg(store->db), todo);
}

static int broken(struct store *store, int result, const char *doing, struct failure *failure)
{
	switch (result & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return damaged(store, doing, failure);
	case SQLITE_INTERRUPT:
		return failure_set(
			failure, -EBADMSG,
			"cannot %s the store %.120s: it takes too long, so it is damaged "
			"or made to harm",
			doing, store->path);
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_CANTOPEN:
		return failure_set(failure, -EACCES, "cannot %s the store %.120s: %s", doing,
				   store->path, system_reason(store));
	case SQLITE_NOMEM:
		return failure_set(failure, -ENOMEM, "cannot %s the store %.120s: no memory", doing,
				   store->path);
	default:
		return failure_set(failure, -EIO, "cannot %s the store %.120s: %s", doing,
				   store->path, system_reason(store));
	}
}

int store_failed(struct store *store, int result, const char *doing, struct failure *failure)
{
	int r;

	switch (result & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return failure_set(failure, -EBUSY,
				   "cannot %s the store %.120s now: another process has locked it "
				   "(\"fuser %.60s\" tells which)",
				   doing, store->path, store->path);
	case SQLITE_FULL:
		return failure_set(failure, -ENOSPC,
				   "cannot %s the store %.120s: its disk is full; make room there",
				   doing, store->path);
	case SQLITE_TOOBIG:
	case SQLITE_CONSTRAINT:
		return failure_set(failure, -EINVAL, "cannot %s the store %.120s: %s", doing,
				   store->path, sqlite3_errmsg(store->db));
	default:
		r = broken(store, result, doing, failure);
		store_db_close(store);
		return r;
	}
}

void store_finalize(sqlite3_stmt **statement)
{
	sqlite3_finalize(*statement);
	*statement = NULL;
}

int store_prepare(struct store *store, const char *sql, sqlite3_stmt **ret_statement,
		  struct failure *failure)
{
	int result = sqlite3_prepare_v2(store->db, sql, -1, ret_statement, NULL);

	return result == SQLITE_OK ? 0 : store_failed(store, result, "use", failure);
}

int store_run(struct store *store, sqlite3_stmt *statement, const char *doing,
	      struct failure *failure)
{
	int result;

	while ((result = sqlite3_step(statement)) == SQLITE_ROW)
		;
	return result == SQLITE_DONE ? 0 : store_failed(store, result, doing, failure);
}

int store_exec(struct store *store, const char *sql, struct failure *failure)
{
	int result = sqlite3_exec(store->db, sql, NULL, NULL, NULL);

	return result == SQLITE_OK
		       ? 0
		       : store_failed(store, result, store->reader ? "read" : "write to", failure);
}

int store_number(struct store *store, const char *sql, int64_t *ret_number, struct failure *failure)
{
	autofinalize sqlite3_stmt *query = NULL;
	int r = store_prepare(store, sql, &query, failure), result;

	if (r < 0)
		return r;
	result = sqlite3_step(query);
	if (result != SQLITE_ROW && result != SQLITE_DONE)
		return store_failed(store, result, "read", failure);
	*ret_number = result == SQLITE_ROW ? sqlite3_column_int64(query, 0) : 0;
	return 0;
}
