/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An incident: one address that was called in vain, from its opening to its close, as one record.
 *
 * It is what the daemon keeps, stores, tells of and reads again, and what replay makes of an old
 * capture. Everything has a bound; what found no room is counted beside it. Times are nanoseconds
 * of CLOCK_REALTIME, 0 where something did not happen.
 */
#ifndef SYNHOLE_CORE_INCIDENT_H
#define SYNHOLE_CORE_INCIDENT_H

#include "core/explain.h"
#include "core/flows.h"
#include "core/reasons.h"
#include "core/verdict.h"

#define INCIDENT_NAMES_MAX 8
#define INCIDENT_PORTS_MAX 16
#define INCIDENT_SOURCES_MAX 16
#define INCIDENT_DROPS_MAX 8
#define INCIDENT_EVENTS_MAX 64
#define INCIDENT_NAME_TEXT 256
#define INCIDENT_EVENT_TEXT 192

/* How it ended. */
enum incident_end {
	END_NONE,      /* it is open */
	END_ANSWERED,  /* the address answers */
	END_USABLE,    /* the address can be used, and nobody has called since */
	END_WITHDRAWN, /* no name publishes it any more */
	END_QUIET,     /* nobody has called for the quiet time */
	ENDS,
};

enum timeline_kind {
	TIMELINE_OPENED,
	TIMELINE_REOPENED,
	TIMELINE_CHANGED, /* in verdict or causes */
	TIMELINE_CLOSED,
	TIMELINE_FIRST_SYN,
	TIMELINE_FIRST_CLIENT,
	TIMELINE_PUBLISHED, /* a record began to point here ... */
	TIMELINE_WITHDRAWN, /* ... and does no more */
	TIMELINE_ADDRESS_ADDED,
	TIMELINE_ADDRESS_REMOVED,
	TIMELINE_ADDRESS_UNUSABLE, /* tentative, failed duplicate detection, link down */
	TIMELINE_ROUTE_ADDED,	   /* the default route of its family */
	TIMELINE_ROUTE_LOST,
	TIMELINE_ANSWERED, /* the first answer after it had opened */
	TIMELINE_KINDS,
};

struct incident_event {
	when_t at;
	enum timeline_kind kind;
	char text[INCIDENT_EVENT_TEXT]; /* a clause in words; may hold names: escape it */
};

/* What was counted. Attempts and what follows from them are of SYNs that were seen one by one. */
struct incident_tally {
	uint64_t syns; /* to this host's MAC address */
	uint64_t attempts, retransmits, looped, clients;
	uint64_t answers, asked;
	struct incident_port {
		uint16_t port; /* 0: ports that are not kept apart */
		uint64_t syns, attempts, retransmits, answers;
		enum fact listener;
	} ports[INCIDENT_PORTS_MAX];
	size_t port_count;
	uint64_t more_ports; /* SYNs to ports that found no room */
	struct flow_source sources[INCIDENT_SOURCES_MAX];
	size_t source_count;
	uint64_t more_sources; /* SYNs from sources that found no room */
	struct incident_drop {
		char reason[REASONS_TEXT]; /* "" where the kernel has not named it */
		uint64_t count;
	} drops[INCIDENT_DROPS_MAX];
	size_t drop_count;
};

struct incident {
	uint64_t id; /* from 1 on, never used twice in one store */
	struct addr address;
	char interface[16];				    /* where it is called, "" not known */
	char names[INCIDENT_NAMES_MAX][INCIDENT_NAME_TEXT]; /* bytes from DNS */
	size_t name_count;
	enum verdict verdict; /* the last one that was a fault */
	enum severity severity;
	unsigned causes; /* enum cause */
	enum owned owned;
	enum fact path_known;
	enum path_kind path;
	enum answered answered;
	when_t opened, closed;
	enum incident_end end;
	unsigned reopened;   /* how often */
	when_t first, last;  /* SYN */
	when_t first_client; /* since when a real client has waited, and when the last one tried */
	when_t last_client;
	struct incident_tally tally;
	struct flow_schedule schedule; /* when a typical client tried */
	struct incident_event events[INCIDENT_EVENTS_MAX];
	size_t event_count;
	uint64_t more_events; /* that found no room; the last place is the latest's */
	struct explanation explanation;
};

/* "answered", "quiet" ...; "open" for END_NONE. */
const char *incident_end_name(enum incident_end end);
/* "opened", "first-syn", "address-removed" ... */
const char *incident_event_name(enum timeline_kind kind);
/* The reverse: false if there is no such word. */
bool incident_end_named(const char *name, enum incident_end *ret_end);
bool incident_event_named(const char *name, enum timeline_kind *ret_kind);

/* Adds an event in the order of time; when there is no room it takes the place of the latest, and
 * more_events grows. */
void incident_note(struct incident *incident, when_t at, enum timeline_kind kind, const char *text);

/* How many connections failed, estimated: attempts, scaled up to the SYNs that were counted. */
uint64_t incident_failed(const struct incident *incident);

#endif
