// SPDX-License-Identifier: GPL-2.0-only
/* One incident: its words, its timeline, and what follows from its counts. */
#include "core/incident.h"

#include <stdio.h>
#include <string.h>

static const char *const end_names[ENDS] = {
	[END_NONE] = "open",	       [END_ANSWERED] = "answered", [END_USABLE] = "usable",
	[END_WITHDRAWN] = "withdrawn", [END_QUIET] = "quiet",
};

static const char *const event_names[TIMELINE_KINDS] = {
	[TIMELINE_OPENED] = "opened",
	[TIMELINE_REOPENED] = "reopened",
	[TIMELINE_CHANGED] = "changed",
	[TIMELINE_CLOSED] = "closed",
	[TIMELINE_FIRST_SYN] = "first-syn",
	[TIMELINE_FIRST_CLIENT] = "first-client",
	[TIMELINE_PUBLISHED] = "published",
	[TIMELINE_WITHDRAWN] = "withdrawn",
	[TIMELINE_ADDRESS_ADDED] = "address-added",
	[TIMELINE_ADDRESS_REMOVED] = "address-removed",
	[TIMELINE_ADDRESS_UNUSABLE] = "address-unusable",
	[TIMELINE_ROUTE_ADDED] = "route-added",
	[TIMELINE_ROUTE_LOST] = "route-lost",
	[TIMELINE_ANSWERED] = "answered",
};

const char *incident_end_name(enum incident_end end)
{
	return end_names[end];
}

const char *incident_event_name(enum timeline_kind kind)
{
	return event_names[kind];
}

bool incident_end_named(const char *name, enum incident_end *ret_end)
{
	for (int i = 0; i < ENDS; i++) {
		if (strcmp(end_names[i], name) != 0)
			continue;
		*ret_end = (enum incident_end)i;
		return true;
	}
	return false;
}

bool incident_event_named(const char *name, enum timeline_kind *ret_kind)
{
	for (int i = 0; i < TIMELINE_KINDS; i++) {
		if (strcmp(event_names[i], name) != 0)
			continue;
		*ret_kind = (enum timeline_kind)i;
		return true;
	}
	return false;
}

void incident_note(struct incident *in, when_t at, enum timeline_kind kind, const char *text)
{
	struct incident_event e = {.at = at, .kind = kind};
	size_t place;

	snprintf(e.text, sizeof(e.text), "%s", text);
	if (in->event_count == INCIDENT_EVENTS_MAX) {
		in->event_count--;
		in->more_events++;
	}
	for (place = in->event_count++; place > 0 && in->events[place - 1].at > at; place--)
		in->events[place] = in->events[place - 1];
	in->events[place] = e;
}

uint64_t incident_failed(const struct incident *in)
{
	const struct incident_tally *t = &in->tally;
	uint64_t seen = t->attempts + t->retransmits + t->looped;

	if (!seen || seen >= t->syns)
		return t->attempts;
	return (uint64_t)((double)t->syns * ((double)t->attempts / (double)seen));
}
