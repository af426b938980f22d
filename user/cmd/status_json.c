// SPDX-License-Identifier: GPL-2.0-only
/* What the daemon knows now, as JSON. */
#include "cmd/status_json.h"

#include "cmd/incident_json.h"
#include "cmd/report_json.h"

struct telling {
	struct report report;
	const struct incidents *incidents;
	const struct daemon_counters *counters;
};

static bool is_not_ok(void *data, const struct finding *f)
{
	return f->judgement.severity > SEVERITY_OK;
}

static void tell(void *data, const struct finding *f)
{
	struct telling *t = data;

	report_json.finding(&t->report, f);
	t->report.told++;
}

static enum severity worst_incident(const struct incidents *incidents)
{
	enum severity worst = SEVERITY_OK;
	const struct incident *in;

	for (size_t i = 0; incidents && (in = incidents_at(incidents, i)); i++)
		if (in->end == END_NONE && in->severity > worst)
			worst = in->severity;
	return worst;
}

/* In a daemon whose strangers are only summed, what is attributed is what is not lost. */
static json_t *counts(const struct session *s)
{
	struct counters c = report_counters(s);
	json_t *o = json_object();

	json_object_set_new(o, "frames", json_count(c.frames));
	json_object_set_new(o, "syns", json_count(c.syns));
	json_object_set_new(o, "attributed", json_count(c.syns - c.unattributed));
	json_object_set_new(o, "unattributed", json_count(c.unattributed));
	json_object_set_new(o, "events_lost", json_count(c.events_lost));
	return o;
}

static json_t *losses(const struct telling *t)
{
	const struct session *s = t->report.session;
	const struct daemon_counters *c = t->counters;
	json_t *o = json_object();

	json_object_set_new(o, "netlink_resyncs", json_count(s->rtnl ? rtnl_resyncs(s->rtnl) : 0));
	json_object_set_new(o, "entries_left_out", json_count(engine_dropped(s->engine)));
	json_object_set_new(o, "incidents_dropped",
			    json_count(t->incidents ? incidents_dropped(t->incidents) : 0));
	json_object_set_new(o, "store_errors", json_count(c->store_errors));
	json_object_set_new(o, "alerts_failed", json_count(c->alerts_failed));
	json_object_set_new(o, "alerts_dropped", json_count(c->alerts_dropped));
	json_object_set_new(o, "hooks_failed", json_count(c->hooks_failed));
	json_object_set_new(o, "hooks_dropped", json_count(c->hooks_dropped));
	return o;
}

static json_t *open_incidents(const struct incidents *incidents)
{
	static const char *const details[] = {"events", "sources", "schedule", "drops"};
	json_t *list = json_array();
	const struct incident *in;

	for (size_t i = 0; incidents && (in = incidents_at(incidents, i)); i++) {
		json_t *o;

		if (in->end != END_NONE)
			continue;
		o = incident_json(in);
		for (size_t k = 0; k < sizeof(details) / sizeof(*details); k++)
			json_object_del(o, details[k]);
		json_array_append_new(list, o);
	}
	return list;
}

static void member(struct report *r, const char *key, json_t *value)
{
	fprintf(r->out, ",\n \"%s\": ", key);
	report_json_write(r, value);
}

/* One by one: a thousand names as one tree would double what the daemon holds. */
static void write_names(struct report *r)
{
	const struct published *published = r->session->engine->published;
	const struct published_name *n;

	fputs(",\n \"names\": [", r->out);
	for (size_t i = 0; (n = published_name(published, i)); i++) {
		fputs(i ? ",\n  " : "", r->out);
		report_json_write(r, report_json_name(r->session, n));
	}
	fputs("]", r->out);
}

static void end(struct report *r)
{
	const struct telling *t = (struct telling *)r;

	fputs("]", r->out);
	member(r, "more_destinations", json_count(r->summary.findings - r->told));
	member(r, "status", json_string(verdict_severity_name(r->status)));
	member(r, "counts", counts(r->session));
	write_names(r);
	member(r, "incidents", open_incidents(t->incidents));
	member(r, "losses", losses(t));
	fputs("}\n", r->out);
}

void status_json(FILE *out, struct session *s, const struct incidents *incidents,
		 const struct daemon_counters *counters)
{
	static const struct report_form form = {.end = end};
	struct telling t = {.report = {.session = s, .kind = "status", .out = out},
			    .incidents = incidents,
			    .counters = counters};
	enum severity worst = worst_incident(incidents);

	s->ended = session_now();
	report_json.begin(&t.report);
	t.report.summary =
		judge_all(s->engine, s->ended, STATUS_DESTINATIONS_MAX, is_not_ok, tell, &t);
	if (t.report.summary.worst < worst)
		t.report.summary.worst = worst;
	report_end(&t.report, &form);
}
