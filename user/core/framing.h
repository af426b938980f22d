/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a recorded frame begins with, made one of the two things that pkt_parse() knows.
 *
 * Numbers are the link types of pcap files (https://www.tcpdump.org/linktypes.html). Linux's cooked
 * headers become Ethernet headers, so that VLAN tags and ARP behind them are read as ever; before
 * plain IP packets there is nothing but, on BSD loopbacks, four bytes of family.
 */
#ifndef SYNHOLE_CORE_FRAMING_H
#define SYNHOLE_CORE_FRAMING_H

#include "pkt.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The link type whose frames have MAC addresses. */
#define FRAMING_ETHERNET 1

/* As far as the parser can ever look (pkt_forget()). */
#define FRAMING_MAX 0x8000

/* Which way a frame went, as far as whoever recorded it has said. */
enum framing_way {
	FRAMING_UNTOLD,
	FRAMING_IN,
	FRAMING_OUT,
	FRAMING_FOREIGN, /* it came by, for another host */
};

struct framing {
	enum pkt_link link;
	const uint8_t *data; /* aligned to 2 */
	size_t len;
	enum framing_way way;
	uint32_t ifindex;		       /* as the recording host numbers it, 0: not told */
	_Alignas(8) uint8_t copy[FRAMING_MAX]; /* holds `data` where it had to be rewritten */
};

bool framing_knows(uint32_t link_type);

/* How much of a TCP header may be missing where a frame was cut to a snapshot length: its checksum
 * and urgent pointer, of which nothing is made. */
#define FRAMING_MISSING 4

/* Copies the frame and lays zeros behind it, in place of what is missing. */
void framing_extend(struct framing *framing);

/*
 * Fills `ret_framing` but for what of `copy` is not needed: at most `most` bytes are copied there,
 * and none where the frame can be parsed where it lies. False: it is too short for its header, or
 * holds nothing that could be a SYN.
 */
bool framing_read(uint32_t link_type, const uint8_t *frame, size_t len, size_t most,
		  struct framing *ret_framing);

#endif
