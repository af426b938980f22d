/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the names that should be served here point, as DNS last said. */
#ifndef SYNHOLE_CORE_PUBLISHED_H
#define SYNHOLE_CORE_PUBLISHED_H

#include "core/input.h"

#define PUBLISHED_NAMES_MAX 4096
#define PUBLISHED_RECORDS_MAX 64 /* of one name */

struct published_name {
	char *name; /* bytes from DNS: escape them where they are printed */
	char *error;
	char *server;
	char *via;
	enum name_status status;	  /* of the last answer, or of there being none */
	when_t answered;		  /* when the records were last said; 0: never */
	when_t first_answered;		  /* when anything was first said of it */
	uint64_t failures[NAME_STATUSES]; /* answers of each status but NAME_OK, since the start */
	struct record *records;
	size_t count;
};

/* One record and the name that has it. */
struct publication {
	struct addr address;
	const struct published_name *name;
	const struct record *record;
};

struct published;

/* One word: "ok", "nodata". */
const char *name_status_name(enum name_status status);

int published_new(struct published **ret_published);
void published_free(struct published **published);

/* Hears INPUT_NAME and INPUT_AUTHORITY, ignores the others. Returns true if an answer came that
 * differs. While nobody answers, the records of the last answer stay. Invalidates all that was
 * returned before. */
bool published_feed(struct published *published, const struct input *in);

/* The publications of one address: `ret_count` of them from the returned one on. */
const struct publication *published_find(struct published *published, const struct addr *a,
					 size_t *ret_count);

/* All of them, by address. */
const struct publication *published_all(struct published *published, size_t *ret_count);

/* Whatever the case of its letters; NULL: never heard. */
const struct published_name *published_named(const struct published *published, const char *name);

/* The names in the order in which they were first heard. */
const struct published_name *published_name(const struct published *published, size_t i);

/* Names and records that found no room since the start. */
uint64_t published_dropped(const struct published *published);

#endif
