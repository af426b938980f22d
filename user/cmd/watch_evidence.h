/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The daemon's evidence: the packets of each incident in files of their own,
 * DIRECTORY/ID-N.pcapng.gz, with the judgement beside each packet. Only where the configuration
 * names a directory: the programs then keep packets, which costs.
 */
#ifndef SYNHOLE_CMD_WATCH_EVIDENCE_H
#define SYNHOLE_CMD_WATCH_EVIDENCE_H

#include "cmd/config.h"
#include "cmd/session.h"
#include "core/incidents.h"

/* Packets that wait, of all destinations. */
#define EVIDENCE_MEMORY (16 << 20)

struct watch_evidence;

/* NULL where none is wanted. Comes before session_attach(). What the directory does not take is
 * said, once, and tried again with the next incident. */
int watch_evidence_new(struct watch_evidence **ret_evidence, const struct config *config,
		       struct session *session);
void watch_evidence_free(struct watch_evidence **evidence);

/* Where they are written, NULL: nowhere. Borrowed. */
const char *watch_evidence_directory(const struct watch_evidence *evidence);

/* An incident has opened, closed or changed: its packets are written. */
void watch_evidence_tell(struct watch_evidence *evidence, const struct incident *incident,
			 when_t now);

/* Writes what has come for open incidents, once a minute, and removes what is older than the
 * configuration keeps, once an hour. */
void watch_evidence_tick(struct watch_evidence *evidence, const struct incidents *incidents,
			 when_t now);

/* Writes what has come for open incidents: for the end. */
void watch_evidence_flush(struct watch_evidence *evidence, const struct incidents *incidents,
			  when_t now);

#endif
