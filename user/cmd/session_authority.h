/* SPDX-License-Identifier: GPL-2.0-only */
/* Asking the servers that a zone names as its own, where a resolver may serve what is over. */
#ifndef SYNHOLE_CMD_SESSION_AUTHORITY_H
#define SYNHOLE_CMD_SESSION_AUTHORITY_H

#include "base/address.h"
#include "cmd/session.h"
#include "io/dns_answer.h"

/* Names of addresses that this host has not, and that are asked about; and how long it may take. */
#define SESSION_AUTHORITY_NAMES 16
#define SESSION_AUTHORITY_SECONDS 5

/* Servers of a zone, as resolver_new() takes them; more than there is room for are left out. */
#define SESSION_SERVERS_MAX 4
struct session_servers {
	char text[SESSION_SERVERS_MAX][ADDRESS_TEXT];
	const char *list[SESSION_SERVERS_MAX];
	size_t count;
};
void session_servers_add(struct session_servers *servers, const struct addr *address);

/* The name without its first label; "" is the root. */
const char *session_authority_parent(const char *name);

/* The answer of a zone's own servers becomes an INPUT_AUTHORITY, if it is one that says anything.
 */
void session_hear_authority(struct session *session, const char *name, bool ipv4,
			    enum name_status status, const struct dns_answer *answer);

/* For what is published and not on this host: asks the zone's own servers, and has the engine hear
 * INPUT_AUTHORITY of those that answer. Nothing is asked with --no-dns. A server that cannot be
 * reached is no failure: nothing is known then. */
void session_ask_authorities(struct session *session);

/* The same about all names of one published address, whoever has it. */
void session_ask_authorities_of(struct session *session, const struct addr *address);

#endif
