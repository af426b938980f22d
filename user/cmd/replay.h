/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files replay*.c know of each other: a session that hears recordings. */
#ifndef SYNHOLE_CMD_REPLAY_H
#define SYNHOLE_CMD_REPLAY_H

#include "cmd/session.h"
#include "core/traffic.h"
#include "io/host_file.h"

/* Indices of links that the host is not known to have: above all that kernels give out. */
#define REPLAY_IFINDEX 0x40000000U

struct replay {
	struct session session;
	struct host_file host; /* of --host FILE */
	struct traffic *traffic;
	uint32_t strange_links; /* that the host is not known to have */
	when_t first, last;	/* of the recordings */
};

/* Opens the session, and lets it hear what --host says. */
int replay_open_host(struct replay *replay, struct failure *failure);

/* What the host would do with the SYNs: this one is asked, of another it is inferred. */
void replay_look(struct replay *replay);

/* Hears all files, merged by time. A file that is damaged is said and makes the result at best
 * "unknown". -errno: one cannot be read at all. */
int replay_files(struct replay *replay, struct failure *failure);

#endif
