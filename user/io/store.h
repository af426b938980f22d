/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The store: incidents on disk, in one SQLite file, written by one process and read by many.
 *
 * It keeps documents, and does not know what is in them. A write that has returned 0 is on disk,
 * unless its header says otherwise; a write that failed has changed nothing and can be made again.
 * No call waits longer than STORE_WAIT_MS for a lock, so after an -EBUSY leave the rest for later.
 */
#ifndef SYNHOLE_IO_STORE_H
#define SYNHOLE_IO_STORE_H

#include "base/failure.h"
#include "core/input.h"

#define STORE_WAIT_MS 50
#define STORE_DOCUMENT_MAX (1 << 20) /* bytes of a document or a value */
#define STORE_SIZE (256ULL << 20)    /* bytes, where the settings do not say */
#define STORE_SIZE_MIN (1ULL << 20)
#define STORE_SIZE_MAX (1ULL << 30)
#define STORE_PENDING_MAX 1024 /* minutes that wait to be written */
#define STORE_ASIDE_MAX 8      /* damaged files that are kept beside it */

struct store;

struct store_settings {
	const char *path;
	uint64_t keep; /* nanoseconds after its close for which an incident is kept, 0: for ever */
	uint64_t size; /* bytes that the store may take; 0: STORE_SIZE */
};

/* One incident. Texts end with NUL and are UTF-8; none is NULL. */
struct store_row {
	uint64_t id;
	const char *address;
	const char *names; /* one after the other, each ended by a newline */
	const char *verdict, *severity;
	when_t opened, closed, last;
	const char *document;
};

/* Opens nothing yet: each of the calls below does if it has to, and so again after a failure, and
 * when the file was removed or replaced. */
int store_new(struct store **ret_store, const struct store_settings *settings);
/* For reading alone; a file that is damaged, hostile or of others is refused with a sentence. */
int store_open_read(struct store **ret_store, const char *path, struct failure *failure);
void store_close(struct store **store);

/* Opens it. A new file can be read by the group of its directory's or process's. A damaged one is
 * moved aside, to FILE.corrupt-TIME, and a new one begins. */
int store_ready(struct store *store, struct failure *failure);

/* A sentence each time that a new file has begun in place of one that was there, so that all that
 * should be in it is to be put again; else NULL. */
const char *store_news(struct store *store);

/* The smallest number that no incident in this file ever had. */
int store_next_id(struct store *store, uint64_t *ret_id, struct failure *failure);

/* Writes or replaces the incident of that id. */
int store_put(struct store *store, const struct store_row *row, struct failure *failure);

/* What the host was like when an incident opened and closed: one document for each. */
enum store_phase { STORE_OPENING, STORE_CLOSE };
int store_put_state(struct store *store, uint64_t id, enum store_phase phase, const char *document,
		    struct failure *failure);

/* SYNs and answers of an incident within the minute of that time, to be added to what is there.
 * They wait in memory for store_flush(). -ENOBUFS: too many wait, these are lost. */
struct store_minute {
	uint64_t id;
	when_t at;
	uint64_t syns, answers;
};
int store_count(struct store *store, const struct store_minute *minute);
int store_flush(struct store *store, struct failure *failure);

/* All that `write` puts, and the minutes that wait: on disk together when this returns 0, else
 * nothing of it is, whenever the process ends. `write` returns 0, or at once what the first put
 * that failed has returned; it is called once more where room had to be made. */
typedef int store_round_fn(void *data, struct failure *failure);
int store_round(struct store *store, store_round_fn *write, void *data, struct failure *failure);

/* A value kept under a key, bytes of any kind. A key that is not there: -ENOENT without a sentence.
 * What store_get_value() returns is to be freed. */
int store_put_value(struct store *store, const char *key, const void *value, size_t size,
		    struct failure *failure);
int store_get_value(struct store *store, const char *key, void **ret_value, size_t *ret_size,
		    struct failure *failure);

/* Removes what is too old, and while the store is too large the oldest: closed incidents first,
 * then minutes. A bounded part of it at a time; to be called every minute or so. */
int store_trim(struct store *store, when_t now, struct failure *failure);

/* Those wanted; 0 and NULL want all. */
struct store_filter {
	when_t since, until; /* was open at some time between these */
	bool open;
	bool open_first; /* ... so that the limit cuts off closed ones */
	const char *name, *address, *verdict;
	uint64_t limit;
};

/* `row` is borrowed for the call. Returning false ends the list. */
typedef bool store_row_fn(void *data, const struct store_row *row);
/* The newest first, open ones before them all if that is wanted. */
int store_list(struct store *store, const struct store_filter *filter, store_row_fn *tell,
	       void *data, struct failure *failure);

/* Documents are to be freed. -ENOENT, with a sentence: there is no such incident, or no state. */
int store_get(struct store *store, uint64_t id, char **ret_document, struct failure *failure);
int store_get_state(struct store *store, uint64_t id, enum store_phase phase, char **ret_document,
		    struct failure *failure);

/* Those in which anything was counted, the earliest first; `at` is the minute's beginning. */
typedef void store_minute_fn(void *data, const struct store_minute *minute);
int store_minutes(struct store *store, uint64_t id, store_minute_fn *tell, void *data,
		  struct failure *failure);

#endif
