// SPDX-License-Identifier: GPL-2.0-only
/* Steps that build upon each other, and what was found of each. */
#include "core/checklist.h"

#include <stdarg.h>
#include <stdio.h>

#define STEP(s) (1U << CHECK_##s)

static const struct {
	const char *name, *words;
	unsigned needs;
} steps[CHECK_STEPS] = {
	[CHECK_PUBLISHED] = {"published", "published", 0},
	[CHECK_OWNED] = {"owned", "owned", 0},
	[CHECK_ROUTE] = {"default-route", "default route", 0},
	[CHECK_RETURN] = {"return-route", "way back", STEP(OWNED) | STEP(ROUTE)},
	[CHECK_ALONE] = {"alone", "nobody else", 0},
	[CHECK_LISTENING] = {"listening", "listening", 0},
	[CHECK_UNFILTERED] = {"unfiltered", "not filtered",
			      STEP(OWNED) | STEP(RETURN) | STEP(LISTENING)},
	[CHECK_ANSWERED] = {"answered", "answered",
			    STEP(OWNED) | STEP(ROUTE) | STEP(RETURN) | STEP(LISTENING) |
				    STEP(UNFILTERED)},
	[CHECK_NAMED] = {"reverse-name", "reverse name", 0},
	[CHECK_SPF] = {"spf", "SPF", 0},
	[CHECK_CLOSED] = {"incidents", "incidents", 0},
};

static enum severity severity_of(enum check_state state)
{
	switch (state) {
	case CHECK_WARNING:
		return SEVERITY_WARNING;
	case CHECK_UNKNOWN:
		return SEVERITY_UNKNOWN;
	case CHECK_CRITICAL:
		return SEVERITY_CRITICAL;
	default:
		return SEVERITY_OK;
	}
}

void checklist_say(struct checklist *list, enum check_step step, uint16_t port,
		   enum check_state state, const char *format, ...)
{
	struct check_line *line = &list->lines[list->count];
	va_list args;

	if (severity_of(state) > list->worst)
		list->worst = severity_of(state);
	if (list->count == CHECKLIST_LINES_MAX)
		return;
	line->step = step;
	line->port = port;
	line->state = state;
	va_start(args, format);
	vsnprintf(line->words, sizeof(line->words), format, args);
	va_end(args);
	list->count++;
}

/* Of the address as a whole, or of this very port. A warning is a doubt: nothing waits for it. */
static bool fails(const struct checklist *list, enum check_step step, uint16_t port)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct check_line *line = &list->lines[i];

		if (line->step == step && line->state == CHECK_CRITICAL &&
		    (!line->port || line->port == port))
			return true;
	}
	return false;
}

enum check_step checklist_missing(const struct checklist *list, enum check_step step, uint16_t port)
{
	for (enum check_step need = 0; need < CHECK_STEPS; need++)
		if (steps[step].needs & 1U << need && fails(list, need, port))
			return need;
	return CHECK_STEPS;
}

bool checklist_waits(struct checklist *list, enum check_step step, uint16_t port)
{
	enum check_step need = checklist_missing(list, step, port);

	if (need == CHECK_STEPS)
		return false;
	checklist_say(list, step, port, CHECK_WAITS, "to be looked at when this is in order: %s",
		      steps[need].words);
	return true;
}

const char *checklist_step_name(enum check_step step)
{
	return steps[step].name;
}

const char *checklist_step_words(enum check_step step)
{
	return steps[step].words;
}

const char *checklist_state_name(enum check_state state)
{
	static const char *const names[] = {
		[CHECK_OK] = "ok",	     [CHECK_NOTE] = "note",
		[CHECK_WAITS] = "waits",     [CHECK_WARNING] = "warning",
		[CHECK_UNKNOWN] = "unknown", [CHECK_CRITICAL] = "critical",
	};

	return names[state];
}
