// SPDX-License-Identifier: GPL-2.0-only
/* Incidents to test with: the founding one, mended, and one that is full to all its bounds. */
#include "sample.h"

#include "base/address.h"
#include "samples/parsed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static when_t after(unsigned seconds)
{
	return SAMPLE_BEGAN + seconds * SAMPLE_SECOND + 250000;
}

static void set_tally(struct incident_tally *t)
{
	*t = (struct incident_tally){
		.syns = 310,
		.attempts = 41,
		.retransmits = 201,
		.looped = 3,
		.clients = 2,
		.answers = 5,
		.asked = 6,
		.ports = {{993, 300, 38, 198, 4, FACT_YES}, {25, 9, 2, 3, 1, FACT_NO}},
		.port_count = 2,
		.more_ports = 1,
		.sources = {{parsed("2001:db8:7::5"), SOURCE_CLIENT, 280},
			    {parsed("2001:db8:7:1::9"), SOURCE_PROBABLE, 20},
			    {parsed("2001:db8:99::1"), SOURCE_SCANNER, 2}},
		.source_count = 3,
		.more_sources = 8,
		.drops = {{"IP_INNOROUTES", 290}, {"", 1}},
		.drop_count = 2,
	};
}

static void set_timeline(struct incident *in)
{
	in->opened = after(120);
	in->closed = after(1900);
	in->end = END_ANSWERED;
	in->reopened = 2;
	in->first = after(119);
	in->last = after(1840);
	in->first_client = after(121);
	in->last_client = after(1830);
	incident_note(in, after(0), TIMELINE_PUBLISHED,
		      "imap.example.org began to publish 2001:db8:1::2");
	incident_note(in, after(119), TIMELINE_FIRST_SYN,
		      "first SYN, from 2001:db8:7::5 to port 993");
	incident_note(in, after(120), TIMELINE_OPENED, "blackhole");
	incident_note(in, after(121), TIMELINE_FIRST_CLIENT,
		      "2001:db8:7::5 tried again: a client waits");
	incident_note(in, after(1800), TIMELINE_ADDRESS_ADDED, "2001:db8:1::2 was added to eth0");
	incident_note(in, after(1805), TIMELINE_CHANGED, "mute");
	incident_note(in, after(1860), TIMELINE_ROUTE_ADDED, "an IPv6 default route was added");
	incident_note(in, after(1861), TIMELINE_ANSWERED, "the first answer left");
	incident_note(in, after(1900), TIMELINE_CLOSED, "closed: the address answers");
	in->more_events = 4;
	in->schedule = (struct flow_schedule){
		.source = parsed("2001:db8:7::5"),
		.times = {after(200), after(201), after(203), after(207), after(215)},
		.count = 5,
	};
}

void sample_incident(struct incident *in, uint64_t id)
{
	static const struct incident none;

	*in = none;
	in->id = id;
	in->address = parsed("2001:db8:1::2");
	strcpy(in->interface, "eth0");
	strcpy(in->names[0], "imap.example.org");
	strcpy(in->names[1], "mail.example.org");
	in->name_count = 2;
	in->verdict = VERDICT_BLACKHOLE;
	in->severity = SEVERITY_CRITICAL;
	in->causes = CAUSE_ADDRESS_MISSING | CAUSE_NO_DEFAULT_ROUTE;
	in->owned = OWNED_TENTATIVE;
	in->path_known = FACT_YES;
	in->path = PATH_NONE;
	in->answered = ANSWERED_SYN_ACK;
	set_tally(&in->tally);
	set_timeline(in);
	strcpy(in->explanation.sentence,
	       "imap.example.org publishes 2001:db8:1::2, which no interface of this host has: 2 "
	       "clients tried port 993 and heard nothing.");
	strcpy(in->explanation.fix[0], "ip -6 addr add 2001:db8:1::2/64 dev eth0");
	strcpy(in->explanation.fix[1], "ip -6 route add default via fe80::1 dev eth0");
	in->explanation.fixes = 2;
}

static void fill(char *text, size_t size)
{
	memset(text, 'x', size - 1);
	text[size - 1] = '\0';
}

static void fill_tally(struct incident_tally *t)
{
	for (uint16_t i = 0; i < INCIDENT_PORTS_MAX; i++)
		t->ports[i] = (struct incident_port){(uint16_t)(UINT16_MAX - i),
						     INT64_MAX,
						     INT64_MAX,
						     INT64_MAX,
						     INT64_MAX,
						     FACT_NO};
	t->port_count = INCIDENT_PORTS_MAX;
	for (size_t i = 0; i < INCIDENT_SOURCES_MAX; i++)
		t->sources[i] =
			(struct flow_source){parsed("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
					     SOURCE_PROBABLE, INT64_MAX};
	t->source_count = INCIDENT_SOURCES_MAX;
	for (size_t i = 0; i < INCIDENT_DROPS_MAX; i++) {
		fill(t->drops[i].reason, REASONS_TEXT);
		t->drops[i].count = INT64_MAX;
	}
	t->drop_count = INCIDENT_DROPS_MAX;
}

void sample_full(struct incident *in)
{
	sample_incident(in, INT64_MAX);
	fill(in->interface, sizeof(in->interface));
	in->causes = (1U << CAUSES) - 1;
	for (size_t i = 0; i < INCIDENT_NAMES_MAX; i++)
		fill(in->names[i], INCIDENT_NAME_TEXT);
	in->name_count = INCIDENT_NAMES_MAX;
	fill_tally(&in->tally);
	for (size_t i = 0; i < INCIDENT_EVENTS_MAX; i++) {
		in->events[i] =
			(struct incident_event){after(2000 + (unsigned)i), TIMELINE_CHANGED, ""};
		fill(in->events[i].text, INCIDENT_EVENT_TEXT);
	}
	in->event_count = INCIDENT_EVENTS_MAX;
	for (unsigned i = 0; i < FLOWS_SCHEDULE_MAX; i++)
		in->schedule.times[i] = after(3000 + i);
	in->schedule.count = FLOWS_SCHEDULE_MAX;
	fill(in->explanation.sentence, sizeof(in->explanation.sentence));
	for (size_t i = 0; i < EXPLAIN_FIXES; i++)
		fill(in->explanation.fix[i], sizeof(in->explanation.fix[i]));
	in->explanation.fixes = EXPLAIN_FIXES;
}
