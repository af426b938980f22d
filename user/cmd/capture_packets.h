/* SPDX-License-Identifier: GPL-2.0-only */
/* The packets of a capture: --write and --write-all. */
#ifndef SYNHOLE_CMD_CAPTURE_PACKETS_H
#define SYNHOLE_CMD_CAPTURE_PACKETS_H

#include "cmd/session.h"

/* Keeps packets from the attaching on, where options ask for a file. */
int capture_packets_begin(struct session *session, struct failure *failure);

/* Writes the file, once all is judged, and says so. That it cannot be written is said too, and
 * makes the result at best "unknown". */
void capture_packets_write(struct session *session);

#endif
