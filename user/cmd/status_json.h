/* SPDX-License-Identifier: GPL-2.0-only */
/* What the daemon knows now, as JSON (schema "synhole/1", kind "status"). */
#ifndef SYNHOLE_CMD_STATUS_JSON_H
#define SYNHOLE_CMD_STATUS_JSON_H

#include "cmd/metrics.h"

/* Destinations that are told of, the worst first; of more, only how many there are. */
#define STATUS_DESTINATIONS_MAX 200

/* The members of a capture's document; destinations are those of the engine's present window.
 * Beside them "incidents", those that are open, without their timeline and sources, and "losses".
 * The status is the worst of both. */
void status_json(FILE *out, struct session *session, const struct incidents *incidents,
		 const struct daemon_counters *counters);

#endif
