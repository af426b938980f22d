/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What has changed, and when: of the addresses that are published or this host's, and of its
 * default routes. An incident is told by it what came before its opening.
 *
 * It compares what the engine knows with what it knew at the look before, so that an event carries
 * the time of the look that found it.
 */
#ifndef SYNHOLE_CORE_TIMELINE_H
#define SYNHOLE_CORE_TIMELINE_H

#include "core/engine.h"
#include "core/incident.h"

/* Events that are remembered: the oldest give way. Addresses that are followed: others are not. */
#define TIMELINE_EVENTS_MAX 512
#define TIMELINE_ADDRESSES_MAX 16384

struct timeline_event {
	struct addr address; /* of a family's default route: all zero, or the mapped zero */
	struct incident_event event;
};

struct timeline;

int timeline_new(struct timeline **ret_timeline);
void timeline_free(struct timeline **timeline);

/* Returns true if what this host owns or its default routes have changed: what was counted before
 * says nothing of the host as it is now. The first look finds no changes. */
bool timeline_look(struct timeline *timeline, struct engine *engine, when_t now);

/* Event number `n`, or the oldest after it that is remembered, which sets `n` to its number. NULL:
 * no such event yet. They are numbered from 0 on. */
const struct timeline_event *timeline_at(const struct timeline *timeline, uint64_t *n);

/* Whether an event is about this address. */
bool timeline_concerns(const struct timeline_event *event, const struct addr *address);

#endif
