// SPDX-License-Identifier: GPL-2.0-only
/* The engine: the pipeline, and what is asked of it. */
#include "core/engine.h"

#include "base/address.h"
#include "base/cleanup.h"

#include <errno.h>

int engine_new(struct engine **ret_engine, const struct engine_policy *policy)
{
	cleanup(engine_free) struct engine *e = calloc(1, sizeof(*e));

	if (!e || hostaddr_new(&e->host) < 0 || published_new(&e->published) < 0 ||
	    routing_new(&e->routing) < 0 || flows_new(&e->flows) < 0)
		return -ENOMEM;
	e->policy = *policy;
	*ret_engine = take_ptr(e);
	return 0;
}

void engine_free(struct engine **engine)
{
	if (!*engine)
		return;
	hostaddr_free(&(*engine)->host);
	published_free(&(*engine)->published);
	routing_free(&(*engine)->routing);
	flows_free(&(*engine)->flows);
	counts_free(&(*engine)->counts);
	strangers_free(&(*engine)->strangers);
	free(*engine);
	*engine = NULL;
}

static void feed_listener(struct engine *e, const struct input *in)
{
	if (in->kind == INPUT_LISTENERS_BEGIN) {
		e->listener_count = 0;
		e->listeners_dropped = 0;
		e->listeners_known = false;
	} else if (in->kind == INPUT_LISTENERS_END) {
		e->listeners_known = true;
	} else if (in->kind == INPUT_LISTENER) {
		if (e->listener_count < ENGINE_LISTENERS_MAX)
			e->listeners[e->listener_count++] = in->listener;
		else
			e->listeners_dropped++;
	}
}

/* Is this row of nobody's concern? */
static bool is_summed(struct engine *e, const struct input_count *row)
{
	bool known = engine_known(e, &row->dst);

	if (row->kind == SLOT_SYN && known)
		e->strangers.syns_known += row->syns;
	else if (row->kind == SLOT_SYN)
		strangers_note(&e->strangers, &row->dst);
	return !known && !flows_has_client(e->flows, &row->dst);
}

static void feed_counts(struct engine *e, const struct input *in)
{
	bool sums = e->policy.strangers_summed;

	if (in->kind == INPUT_COUNTS_BEGIN) {
		e->answers_watched = in->answers_watched ? FACT_YES : FACT_NO;
		strangers_begin(&e->strangers);
	}
	if (in->kind == INPUT_COUNTS_END && sums)
		strangers_end(&e->strangers);
	if (in->kind != INPUT_COUNT || !sums || !is_summed(e, &in->count))
		counts_feed(&e->counts, in);
}

void engine_rotate(struct engine *e)
{
	counts_rotate(&e->counts);
	flows_rotate(e->flows);
	routing_forget(e->routing); /* not every change of a route is told */
}

bool engine_feed(struct engine *e, const struct input *in)
{
	bool host_changed = hostaddr_feed(e->host, in);
	bool names_changed = published_feed(e->published, in);

	if (host_changed) { /* the kernel's answers may be others now */
		routing_forget(e->routing);
		e->host_changed = in->now;
	}
	routing_feed(e->routing, in);
	feed_counts(e, in);
	flows_feed(e->flows, in);
	reasons_feed(&e->reasons, in);
	feed_listener(e, in);
	return host_changed || names_changed;
}

bool engine_is_elsewhere(const struct engine *e, const struct addr *a)
{
	for (size_t i = 0; i < e->policy.elsewhere_count; i++)
		if (address_in_prefix(a, &e->policy.elsewhere[i].prefix,
				      e->policy.elsewhere[i].len))
			return true;
	return false;
}

const struct addr *engine_inside(const struct engine *e, const struct addr *published)
{
	for (size_t i = 0; i < e->policy.alias_count; i++)
		if (address_equal(&e->policy.aliases[i].outside, published))
			return &e->policy.aliases[i].inside;
	return published;
}

const struct publication *engine_publications(const struct engine *e, const struct addr *a,
					      size_t *ret_count)
{
	const struct publication *found = NULL;

	*ret_count = 0;
	if (!engine_is_elsewhere(e, a))
		found = published_find(e->published, a, ret_count);
	for (size_t i = 0; !found && i < e->policy.alias_count; i++)
		if (address_equal(&e->policy.aliases[i].inside, a))
			found = published_find(e->published, &e->policy.aliases[i].outside,
					       ret_count);
	return found;
}

uint32_t engine_known(const struct engine *e, const struct addr *a)
{
	uint32_t known = 0;
	size_t count;

	if (hostaddr_owned(e->host, a, NULL) == OWNED_YES)
		known |= KNOWN_OWNED;
	if (engine_publications(e, a, &count))
		known |= KNOWN_PUBLISHED;
	return known;
}

bool engine_listens_on(const struct input_listener *l, const struct addr *a)
{
	static const struct addr v4_any = {.bytes = {[10] = 0xff, [11] = 0xff}};

	if (address_is_zero(&l->address))
		return !l->v6only || !address_is_v4(a);
	if (address_equal(&l->address, &v4_any))
		return address_is_v4(a);
	return address_equal(&l->address, a);
}

/* One that is bound to a link takes what comes in by that, or by a port of it where it is a VRF. */
static bool takes_from(const struct engine *e, const struct input_listener *l, uint32_t ifindex)
{
	const struct input_link *link = hostaddr_link(e->host, ifindex);

	return !ifindex || !l->ifindex || l->ifindex == ifindex ||
	       (link && link->master == l->ifindex);
}

enum fact engine_listens(const struct engine *e, const struct addr *a, uint16_t port,
			 uint32_t ifindex, const struct input_listener **ret_listener)
{
	if (!e->listeners_known)
		return FACT_UNKNOWN;
	for (size_t i = 0; i < e->listener_count; i++) {
		if (e->listeners[i].port != port || !engine_listens_on(&e->listeners[i], a) ||
		    !takes_from(e, &e->listeners[i], ifindex))
			continue;
		if (ret_listener)
			*ret_listener = &e->listeners[i];
		return FACT_YES;
	}
	return e->listeners_dropped ? FACT_UNKNOWN : FACT_NO;
}

const struct input_listener *engine_listener(const struct engine *e, size_t i)
{
	return i < e->listener_count ? &e->listeners[i] : NULL;
}

const struct addr *engine_sample(const struct destination *d)
{
	const struct input_count *last = d->ports;

	for (size_t i = 1; i < d->count; i++)
		if (d->ports[i].last > last->last)
			last = &d->ports[i];
	return &last->src;
}

/* In the first pass what is owned or published, in the second strangers; but one SYN to a stranger
 * is not worth a question. */
static bool is_worth_asking(const struct engine *e, const struct destination *d, bool strangers)
{
	bool known = d->syns && engine_known(e, &d->ports->dst);

	return strangers ? !known && d->syns > 1 : known;
}

static bool is_answered(const struct engine *e, const struct destination *d)
{
	return routing_path(e->routing, &d->ports->dst, d->ports->ifindex) &&
	       routing_return(e->routing, &d->ports->dst, engine_sample(d), d->ports->ifindex) !=
		       FACT_UNKNOWN;
}

bool engine_question(const struct engine *e, size_t *cursor, struct engine_question *ret_question)
{
	const size_t rows = e->counts.calls.count;
	struct destination d;

	while (*cursor < 2 * rows && routing_has_room(e->routing)) {
		bool strangers = *cursor >= rows;

		counts_at(&e->counts, *cursor % rows, &d);
		*cursor += d.count;
		if (!is_worth_asking(e, &d, strangers) || is_answered(e, &d))
			continue;
		*ret_question = (struct engine_question){d.ports->dst, *engine_sample(&d),
							 d.ports->ifindex};
		return true;
	}
	return false;
}

uint64_t engine_dropped(const struct engine *e)
{
	return e->listeners_dropped + hostaddr_dropped(e->host) + published_dropped(e->published) +
	       flows_dropped(e->flows);
}
