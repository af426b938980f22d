// SPDX-License-Identifier: GPL-2.0-only
/* Incidents read back from JSON, which may come from anybody. */
#include "cmd/incident_json.h"

#include "base/address.h"
#include "cmd/report_json.h"
#include "cmd/text.h"

#include <errno.h>
#include <string.h>

/* One object; `bad` once a member of it was not what it should be. */
struct object {
	const json_t *json;
	bool *bad;
};

/* Enums are unsigned to gcc and clang, so that the functions of core/ which name their values are
 * of this type. */
typedef const char *name_fn(unsigned value);

/* NULL for one that is absent or null: that is never wrong. */
static const json_t *member(const struct object *o, const char *key)
{
	const json_t *value = json_object_get(o->json, key);

	return value && !json_is_null(value) ? value : NULL;
}

static const char *string(const struct object *o, const char *key)
{
	const json_t *value = member(o, key);

	if (value && !json_is_string(value))
		*o->bad = true;
	return json_string_value(value);
}

static uint64_t number(const struct object *o, const char *key)
{
	const json_t *value = member(o, key);

	if (value && (!json_is_integer(value) || json_integer_value(value) < 0))
		*o->bad = true;
	return *o->bad ? 0 : (uint64_t)json_integer_value(value);
}

static void text(const struct object *o, const char *key, char *ret_text, size_t size)
{
	const char *value = string(o, key);

	snprintf(ret_text, size, "%s", value ? value : "");
}

static when_t moment_of(const json_t *value, bool *bad)
{
	when_t when = 0;

	if (!json_is_string(value) || text_read_time(json_string_value(value), &when) < 0)
		*bad = true;
	return when - when % 1000; /* what is written again has microseconds */
}

static when_t moment(const struct object *o, const char *key)
{
	const json_t *value = member(o, key);

	return value ? moment_of(value, o->bad) : 0;
}

static struct addr address(const struct object *o, const char *key)
{
	const char *value = string(o, key);
	struct addr a = {0};

	if (!value || address_parse(value, &a) < 0)
		*o->bad = true;
	return a;
}

/* `absent` where there is none. Values without a name are passed over. */
static unsigned word(const struct object *o, const char *key, name_fn *name, unsigned count,
		     unsigned absent)
{
	const char *value = string(o, key);

	for (unsigned i = 0; value && i < count; i++)
		if (name(i) && strcmp(name(i), value) == 0)
			return i;
	if (value)
		*o->bad = true;
	return absent;
}

/* The i-th of a list of at most `most`; false behind its end. Of others there are none. */
static bool element(const struct object *o, const char *key, size_t i, const json_t **ret_value)
{
	const json_t *list = member(o, key);

	if (list && !json_is_array(list))
		*o->bad = true;
	*ret_value = json_array_get(list, i);
	return *ret_value;
}

static bool object(const struct object *o, const char *key, size_t i, struct object *ret_object)
{
	const json_t *value;

	if (!element(o, key, i, &value))
		return false;
	if (!json_is_object(value))
		*o->bad = true;
	*ret_object = (struct object){value, o->bad};
	return true;
}

/* An unknown cause, of a later version, is left out. */
static unsigned causes(const struct object *o)
{
	unsigned set = 0;
	const json_t *value;

	for (size_t i = 0; element(o, "causes", i, &value); i++) {
		const char *name = json_string_value(value);

		for (unsigned k = 0; name && k < CAUSES; k++)
			if (strcmp(verdict_cause_name(1U << k), name) == 0)
				set |= 1U << k;
	}
	return set;
}

static void read_names(const struct object *o, struct incident *in)
{
	const json_t *value;

	for (size_t i = 0; i < INCIDENT_NAMES_MAX && element(o, "names", i, &value); i++) {
		if (!json_is_string(value))
			*o->bad = true;
		else
			snprintf(in->names[in->name_count++], INCIDENT_NAME_TEXT, "%s",
				 json_string_value(value));
	}
}

static enum fact fact(const struct object *o, const char *key)
{
	const json_t *value = member(o, key);

	if (!value)
		return FACT_UNKNOWN;
	if (!json_is_boolean(value))
		*o->bad = true;
	return json_is_true(value) ? FACT_YES : FACT_NO;
}

static void read_ports(const struct object *o, struct incident_tally *t)
{
	struct object port;

	for (size_t i = 0; i < INCIDENT_PORTS_MAX && object(o, "ports", i, &port); i++) {
		uint64_t n = number(&port, "port");

		if (n > UINT16_MAX)
			*o->bad = true;
		t->ports[t->port_count++] = (struct incident_port){
			.port = (uint16_t)n,
			.syns = number(&port, "syns"),
			.attempts = number(&port, "attempts"),
			.retransmits = number(&port, "retransmits"),
			.answers = number(&port, "answers"),
			.listener = fact(&port, "listener"),
		};
	}
}

static void read_sources(const struct object *o, struct incident_tally *t)
{
	struct object source;

	for (size_t i = 0; i < INCIDENT_SOURCES_MAX && object(o, "sources", i, &source); i++)
		t->sources[t->source_count++] = (struct flow_source){
			.address = address(&source, "address"),
			.kind = word(&source, "kind", json_source_kind, SOURCE_CLIENT + 1,
				     SOURCE_SCANNER),
			.syns = number(&source, "syns"),
		};
}

static void read_drops(const struct object *o, struct incident_tally *t)
{
	struct object drop;

	for (size_t i = 0; i < INCIDENT_DROPS_MAX && object(o, "drops", i, &drop); i++) {
		struct incident_drop *d = &t->drops[t->drop_count++];

		text(&drop, "reason", d->reason, sizeof(d->reason));
		d->count = number(&drop, "count");
	}
}

static void read_tally(const struct object *o, struct incident_tally *t)
{
	t->syns = number(o, "syns");
	t->attempts = number(o, "attempts");
	t->retransmits = number(o, "retransmits");
	t->looped = number(o, "looped");
	t->clients = number(o, "clients");
	t->answers = number(o, "answers");
	t->asked = number(o, "solicitations");
	t->more_ports = number(o, "more_ports");
	t->more_sources = number(o, "more_sources");
	read_ports(o, t);
	read_sources(o, t);
	read_drops(o, t);
}

static void read_schedule(const struct object *o, struct flow_schedule *s)
{
	struct object schedule = {member(o, "schedule"), o->bad};
	const json_t *value;

	if (schedule.json && !json_is_object(schedule.json))
		*o->bad = true;
	for (size_t i = 0; i < FLOWS_SCHEDULE_MAX && element(&schedule, "times", i, &value); i++)
		s->times[s->count++] = moment_of(value, o->bad);
	if (s->count)
		s->source = address(&schedule, "source");
}

static void read_events(const struct object *o, struct incident *in)
{
	struct object event;

	in->more_events = number(o, "more_events");
	for (size_t i = 0; i < INCIDENT_EVENTS_MAX && object(o, "events", i, &event); i++) {
		struct incident_event *e = &in->events[in->event_count++];

		e->at = moment(&event, "at");
		e->kind =
			word(&event, "kind", incident_event_name, TIMELINE_KINDS, TIMELINE_OPENED);
		text(&event, "text", e->text, sizeof(e->text));
	}
}

static void read_explanation(const struct object *o, struct explanation *x)
{
	const json_t *value;

	text(o, "sentence", x->sentence, sizeof(x->sentence));
	for (size_t i = 0; i < EXPLAIN_FIXES && element(o, "fix", i, &value); i++) {
		if (!json_is_string(value))
			*o->bad = true;
		else
			snprintf(x->fix[x->fixes++], sizeof(*x->fix), "%s",
				 json_string_value(value));
	}
}

static void read_state(const struct object *o, struct incident *in)
{
	in->id = number(o, "id");
	in->address = address(o, "address");
	text(o, "interface", in->interface, sizeof(in->interface));
	read_names(o, in);
	in->verdict = word(o, "verdict", verdict_name, VERDICTS, VERDICT_NONE);
	in->severity =
		word(o, "severity", verdict_severity_name, SEVERITY_CRITICAL + 1, SEVERITY_OK);
	in->causes = causes(o);
	in->owned = word(o, "owned", verdict_owned_name, OWNED_LINK_DOWN + 1, OWNED_NO);
	in->path_known = member(o, "route") ? FACT_YES : FACT_UNKNOWN;
	in->path = word(o, "route", verdict_path_name, PATH_BLACKHOLE + 1, PATH_LOCAL);
	in->answered = word(o, "answered", verdict_answered_name, ANSWERED_ICMP + 1, ANSWERED_NO);
}

static void read_times(const struct object *o, struct incident *in)
{
	in->opened = moment(o, "opened");
	in->closed = moment(o, "closed");
	in->end = word(o, "end", incident_end_name, ENDS, END_NONE);
	in->reopened = (unsigned)number(o, "reopened");
	in->first = moment(o, "first");
	in->last = moment(o, "last");
	in->first_client = moment(o, "first_client");
	in->last_client = moment(o, "last_client");
	read_events(o, in);
}

int incident_from_json(const json_t *json, struct incident *ret_incident)
{
	static const struct incident none;
	bool bad = !json_is_object(json);
	struct object o = {json, &bad};
	struct incident *in = malloc(sizeof(*in));

	if (!in)
		return -ENOMEM;
	*in = none;
	read_state(&o, in);
	read_times(&o, in);
	read_tally(&o, &in->tally);
	read_schedule(&o, &in->schedule);
	read_explanation(&o, &in->explanation);
	bad |= !in->id || !in->opened;
	if (!bad)
		*ret_incident = *in;
	free(in);
	return bad ? -EINVAL : 0;
}

int incident_from_document(const char *text, struct incident *ret_incident)
{
	size_t size = strnlen(text, INCIDENT_JSON_MAX + 1);
	json_t *json = size > INCIDENT_JSON_MAX ? NULL : json_loadb(text, size, 0, NULL);
	int r = incident_from_json(json, ret_incident);

	json_decref(json);
	return r;
}
