// SPDX-License-Identifier: GPL-2.0-only
/* Metrics of names and of the addresses that they publish. */
#include "cmd/metrics_names.h"

#include "base/address.h"
#include "base/cleanup.h"
#include "cmd/metrics_text.h"
#include "cmd/report.h"
#include "core/judge.h"

#include <string.h>
#include <uthash.h>

#define LABELS                                                                                     \
	4096 /* names have up to 1009 printable bytes, and some of them are escaped twice          \
	      */

/* A name, or a record of one, that has series of its own. */
struct entry {
	UT_hash_handle hh;
	const struct published_name *name;
	const struct publication *publication; /* NULL: it is a name */
	const char *verdict;		       /* NULL: nothing is to be said */
	bool owned;
	char labels[]; /* the key */
};

struct entries {
	struct entry *first;
	size_t left_out;
};

static void free_entries(struct entries *entries)
{
	struct entry *e, *next;

	HASH_ITER (hh, entries->first, e, next) {
		HASH_DEL(entries->first, e);
		free(e);
	}
}

/* Two names may look alike once they are printable, and a name may have one record twice; but a
 * series that comes twice costs the reader all of them. NULL: it is there, or finds no room. */
static struct entry *add(struct entries *entries, const char *labels)
{
	struct entry *e;

	HASH_FIND_STR(entries->first, labels, e);
	if (e)
		return NULL;
	e = HASH_COUNT(entries->first) < METRICS_RECORDS_MAX
		    ? calloc(1, sizeof(*e) + strlen(labels) + 1)
		    : NULL;
	if (!e) {
		entries->left_out++;
		return NULL;
	}
	strcpy(e->labels, labels);
	HASH_ADD_STR(entries->first, labels, e);
	return e;
}

static void add_record(struct entries *records, const struct engine *engine, when_t now,
		       const struct publication *p)
{
	char labels[LABELS] = "", address[ADDRESS_TEXT];
	struct finding f;
	struct entry *e;

	metrics_label(labels, sizeof(labels), "name", p->name->name);
	metrics_label(labels, sizeof(labels), "type", address_is_v4(&p->address) ? "A" : "AAAA");
	metrics_label(labels, sizeof(labels), "address", address_format(&p->address, address));
	e = add(records, labels);
	if (!e)
		return;
	judge_record(engine, now, p->record, &f);
	e->name = p->name;
	e->publication = p;
	e->owned = f.facts.owned == OWNED_YES;
	e->verdict = verdict_name(f.judgement.verdict);
}

static void add_name(struct entries *names, const struct published_name *name)
{
	char labels[LABELS] = "";
	struct entry *e;

	metrics_label(labels, sizeof(labels), "name", name->name);
	e = add(names, labels);
	if (e)
		e->name = name;
}

static void write_owned(FILE *out, const struct entries *records)
{
	const char *name = "synhole_address_owned";

	metrics_family(out, name, "gauge",
		       "Whether this host serves the published address: 1 yes, 0 no.");
	for (const struct entry *e = records->first; e; e = e->hh.next)
		metrics_sample(out, name, e->labels, e->owned);
}

static void write_verdicts(FILE *out, const struct entries *records)
{
	const char *name = "synhole_address_verdict";
	char labels[LABELS + 64];

	metrics_family(out, name, "gauge",
		       "What is to be said of the published address; always 1, none where there is "
		       "nothing to be said.");
	for (const struct entry *e = records->first; e; e = e->hh.next) {
		if (!e->verdict)
			continue;
		strcpy(labels, e->labels);
		metrics_label(labels, sizeof(labels), "verdict", e->verdict);
		metrics_sample(out, name, labels, 1);
	}
}

static void write_ports(FILE *out, const char *family, const struct engine *engine,
			const struct publication *p)
{
	autofree struct counts_port *ports = NULL;
	char labels[LABELS + 64], text[ADDRESS_TEXT];
	size_t count = 0;

	if (counts_ports(&engine->counts, engine_inside(engine, &p->address), &ports, &count) < 0)
		return;
	for (size_t i = 0; i < count; i++) {
		char port[8] = "other";

		if (ports[i].port)
			snprintf(port, sizeof(port), "%u", ports[i].port);
		labels[0] = '\0';
		metrics_label(labels, sizeof(labels), "name", p->name->name);
		metrics_label(labels, sizeof(labels), "address", address_format(&p->address, text));
		metrics_label(labels, sizeof(labels), "port", port);
		metrics_sample(out, family, labels, (double)ports[i].syns);
	}
}

static void write_syns(FILE *out, const struct engine *engine, const struct entries *records)
{
	const char *name = "synhole_published_syns_total";

	metrics_family(out, name, "counter",
		       "Connection attempts (SYNs) that came in for the published address.");
	for (const struct entry *e = records->first; e; e = e->hh.next)
		write_ports(out, name, engine, e->publication);
}

static void write_answered(FILE *out, const struct entries *names)
{
	const char *name = "synhole_dns_last_success_timestamp_seconds";

	metrics_family(out, name, "gauge",
		       "When DNS last said what the name publishes; 0: it has not yet.");
	for (const struct entry *e = names->first; e; e = e->hh.next)
		metrics_sample(out, name, e->labels, (double)e->name->answered / 1e9);
}

static void write_failures(FILE *out, const struct entries *names)
{
	const char *name = "synhole_dns_failures_total";
	char labels[LABELS + 64];

	metrics_family(out, name, "counter",
		       "Questions for the name that brought no address, or not all of them.");
	for (const struct entry *e = names->first; e; e = e->hh.next) {
		for (int status = NAME_OK + 1; status < NAME_STATUSES; status++) {
			if (!e->name->failures[status])
				continue;
			strcpy(labels, e->labels);
			metrics_label(labels, sizeof(labels), "status",
				      name_status_name((enum name_status)status));
			metrics_sample(out, name, labels, (double)e->name->failures[status]);
		}
	}
}

void metrics_write_names(FILE *out, const struct session *s, when_t now)
{
	cleanup(free_entries) struct entries records = {0}, names = {0};
	const struct published *published = s->engine->published;
	const struct published_name *name;
	const struct publication *all;
	size_t count;

	all = published_all(s->engine->published, &count);
	for (size_t i = 0; i < count; i++)
		add_record(&records, s->engine, now, &all[i]);
	for (size_t i = 0; (name = published_name(published, i)); i++)
		add_name(&names, name);
	write_owned(out, &records);
	write_verdicts(out, &records);
	write_syns(out, s->engine, &records);
	write_answered(out, &names);
	write_failures(out, &names);
	metrics_number(out, "synhole_records_left_out", "gauge",
		       "Published records and names without series: there are too many.",
		       (double)(records.left_out + names.left_out));
}
