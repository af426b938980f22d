/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * May this address send mail for this domain? The domain's own word in DNS (SPF, RFC 7208).
 *
 * The evaluation is pure: it asks DNS by a callback, and no more often than RFC 7208, 4.6.4 has it.
 * What `exp` would explain to a refused sender is not fetched: nobody would read it here.
 */
#ifndef SYNHOLE_CORE_SPF_H
#define SYNHOLE_CORE_SPF_H

#include "abi.h"

#include <stdbool.h>
#include <stddef.h>

/* A domain name as text is at most 253 bytes long. */
#define SPF_NAME 256
#define SPF_TERM 128

enum spf_result {
	SPF_NONE, /* the domain says nothing */
	SPF_NEUTRAL,
	SPF_PASS,
	SPF_FAIL,
	SPF_SOFTFAIL,
	SPF_TEMPERROR, /* DNS gave no answer */
	SPF_PERMERROR, /* what it says cannot be understood, or asks too much */
};

enum spf_asked { SPF_ASK_TXT, SPF_ASK_A, SPF_ASK_AAAA, SPF_ASK_MX, SPF_ASK_PTR };

/* What DNS said; valid until spf_check() has returned. */
struct spf_answer {
	bool failed; /* DNS did not say (RCODE other than 0 and 3, or none in time) */
	const struct addr *addresses; /* of A and AAAA */
	const char *const *texts;     /* of TXT each record's strings in one, of MX and PTR names */
	size_t count;		      /* 0: no such record, or no such name */
};

typedef struct spf_answer spf_ask_fn(void *data, enum spf_asked asked, const char *name);

/* Who sends, as RFC 7208, 2.4 and 4.1 have it. */
struct spf_identity {
	struct addr client;
	const char *sender; /* LOCAL-PART@DOMAIN, or DOMAIN, whose postmaster is meant */
	const char *helo;   /* the host's own name, "" if it is not known */
};

struct spf_said {
	enum spf_result result;
	char domain[SPF_NAME]; /* whose record decided; foreign bytes, as is `term` */
	char term[SPF_TERM];   /* the term that decided, cut; "" if none did */
	const char *problem;   /* one clause, for the two errors; else NULL */
};

struct spf_said spf_check(const struct spf_identity *who, spf_ask_fn *ask, void *data);

/* "pass", "permerror" and so on (RFC 7208, 2.6). */
const char *spf_result_name(enum spf_result result);

#endif
