/* SPDX-License-Identifier: GPL-2.0-only */
/* DNS on the wire (RFC 1035, 4): a question as bytes, and of an answer's bytes what it says. */
#ifndef SYNHOLE_IO_DNS_ANSWER_H
#define SYNHOLE_IO_DNS_ANSWER_H

#include "core/input.h"

#define DNS_MAX_RECORDS 64
#define DNS_MAX_TARGETS 32
#define DNS_MAX_TEXTS 256
#define DNS_MAX_HOPS 8

/* What goes over UDP without fragments (DNS flag day 2020). */
#define DNS_EDNS_SIZE 1232
#define DNS_MAX_QUESTION 288

enum dns_outcome {
	DNS_FOUND,
	DNS_EMPTY, /* the name exists, the type does not */
	DNS_NONE,  /* a target ".": none, and meant so (RFC 7505, RFC 2782) */
	DNS_NXDOMAIN,
	DNS_CNAME, /* only CNAMEs: `name` is the one to ask next */
	DNS_FORMERR,
	DNS_SERVFAIL,
	DNS_NOTIMP,
	DNS_REFUSED,
	DNS_REFERRAL, /* another server is to be asked, and this one will not */
	DNS_OTHER,    /* any other response code */
	DNS_TRUNCATED,
	DNS_LOOP, /* over DNS_MAX_HOPS CNAMEs */
	DNS_MALFORMED,
	DNS_NO_MEMORY,
	DNS_TIMEOUT, /* no answer at all: never said by dns_answer_read() */
	DNS_UNREACHABLE,
};

struct dns_answer {
	char *name;    /* the name asked; then where its CNAMEs led. Text as from libresolv */
	unsigned hops; /* CNAMEs so far */
	uint32_t ttl;  /* the least of theirs */
	struct record *records;
	size_t n_records; /* A and AAAA: at most DNS_MAX_RECORDS, the rest is dropped */
	char **targets;
	size_t n_targets; /* MX, SRV and PTR: each once, at most DNS_MAX_TARGETS, the rest is
			     dropped. TXT: each record's strings in one, a zero byte as \001, at
			     most DNS_MAX_TEXTS */
};

/* Hears what one name has of one type, as it stands there; NAME_OK with at least one. Borrowed. */
typedef void dns_records_fn(void *data, enum name_status status, const struct dns_answer *answer);

/* Takes over `name`. */
/* Whether the address of an AAAA record is one that is dialled: a mapped one is not, and a
 * synthetic one (NAT64) is nobody's. */
bool dns_answer_counts(const struct addr *aaaa);

void dns_answer_init(struct dns_answer *answer, char *name);
void dns_answer_free(struct dns_answer *answer);

/* Reads an answer to a question for `answer->name` and `type`: A, AAAA, MX, SRV, PTR or TXT. What
 * other names
 * own is not heard. Synthetic AAAA records (NAT64, RFC 6052) and mapped ones are left out. Of the
 * answer before only the CNAMEs stay. */
enum dns_outcome dns_answer_read(struct dns_answer *answer, uint16_t type, const uint8_t *reply,
				 size_t size);

/* Writes a question with recursion desired; `edns` offers DNS_EDNS_SIZE. Returns its length, or
 * -EINVAL for a name that does not fit, or -errno without randomness. */
int dns_question_write(uint8_t question[static DNS_MAX_QUESTION], const char *name, uint16_t type,
		       bool edns);

#endif
