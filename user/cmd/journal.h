/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Incidents in the log: as an entry with fields where standard error is the journal of systemd
 * (systemd.exec(5), $JOURNAL_STREAM), else as a line on standard error.
 */
#ifndef SYNHOLE_CMD_JOURNAL_H
#define SYNHOLE_CMD_JOURNAL_H

#include "core/incidents.h"

#include <systemd/sd-id128.h>

/* What an entry's MESSAGE_ID is. */
#define JOURNAL_OPENED SD_ID128_MAKE(52, 34, 0d, 34, f3, 85, 46, ec, a2, ef, cc, 6b, 4e, 0f, b1, 83)
#define JOURNAL_CHANGED                                                                            \
	SD_ID128_MAKE(1b, 53, 54, f2, 92, 45, 44, bf, be, 43, f7, 39, fe, f7, 56, 1d)
#define JOURNAL_CLOSED SD_ID128_MAKE(13, 23, b0, af, c7, 92, 47, 53, b3, 4f, ae, 61, a5, 94, e4, c9)

#define JOURNAL_FIELDS_MAX 24

/* An entry: "NAME=value" each, printable ASCII; the first one is MESSAGE. */
struct journal_entry {
	char *fields[JOURNAL_FIELDS_MAX];
	size_t count;
};

/* `change` is not INCIDENT_EXTENDED. Fields that find no memory are left out. */
void journal_write(struct journal_entry *ret_entry, const struct incident *incident,
		   enum incident_change change);
void journal_clear(struct journal_entry *entry);

/* Writes and sends it; nothing for INCIDENT_EXTENDED. */
void journal_tell(const struct incident *incident, enum incident_change change);

#endif
