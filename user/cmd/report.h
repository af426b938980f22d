/* SPDX-License-Identifier: GPL-2.0-only */
/* What a look has found, written for people or for programs. */
#ifndef SYNHOLE_CMD_REPORT_H
#define SYNHOLE_CMD_REPORT_H

#include "cmd/session.h"
#include "core/judge.h"

#include <stdio.h>

/* Writes the report of a session that is over. Returns the exit status: the worst of what was
 * found and of what could not be looked at. */
int report(struct session *session, const char *kind);

/* Whether the options ask for findings like this one. */
bool report_wants(const struct options *options, const struct finding *finding);

/* The exit status for the worst that was found (the monitoring plugins' convention). */
int report_exit_status(enum severity severity);

/* Finds the status from the summary's worst and what could not be looked at, calls `end` of the
 * form (NULL: none), and returns the exit status. */
struct report;
struct report_form;
int report_end(struct report *report, const struct report_form *form);

/* How it is written: report.c calls these in this order. */
struct report {
	struct session *session;
	const char *kind;
	FILE *out;
	struct judge_summary summary;
	enum severity status; /* known from `end` on */
	size_t told;
};

struct report_form {
	void (*begin)(struct report *report);
	void (*finding)(struct report *report, const struct finding *finding);
	void (*end)(struct report *report);
};

extern const struct report_form report_text, report_json;

/* The counters of all interfaces, summed. */
struct counters report_counters(const struct session *session);

#endif
