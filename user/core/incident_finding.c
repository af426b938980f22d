// SPDX-License-Identifier: GPL-2.0-only
/* What a finding adds to an incident. */
#include "core/incident_finding.h"

#include "base/address.h"

#include <stdio.h>
#include <string.h>

static struct incident_port *port_of(struct incident_tally *t, uint16_t port)
{
	for (size_t i = 0; i < t->port_count; i++)
		if (t->ports[i].port == port)
			return &t->ports[i];
	if (t->port_count == INCIDENT_PORTS_MAX)
		return NULL;
	t->ports[t->port_count] = (struct incident_port){.port = port};
	return &t->ports[t->port_count++];
}

/* Answers are told apart by port, not by interface: they are counted with the first that has it. */
static uint64_t answers_of(const struct engine *e, const struct input_count *row)
{
	struct destination d;
	size_t cursor = 0;
	when_t last;

	while (counts_find(&e->counts, &row->dst, &cursor, &d))
		for (size_t i = 0; i < d.count; i++)
			if (d.ports[i].kind == SLOT_SYN && d.ports[i].port == row->port)
				return d.ports[i].ifindex != row->ifindex
					       ? 0
					       : counts_answers(&e->counts, &row->dst, row->port,
								&last);
	return 0;
}

static void add_port(struct incident_tally *t, const struct engine *e, const struct finding *f,
		     const struct input_count *row)
{
	const struct flow_port *seen = f->flow ? flows_port(f->flow, row->port) : NULL;
	struct incident_port *p;
	uint64_t answers;

	if (row->kind != SLOT_SYN)
		return;
	answers = answers_of(e, row);
	t->answers += answers;
	p = port_of(t, row->port);
	if (!p) {
		t->more_ports += row->syns;
		return;
	}
	p->syns += row->syns;
	p->answers += answers;
	p->attempts += seen ? seen->attempts : 0;
	p->retransmits += seen ? seen->retransmits : 0;
	p->listener = row->port ? engine_listens(e, &row->dst, row->port, row->ifindex, NULL)
				: FACT_UNKNOWN;
}

/* Those who wait stay; a scanner gives way to a client. */
static void add_source(struct incident_tally *t, const struct flow_source *source)
{
	struct flow_source *place = NULL;

	for (size_t i = 0; i < t->source_count && !place; i++)
		if (address_equal(&t->sources[i].address, &source->address))
			place = &t->sources[i];
	if (!place && t->source_count < INCIDENT_SOURCES_MAX) {
		place = &t->sources[t->source_count++];
		*place = (struct flow_source){.address = source->address};
	}
	for (size_t i = 0; i < t->source_count && !place && source->kind != SOURCE_SCANNER; i++) {
		if (t->sources[i].kind != SOURCE_SCANNER)
			continue;
		place = &t->sources[i];
		t->more_sources += place->syns;
		*place = (struct flow_source){.address = source->address};
	}
	if (!place) {
		t->more_sources += source->syns;
		return;
	}
	place->syns += source->syns;
	place->kind = source->kind > place->kind ? source->kind : place->kind;
}

static void add_drop(struct incident_tally *t, const struct engine *e,
		     const struct input_count *row)
{
	const char *name = reasons_name(&e->reasons, row->port);
	struct incident_drop *d = NULL;

	name = name ? name : "";
	for (size_t i = 0; i < t->drop_count && !d; i++)
		if (strcmp(t->drops[i].reason, name) == 0)
			d = &t->drops[i];
	if (!d && t->drop_count < INCIDENT_DROPS_MAX) {
		d = &t->drops[t->drop_count++];
		*d = (struct incident_drop){0};
		snprintf(d->reason, sizeof(d->reason), "%s", name);
	}
	if (d)
		d->count += row->syns;
}

static void add_flow(struct incident_tally *t, const struct flow *flow)
{
	uint64_t clients = 0;

	t->attempts += flow->attempts;
	t->retransmits += flow->retransmits;
	t->looped += flow->looped;
	for (size_t i = 0; i < flow->source_count; i++)
		add_source(t, &flow->sources[i]);
	for (size_t i = 0; i < t->source_count; i++)
		clients += t->sources[i].kind != SOURCE_SCANNER;
	/* More than are kept apart by address: at least as many as in the best window. */
	clients = flow->clients > clients ? flow->clients : clients;
	t->clients = clients > t->clients ? clients : t->clients;
}

void incident_tally_add(struct incident_tally *t, const struct engine *e, const struct finding *f,
			bool again)
{
	t->syns += f->called.syns;
	t->asked += f->evidence.asked;
	for (size_t i = 0; i < f->called.count; i++)
		add_port(t, e, f, &f->called.ports[i]);
	for (size_t i = 0; i < f->evidence.drop_count && !again; i++)
		add_drop(t, e, &f->evidence.drops[i]);
	if (f->flow)
		add_flow(t, f->flow);
}

void incident_tally_explain(const struct incident_tally *t, const struct finding *finding,
			    struct explanation *ret_explanation)
{
	struct input_count rows[INCIDENT_PORTS_MAX] = {0};
	struct finding f = *finding;
	struct flow flow = {.attempts = t->attempts, .clients = t->clients};

	for (size_t i = 0; i < t->port_count; i++) {
		rows[i].port = t->ports[i].port;
		rows[i].syns = t->ports[i].syns;
		if (finding->called.count)
			rows[i].src = *engine_sample(&finding->called);
	}
	f.called.ports = rows;
	f.called.count = t->port_count;
	f.called.syns = t->syns;
	f.called.foreign = 0;
	f.evidence.asked = t->asked;
	f.flow = &flow;
	f.flow_is_whole = t->attempts + t->retransmits + t->looped == t->syns;
	explain(&f, ret_explanation);
}

void incident_take_names(struct incident *in, const struct finding *f)
{
	if (f->published_count)
		in->name_count = 0;
	for (size_t i = 0; i < f->published_count && in->name_count < INCIDENT_NAMES_MAX; i++)
		snprintf(in->names[in->name_count++], INCIDENT_NAME_TEXT, "%s",
			 f->published[i].name->name);
}

void incident_take_times(struct incident *in, const struct finding *f)
{
	when_t last = f->called.syns ? f->called.last : f->evidence.last_asked;
	when_t first = f->called.syns ? f->called.first : f->evidence.first_asked;

	if (first && (!in->first || first < in->first))
		in->first = first;
	if (last > in->last)
		in->last = last;
	if (!f->flow || !f->flow->clients)
		return;
	if (!in->first_client) {
		in->first_client = f->flow->first_client;
		incident_note(in, in->first_client, TIMELINE_FIRST_CLIENT,
			      "a real client tried again: it waits");
	}
	in->last_client = f->called.last;
	if (f->flow->schedule.count > in->schedule.count)
		in->schedule = f->flow->schedule;
}

void incident_take_facts(struct incident *in, const struct finding *f)
{
	if (f->link)
		snprintf(in->interface, sizeof(in->interface), "%s", f->link->name);
	in->owned = f->facts.owned;
	in->path_known = f->facts.path_known;
	in->path = f->facts.path;
	in->answered = f->facts.answered;
}
