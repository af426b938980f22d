/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files replay*.c know of each other: a session that hears recordings. */
#ifndef SYNHOLE_CMD_REPLAY_H
#define SYNHOLE_CMD_REPLAY_H

#include "cmd/session.h"
#include "core/fib.h"
#include "core/traffic.h"
#include "io/host_file.h"
#include "io/savefile.h"

/* Indices of links that the host is not known to have: above all that kernels give out. */
#define REPLAY_IFINDEX 0x40000000U

struct replay {
	struct session session;
	struct host_file host; /* of --host FILE */
	struct fib *fib;       /* its routes */
	struct traffic *traffic;
	struct engine *windows; /* hears what the session's engine hears, for incidents */
	struct incidents *incidents;
	when_t next_look, last_look, looking;
	uint64_t credit; /* rows that may still be looked at */
	uint64_t incidents_left_out;
	struct store *store;	/* of --store, NULL: none */
	uint32_t strange_links; /* that the host is not known to have */
	when_t first, last;	/* of the recordings */
	struct input *ways;	/* that were noted in the recordings: INPUT_PATH, INPUT_RETURN */
	size_t way_count, ways_told;
};

#define REPLAY_WAYS_MAX (2 * ROUTING_MAX)

/* Opens the session, and lets it hear what --host says. */
int replay_open_host(struct replay *replay, struct failure *failure);

/* What the host would do with the SYNs that this engine has heard of: this one is asked, of another
 * it is inferred. */
void replay_ask(struct replay *replay, const struct engine *engine);

/* Counts, and the answers to what they ask for: all is known then. */
void replay_look(struct replay *replay);

/* Incidents that are kept; more are counted as left out. */
#define REPLAY_INCIDENTS_MAX 1024

/* Begins before the host is heard of. */
int replay_incidents_begin(struct replay *replay);
/* Time passes, to the next frame or the end ... */
void replay_incidents_until(struct replay *replay, when_t now);
/* ... and the frame was heard. */
void replay_incidents_heard(struct replay *replay, when_t now);
void replay_incidents_end(struct replay *replay);
void replay_incidents_free(struct replay *replay);

/* With --store: makes it; adds what an incident has counted since it was like `was`, which may be
 * all zero; puts all of them there. */
int replay_store_begin(struct replay *replay, struct failure *failure);
void replay_store_count(struct replay *replay, const struct incident *was,
			const struct incident *is);
int replay_store_end(struct replay *replay, struct failure *failure);

/* Hears all files, merged by time. A file that is damaged is said and makes the result at best
 * "unknown". -errno: one cannot be read at all. */
int replay_files(struct replay *replay, struct failure *failure);

/* Hears what capture -w has noted beside a frame. Returns why the kernel dropped it: a number that
 * the engine has a name for, 0: it is not said that it did. */
uint16_t replay_note(struct replay *replay, const struct savefile_frame *frame, uint32_t ifindex);

/* Tells the engine the ways that were noted since the last time. */
void replay_tell_ways(struct replay *replay);

#endif
