/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What Alertmanagers still have to be told, and when: alerts that last, again and again, because an
 * Alertmanager forgets what is not repeated; and alerts that have ended, until each has heard of
 * it.
 *
 * So what is owed after an outage is the present state, however long that was. Time is the
 * caller's, in microseconds of any clock that only goes forward.
 */
#ifndef SYNHOLE_CORE_OUTBOX_H
#define SYNHOLE_CORE_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OUTBOX_RECEIVERS_MAX 8
#define OUTBOX_ALERTS_MAX 512 /* when there is no room, the one that ended first is given up */

/* How often alerts that last are repeated, and how late at most a failed attempt is. */
#define OUTBOX_INTERVAL 60000000ULL
#define OUTBOX_BACKOFF_MIN 1000000ULL
#define OUTBOX_BACKOFF_MAX 60000000ULL

struct alert {
	uint64_t id;		 /* of the incident */
	const char *labels;	 /* a JSON object; what an Alertmanager knows the alert by */
	const char *annotations; /* a JSON object */
	const char *starts;	 /* RFC 3339 */
	const char *changed;	 /* the same: when it became as it is now */
	bool over;		 /* it ended then */
};

struct outbox;

int outbox_new(struct outbox **ret_outbox, size_t receivers);
void outbox_free(struct outbox **outbox);

/*
 * The present state of an alert, which is copied. With other labels than before it is another
 * alert: the one under the old labels has ended. `urgent`: tell at once, not only when it is
 * repeated. -ENOBUFS: no room, counted as dropped.
 */
int outbox_put(struct outbox *outbox, const struct alert *alert, bool urgent, uint64_t now);

/* Puts everything that another one holds into this one, to be told anew. */
void outbox_adopt(struct outbox *outbox, const struct outbox *other, uint64_t now);

/* When this receiver is to be told; UINT64_MAX: there is nothing, or it is being told. */
uint64_t outbox_next(const struct outbox *outbox, size_t receiver);

/* What it is to be told: the body of a POST to /api/v2/alerts, to be freed; NULL if there
 * is no memory. It is being told until outbox_done(). */
char *outbox_write(struct outbox *outbox, size_t receiver);
void outbox_done(struct outbox *outbox, size_t receiver, bool told, uint64_t now);

/* Each receiver that has not heard of news is told of it now, though the last attempts failed. */
void outbox_hurry(struct outbox *outbox, uint64_t now);

/* Whether there is news that a receiver is being told, or will be without waiting. */
bool outbox_is_owing(const struct outbox *outbox);

/* Alerts that found no room since the start. */
uint64_t outbox_dropped(const struct outbox *outbox);

#endif
