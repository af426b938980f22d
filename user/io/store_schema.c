// SPDX-License-Identifier: GPL-2.0-only
/* The store's tables: how they came to be what they are, and whether a file has just these. */
#include "io/store_db.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* "SynH": a file that says so in its header is a store. */
#define APPLICATION 0x53796e48

/* The i-th makes version i + 1 of the one before. They are never changed, only added to.
 * AUTOINCREMENT, so that no number is used twice. */
static const char *const migrations[] = {
	"CREATE TABLE incidents (id INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT NOT NULL,"
	" names TEXT NOT NULL, verdict TEXT NOT NULL, severity TEXT NOT NULL,"
	" opened INTEGER NOT NULL, closed INTEGER NOT NULL, last INTEGER NOT NULL,"
	" document TEXT NOT NULL) STRICT;"
	"CREATE INDEX incidents_closed ON incidents (closed);"
	"CREATE TABLE minutes (incident INTEGER NOT NULL, minute INTEGER NOT NULL,"
	" syns INTEGER NOT NULL, answers INTEGER NOT NULL,"
	" PRIMARY KEY (incident, minute)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE states (incident INTEGER NOT NULL, phase INTEGER NOT NULL,"
	" document TEXT NOT NULL, PRIMARY KEY (incident, phase)) STRICT;"
	"CREATE TABLE kept (key TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT;",
};

#define VERSION ((int64_t)(sizeof(migrations) / sizeof(*migrations)))

/* Statistics of ANALYZE are nobody's harm. */
#define TABLES "FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'"

/* All or nothing, whatever happens meanwhile. */
static int step(struct store *store, int64_t from, struct failure *failure)
{
	char end[128];
	int r = store_exec(store, "BEGIN IMMEDIATE", failure);

	if (r < 0)
		return r;
	snprintf(end, sizeof(end), "PRAGMA user_version = %d; PRAGMA application_id = %d; COMMIT",
		 (int)from + 1, APPLICATION);
	r = store_exec(store, migrations[from], failure);
	r = r < 0 ? r : store_exec(store, end, failure);
	if (r < 0 && store->db)
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	return r;
}

static int identify(struct store *store, int64_t *ret_version, struct failure *failure)
{
	int64_t application = 0, tables = 0;
	int r = store_number(store, "PRAGMA application_id", &application, failure);

	r = r < 0 ? r : store_number(store, "SELECT count(*) " TABLES, &tables, failure);
	r = r < 0 ? r : store_number(store, "PRAGMA user_version", ret_version, failure);
	if (r < 0)
		return r;
	if (application != APPLICATION && (application || tables || *ret_version))
		return failure_set(
			failure, -EINVAL,
			"%.120s is a database, but no store of synhole; name another file",
			store->path);
	if (*ret_version > VERSION)
		return failure_set(
			failure, -EINVAL,
			"the store %.120s was written by a later version of synhole (its "
			"schema is %lld, this one knows %lld); use that one",
			store->path, (long long)*ret_version, (long long)VERSION);
	return 0;
}

int store_schema_migrate(struct store *store, struct failure *failure)
{
	int64_t version = 0;
	int r = identify(store, &version, failure);

	while (r == 0 && version >= 0 && version < VERSION)
		r = step(store, version++, failure);
	return r;
}

static void close_database(sqlite3 **db)
{
	sqlite3_close_v2(*db);
}

/* What the tables of a version are, as one text to compare. NULL: no memory, or unreadable. */
static char *describe(sqlite3 *db)
{
	static const char sql[] =
		"SELECT group_concat(x, char(10)) FROM (SELECT type || ' ' || "
		"name || ' ' || tbl_name || ' ' || ifnull(sql, '') AS x " TABLES " ORDER BY name)";
	autofinalize sqlite3_stmt *query = NULL;
	const char *text;

	if (sqlite3_prepare_v2(db, sql, -1, &query, NULL) != SQLITE_OK ||
	    sqlite3_step(query) != SQLITE_ROW)
		return NULL;
	text = (const char *)sqlite3_column_text(query, 0);
	return text ? strdup(text) : NULL;
}

static char *describe_wanted(int64_t version)
{
	cleanup(close_database) sqlite3 *db = NULL;

	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		return NULL;
	for (int64_t i = 0; i < version; i++)
		if (sqlite3_exec(db, migrations[i], NULL, NULL, NULL) != SQLITE_OK)
			return NULL;
	return describe(db);
}

int store_schema_verify(struct store *store, struct failure *failure)
{
	int64_t version = 0;
	char *wanted, *found;
	bool same;
	int r = identify(store, &version, failure);

	if (r < 0)
		return r;
	if (version <= 0)
		return failure_set(failure, -ENODATA,
				   "the store %.120s is empty: nothing was ever "
				   "written to it",
				   store->path);
	wanted = describe_wanted(version);
	found = describe(store->db);
	same = wanted && found && strcmp(wanted, found) == 0;
	free(wanted);
	free(found);
	return same ? 0
		    : failure_set(failure, -EBADMSG,
				  "the store %.120s has other tables than synhole makes: it is "
				  "damaged, "
				  "or somebody has changed it",
				  store->path);
}
