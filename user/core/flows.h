/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who calls: attempts, their repeats, and whether a real client or a scanner is behind them.
 *
 * An attempt is one (source, port, destination, port, sequence number). The same again, at once and
 * with a lower hop limit, is a loop's copy of it. The same again after a real interval is a
 * retransmission: a client waits. Real stacks make each one anew, so that its IP-ID or TCP
 * timestamp has moved; scanners send the same bytes twice. Where a packet has neither, its source
 * is "probable", if it at least has the options that real stacks send.
 */
#ifndef SYNHOLE_CORE_FLOWS_H
#define SYNHOLE_CORE_FLOWS_H

#include "core/input.h"

/* Attempts that are remembered, the oldest give way. Destinations: the oldest that nobody waits for
 * give way. Sources and ports of one: the first stay, the others count as `incomplete`. */
#define FLOWS_ATTEMPTS_MAX 8192
#define FLOWS_DESTINATIONS_MAX 1024
#define FLOWS_SOURCES_MAX 16
#define FLOWS_PORTS_MAX 16

/* Anything shorter is a copy made on the way; no stack waits so little. */
#define FLOWS_INTERVAL_NS 300000000ULL

enum source_kind {
	SOURCE_SCANNER,
	SOURCE_PROBABLE,
	SOURCE_CLIENT,
};

struct flow_source {
	struct addr address;
	enum source_kind kind;
	uint64_t syns;
};

struct flow_port {
	uint16_t port;
	uint64_t attempts, retransmits;
	when_t waiting; /* since when the last real client waits that has tried again; 0: none */
};

/* When one attempt was made and repeated: how a client waits. */
#define FLOWS_SCHEDULE_MAX 12

struct flow_schedule {
	struct addr source;
	when_t times[FLOWS_SCHEDULE_MAX];
	size_t count;
};

/* One destination on one interface. */
struct flow {
	uint64_t syns; /* that were seen one by one: fewer than were counted if some were held back
			*/
	uint64_t attempts, retransmits, looped;
	uint64_t clients; /* sources that are real or probable clients */
	when_t first_client;
	struct flow_port ports[FLOWS_PORTS_MAX];
	size_t port_count;
	struct flow_source sources[FLOWS_SOURCES_MAX];
	size_t source_count;
	struct flow_schedule schedule; /* of the attempt that was repeated most */
	uint64_t incomplete;	       /* SYNs whose source or port found no room here */
};

struct flows;

int flows_new(struct flows **ret_flows);
void flows_free(struct flows **flows);

/* Hears INPUT_SYN, ignores the others. */
void flows_feed(struct flows *flows, const struct input *in);

/* Begins a new window: what is told of destinations is from now on. Attempts are remembered, so
 * that a client who tries again is still known as one. */
void flows_rotate(struct flows *flows);

/* NULL: no SYN to it was seen one by one. */
const struct flow *flows_find(const struct flows *flows, const struct addr *dst, uint32_t ifindex);

/* Whether a real client calls this destination, by whatever interface. */
bool flows_has_client(const struct flows *flows, const struct addr *dst);

/* NULL: none, or it found no room. */
const struct flow_port *flows_port(const struct flow *flow, uint16_t port);

/* Destinations that found no room since the start. */
uint64_t flows_dropped(const struct flows *flows);

#endif
