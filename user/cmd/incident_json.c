// SPDX-License-Identifier: GPL-2.0-only
/* Incidents written as JSON. */
#include "cmd/incident_json.h"

#include "cmd/report_json.h"
#include "cmd/text.h"

static json_t *word(const char *name)
{
	return name ? json_string(name) : json_null();
}

/* "" where something is not known. */
static json_t *text(const char *string)
{
	return json_text(*string ? string : NULL);
}

static json_t *names(const struct incident *in)
{
	json_t *list = json_array();

	for (size_t i = 0; i < in->name_count; i++)
		json_array_append_new(list, json_text(in->names[i]));
	return list;
}

static json_t *port(const struct incident_port *port)
{
	json_t *o = json_object();

	json_object_set_new(o, "port", port->port ? json_count(port->port) : json_null());
	json_object_set_new(o, "service", json_text(text_service(port->port)));
	json_object_set_new(o, "syns", json_count(port->syns));
	json_object_set_new(o, "attempts", json_count(port->attempts));
	json_object_set_new(o, "retransmits", json_count(port->retransmits));
	json_object_set_new(o, "answers", json_count(port->answers));
	json_object_set_new(o, "listener", json_fact(port->listener));
	return o;
}

static json_t *ports(const struct incident_tally *t)
{
	json_t *list = json_array();

	for (size_t i = 0; i < t->port_count; i++)
		json_array_append_new(list, port(&t->ports[i]));
	return list;
}

static json_t *sources(const struct incident_tally *t)
{
	json_t *list = json_array();

	for (size_t i = 0; i < t->source_count; i++)
		json_array_append_new(list, json_source(&t->sources[i]));
	return list;
}

static json_t *drops(const struct incident_tally *t)
{
	json_t *list = json_array();

	for (size_t i = 0; i < t->drop_count; i++) {
		json_t *o = json_object();

		json_object_set_new(o, "reason", text(t->drops[i].reason));
		json_object_set_new(o, "count", json_count(t->drops[i].count));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *schedule(const struct flow_schedule *s)
{
	json_t *o = json_object(), *times = json_array();

	for (size_t i = 0; i < s->count; i++)
		json_array_append_new(times, json_time(s->times[i]));
	json_object_set_new(o, "source", s->count ? json_address(&s->source) : json_null());
	json_object_set_new(o, "times", times);
	return o;
}

static json_t *events(const struct incident *in)
{
	json_t *list = json_array();

	for (size_t i = 0; i < in->event_count; i++) {
		const struct incident_event *e = &in->events[i];
		json_t *o = json_object();

		json_object_set_new(o, "at", json_time(e->at));
		json_object_set_new(o, "kind", json_string(incident_event_name(e->kind)));
		json_object_set_new(o, "text", json_text(e->text));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *fix(const struct explanation *x)
{
	json_t *list = json_array();

	for (size_t i = 0; i < x->fixes; i++)
		json_array_append_new(list, json_text(x->fix[i]));
	return list;
}

static void set_state(json_t *o, const struct incident *in)
{
	json_object_set_new(o, "id", json_count(in->id));
	json_object_set_new(o, "address", json_address(&in->address));
	json_object_set_new(o, "interface", text(in->interface));
	json_object_set_new(o, "names", names(in));
	json_object_set_new(o, "verdict", word(verdict_name(in->verdict)));
	json_object_set_new(o, "severity", word(verdict_severity_name(in->severity)));
	json_object_set_new(o, "causes", json_causes(in->causes));
	json_object_set_new(o, "owned", word(verdict_owned_name(in->owned)));
	json_object_set_new(o, "route",
			    in->path_known == FACT_YES ? word(verdict_path_name(in->path))
						       : json_null());
	json_object_set_new(o, "answered", word(verdict_answered_name(in->answered)));
}

static void set_times(json_t *o, const struct incident *in)
{
	json_object_set_new(o, "opened", json_time(in->opened));
	json_object_set_new(o, "closed", json_time(in->closed));
	json_object_set_new(o, "end", word(incident_end_name(in->end)));
	json_object_set_new(o, "reopened", json_count(in->reopened));
	json_object_set_new(o, "first", json_time(in->first));
	json_object_set_new(o, "last", json_time(in->last));
	json_object_set_new(o, "first_client", json_time(in->first_client));
	json_object_set_new(o, "last_client", json_time(in->last_client));
	json_object_set_new(o, "events", events(in));
	json_object_set_new(o, "more_events", json_count(in->more_events));
}

static void set_tally(json_t *o, const struct incident_tally *t)
{
	json_object_set_new(o, "syns", json_count(t->syns));
	json_object_set_new(o, "attempts", json_count(t->attempts));
	json_object_set_new(o, "retransmits", json_count(t->retransmits));
	json_object_set_new(o, "looped", json_count(t->looped));
	json_object_set_new(o, "clients", json_count(t->clients));
	json_object_set_new(o, "answers", json_count(t->answers));
	json_object_set_new(o, "solicitations", json_count(t->asked));
	json_object_set_new(o, "ports", ports(t));
	json_object_set_new(o, "more_ports", json_count(t->more_ports));
	json_object_set_new(o, "sources", sources(t));
	json_object_set_new(o, "more_sources", json_count(t->more_sources));
	json_object_set_new(o, "drops", drops(t));
}

static void set_members(json_t *o, const struct incident *in)
{
	set_state(o, in);
	set_times(o, in);
	set_tally(o, &in->tally);
	json_object_set_new(o, "failed", json_count(incident_failed(in)));
	json_object_set_new(o, "schedule", schedule(&in->schedule));
	json_object_set_new(o, "sentence", json_text(in->explanation.sentence));
	json_object_set_new(o, "fix", fix(&in->explanation));
}

json_t *incident_json(const struct incident *incident)
{
	json_t *o = json_object();

	set_members(o, incident);
	return o;
}

char *incident_document(const struct incident *incident)
{
	json_t *o = json_pack("{ss ss ss}", "schema", "synhole/1", "kind", "incident", "version",
			      SYNHOLE_VERSION);
	char *text;

	set_members(o, incident);
	text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return text;
}
