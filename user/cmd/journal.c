// SPDX-License-Identifier: GPL-2.0-only
/* Incidents in the log. */
#define SD_JOURNAL_SUPPRESS_LOCATION
#include "cmd/journal.h"

#include "base/address.h"
#include "base/cleanup.h"
#include "cmd/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <systemd/sd-journal.h>

#define VALUE 4096

static void __attribute__((format(printf, 3, 4)))
add(struct journal_entry *e, const char *name, const char *format, ...)
{
	char value[VALUE], safe[2 * VALUE], *field;
	va_list args;

	va_start(args, format);
	vsnprintf(value, sizeof(value), format, args);
	va_end(args);
	if (e->count == JOURNAL_FIELDS_MAX ||
	    asprintf(&field, "%s=%s", name, text_escape(value, safe, sizeof(safe))) < 0)
		return;
	e->fields[e->count++] = field;
}

static void add_message(struct journal_entry *e, const struct incident *in,
			enum incident_change change)
{
	static const char *const ends[ENDS] = {
		[END_NONE] = "is over",
		[END_ANSWERED] = "answers",
		[END_USABLE] = "can be used, and nobody has called since",
		[END_WITHDRAWN] = "is not published any more",
		[END_QUIET] = "has not been called any more",
	};
	const char *verdict = verdict_name(in->verdict);
	char address[ADDRESS_TEXT], mend[EXPLAIN_FIXES * MEND_LINE] = "";

	if (change == INCIDENT_CLOSED) {
		add(e, "MESSAGE",
		    "incident %" PRIu64 " closed: %s %s, after %" PRIu64 " SYN%s and %" PRIu64
		    " client%s in vain",
		    in->id, address_format(&in->address, address), ends[in->end], in->tally.syns,
		    in->tally.syns == 1 ? "" : "s", in->tally.clients,
		    in->tally.clients == 1 ? "" : "s");
		return;
	}
	for (size_t i = 0; i < in->explanation.fixes; i++)
		text_append(mend, sizeof(mend), "; ", in->explanation.fix[i]);
	add(e, "MESSAGE", "incident %" PRIu64 " %s, %s: %s%s%s", in->id,
	    change == INCIDENT_CHANGED ? "changed"
	    : in->reopened	       ? "opened again"
				       : "opened",
	    verdict ? verdict : "-", in->explanation.sentence, *mend ? " Mend: " : "", mend);
}

static int priority(const struct incident *in, enum incident_change change)
{
	if (change == INCIDENT_CLOSED)
		return LOG_NOTICE;
	return in->severity == SEVERITY_CRITICAL ? LOG_CRIT : LOG_WARNING;
}

static void add_id(struct journal_entry *e, enum incident_change change)
{
	sd_id128_t id = change == INCIDENT_CLOSED    ? JOURNAL_CLOSED
			: change == INCIDENT_CHANGED ? JOURNAL_CHANGED
						     : JOURNAL_OPENED;
	char text[SD_ID128_STRING_MAX];

	add(e, "MESSAGE_ID", "%s", sd_id128_to_string(id, text));
}

void journal_write(struct journal_entry *ret_entry, const struct incident *in,
		   enum incident_change change)
{
	const char *verdict = verdict_name(in->verdict);
	char address[ADDRESS_TEXT], causes[512] = "";
	struct journal_entry e = {0};

	for (unsigned i = 0; i < CAUSES; i++)
		if (in->causes & 1U << i)
			text_append(causes, sizeof(causes), " ", verdict_cause_name(1U << i));
	add_message(&e, in, change);
	add_id(&e, change);
	add(&e, "PRIORITY", "%d", priority(in, change));
	add(&e, "SYNHOLE_INCIDENT", "%" PRIu64, in->id);
	add(&e, "SYNHOLE_ADDRESS", "%s", address_format(&in->address, address));
	add(&e, "SYNHOLE_VERDICT", "%s", verdict ? verdict : "");
	add(&e, "SYNHOLE_SEVERITY", "%s", verdict_severity_name(in->severity));
	add(&e, "SYNHOLE_CAUSES", "%s", causes);
	add(&e, "SYNHOLE_END", "%s", incident_end_name(in->end));
	if (in->interface[0])
		add(&e, "SYNHOLE_INTERFACE", "%s", in->interface);
	for (size_t i = 0; i < in->name_count; i++)
		add(&e, "SYNHOLE_NAME", "%s", in->names[i]);
	for (size_t i = 0; i < in->explanation.fixes; i++)
		add(&e, "SYNHOLE_FIX", "%s", in->explanation.fix[i]);
	*ret_entry = e;
}

void journal_clear(struct journal_entry *e)
{
	while (e->count)
		free(e->fields[--e->count]);
}

void journal_tell(const struct incident *in, enum incident_change change)
{
	cleanup(journal_clear) struct journal_entry e = {0};
	struct iovec fields[JOURNAL_FIELDS_MAX];

	if (change == INCIDENT_EXTENDED)
		return;
	journal_write(&e, in, change);
	for (size_t i = 0; i < e.count; i++)
		fields[i] = (struct iovec){e.fields[i], strlen(e.fields[i])};
	if (text_is_journal() && sd_journal_sendv(fields, (int)e.count) == 0)
		return;
	if (e.count)
		fprintf(stderr, "synhole: %s\n", strchr(e.fields[0], '=') + 1);
}
