/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What Prometheus reads at /metrics, in its text format 0.0.4.
 *
 * Only published addresses become series of their own: strangers can be as many as there are
 * addresses, and are a number.
 */
#ifndef SYNHOLE_CMD_METRICS_H
#define SYNHOLE_CMD_METRICS_H

#include "cmd/session.h"
#include "core/incidents.h"

#include <stdio.h>

/* Published records that have series of their own; of more, only how many there are is told. */
#define METRICS_RECORDS_MAX 16384

/* What the daemon counts beside what its parts count. All but `strangers` only grow. */
struct daemon_counters {
	uint64_t incidents[VERDICTS]; /* opened since the start, by the verdict they opened with */
	uint64_t strangers;	      /* destinations neither owned nor published, now */
	uint64_t stranger_syns;
	uint64_t store_errors;
	uint64_t alerts_failed, alerts_dropped;
	uint64_t hooks_failed, hooks_dropped; /* runs of `exec` */
};

struct metrics {
	const struct session *session;
	const struct incidents *incidents; /* NULL: none are kept */
	const struct daemon_counters *counters;
};

void metrics_write(FILE *out, const struct metrics *metrics);

#endif
