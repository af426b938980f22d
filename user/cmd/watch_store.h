/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The daemon's memory on disk: incidents are written as they change, what was only counted every
 * few seconds. While the disk fails the newest state of each is kept, up to a bound, and written
 * when it works again.
 */
#ifndef SYNHOLE_CMD_WATCH_STORE_H
#define SYNHOLE_CMD_WATCH_STORE_H

#include "cmd/config.h"
#include "cmd/session.h"
#include "core/incidents.h"

struct watch_store;

/* NULL where the configuration wants no store. What cannot be opened now is tried again later, and
 * said. `evidence` is where packets are written, NULL: nowhere; borrowed. */
int watch_store_new(struct watch_store **ret_store, const struct config *config,
		    const struct session *session, const char *evidence);
void watch_store_free(struct watch_store **store);

/* Gives the incidents that were open, or may open again, at the end of the last run. */
void watch_store_restore(struct watch_store *store, struct incidents *incidents, when_t now,
			 uint64_t quiet);

/* The number for the next incident. */
uint64_t watch_store_next_id(struct watch_store *store, when_t now);

/* An incident has changed: what its reader must not miss is written by the next tick, which is to
 * come when the look is over. */
void watch_store_tell(struct watch_store *store, const struct incident *incident,
		      enum incident_change change, when_t now);

/* Writes what has waited, tries again what failed, and removes what is too old. */
void watch_store_tick(struct watch_store *store, const struct incidents *incidents, when_t now);

/* All incidents there are wait to be written: for a store that has just begun. */
void watch_store_keep_all(struct watch_store *store, const struct incidents *incidents);

/* Writes all that waits, as far as it can be. */
void watch_store_flush(struct watch_store *store);

/* Begins the first window where the last run's counts of this table ended; of another table nothing
 * is known. To be called before the first look. */
void watch_store_restore_counts(struct watch_store *store);

/* What is wrong, in a sentence; NULL: nothing. */
const char *watch_store_ails(const struct watch_store *store);

/* Failures since the start, and incidents that waited in vain. */
uint64_t watch_store_errors(const struct watch_store *store);

#endif
