/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What must hold for one address to be in order, step by step, and what was found of each.
 *
 * A fault is said once, at the step that it is in: what cannot hold without that step is not judged
 * but waits for it.
 */
#ifndef SYNHOLE_CORE_CHECKLIST_H
#define SYNHOLE_CORE_CHECKLIST_H

#include "core/verdict.h"

#define CHECKLIST_LINES_MAX 64
#define CHECKLIST_WORDS 1024

enum check_step {
	CHECK_PUBLISHED,
	CHECK_OWNED,
	CHECK_ROUTE,  /* a way out for the family */
	CHECK_RETURN, /* ... from this address */
	CHECK_ALONE,  /* no other host has it */
	CHECK_LISTENING,
	CHECK_UNFILTERED,
	CHECK_ANSWERED,
	CHECK_NAMED, /* in reverse DNS, and back */
	CHECK_SPF,
	CHECK_CLOSED, /* no incident is open */
	CHECK_STEPS,
};

enum check_state {
	CHECK_OK,
	CHECK_NOTE,  /* there is something to say, and nothing to judge */
	CHECK_WAITS, /* for a step that does not hold */
	CHECK_WARNING,
	CHECK_UNKNOWN, /* could not look */
	CHECK_CRITICAL,
};

struct check_line {
	enum check_step step;
	enum check_state state;
	uint16_t port;		     /* 0: of the address */
	char words[CHECKLIST_WORDS]; /* may hold foreign bytes: escape where printed */
};

struct checklist {
	struct check_line lines[CHECKLIST_LINES_MAX];
	size_t count; /* lines beyond the bound are dropped, but for their severity */
	enum severity worst;
};

/* `port` 0: of the address. */
void checklist_say(struct checklist *list, enum check_step step, uint16_t port,
		   enum check_state state, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* If a step that `step` depends on does not hold, says that it waits for it, and returns true. */
bool checklist_waits(struct checklist *list, enum check_step step, uint16_t port);

/* The first step that `step` depends on and that does not hold; CHECK_STEPS: none. */
enum check_step checklist_missing(const struct checklist *list, enum check_step step,
				  uint16_t port);

/* "owned", "default-route": as in JSON; and "default route": for people. */
const char *checklist_step_name(enum check_step step);
const char *checklist_step_words(enum check_step step);

/* "ok", "note", "waits", "warning", "unknown", "critical" */
const char *checklist_state_name(enum check_state state);

#endif
