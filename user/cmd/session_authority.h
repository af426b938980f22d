/* SPDX-License-Identifier: GPL-2.0-only */
/* Asking the servers that a zone names as its own, where a resolver may serve what is over. */
#ifndef SYNHOLE_CMD_SESSION_AUTHORITY_H
#define SYNHOLE_CMD_SESSION_AUTHORITY_H

#include "cmd/session.h"

/* Names of addresses that this host has not, and that are asked about; and how long it may take. */
#define SESSION_AUTHORITY_NAMES 16
#define SESSION_AUTHORITY_SECONDS 5

/* For what is published and not on this host: asks the zone's own servers, and has the engine hear
 * INPUT_AUTHORITY of those that answer. Nothing is asked with --no-dns. A server that cannot be
 * reached is no failure: nothing is known then. */
void session_ask_authorities(struct session *session);

/* The same about all names of one published address, whoever has it. */
void session_ask_authorities_of(struct session *session, const struct addr *address);

#endif
