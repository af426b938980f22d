// SPDX-License-Identifier: GPL-2.0-only
/* Who calls: a table of attempts, the oldest giving way, and what they add up to. */
#include "core/flows.h"

#include "base/address.h"
#include "base/cleanup.h"

#include <errno.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

struct attempt_key {
	struct addr src, dst;
	uint32_t ifindex, seq;
	uint16_t sport, dport;
	uint32_t pad;
};

struct attempt {
	struct attempt_key key;
	when_t begun;
	uint64_t last; /* of the last repeat, and */
	uint64_t seen; /* of the last copy, loops' included; nanoseconds */
	uint32_t timestamp;
	uint16_t ip_id;
	uint8_t hop_limit;
	UT_hash_handle hh;
};

struct target_key {
	struct addr dst;
	uint32_t ifindex, pad;
};

struct target {
	struct target_key key;
	bool published;
	struct flow flow;
	UT_hash_handle hh;
};

/* A destination that real clients call, whatever the interface. */
struct called {
	struct addr dst;
	UT_hash_handle hh;
};

struct flows {
	struct attempt *attempts;
	struct target *targets;
	struct called *called;
	uint64_t dropped;
};

int flows_new(struct flows **ret_flows)
{
	struct flows *f = calloc(1, sizeof(*f));

	if (!f)
		return -ENOMEM;
	*ret_flows = f;
	return 0;
}

void flows_rotate(struct flows *f)
{
	struct target *t, *next_t;
	struct called *c, *next_c;

	HASH_ITER (hh, f->targets, t, next_t) {
		HASH_DEL(f->targets, t);
		free(t);
	}
	HASH_ITER (hh, f->called, c, next_c) {
		HASH_DEL(f->called, c);
		free(c);
	}
}

static void note_called(struct flows *f, const struct addr *dst)
{
	struct called *c = flows_has_client(f, dst) ? NULL : calloc(1, sizeof(*c));

	if (!c)
		return;
	c->dst = *dst;
	HASH_ADD(hh, f->called, dst, sizeof(c->dst), c);
	if (!c->hh.tbl)
		free(c);
}

bool flows_has_client(const struct flows *f, const struct addr *dst)
{
	struct called *c;

	HASH_FIND(hh, f->called, dst, sizeof(*dst), c);
	return c;
}

void flows_free(struct flows **flows)
{
	struct attempt *a, *next;

	if (!*flows)
		return;
	HASH_ITER (hh, (*flows)->attempts, a, next) {
		HASH_DEL((*flows)->attempts, a);
		free(a);
	}
	flows_rotate(*flows);
	free(*flows);
	*flows = NULL;
}

/* The oldest target that may go: no name points to it, and nobody waits for it, or what comes is
 * published. */
static struct target *take_idle(struct flows *f, bool for_published)
{
	struct target *t;

	for (t = f->targets; t; t = t->hh.next) {
		if (t->published || (t->flow.retransmits && !for_published))
			continue;
		HASH_DEL(f->targets, t);
		f->dropped++;
		return t;
	}
	return NULL;
}

static struct target *target_of(struct flows *f, const struct syn_event *e)
{
	struct target_key key = {.dst = e->dst, .ifindex = e->ifindex};
	struct target *t;

	HASH_FIND(hh, f->targets, &key, sizeof(key), t);
	if (t)
		return t;
	if (HASH_COUNT(f->targets) < FLOWS_DESTINATIONS_MAX)
		t = malloc(sizeof(*t));
	else
		t = take_idle(f, e->known & KNOWN_PUBLISHED);
	if (!t)
		return NULL;
	*t = (struct target){.key = key, .published = e->known & KNOWN_PUBLISHED};
	HASH_ADD(hh, f->targets, key, sizeof(t->key), t);
	if (t->hh.tbl)
		return t;
	free(t);
	return NULL;
}

/* A client that waits takes the place of one who does not: scanners may come first, and many. */
static struct flow_source *source_of(struct flow *flow, const struct addr *address, bool client)
{
	struct flow_source *idle = NULL;

	for (size_t i = 0; i < flow->source_count; i++) {
		if (address_equal(&flow->sources[i].address, address))
			return &flow->sources[i];
		if (flow->sources[i].kind == SOURCE_SCANNER)
			idle = &flow->sources[i];
	}
	if (flow->source_count < FLOWS_SOURCES_MAX)
		idle = &flow->sources[flow->source_count++];
	else if (!client || !idle)
		return NULL;
	else
		flow->incomplete++;
	*idle = (struct flow_source){.address = *address};
	return idle;
}

/* The same of ports. */
static struct flow_port *port_of(struct flow *flow, uint16_t port, bool client)
{
	struct flow_port *idle = NULL;

	for (size_t i = 0; i < flow->port_count; i++) {
		if (flow->ports[i].port == port)
			return &flow->ports[i];
		if (!flow->ports[i].waiting)
			idle = &flow->ports[i];
	}
	if (flow->port_count < FLOWS_PORTS_MAX)
		idle = &flow->ports[flow->port_count++];
	else if (!client || !idle)
		return NULL;
	else
		flow->incomplete++;
	*idle = (struct flow_port){.port = port};
	return idle;
}

/* Remembered in the order of their coming: the first in the table is the oldest. */
static struct attempt *remember(struct flows *f, const struct attempt_key *key)
{
	struct attempt *a = f->attempts;

	if (HASH_COUNT(f->attempts) >= FLOWS_ATTEMPTS_MAX)
		HASH_DEL(f->attempts, a);
	else
		a = calloc(1, sizeof(*a));
	if (!a)
		return NULL;
	*a = (struct attempt){.key = *key};
	HASH_ADD(hh, f->attempts, key, sizeof(a->key), a);
	if (a->hh.tbl)
		return a;
	free(a);
	return NULL;
}

enum repeat { REPEAT_NONE, REPEAT_LOOP, REPEAT_SAME, REPEAT_MOVED, REPEAT_UNTOLD };

static enum repeat compare(const struct attempt *a, const struct syn_event *e)
{
	bool same_bytes = a->ip_id == e->ip_id && a->timestamp == e->timestamp;

	if (same_bytes && e->hop_limit < a->hop_limit && e->time < a->seen + FLOWS_INTERVAL_NS)
		return REPEAT_LOOP;
	if (e->time < a->last + FLOWS_INTERVAL_NS) /* CPUs tell theirs in no order */
		return REPEAT_SAME;
	if (!same_bytes)
		return REPEAT_MOVED;
	return e->ip_id || e->timestamp ? REPEAT_SAME : REPEAT_UNTOLD;
}

/* Of an attempt whose first SYN was not told the program knows that there was one. */
static enum repeat compare_told(const struct syn_event *e)
{
	if (!e->gap)
		return REPEAT_NONE;
	if (e->moved)
		return REPEAT_MOVED;
	return e->ip_id || e->timestamp ? REPEAT_SAME : REPEAT_UNTOLD;
}

static enum repeat look_up(struct flows *f, const struct syn_event *e, when_t now,
			   when_t *ret_begun, bool *ret_unseen)
{
	struct attempt_key key = {
		.src = e->src,
		.dst = e->dst,
		.ifindex = e->ifindex,
		.seq = e->seq,
		.sport = e->sport,
		.dport = e->dport,
	};
	enum repeat repeat;
	struct attempt *a;

	HASH_FIND(hh, f->attempts, &key, sizeof(key), a);
	*ret_unseen = !a && e->gap;
	*ret_begun = now;
	if (a) {
		repeat = compare(a, e);
	} else {
		a = remember(f, &key);
		repeat = compare_told(e);
		*ret_begun -= (when_t)e->gap * 1000000;
	}
	if (!a)
		return repeat;
	if (!a->begun)
		a->begun = *ret_begun;
	*ret_begun = a->begun;
	a->hop_limit = e->hop_limit;
	a->seen = e->time;
	if (repeat == REPEAT_LOOP) /* the client's interval is counted from the first copy */
		return repeat;
	a->last = e->time;
	a->ip_id = e->ip_id;
	a->timestamp = e->timestamp;
	return repeat;
}

/* TCP options beyond the maximum segment size: what scanners spare themselves. */
#define BARE_HEADER 24

static enum source_kind kind_of(enum repeat repeat, const struct syn_event *e)
{
	if (repeat == REPEAT_MOVED)
		return SOURCE_CLIENT;
	return repeat == REPEAT_UNTOLD && e->header > BARE_HEADER ? SOURCE_PROBABLE
								  : SOURCE_SCANNER;
}

static void add_source(struct flow *flow, const struct syn_event *e, enum source_kind kind,
		       when_t now)
{
	struct flow_source *s = source_of(flow, &e->src, kind != SOURCE_SCANNER);

	if (!s) {
		flow->incomplete++;
		return;
	}
	s->syns++;
	if (kind <= s->kind)
		return;
	if (s->kind == SOURCE_SCANNER && !flow->clients++)
		flow->first_client = now;
	s->kind = kind;
}

static void add_port(struct flow *flow, const struct syn_event *e, enum repeat repeat,
		     enum source_kind kind, when_t begun)
{
	struct flow_port *p = port_of(flow, e->dport, kind != SOURCE_SCANNER);

	if (!p) {
		flow->incomplete++;
		return;
	}
	p->attempts += repeat == REPEAT_NONE;
	p->retransmits += repeat > REPEAT_LOOP;
	if (kind != SOURCE_SCANNER && begun > p->waiting)
		p->waiting = begun;
}

/* Follows the last attempt that began, until it was repeated: then it is a typical one. */
static void add_to_schedule(struct flow_schedule *s, const struct syn_event *e, enum repeat repeat,
			    when_t begun, when_t now)
{
	bool followed = s->count && s->times[0] == begun && address_equal(&s->source, &e->src);

	if (repeat == REPEAT_LOOP || (!followed && s->count > 1))
		return;
	if (!followed)
		*s = (struct flow_schedule){.source = e->src, .times = {begun}, .count = 1};
	if (now > begun && s->count < FLOWS_SCHEDULE_MAX)
		s->times[s->count++] = now;
}

void flows_feed(struct flows *f, const struct input *in)
{
	const struct syn_event *e = in->syn.event;
	enum source_kind kind;
	enum repeat repeat;
	struct target *t;
	when_t begun;
	bool unseen;

	if (in->kind != INPUT_SYN)
		return;
	t = target_of(f, e);
	if (!t) {
		f->dropped++;
		return;
	}
	repeat = look_up(f, e, in->now, &begun, &unseen);
	kind = kind_of(repeat, e);
	t->flow.syns++;
	t->flow.attempts += repeat == REPEAT_NONE || unseen;
	t->flow.incomplete += unseen;
	t->flow.looped += repeat == REPEAT_LOOP;
	t->flow.retransmits += repeat > REPEAT_LOOP;
	add_source(&t->flow, e, kind, in->now);
	add_port(&t->flow, e, repeat, kind, begun);
	add_to_schedule(&t->flow.schedule, e, repeat, begun, in->now);
	if (kind != SOURCE_SCANNER)
		note_called(f, &e->dst);
}

const struct flow *flows_find(const struct flows *f, const struct addr *dst, uint32_t ifindex)
{
	struct target_key key = {.dst = *dst, .ifindex = ifindex};
	struct target *t;

	HASH_FIND(hh, f->targets, &key, sizeof(key), t);
	return t ? &t->flow : NULL;
}

const struct flow_port *flows_port(const struct flow *flow, uint16_t port)
{
	for (size_t i = 0; i < flow->port_count; i++)
		if (flow->ports[i].port == port)
			return &flow->ports[i];
	return NULL;
}

uint64_t flows_dropped(const struct flows *f)
{
	return f->dropped;
}
