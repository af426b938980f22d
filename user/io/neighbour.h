/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who on a link says that it has an address: asked as a host asks before it takes one (an ARP
 * probe, RFC 5227, 2.1.1; a solicitation from the unspecified address, RFC 4862, 5.4.2), which
 * changes nobody's neighbour table.
 */
#ifndef SYNHOLE_IO_NEIGHBOUR_H
#define SYNHOLE_IO_NEIGHBOUR_H

#include "core/input.h"

#define NEIGHBOUR_ANSWERS 8
#define NEIGHBOUR_FRAME 128

struct neighbour_answers {
	uint8_t macs[NEIGHBOUR_ANSWERS][6]; /* each once, never that of the asking link itself */
	size_t count;
};

/* Asks twice and listens for `msec` in all, on the calling thread, or until `enough` have answered.
 * Only links with Ethernet headers: -EINVAL for others. Needs CAP_NET_RAW: -EPERM without. */
int neighbour_ask(const struct input_link *link, const struct addr *target, unsigned msec,
		  size_t enough, struct neighbour_answers *ret_answers);

/* Writes the question; returns its length. */
size_t neighbour_write(uint8_t frame[static NEIGHBOUR_FRAME], const uint8_t mac[static 6],
		       const struct addr *target);

/* Does this frame say that its sender has the address, or is about to take it? */
bool neighbour_read(const uint8_t *frame, size_t size, const struct addr *target,
		    uint8_t ret_mac[static 6]);

#endif
