/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Incidents over time: opened, extended, changed, closed and opened again, from the engine's
 * findings at each look.
 *
 * Findings are of the engine's present window (engine_rotate()): what happened before it is in the
 * incident already. The black hole, the mute, the unusable and the stray address make incidents;
 * what is only latent does not, since nobody has called.
 */
#ifndef SYNHOLE_CORE_INCIDENTS_H
#define SYNHOLE_CORE_INCIDENTS_H

#include "core/incident.h"
#include "core/judge.h"
#include "core/timeline.h"

/* Open ones, and closed ones that may reopen. When all are open, new ones are counted as dropped.
 */
#define INCIDENTS_MAX 256

/* How long a window of the engine lasts, where no change of the host ends it sooner. */
#define INCIDENTS_WINDOW_NS 60000000000ULL

enum incident_change {
	INCIDENT_OPENED,   /* or opened again: incident->reopened tells */
	INCIDENT_CHANGED,  /* in verdict, severity or causes */
	INCIDENT_EXTENDED, /* only its counts, times or events have grown */
	INCIDENT_CLOSED,
};

/* `incident` is borrowed for the call. */
typedef void incidents_tell_fn(void *data, const struct incident *incident,
			       enum incident_change change);

struct incidents_policy {
	uint64_t quiet;	   /* nanoseconds without SYNs after which one closes, and within which a
			      closed one is opened again as the same */
	uint64_t first_id; /* for the next incident */
};

struct incidents;

int incidents_new(struct incidents **ret_incidents, struct engine *engine,
		  const struct incidents_policy *policy, incidents_tell_fn *tell, void *data);
void incidents_free(struct incidents **incidents);

/* The quiet time of a reloaded configuration. */
void incidents_set_quiet(struct incidents *incidents, uint64_t quiet);

/* One that was open, or closed not long ago, when the last run ended. -ENOBUFS: no room. */
int incidents_restore(struct incidents *incidents, const struct incident *incident);

/* Judges everything there is, and tells what has become of the incidents. To be called after each
 * snapshot. Begins a new window of the engine when it is due, and when what the host owns has
 * changed: what was counted before is then no evidence of how things are. */
void incidents_look(struct incidents *incidents, when_t now);

/* When to look again even if nothing more is heard; 0: never. */
when_t incidents_next(const struct incidents *incidents);

/* What has happened to the host and to names, whatever became of it. Borrowed. */
const struct timeline *incidents_timeline(const struct incidents *incidents);

/* Those in memory, open ones and those that may reopen: NULL after the last. */
const struct incident *incidents_at(const struct incidents *incidents, size_t i);

/* New ones that found no room since the start. */
uint64_t incidents_dropped(const struct incidents *incidents);

#endif
