/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Questions to DNS about what surrounds an address: its reverse names, mail exchangers, SPF. What
 * was answered is remembered as long as the session, so nothing is asked twice.
 */
#ifndef SYNHOLE_CMD_SESSION_RECORDS_H
#define SYNHOLE_CMD_SESSION_RECORDS_H

#include "cmd/session.h"

struct session_records {
	struct session_records *next; /* the session's */
	uint16_t type;
	bool heard;
	enum name_status status;
	struct addr *addresses; /* of A and AAAA */
	char **texts;		/* of the other types; foreign bytes */
	size_t count;
	char name[];
};

/* The records of one type (arpa/nameser.h) under one name. Runs the loop until they are known, at
 * most RESOLVER_DEADLINE seconds, or until a signal; not from within the loop. A name that cannot
 * be in DNS is NAME_NXDOMAIN; NULL without memory or a resolver. The session's own. */
const struct session_records *session_records(struct session *session, uint16_t type,
					      const char *name);

/* After some time the world may have changed: what was answered is asked again when needed. */
void session_forget_records(struct session *session);

#endif
