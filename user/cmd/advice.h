/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that is to be said of one address: what is wrong, by which evidence, what mends it, and what
 * the mend exposes. Gathered here once, written by advice_text.c or advice_json.c.
 */
#ifndef SYNHOLE_CMD_ADVICE_H
#define SYNHOLE_CMD_ADVICE_H

#include "cmd/standing.h"
#include "cmd/report.h"
#include "core/account_incident.h"
#include "core/explain.h"
#include "core/exposure.h"
#include "core/firewall.h"
#include "core/postfix.h"
#include "core/source.h"
#include "io/process.h"

#include <jansson.h>

#define ADVICE_STEPS 6

/* One step of the mend. The steps are in the order in which they are to be done. */
struct advice_step {
	const char *why;
	char lines[2][MEND_LINE]; /* for a root shell */
	size_t count;
};

struct advice {
	struct session *session;
	const struct incident *incident; /* NULL: the finding is of now */
	struct finding finding;
	struct explanation explanation;
	struct account account;
	bool unasked_for; /* nobody publishes or calls it: the mend is for who means it to be here
			   */
	struct advice_step steps[ADVICE_STEPS];
	size_t step_count;
	struct mend_place place;
	struct mend_text lasting; /* the same beyond the next boot */
	struct exposed exposed[EXPOSURE_MAX];
	struct process holders[EXPOSURE_MAX];
	enum firewall_says firewall[EXPOSURE_MAX];
	size_t exposed_count;
	bool exposed_more;
	/* Why the firewall could not be asked, or "". */
	struct failure firewall_failure;
	bool firewall_found, firewall_legacy;
	struct source source; /* where there is a mend */
	bool mail_served, postfix_found;
	struct postfix postfix;
	enum postfix_sends postfix_sends;
	char main_cf[256];
	bool standing_asked;
	struct standing standing;
};

/* Gathers all of it, where the session is over. With an incident (NULL: none) of this address the
 * verdict and its evidence are the incident's, and the mend is what is lacking still. */
void advice_make(struct session *session, const struct addr *a, const struct incident *incident,
		 struct advice *ret_advice);

/* Does the mend give the host the address, or a way out? */
bool advice_mends(const struct advice *advice);

void advice_print(const struct advice *advice, FILE *out);
json_t *advice_json(const struct advice *advice);

#endif
