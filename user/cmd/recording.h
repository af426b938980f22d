/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A recording: the packets behind the findings, kept in bounded memory until they are judged, then
 * written with the judgement beside each.
 *
 * For this the programs must keep packets (struct probe_settings). Each INPUT_PACKET goes in here.
 * What is not written gives way to what comes later.
 */
#ifndef SYNHOLE_CMD_RECORDING_H
#define SYNHOLE_CMD_RECORDING_H

#include "base/failure.h"
#include "core/engine.h"

struct recording;

struct recording_settings {
	size_t memory; /* bytes, 0: RECORDING_MEMORY */
	bool payload;  /* what follows the headers, as far as the programs copy it */
};
#define RECORDING_MEMORY (64 << 20)

int recording_new(struct recording **ret_recording, const struct recording_settings *settings);
void recording_free(struct recording **recording);

/* An interface is watched from now on, or is gone. `hook` as in JSON, borrowed for ever. */
void recording_watch(struct recording *recording, const struct input_link *link, const char *hook);
void recording_gone(struct recording *recording, uint32_t ifindex);

/* Hears INPUT_PACKET, ignores the others. */
void recording_hear(struct recording *recording, const struct input *in);

/* Packets that came and gave way unwritten. */
uint64_t recording_lost(const struct recording *recording);

/* What of the packets goes into one file. */
struct recording_file {
	const char *path;	 /* compressed if it ends in ".gz" */
	bool all;		 /* of every destination, not only of those that are not in order */
	const struct addr *only; /* of this address, in order or not; NULL: of any */
	uint64_t bytes;		 /* at most so much, before compression; 0: no bound */
	bool shared;		 /* its group may read it, too */
	uint64_t lost;		 /* packets that did not come here: to be said in the file */
};

struct recording_written {
	uint64_t packets;
	when_t last; /* the time of the last one */
	bool cut;    /* there are more, for which there was no room */
};

/* Packets stay in memory. Where there are none, a file without packets is written. */
int recording_write(const struct recording *recording, const struct engine *engine, when_t now,
		    const struct recording_file *file, struct recording_written *ret_written,
		    struct failure *failure);

bool recording_has(const struct recording *recording, const struct addr *address);

/* Forgets the packets of one address up to a time. */
void recording_forget(struct recording *recording, const struct addr *address, when_t until);

/* The files of one incident: see cmd/evidence.h. */
struct recording_place {
	const char *directory;
	uint64_t id;
	unsigned files; /* at most so many, 2 or more: the first stays, else the oldest give way */
	uint64_t bytes; /* in each, before compression: the rest goes to the next */
};

/* Writes what there is of one address to the next files of `place`, and forgets it. Where there is
 * nothing, no file is written. On failure what was not written stays. */
int recording_flush(struct recording *recording, const struct engine *engine, when_t now,
		    const struct addr *address, const struct recording_place *place,
		    uint64_t *ret_packets, struct failure *failure);

/* How an interface's description begins. Where it stands, the answers that left were watched. */
#define RECORDING_WATCHED "watched by synhole"

/* What the comment of a destination's first SYN says of its ways, as the kernel said them: printf's
 * words for the address, path_kind's name, who called, and RECORDING_THERE or RECORDING_MISSING. No
 * replay could find them out. */
#define RECORDING_WAY "[route to %s is %s"
#define RECORDING_WAY_BACK "; route back to %s is %s"
#define RECORDING_THERE "there"
#define RECORDING_MISSING "missing"

/* What a comment says where the kernel dropped the packet, before the reason's name. */
#define RECORDING_DROPPED "dropped by the kernel: "

#endif
