/* SPDX-License-Identifier: GPL-2.0-only */
/* Who is told of incidents by the daemon, unasked: the log, Alertmanagers,
 * and a program. */
#ifndef SYNHOLE_CMD_WATCH_TELL_H
#define SYNHOLE_CMD_WATCH_TELL_H

#include "cmd/config.h"
#include "cmd/metrics.h"

struct watch_tell;

int watch_tell_new(struct watch_tell **ret_tell, sd_event *loop);
void watch_tell_free(struct watch_tell **tell);

/* Goes over to a configuration; on failure the old one holds. Alertmanagers that were not told
 * before are told of the incidents that are open. */
int watch_tell_set(struct watch_tell *tell, const struct config *config,
		   const struct incidents *incidents, when_t now, struct failure *failure);

/* What has become of an incident. */
void watch_tell_incident(struct watch_tell *tell, const struct incident *incident,
			 enum incident_change change, when_t now);

/* Before the end: who has not heard the last news yet is told at once, and of nothing older; and
 * whether that is still under way. */
void watch_tell_hurry(struct watch_tell *tell);
bool watch_tell_is_owing(const struct watch_tell *tell);

/* Brings the counters up to date that are about telling. */
void watch_tell_count(const struct watch_tell *tell, struct daemon_counters *counters);

#endif
