// SPDX-License-Identifier: GPL-2.0-only
/*
 * The report as one JSON document (schema "synhole/1").
 *
 * The document is written member by member and destination by destination, so that a flood of
 * strangers under --all does not have to fit in memory twice.
 */
#include "cmd/report_json.h"

#include "base/address.h"
#include "cmd/incident_json.h"
#include "cmd/text.h"
#include "core/explain.h"

#include <sys/utsname.h>

void report_json_write(struct report *r, json_t *value)
{
	json_dumpf(value, r->out, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(9));
	json_decref(value);
}

static void write_member(struct report *r, const char *key, json_t *value, const char *after)
{
	fprintf(r->out, "\"%s\": ", key);
	report_json_write(r, value);
	fputs(after, r->out);
}

json_t *json_text(const char *string)
{
	char safe[4096];

	return string ? json_string(text_escape(string, safe, sizeof(safe))) : json_null();
}

json_t *json_count(uint64_t n)
{
	return json_integer((json_int_t)n);
}

json_t *json_address(const struct addr *a)
{
	char buffer[ADDRESS_TEXT];

	return json_string(address_format(a, buffer));
}

json_t *json_time(when_t when)
{
	char buffer[TEXT_TIME];

	return when ? json_string(text_time(when, buffer)) : json_null();
}

static json_t *interface(const struct session_interface *f, const struct session_seen *seen)
{
	json_t *o = json_object();

	json_object_set_new(o, "name", json_text(f->name));
	json_object_set_new(o, "index", f->ifindex ? json_count(f->ifindex) : json_null());
	json_object_set_new(o, "hook", seen && seen->hook ? json_string(seen->hook) : json_null());
	json_object_set_new(o, "frames", seen ? json_count(seen->counters.frames) : json_null());
	json_object_set_new(o, "syns", seen ? json_count(seen->counters.syns) : json_null());
	json_object_set_new(o, "unparsed",
			    seen ? json_count(seen->counters.unparsed) : json_null());
	json_object_set_new(o, "error", f->error.text[0] ? json_text(f->error.text) : json_null());
	return o;
}

static json_t *interfaces(const struct session *s)
{
	json_t *list = json_array();
	struct session_seen seen;

	for (size_t i = 0; i < s->interface_count; i++)
		json_array_append_new(list, interface(&s->interfaces[i],
						      session_seen(s, i, &seen) ? &seen : NULL));
	return list;
}

static json_t *table(const struct session *s)
{
	struct probe_table size = probe_table(s->probe);
	json_t *o = json_object();

	json_object_set_new(o, "bytes", json_count(size.bytes));
	json_object_set_new(o, "slots", json_count(size.slots));
	return o;
}

static json_t *counts(const struct report *r)
{
	struct counters c = report_counters(r->session);
	json_t *o = json_object();

	json_object_set_new(o, "frames", json_count(c.frames));
	json_object_set_new(o, "syns", json_count(c.syns));
	json_object_set_new(o, "attributed", json_count(r->summary.attributed));
	json_object_set_new(o, "unattributed", json_count(c.unattributed));
	json_object_set_new(o, "events_lost", json_count(c.events_lost));
	return o;
}

json_t *json_causes(unsigned set)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < CAUSES; i++)
		if (set & 1U << i)
			json_array_append_new(list, json_string(verdict_cause_name(1U << i)));
	return list;
}

static const char *record_type(const struct addr *a)
{
	return address_is_v4(a) ? "A" : "AAAA";
}

static json_t *published(const struct finding *f)
{
	json_t *list = json_array();

	for (size_t i = 0; i < f->published_count; i++) {
		const struct publication *p = &f->published[i];
		json_t *o = json_object();

		json_object_set_new(o, "name", json_text(p->name->name));
		json_object_set_new(o, "type", json_string(record_type(&p->address)));
		json_object_set_new(o, "address", json_address(&p->address));
		json_object_set_new(o, "ttl", json_count(p->record->ttl));
		json_object_set_new(o, "server", json_text(p->name->server));
		json_object_set_new(o, "via", json_text(p->name->via));
		json_array_append_new(list, o);
	}
	return list;
}

/* Attempts are known of destinations all of whose SYNs were seen one by one. */
static json_t *if_whole(const struct finding *f, uint64_t n)
{
	return f->flow_is_whole ? json_count(n) : json_null();
}

json_t *json_fact(enum fact fact)
{
	return fact == FACT_UNKNOWN ? json_null() : json_boolean(fact == FACT_YES);
}

static json_t *port(const struct session *s, const struct finding *f, const struct input_count *row)
{
	const struct flow_port *port = f->flow ? flows_port(f->flow, row->port) : NULL;
	json_t *o = json_object();
	when_t last;

	json_object_set_new(o, "port", row->port ? json_count(row->port) : json_null());
	json_object_set_new(o, "service", json_text(text_service(row->port)));
	json_object_set_new(o, "syns", json_count(row->syns));
	json_object_set_new(o, "attempts", if_whole(f, port ? port->attempts : 0));
	json_object_set_new(o, "retransmits", if_whole(f, port ? port->retransmits : 0));
	json_object_set_new(
		o, "answers",
		json_count(counts_answers(&s->engine->counts, &row->dst, row->port, &last)));
	json_object_set_new(
		o, "listener",
		json_fact(engine_listens(s->engine, &row->dst, row->port, row->ifindex, NULL)));
	return o;
}

static json_t *ports(const struct session *s, const struct finding *f)
{
	json_t *list = json_array();

	for (size_t i = 0; i < f->called.count; i++)
		json_array_append_new(list, port(s, f, &f->called.ports[i]));
	return list;
}

static json_t *drops(const struct session *s, const struct evidence *e)
{
	json_t *list = json_array();

	if (!s->drops_watched) {
		json_decref(list);
		return json_null();
	}
	for (size_t i = 0; i < e->drop_count; i++) {
		const char *name = reasons_name(&s->engine->reasons, e->drops[i].port);
		json_t *o = json_object();

		json_object_set_new(o, "reason", json_text(name));
		json_object_set_new(o, "count", json_count(e->drops[i].syns));
		json_array_append_new(list, o);
	}
	return list;
}

const char *json_source_kind(enum source_kind kind)
{
	static const char *const kinds[] = {
		[SOURCE_SCANNER] = "scanner",
		[SOURCE_PROBABLE] = "probable",
		[SOURCE_CLIENT] = "client",
	};

	return kinds[kind];
}

json_t *json_source(const struct flow_source *source)
{
	json_t *o = json_object();

	json_object_set_new(o, "address", json_address(&source->address));
	json_object_set_new(o, "kind", json_string(json_source_kind(source->kind)));
	json_object_set_new(o, "syns", json_count(source->syns));
	return o;
}

static json_t *sources(const struct flow *flow)
{
	json_t *list = json_array();

	for (size_t i = 0; flow && i < flow->source_count; i++)
		json_array_append_new(list, json_source(&flow->sources[i]));
	return list;
}

/* Where no SYN came there is nothing that could be unknown. */
static void set_callers(json_t *o, const struct finding *f)
{
	static const struct flow none;
	const struct flow *flow = f->flow ? f->flow : &none;
	bool known = f->flow_is_whole || !f->called.syns;

	json_object_set_new(o, "attempts", known ? json_count(flow->attempts) : json_null());
	json_object_set_new(o, "retransmits", known ? json_count(flow->retransmits) : json_null());
	json_object_set_new(o, "looped", known ? json_count(flow->looped) : json_null());
	json_object_set_new(o, "clients", json_count(flow->clients));
	json_object_set_new(o, "solicitations", json_count(f->evidence.asked));
	json_object_set_new(o, "sources", sources(f->flow));
}

static void set_explanation(json_t *o, const struct finding *f)
{
	struct explanation x;
	json_t *fix = json_array();

	explain(f, &x);
	for (size_t i = 0; i < x.fixes; i++)
		json_array_append_new(fix, json_text(x.fix[i]));
	json_object_set_new(o, "sentence", json_text(x.sentence));
	json_object_set_new(o, "fix", fix);
}

json_t *report_json_destination(const struct session *s, const struct finding *f)
{
	json_t *o = json_object();

	json_object_set_new(o, "address", json_address(&f->address));
	json_object_set_new(o, "interface", f->link ? json_text(f->link->name) : json_null());
	json_object_set_new(o, "verdict", json_text(verdict_name(f->judgement.verdict)));
	json_object_set_new(o, "severity",
			    json_string(verdict_severity_name(f->judgement.severity)));
	json_object_set_new(o, "causes", json_causes(f->judgement.causes));
	json_object_set_new(o, "owned", json_text(verdict_owned_name(f->facts.owned)));
	json_object_set_new(o, "route",
			    f->facts.path_known == FACT_YES
				    ? json_string(verdict_path_name(f->facts.path))
				    : json_null());
	json_object_set_new(o, "answered",
			    f->facts.watched == FACT_YES
				    ? json_string(verdict_answered_name(f->facts.answered))
				    : json_null());
	json_object_set_new(o, "published", published(f));
	json_object_set_new(o, "syns", json_count(f->called.syns + f->called.foreign));
	set_callers(o, f);
	json_object_set_new(o, "first", json_time(f->called.first));
	json_object_set_new(o, "last", json_time(f->called.last));
	json_object_set_new(o, "drops", drops(s, &f->evidence));
	json_object_set_new(o, "ports", ports(s, f));
	set_explanation(o, f);
	return o;
}

static json_t *record(const struct session *s, const struct record *record)
{
	json_t *o = json_object();
	const char *verdict;
	struct finding f;

	judge_record(s->engine, s->ended, record, &f);
	verdict = verdict_name(f.judgement.verdict);
	json_object_set_new(o, "type", json_string(record_type(&record->address)));
	json_object_set_new(o, "address", json_address(&record->address));
	json_object_set_new(o, "ttl", json_count(record->ttl));
	json_object_set_new(o, "owned", json_text(verdict_owned_name(f.facts.owned)));
	json_object_set_new(o, "verdict", verdict ? json_string(verdict) : json_null());
	json_object_set_new(o, "causes", json_causes(f.judgement.causes));
	return o;
}

json_t *report_json_name(const struct session *s, const struct published_name *n)
{
	json_t *o = json_object(), *records = json_array();

	for (size_t i = 0; i < n->count; i++)
		json_array_append_new(records, record(s, &n->records[i]));
	json_object_set_new(o, "name", json_text(n->name));
	json_object_set_new(o, "via", json_text(n->via));
	json_object_set_new(o, "status", json_string(name_status_name(n->status)));
	json_object_set_new(o, "error", json_text(n->error));
	json_object_set_new(o, "answered", json_time(n->answered));
	json_object_set_new(o, "records", records);
	return o;
}

json_t *report_json_names(const struct session *s)
{
	const struct published_name *n;
	json_t *list = json_array();

	for (size_t i = 0; (n = published_name(s->engine->published, i)); i++)
		json_array_append_new(list, report_json_name(s, n));
	return list;
}

static json_t *incidents(const struct session *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->incident_count; i++)
		json_array_append_new(list, incident_json(s->incidents[i]));
	return list;
}

static void begin(struct report *r)
{
	const struct session *s = r->session;
	struct utsname host;

	uname(&host);
	fputs("{", r->out);
	write_member(r, "schema", json_string("synhole/1"), ", ");
	write_member(r, "kind", json_string(r->kind), ", ");
	write_member(r, "version", json_string(SYNHOLE_VERSION), ",\n ");
	write_member(r, "host", json_text(s->replayed ? s->host : host.nodename), ", ");
	write_member(r, "kernel", json_text(s->replayed ? s->kernel : host.release), ",\n ");
	write_member(r, "started", json_time(s->attached ? s->attached : s->started), ", ");
	write_member(r, "seconds",
		     json_real((double)(s->ended - (s->attached ? s->attached : s->started)) / 1e9),
		     ",\n ");
	if (s->options->against)
		write_member(r, "against", json_text(s->options->against), ",\n ");
	if (s->probe || s->replayed)
		write_member(r, "interfaces", interfaces(s), ",\n ");
	if (s->probe)
		write_member(r, "table", table(s), ",\n ");
	fputs("\"destinations\": [", r->out);
}

static void finding(struct report *r, const struct finding *f)
{
	fputs(r->told ? ",\n  " : "\n  ", r->out);
	report_json_write(r, report_json_destination(r->session, f));
}

static void end(struct report *r)
{
	fputs("],\n ", r->out);
	write_member(r, "status", json_string(verdict_severity_name(r->status)), ", ");
	write_member(r, "counts", counts(r), ",\n ");
	if (r->session->replayed)
		write_member(r, "incidents", incidents(r->session), ",\n ");
	write_member(r, "names", report_json_names(r->session), "}\n");
}

const struct report_form report_json = {begin, finding, end};
