// SPDX-License-Identifier: GPL-2.0-only
/* Incidents over time. */
#include "core/incidents.h"

#include "base/address.h"
#include "base/cleanup.h"
#include "core/incident_ending.h"
#include "core/incident_finding.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How soon a fault that is not yet certain is looked at again. */
#define UNSETTLED_NS 1000000000ULL

/* How long a window goes on for what is not yet certain: its end would make that be forgotten. */
#define OVERTIME_NS (5 * UNSETTLED_NS)

struct kept {
	struct incident incident;
	struct incident_tally before; /* what it had counted when the window began */
	uint64_t told;		      /* events of the timeline that it has */
	bool awaits_names;	      /* it is of an earlier run */
	/* Of the present look: */
	struct incident_tally was; /* before it */
	bool found;
	struct finding worst; /* of all interfaces */
};

struct incidents {
	struct engine *engine;
	uint64_t next_id;
	incidents_tell_fn *tell;
	void *data;
	struct timeline *timeline;
	struct kept *kept[INCIDENTS_MAX];
	size_t count;
	when_t window;
	struct incident_look look;
	bool unsettled; /* what is pending may be a fault in a moment */
	bool closed;	/* an incident: what it counts after that is none of its own */
	uint64_t dropped;
};

int incidents_new(struct incidents **ret_incidents, struct engine *engine,
		  const struct incidents_policy *policy, incidents_tell_fn *tell, void *data)
{
	cleanup(incidents_free) struct incidents *i = calloc(1, sizeof(*i));

	if (!i || timeline_new(&i->timeline) < 0)
		return -ENOMEM;
	i->engine = engine;
	i->look = (struct incident_look){.engine = engine, .quiet = policy->quiet};
	i->next_id = policy->first_id;
	i->tell = tell;
	i->data = data;
	*ret_incidents = take_ptr(i);
	return 0;
}

void incidents_free(struct incidents **incidents)
{
	if (!*incidents)
		return;
	for (size_t i = 0; i < (*incidents)->count; i++)
		free((*incidents)->kept[i]);
	timeline_free(&(*incidents)->timeline);
	free(*incidents);
	*incidents = NULL;
}

void incidents_set_quiet(struct incidents *i, uint64_t quiet)
{
	i->look.quiet = quiet;
}

static struct kept *find(struct incidents *i, const struct addr *a)
{
	for (size_t k = 0; k < i->count; k++)
		if (address_equal(&i->kept[k]->incident.address, a))
			return i->kept[k];
	return NULL;
}

/* A place for one more: a closed one gives way, the one that closed first. */
static struct kept *make_room(struct incidents *i)
{
	struct kept **oldest = NULL;

	if (i->count < INCIDENTS_MAX) {
		struct kept *k = calloc(1, sizeof(*k));

		return k ? i->kept[i->count++] = k : NULL;
	}
	for (size_t n = 0; n < i->count; n++)
		if (i->kept[n]->incident.closed &&
		    (!oldest || i->kept[n]->incident.closed < (*oldest)->incident.closed))
			oldest = &i->kept[n];
	if (!oldest)
		return NULL;
	memset(*oldest, 0, sizeof(**oldest));
	return *oldest;
}

int incidents_restore(struct incidents *i, const struct incident *incident)
{
	struct kept *k = make_room(i);

	if (!k)
		return -ENOBUFS;
	k->incident = *incident;
	k->before = incident->tally;
	k->awaits_names = true;
	if (incident->id >= i->next_id)
		i->next_id = incident->id + 1;
	return 0;
}

static void forget(struct incidents *i, size_t n)
{
	free(i->kept[n]);
	i->kept[n] = i->kept[--i->count];
}

/* Its callers hold old answers of DNS: no reason to open it again as a stray. */
static bool is_leaving(const struct kept *k, const struct finding *f)
{
	return k->incident.closed && k->incident.end == END_WITHDRAWN &&
	       f->judgement.verdict == VERDICT_STRAY;
}

static void set_judgement(struct kept *k, const struct finding *f)
{
	k->incident.verdict = f->judgement.verdict;
	k->incident.severity = f->judgement.severity;
	k->incident.causes = f->judgement.causes;
	incident_take_facts(&k->incident, f);
	incident_tally_explain(&k->incident.tally, f, &k->incident.explanation);
}

static struct kept *open_new(struct incidents *i, const struct finding *f)
{
	struct kept *k = make_room(i);

	if (!k) {
		i->dropped++;
		return NULL;
	}
	k->incident.address = f->address;
	return k;
}

/* What the timeline has that the incident has not. Of the time before its opening too. */
static void tell_timeline(struct incidents *i, struct kept *k)
{
	const struct timeline_event *e;

	for (; (e = timeline_at(i->timeline, &k->told)); k->told++)
		if (timeline_concerns(e, &k->incident.address) && e->event.at > k->incident.closed)
			incident_note(&k->incident, e->event.at, e->event.kind, e->event.text);
}

static void open_incident(struct incidents *i, struct kept *k, const struct finding *f)
{
	struct incident *in = &k->incident;
	bool again = in->closed;

	if (!again) {
		in->id = i->next_id++;
		in->opened = i->look.now;
	}
	tell_timeline(i, k);
	in->closed = 0;
	in->end = END_NONE;
	in->reopened += again;
	in->name_count = 0;
	incident_take_names(in, f);
	if (!in->first && f->called.syns)
		incident_note(in, f->called.first, TIMELINE_FIRST_SYN, "the first SYN came in");
	incident_take_times(in, f);
	set_judgement(k, f);
	incident_note(in, i->look.now, again ? TIMELINE_REOPENED : TIMELINE_OPENED,
		      verdict_name(in->verdict));
	i->tell(i->data, in, INCIDENT_OPENED);
}

static void close_incident(struct incidents *i, struct kept *k, enum incident_end end)
{
	static const char *const words[ENDS] = {
		[END_ANSWERED] = "the address answers",
		[END_USABLE] = "the address can be used, and nobody calls in vain",
		[END_WITHDRAWN] = "no name points to the address any more",
		[END_QUIET] = "nobody has called any more",
	};
	struct incident *in = &k->incident;

	if (end == END_ANSWERED)
		incident_note(in, i->look.now, TIMELINE_ANSWERED, "the first answer was seen");
	in->closed = i->look.now;
	in->end = end;
	i->closed = true;
	incident_note(in, i->look.now, TIMELINE_CLOSED, words[end]);
	i->tell(i->data, in, INCIDENT_CLOSED);
}

/* The findings of one address, by several interfaces: the worst comes first and speaks for it. */
static void hear_finding(void *data, const struct finding *f)
{
	struct incidents *i = data;
	struct kept *k = find(i, &f->address);

	i->unsettled |= f->judgement.verdict == VERDICT_PENDING ||
			(f->judgement.verdict == VERDICT_LATENT && f->facts.syns);
	if (!k && incident_is_fault(f->judgement.verdict) && !i->look.changed)
		k = open_new(i, f);
	if (!k)
		return;
	if (!k->found)
		k->worst = *f;
	incident_tally_add(&k->incident.tally, i->engine, f, k->found);
	k->found = true;
}

static bool is_wanted(void *data, const struct finding *f)
{
	struct incidents *i = data;

	return incident_is_fault(f->judgement.verdict) || f->judgement.verdict == VERDICT_PENDING ||
	       f->judgement.verdict == VERDICT_LATENT || find(i, &f->address);
}

static void extend(struct incidents *i, struct kept *k)
{
	struct incident *in = &k->incident;
	const struct finding *f = &k->worst;
	bool changed = false;

	if (k->found && incident_is_fault(f->judgement.verdict) && !i->look.changed &&
	    (f->published_count || !k->awaits_names)) {
		changed = in->verdict != f->judgement.verdict ||
			  in->causes != f->judgement.causes ||
			  in->severity != f->judgement.severity;
		set_judgement(k, f);
	}
	if (changed)
		incident_note(in, i->look.now, TIMELINE_CHANGED, verdict_name(in->verdict));
	if (changed || memcmp(&k->was, &in->tally, sizeof(k->was)) != 0)
		i->tell(i->data, in, changed ? INCIDENT_CHANGED : INCIDENT_EXTENDED);
}

static void settle(struct incidents *i, struct kept *k)
{
	struct incident *in = &k->incident;
	bool fault = k->found && incident_is_fault(k->worst.judgement.verdict);
	enum incident_end end;

	if (in->closed || !in->opened) {
		if (fault && !is_leaving(k, &k->worst) && !i->look.changed)
			open_incident(i, k, &k->worst);
		else
			in->tally = k->was;
		return;
	}
	tell_timeline(i, k);
	k->awaits_names = k->awaits_names && incident_awaits_names(in, &i->look);
	if (k->found) {
		incident_take_names(in, &k->worst);
		incident_take_times(in, &k->worst);
	}
	end = incident_end_of(in, k->found ? &k->worst : NULL, k->awaits_names, &i->look);
	if (end != END_WITHDRAWN) /* without a name it is judged as another kind of fault */
		extend(i, k);
	if (end != END_NONE)
		close_incident(i, k, end);
}

static void begin_window(struct incidents *i)
{
	engine_rotate(i->engine);
	i->window = i->look.now;
	for (size_t n = 0; n < i->count; n++)
		i->kept[n]->before = i->kept[n]->incident.tally;
}

/* Closed ones cannot be opened again after the quiet time. */
static void forget_old(struct incidents *i)
{
	for (size_t n = i->count; n-- > 0;)
		if (i->kept[n]->incident.closed &&
		    i->look.now >= i->kept[n]->incident.closed + i->look.quiet)
			forget(i, n);
}

/* A clock that was set back ends it, too. */
static bool is_over(const struct incidents *i)
{
	uint64_t lasts = INCIDENTS_WINDOW_NS + (i->unsettled ? OVERTIME_NS : 0);

	return i->look.now < i->window || i->look.now >= i->window + lasts;
}

void incidents_look(struct incidents *i, when_t now)
{
	i->look.now = now;
	if (!i->look.began)
		i->look.began = i->window = now;
	i->unsettled = i->closed = false;
	i->look.changed = timeline_look(i->timeline, i->engine, now);
	for (size_t n = 0; n < i->count; n++) {
		i->kept[n]->was = i->kept[n]->incident.tally;
		i->kept[n]->incident.tally = i->kept[n]->before;
		i->kept[n]->found = false;
	}
	judge_all(i->engine, now, 0, is_wanted, hear_finding, i);
	for (size_t n = 0; n < i->count; n++)
		settle(i, i->kept[n]);
	forget_old(i);
	if (i->look.changed || i->closed || is_over(i))
		begin_window(i);
}

when_t incidents_next(const struct incidents *i)
{
	when_t next = i->window + INCIDENTS_WINDOW_NS;

	if (i->unsettled || i->look.changed)
		return i->look.now + (i->look.changed ? 0 : UNSETTLED_NS);
	for (size_t n = 0; n < i->count; n++) {
		const struct incident *in = &i->kept[n]->incident;
		when_t last = in->closed	      ? in->closed
			      : in->last > in->opened ? in->last
						      : in->opened;

		if (!in->closed && in->verdict == VERDICT_UNUSABLE) /* that ends by no time */
			continue;
		if (last + i->look.quiet < next)
			next = last + i->look.quiet;
	}
	return next;
}

const struct timeline *incidents_timeline(const struct incidents *i)
{
	return i->timeline;
}

const struct incident *incidents_at(const struct incidents *i, size_t n)
{
	return n < i->count ? &i->kept[n]->incident : NULL;
}

uint64_t incidents_dropped(const struct incidents *i)
{
	return i->dropped;
}
