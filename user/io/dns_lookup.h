/* SPDX-License-Identifier: GPL-2.0-only */
/* One name's way through DNS: A and AAAA at once, or MX or SRV; CNAMEs, other servers; its end. */
#ifndef SYNHOLE_IO_DNS_LOOKUP_H
#define SYNHOLE_IO_DNS_LOOKUP_H

#include "base/address.h"
#include "io/dns_answer.h"
#include "io/dns_channel.h"

#include <sys/queue.h>

/* Whom all lookups ask, and what is said of them. */
struct dns_servers {
	struct dns_channel *ways[DNS_WAYS]; /* DNS_OTHERS is NULL if there is one server */
	sd_event_source *settle;	  /* to be enabled when an answer has come: then advance */
	char address[ADDRESS_TEXT];	  /* of the only server, "" if there are several */
	char no_answer[128], no_way[128]; /* the clauses for silence and for no way to them */
};

/* A question on its way, for one type of records. */
struct dns_ask {
	struct dns_lookup *lookup;
	struct dns_query *query; /* NULL: none is out */
	struct dns_answer answer;
	enum dns_outcome outcome; /* if nothing more came */
	uint16_t type;
	enum dns_way way;
	bool plain; /* without EDNS, which the server did not understand */
	bool done;
};

struct dns_lookup {
	TAILQ_ENTRY(dns_lookup) link; /* the owner's, like the two times */
	uint64_t started, deadline;
	struct dns_servers *servers;
	char *name, *via;
	dns_records_fn *hear; /* NULL: an INPUT_NAME is to be made of what is found */
	void *data;
	unsigned n_asks;
	struct dns_ask asks[2];
};

/* `text` is `name` as libresolv writes it; `type` MX or SRV, or A for both families' addresses.
 * NULL without memory. */
struct dns_lookup *dns_lookup_new(struct dns_servers *servers, uint16_t type, const char *name,
				  const char *text, const char *via);
/* For one type alone (dns_answer_read() has those there are), whose records `hear` is told. */
struct dns_lookup *dns_lookup_new_records(struct dns_servers *servers, uint16_t type,
					  const char *text, dns_records_fn *hear, void *data);
void dns_lookup_free(struct dns_lookup **lookup);

void dns_lookup_start(struct dns_lookup *lookup);

/* Goes on with what was answered meanwhile; true when all is known. */
bool dns_lookup_advance(struct dns_lookup *lookup);

/* What is not known now never will be. */
void dns_lookup_give_up(struct dns_lookup *lookup);

/* The targets that its MX or SRV question found. */
const struct dns_answer *dns_lookup_targets(const struct dns_lookup *lookup);

/* To `hear` and its data; one of dns_lookup_new_records() tells its own. */
void dns_lookup_tell(const struct dns_lookup *lookup, input_fn *hear, void *data);

#endif
