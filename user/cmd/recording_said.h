/* SPDX-License-Identifier: GPL-2.0-only */
/* What is to be said beside each packet: the judgement of its destination, in one line. */
#ifndef SYNHOLE_CMD_RECORDING_SAID_H
#define SYNHOLE_CMD_RECORDING_SAID_H

#include "core/judge.h"
#include "core/packets.h"

struct said;

/* Judges the destinations of all packets, or of those of one address. */
int said_new(struct said **ret_said, const struct engine *engine, when_t now,
	     const struct packets *packets, const struct addr *only);
void said_free(struct said **said);

/* Whether the packet's destination is not in order. */
bool said_is_flagged(const struct said *said, const struct packet *packet);

/* The comment: verdict, severity and causes, and what became of this packet; with the first of a
 * destination also the whole sentence and the ways. Printable. */
#define SAID_TEXT 1480
const char *said_comment(struct said *said, const struct packet *packet,
			 char ret_text[static SAID_TEXT]);

#endif
