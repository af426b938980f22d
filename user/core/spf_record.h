/* SPDX-License-Identifier: GPL-2.0-only */
/* The terms of an SPF record as the grammar has them (RFC 7208, 12). */
#ifndef SYNHOLE_CORE_SPF_RECORD_H
#define SYNHOLE_CORE_SPF_RECORD_H

#include "core/spf.h"
#include "core/spf_macro.h"

#include <stdint.h>

enum spf_kind {
	SPF_ALL,
	SPF_INCLUDE,
	SPF_A,
	SPF_MX,
	SPF_PTR,
	SPF_IP4,
	SPF_IP6,
	SPF_EXISTS,
	SPF_REDIRECT, /* from here on modifiers */
	SPF_EXP,
	SPF_OTHER,
};

struct spf_term {
	enum spf_kind kind;
	enum spf_result result; /* a mechanism's, if it matches */
	struct spf_text text;	/* the whole term */
	struct spf_text spec;	/* its domain-spec, empty if there is none */
	struct addr address;	/* of ip4 and ip6 */
	uint8_t len4, len6;	/* prefix lengths; an IPv4 one counts to 32 */
};

/* Is it a record of SPF at all (RFC 7208, 4.5)? Then `ret_terms` is what follows the version. */
bool spf_record_begins(const char *record, const char **ret_terms);

/* Moves `cursor` behind the next term. 1 and the term, 0 at the end, -EINVAL for what is none. */
int spf_record_next(const char **cursor, struct spf_term *ret_term);

#endif
