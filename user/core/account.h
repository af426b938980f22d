/* SPDX-License-Identifier: GPL-2.0-only */
/* The account of a finding: every fact that it was judged by, and how it was learned, a line each.
 */
#ifndef SYNHOLE_CORE_ACCOUNT_H
#define SYNHOLE_CORE_ACCOUNT_H

#include "core/judge.h"

#define ACCOUNT_FACTS 40

struct account {
	struct account_fact {
		const char *about; /* "published", "owned", "called", ... */
		char text[320];	   /* may hold names as DNS gave them: escape it */
	} facts[ACCOUNT_FACTS];
	size_t count;
};

/* `watched`: traffic was. */
void account_of(const struct engine *engine, const struct finding *finding, bool watched,
		struct account *ret_account);

/* Adds what is known of the names, addresses and routes alone. */
void account_tell_host(const struct engine *engine, const struct finding *finding,
		       struct account *account);

/* Adds a fact; what finds no room is left out. */
void account_tell(struct account *account, const char *about, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* What a cause means, a clause. */
const char *account_cause(enum cause cause);

/* What mends a cause that no address and no route would mend, a clause; NULL: those do. */
const char *account_remedy(enum cause cause);

#endif
