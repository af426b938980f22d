// SPDX-License-Identifier: GPL-2.0-only
/* The report for people: what was watched, what is wrong, what mends it. */
#include "cmd/report.h"

#include "base/address.h"
#include "base/cleanup.h"
#include "base/plural.h"
#include "cmd/incident_row.h"
#include "cmd/story.h"
#include "cmd/text.h"
#include "core/explain.h"

#include <inttypes.h>
#include <string.h>

static const char *colour(const struct report *r, enum severity severity)
{
	return text_colour(r->out, severity);
}

static const char *plain(const struct report *r)
{
	return text_plain(r->out);
}

/* "18" and, where there are more, "18 ..." in a column. */
static void format_ports(const struct destination *called, char *ret_text, size_t size)
{
	const size_t most = 3;
	size_t n = 0;

	snprintf(ret_text, size, "-");
	for (size_t i = 0; i < called->count && i < most && n < size; i++) {
		if (called->ports[i].port)
			n += (size_t)snprintf(ret_text + n, size - n, "%s%u", i ? "," : "",
					      called->ports[i].port);
		else
			n += (size_t)snprintf(ret_text + n, size - n, "%sother", i ? "," : "");
	}
	if (called->count > most && n < size)
		snprintf(ret_text + n, size - n, ",...");
}

static void print_explanation(const struct report *r, const struct finding *f)
{
	struct explanation x;
	char safe[4096];

	explain(f, &x);
	fprintf(r->out, "  %s\n", text_escape(x.sentence, safe, sizeof(safe)));
	for (size_t i = 0; i < x.fixes; i++)
		fprintf(r->out, "  %s %s\n",
			i ? "     " : "mend:", text_escape(x.fix[i], safe, sizeof(safe)));
}

static void finding(struct report *r, const struct finding *f)
{
	char address[ADDRESS_TEXT], ports[64];

	if (!r->told)
		fprintf(r->out, "\n%-10s %-39s %-15s %-20s %8s\n", "VERDICT", "ADDRESS",
			"INTERFACE", "PORTS", "SYNS");
	format_ports(&f->called, ports, sizeof(ports));
	fprintf(r->out, "%s%-10s%s %-39s %-15s %-20s %8" PRIu64 "\n",
		colour(r, f->judgement.severity), verdict_name(f->judgement.verdict), plain(r),
		address_format(&f->address, address), f->link ? f->link->name : "-", ports,
		f->called.syns + f->called.foreign);
	print_explanation(r, f);
}

static void print_interfaces(const struct report *r)
{
	const struct session *s = r->session;
	double seconds = (double)(s->ended - s->attached) / 1e9;
	struct session_seen f;
	char safe[64];

	for (size_t i = 0; i < s->interface_count; i++) {
		if (!session_seen(s, i, &f))
			continue;
		fprintf(r->out, "%s%s%s: %llu frame%s in %.1f s, %llu SYN%s, %llu not parsed\n",
			text_escape(s->interfaces[i].name, safe, sizeof(safe)),
			f.hook ? " by " : "", f.hook ? f.hook : "", f.counters.frames,
			plural(f.counters.frames), seconds, f.counters.syns,
			plural(f.counters.syns), f.counters.unparsed);
	}
}

static void print_table(const struct report *r)
{
	struct probe_table table = probe_table(r->session->probe);

	fprintf(r->out, "The counting table takes %zu KiB and has room for %zu rows.\n",
		table.bytes >> 10, table.slots);
}

static void begin(struct report *r)
{
	print_interfaces(r);
	if (r->session->probe && (r->session->options->table || r->session->options->verbose))
		print_table(r);
}

static void print_losses(const struct report *r)
{
	struct counters c = report_counters(r->session);
	uint64_t dropped = engine_dropped(r->session->engine);

	if (c.unattributed)
		fprintf(r->out,
			"%llu SYN%s could not be attributed: more strangers were called than are "
			"counted one by one.\n",
			c.unattributed, plural(c.unattributed));
	if (c.events_lost)
		fprintf(r->out, "%llu event%s were lost: they came too fast.\n", c.events_lost,
			plural(c.events_lost));
	if (dropped)
		fprintf(r->out,
			"%" PRIu64 " address%s, route%s or record%s found no room in the tables.\n",
			dropped, dropped == 1 ? "" : "es", plural(dropped), plural(dropped));
}

static void print_record(const struct report *r, const struct record *record)
{
	char address[ADDRESS_TEXT], safe[4096];
	const char *verdict;
	struct explanation x;
	struct finding f;

	judge_record(r->session->engine, r->session->ended, record, &f);
	verdict = verdict_name(f.judgement.verdict);
	fprintf(r->out, "  %-4s %-39s %s%s%s\n", address_is_v4(&record->address) ? "A" : "AAAA",
		address_format(&record->address, address), colour(r, f.judgement.severity),
		verdict				 ? verdict
		: f.facts.owned == OWNED_YES	 ? "owned"
		: f.facts.owned == OWNED_UNKNOWN ? "not called"
						 : "elsewhere",
		plain(r));
	if (verdict || !f.judgement.causes)
		return;
	explain(&f, &x);
	fprintf(r->out, "       %s\n", text_escape(x.sentence, safe, sizeof(safe)));
}

static void print_names(const struct report *r)
{
	struct published *published = r->session->engine->published;
	const struct published_name *n;
	char safe[1024];

	for (size_t i = 0; (n = published_name(published, i)); i++) {
		if (!i)
			fputs("\nNAMES\n", r->out);
		fputs(text_escape(n->name, safe, sizeof(safe)), r->out);
		if (n->via)
			fprintf(r->out, " (%s)", text_escape(n->via, safe, sizeof(safe)));
		if (n->status != NAME_OK)
			fprintf(r->out, ": %s", name_status_name(n->status));
		if (n->error)
			fprintf(r->out, ", %s", text_escape(n->error, safe, sizeof(safe)));
		fputs("\n", r->out);
		for (size_t k = 0; k < n->count; k++)
			print_record(r, &n->records[k]);
	}
}

/* Those that are told in full: more would bury the list. */
#define STORIES 3

static void print_incidents(const struct report *r)
{
	const struct session *s = r->session;

	if (s->incident_count)
		fprintf(r->out, "\nINCIDENTS\n");
	for (size_t i = 0; i < s->incident_count; i++)
		incident_row(r->out, s->incidents[i], s->ended, !i);
	for (size_t i = 0; i < s->incident_count && i < STORIES; i++) {
		const struct stored stored = {.incident = *s->incidents[i]};
		cleanup(sheet_free) struct sheet *events =
			story_part(&stored, s->ended, STORY_TIMELINE);

		fprintf(r->out, "\nIncident %" PRIu64 ": ", stored.incident.id);
		if (events)
			sheet_print(events, r->out);
	}
}

static void end(struct report *r)
{
	if (r->summary.findings > r->told)
		fprintf(r->out, "%zu more; --limit 0 shows all.\n", r->summary.findings - r->told);
	print_losses(r);
	print_names(r);
	print_incidents(r);
	fprintf(r->out, "\n%s%s%s\n", colour(r, r->status), verdict_severity_name(r->status),
		plain(r));
}

const struct report_form report_text = {begin, finding, end};
