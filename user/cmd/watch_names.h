/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names kept current: each is asked again by the TTL of its records, within bounds, not all at
 * once, and less often while nobody answers.
 */
#ifndef SYNHOLE_CMD_WATCH_NAMES_H
#define SYNHOLE_CMD_WATCH_NAMES_H

#include "cmd/config.h"
#include "cmd/session.h"

/* One question that is asked again and again. */
struct watched_name {
	struct question question; /* borrowed from the configuration */
	when_t asked, next;	  /* when it was last, and when it is due */
	when_t answered;	  /* when somebody last said something of it, 0: never */
	uint32_t ttl;		  /* the lowest of the last answer's records, seconds */
	unsigned failures;	  /* in a row */
	bool waiting;		  /* for the answer */
};

struct watch_names {
	struct watched_name *names;
	size_t count;
	unsigned refresh; /* seconds */
};

/* The names of a configuration. What is known of those that were there before stays; what names
 * that are no longer there have published is forgotten. */
int watch_names_set(struct watch_names *names, struct session *session,
		    const struct config *config);
void watch_names_free(struct watch_names *names);

/* Whether this name is one that is asked for, and not a target or what an address says of itself.
 */
bool watch_names_has(const struct watch_names *names, const char *name);

/* Asks those that are due. */
void watch_names_ask(struct watch_names *names, struct session *session, when_t now);

/* Hears INPUT_NAME. */
void watch_names_hear(struct watch_names *names, const struct input *in);

/* When the next one is due; 0: there is none. */
when_t watch_names_next(const struct watch_names *names);

#endif
