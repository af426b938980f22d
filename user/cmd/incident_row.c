// SPDX-License-Identifier: GPL-2.0-only
/* One line of a list of incidents. */
#include "cmd/incident_row.h"

#include "base/address.h"
#include "cmd/text.h"

#include <inttypes.h>
#include <string.h>

/* The first name, and how many there are beside it. */
static void format_names(const struct incident *in, char *ret_text, size_t size)
{
	int n = snprintf(ret_text, size, "%s", "-");

	if (!in->name_count)
		return;
	text_escape(in->names[0], ret_text, size - 8);
	n = (int)strlen(ret_text);
	if (in->name_count > 1)
		snprintf(ret_text + n, size - (size_t)n, " +%zu", in->name_count - 1);
}

void incident_row(FILE *out, const struct incident *in, when_t now, bool head)
{
	char address[ADDRESS_TEXT], names[512], opened[TEXT_TIME], span[TEXT_SPAN];
	when_t end = in->closed ? in->closed : now;

	if (head)
		fprintf(out, "%5s  %-19s  %-21s  %-9s  %-24s  %7s  %7s  %s\n", "ID", "OPENED (UTC)",
			"LASTED", "VERDICT", "ADDRESS", "CLIENTS", "FAILED", "NAMES");
	format_names(in, names, sizeof(names));
	fprintf(out, "%5" PRIu64 "  %-19s  %-21s  %-9s  %-24s  %7" PRIu64 "  %7" PRIu64 "  %s%s\n",
		in->id, text_clock(in->opened, opened),
		text_span(end > in->opened ? end - in->opened : 0, span),
		in->verdict ? verdict_name(in->verdict) : "-",
		address_format(&in->address, address), in->tally.clients, incident_failed(in),
		names, in->closed ? "" : "  (open)");
}
