// SPDX-License-Identifier: GPL-2.0-only
/* The words of a story that stand in more than one place. */
#include "cmd/story.h"

#include <stdio.h>
#include <string.h>

const char *story_event_words(enum timeline_kind kind)
{
	static const char *const words[TIMELINE_KINDS] = {
		[TIMELINE_OPENED] = "opened",
		[TIMELINE_REOPENED] = "opened again",
		[TIMELINE_CHANGED] = "changed",
		[TIMELINE_CLOSED] = "closed",
		[TIMELINE_FIRST_SYN] = "first SYN",
		[TIMELINE_FIRST_CLIENT] = "first client waits",
		[TIMELINE_PUBLISHED] = "published",
		[TIMELINE_WITHDRAWN] = "withdrawn",
		[TIMELINE_ADDRESS_ADDED] = "address added",
		[TIMELINE_ADDRESS_REMOVED] = "address removed",
		[TIMELINE_ADDRESS_UNUSABLE] = "address unusable",
		[TIMELINE_ROUTE_ADDED] = "route added",
		[TIMELINE_ROUTE_LOST] = "route lost",
		[TIMELINE_ANSWERED] = "first answer",
	};

	return words[kind];
}

const char *story_end_words(enum incident_end end)
{
	static const char *const words[ENDS] = {
		[END_NONE] = "open",
		[END_ANSWERED] = "closed: the address answers",
		[END_USABLE] = "closed: the address can be used, and nobody calls in vain",
		[END_WITHDRAWN] = "closed: no name points to the address any more",
		[END_QUIET] = "closed: nobody has called any more",
	};

	return words[end];
}

uint64_t story_lasted(const struct incident *in, when_t now)
{
	when_t end = in->closed ? in->closed : now;

	return end > in->opened ? end - in->opened : 0;
}

const char *story_names(const struct incident *in, char text[static STORY_NAMES])
{
	size_t n = 0;

	snprintf(text, STORY_NAMES, "no name that is known");
	for (size_t i = 0; i < in->name_count && n < STORY_NAMES; i++)
		n += (size_t)snprintf(text + n, STORY_NAMES - n, "%s%s", i ? ", " : "",
				      in->names[i]);
	return text;
}

/* The verdict of an event that tells one; VERDICT_NONE: it tells none. */
static enum verdict verdict_of(const struct incident_event *e)
{
	if (e->kind != TIMELINE_OPENED && e->kind != TIMELINE_REOPENED &&
	    e->kind != TIMELINE_CHANGED)
		return VERDICT_NONE;
	for (unsigned i = VERDICT_NONE + 1; i < VERDICTS; i++)
		if (strcmp(verdict_name(i), e->text) == 0)
			return i;
	return VERDICT_NONE;
}

const char *story_verdicts(const struct incident *in, char text[static STORY_VERDICTS])
{
	const char *name = verdict_name(in->verdict);
	enum verdict last = VERDICT_NONE;
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i <= in->event_count; i++) {
		enum verdict v = i < in->event_count ? verdict_of(&in->events[i]) : in->verdict;

		if (v == VERDICT_NONE || v == last || n >= STORY_VERDICTS)
			continue;
		n += (size_t)snprintf(text + n, STORY_VERDICTS - n, "%s%s", n ? ", then " : "",
				      verdict_name(v));
		last = v;
	}
	if (n >= STORY_VERDICTS) /* it went to and fro */
		snprintf(text, STORY_VERDICTS, "%s at last", name ? name : "none");
	return n ? text : "none";
}
