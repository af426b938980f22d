/* SPDX-License-Identifier: GPL-2.0-only */
/* The store's file: opened, made ready, recognised again, and moved aside. Of the store's family
 * alone. */
#ifndef SYNHOLE_IO_STORE_DB_H
#define SYNHOLE_IO_STORE_DB_H

#include "base/cleanup.h"
#include "io/store.h"

#include <sqlite3.h>
#include <sys/types.h>

/* Which file it is, whatever its name; ino 0: there is none. */
struct store_identity {
	dev_t dev;
	ino_t ino;
};

struct store {
	char *path;
	bool reader;
	bool in_round; /* what is written belongs to a transaction that has begun */
	uint64_t keep, size;
	sqlite3 *db;	   /* NULL: to be opened by the next call */
	bool replaced;	   /* another file stands where the one that was open stood */
	bool checked;	   /* the open file, or the last one, was found sound */
	bool damaged;	   /* SQLite has said so: look closely at the next opening */
	uint64_t deadline; /* nanoseconds of CLOCK_MONOTONIC by which a reader must have read */
	struct store_identity file, wal; /* what is open, or was last */
	char news[400];
	bool has_news;
	struct store_minute pending[STORE_PENDING_MAX];
	size_t pending_count;
};

/* Opens store->path for writing or reading, as store->reader says, and checks what is there. */
int store_db_open(struct store *store, struct failure *failure);
/* The files are those that were opened: nobody has removed or replaced them. */
bool store_db_in_place(const struct store *store);
void store_db_close(struct store *store);
/* Moves the file and what SQLite keeps beside it out of the way. */
int store_db_move_aside(struct store *store, const char *why, struct failure *failure);

/* The schema: brings a file up to date; or checks that one holds our tables and nothing else. */
int store_schema_migrate(struct store *store, struct failure *failure);
int store_schema_verify(struct store *store, struct failure *failure);

/* What SQLite's result means, in words; `doing` is like "write to". Closes what is of no use any
 * more. Returns a -errno: -EBUSY locked, -ENOSPC full, -EBADMSG damaged, -EACCES, -EROFS, -EIO. */
int store_failed(struct store *store, int result, const char *doing, struct failure *failure);

/* Statements. */
void store_finalize(sqlite3_stmt **statement);
#define autofinalize cleanup(store_finalize)
int store_prepare(struct store *store, const char *sql, sqlite3_stmt **ret_statement,
		  struct failure *failure);
/* Runs one that returns no row. */
int store_run(struct store *store, sqlite3_stmt *statement, const char *doing,
	      struct failure *failure);
int store_exec(struct store *store, const char *sql, struct failure *failure);
/* The number that a query gives. */
int store_number(struct store *store, const char *sql, int64_t *ret_number,
		 struct failure *failure);

#endif
