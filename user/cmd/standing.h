/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What other mail hosts will think of an address once it is a source of connections: has it a name
 * that leads back to it, and may it send for the host's mail domains?
 */
#ifndef SYNHOLE_CMD_STANDING_H
#define SYNHOLE_CMD_STANDING_H

#include "cmd/session.h"
#include "core/spf.h"

#include <jansson.h>

#define STANDING_NAMES_MAX 10
#define STANDING_DOMAINS_MAX 8
#define STANDING_WORDS 800

struct standing_name {
	char name[SPF_NAME]; /* foreign bytes, as all names here */
	bool confirmed;	     /* it has the address */
};

struct standing_domain {
	char name[SPF_NAME];
	struct spf_said spf;
};

struct standing {
	struct addr address;
	enum name_status reverse; /* of the question for its names */
	struct standing_name names[STANDING_NAMES_MAX];
	size_t name_count;
	struct standing_domain domains[STANDING_DOMAINS_MAX];
	size_t domain_count;
};

/* The mail domains among names of this host: each name, and each domain above it, that has a mail
 * exchanger; a name after --mx is one anyway. Adds to `domains` and moves `count`. */
void standing_find_domains(struct session *session, char domains[STANDING_DOMAINS_MAX][SPF_NAME],
			   size_t *count);

/* The same for one name. */
void standing_add_domains(struct session *session, const char *name,
			  char domains[STANDING_DOMAINS_MAX][SPF_NAME], size_t *count);

/* Asks DNS, which takes a while; --no-dns is the caller's business. */
void standing_ask(struct session *session, const struct addr *address,
		  char domains[STANDING_DOMAINS_MAX][SPF_NAME], size_t count,
		  struct standing *ret_standing);

/* Has it a name that leads back (RFC 1912, 2.1)? */
bool standing_is_named(const struct standing *standing);

/* Could DNS not be asked for it? */
bool standing_reverse_failed(const struct standing *standing);

/* One sentence each, escaped, without a full stop. Return `words`. */
const char *standing_reverse_words(const struct standing *standing,
				   char words[static STANDING_WORDS]);
const char *standing_spf_words(const struct standing *standing,
			       const struct standing_domain *domain,
			       char words[static STANDING_WORDS]);

/* {"reverse": [{"name", "confirmed"}], "fcrdns": true, false or null, "spf": [{"domain", "result",
 * "record", "term", "problem"}]} */
json_t *standing_json(const struct standing *standing);

#endif
