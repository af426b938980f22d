/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packets, kept in bounded memory until it is known what is to be said of their destinations.
 *
 * Each class has a share of the memory, in which the oldest give way: a scan wears out its own
 * kind, and not those of published addresses that nobody owns.
 */
#ifndef SYNHOLE_CORE_PACKETS_H
#define SYNHOLE_CORE_PACKETS_H

#include "core/input.h"
#include "pkt.h"

struct packet {
	struct packet *prev, *next; /* of its class, in order of time */
	when_t time;
	struct addr called; /* the destination that it is about: of an answer, who gives it */
	uint64_t attempt;   /* a digest of what makes an attempt one */
	uint32_t ifindex;
	uint32_t length; /* of the frame on the wire */
	uint16_t kept;	 /* bytes */
	uint16_t reason; /* the kernel's number, where it dropped it */
	bool dropped;	 /* the kernel dropped it */
	uint8_t hook;	 /* PACKET_IN, PACKET_OUT */
	uint8_t class;	 /* enum packet_class */
	uint8_t kind;	 /* enum pkt_kind */
	uint8_t link;	 /* enum pkt_link */
	uint8_t bytes[];
};

struct packets;

/* `payload`: keep what follows the headers, too. */
int packets_new(struct packets **ret_packets, size_t memory, bool payload);
void packets_free(struct packets **packets);

/* Hears INPUT_PACKET, ignores the others. A drop is noted with the packet that it befell. */
void packets_feed(struct packets *packets, const struct input *in);

/* All packets in order of time; NULL at the end. Start with a cursor of zeroes. */
struct packets_cursor {
	bool begun;
	const struct packet *at[PACKET_CLASSES];
};
const struct packet *packets_next(const struct packets *packets, struct packets_cursor *cursor);

/* Forgets those of one destination up to a time. */
void packets_forget(struct packets *packets, const struct addr *called, when_t until);

/* Packets that gave way, or could not be kept. */
uint64_t packets_lost(const struct packets *packets);

/* How long the headers are, TCP's and those that an error quotes included, and what the packet is
 * about; PKT_OTHER and so on where it is no such packet. `length` bytes of the frame are there. */
enum pkt_kind packets_parse(const void *bytes, size_t length, enum pkt_link link, bool out,
			    struct pkt *ret_pkt, size_t *ret_headers);

#endif
