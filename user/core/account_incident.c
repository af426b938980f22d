// SPDX-License-Identifier: GPL-2.0-only
/* The account of an incident: what was kept of it, a line each. */
#include "core/account_incident.h"

#include "base/address.h"
#include "base/plural.h"

#include <inttypes.h>

static void add_names(const struct incident *in, struct account *x)
{
	for (size_t i = 0; i < in->name_count; i++)
		account_tell(x, "published", "%s published the address", in->names[i]);
}

static void add_ports(const struct incident *in, struct account *x)
{
	const size_t most = 6;
	const struct incident_tally *t = &in->tally;

	for (size_t i = 0; i < t->port_count && i < most; i++) {
		const struct incident_port *p = &t->ports[i];

		account_tell(x, "called",
			     "%" PRIu64 " connection attempt%s (SYN%s) came in%s%s to port %u, "
			     "%" PRIu64 " answer%s left%s",
			     p->syns, plural(p->syns), plural(p->syns),
			     *in->interface ? " by " : "", in->interface, p->port, p->answers,
			     plural(p->answers),
			     p->listener == FACT_NO ? "; nothing listened there" : "");
	}
	if (t->port_count > most || t->more_ports)
		account_tell(x, "called", "more ports were called");
}

static void add_callers(const struct incident *in, struct account *x)
{
	const size_t most = 4;
	const struct incident_tally *t = &in->tally;
	char text[ADDRESS_TEXT];

	account_tell(x, "callers",
		     "%" PRIu64 " real client%s waited; about %" PRIu64 " connection%s failed",
		     t->clients, plural(t->clients), incident_failed(in),
		     plural(incident_failed(in)));
	for (size_t i = 0; i < t->source_count && i < most; i++)
		account_tell(x, "callers", "%s sent %" PRIu64 "%s",
			     address_format(&t->sources[i].address, text), t->sources[i].syns,
			     t->sources[i].kind == SOURCE_SCANNER ? "" : " and is a real client");
	if (t->looped)
		account_tell(x, "looped",
			     "%" PRIu64 " copies went round between this host and its router",
			     t->looped);
	if (t->asked)
		account_tell(x, "asked", "neighbours asked %" PRIu64 " time%s who has it", t->asked,
			     plural(t->asked));
}

void account_add_incident(const struct incident *in, struct account *x)
{
	add_names(in, x);
	add_ports(in, x);
	add_callers(in, x);
	for (size_t i = 0; i < in->tally.drop_count; i++)
		account_tell(x, "dropped", "the kernel was seen to drop %" PRIu64 " of them (%s)",
			     in->tally.drops[i].count,
			     *in->tally.drops[i].reason ? in->tally.drops[i].reason
							: "for a reason that it does not name");
}
