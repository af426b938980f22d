/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The frames of a recording, made what the programs in the kernel would have made of them: counts,
 * and an INPUT_SYN for each SYN that came for this host.
 *
 * A recording holds what came and what left, in one row. Which is which is taken from whoever
 * recorded it, else from the MAC addresses of the host's links, else from whose the addresses in
 * the packet are. What the host owns and what is published must be known before the first frame.
 */
#ifndef SYNHOLE_CORE_TRAFFIC_H
#define SYNHOLE_CORE_TRAFFIC_H

#include "core/engine.h"
#include "core/framing.h"
#include "table.h"

struct traffic;

struct traffic_frame {
	when_t time;
	const uint8_t *data;
	size_t len;
	bool cut; /* there was more of it on the wire */
	enum framing_way way;
	bool dropped;	 /* a SYN that came, and that the kernel was seen to drop, ... */
	uint16_t reason; /* ... for what is told as INPUT_REASON */
};

/* Where frames were recorded. */
struct traffic_interface {
	uint32_t link_type;	  /* see framing.h */
	uint32_t ifindex;	  /* under which its destinations are counted */
	bool has_mac;		  /* the way of a frame is told by its MAC addresses: ... */
	uint64_t macs[2];	  /* ... the link's own and its master's (wire_mac()), 0: none */
	struct counters counters; /* frames, syns and unparsed of it */
	uint64_t cut;		  /* of the unparsed: before their headers ended */
	bool answers;		  /* what left was recorded, even if nothing did */
	uint64_t ours;		  /* frames that came from or went to these MACs */
};

/* `seed` is random. The engine is fed with the SYNs, through `hear`. */
int traffic_new(struct traffic **ret_traffic, const struct engine *engine,
		const struct table_seed *seed, input_fn *hear, void *data);
void traffic_free(struct traffic **traffic);

void traffic_frame(struct traffic *traffic, struct traffic_interface *interface,
		   const struct traffic_frame *frame);

/* Tells `hear` all that was counted, as a snapshot of the counting table. */
void traffic_tell(const struct traffic *traffic, when_t now, input_fn *hear, void *data);

/* How many rows that is. */
size_t traffic_rows(const struct traffic *traffic);

/* What found no slot. */
struct counters traffic_losses(const struct traffic *traffic);

#endif
