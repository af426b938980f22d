// SPDX-License-Identifier: GPL-2.0-only
/* Findings: every destination with its facts, judged, the worst first. */
#include "core/judge.h"

#include "base/address.h"
#include "base/cleanup.h"

/* The kernel's tick is coarser than the time of an event: an answer may seem to come before its
 * SYN. */
#define TICK_SLACK_NS 100000000ULL

/*
 * Does the destination still answer? Not where the kernel has found no owner for a SYN since the
 * last answer of any of its ports: an address that was answered for and is gone. Any other drop,
 * and a SYN that has just no answer, undoes nothing: there are callers who are locked out.
 */
static bool still_answers(const struct engine *e, const struct finding *f)
{
	when_t answered, disowned = 0;

	for (size_t i = 0; i < f->evidence.drop_count; i++)
		if (reasons_is_ownerless(&e->reasons, f->evidence.drops[i].port) &&
		    f->evidence.drops[i].last > disowned)
			disowned = f->evidence.drops[i].last;
	if (!disowned)
		return true;
	for (size_t i = 0; i < f->called.count; i++)
		if (counts_answers(&e->counts, &f->address, f->called.ports[i].port, &answered) &&
		    answered + TICK_SLACK_NS >= disowned)
			return true;
	return false;
}

static enum answered answered_by(const struct engine *e, const struct finding *f)
{
	if (!still_answers(e, f))
		return ANSWERED_NO;
	return f->evidence.syn_acks ? ANSWERED_SYN_ACK
	       : f->evidence.rsts   ? ANSWERED_RST
	       : f->evidence.icmps  ? ANSWERED_ICMP
				    : ANSWERED_NO;
}

/* Does a real client wait on this port, to whom or to others no answer has left since he began? One
 * who waits while others are served may be locked out on purpose. A router looks for three seconds
 * before it says that there is nobody. */
static bool unheard(const struct engine *e, when_t now, const struct finding *f,
		    const struct flow_port *port)
{
	const uint64_t patience = 4000000000;
	when_t last;

	if (!port->waiting)
		return false;
	counts_answers(&e->counts, &f->address, port->port, &last);
	if (last && f->evidence.icmps && now < port->waiting + patience)
		return false;
	return last + TICK_SLACK_NS < port->waiting;
}

static void look_at_clients(const struct engine *e, when_t now, const struct finding *f,
			    struct facts *facts)
{
	const struct input_listener *listener = NULL;

	facts->clients = f->flow && f->flow->clients;
	for (size_t i = 0; f->flow && i < f->flow->port_count; i++) {
		const struct flow_port *port = &f->flow->ports[i];

		if (!unheard(e, now, f, port))
			continue;
		if (facts->owned == OWNED_YES &&
		    engine_listens(e, &f->address, port->port, f->ifindex, &listener) == FACT_NO)
			continue;
		facts->clients_unheard = true;
		if (listener && listener->queued > listener->backlog)
			facts->backlog_full = true;
	}
}

static void look_at_drops(const struct engine *e, const struct finding *f, struct facts *facts)
{
	for (size_t i = 0; i < f->evidence.drop_count; i++) {
		uint16_t reason = f->evidence.drops[i].port;

		facts->dropped = true;
		facts->filtered |= reasons_is_firewall(&e->reasons, reason);
		facts->backlog_full |= reasons_is_backlog(&e->reasons, reason);
	}
}

static enum fact listens_on_any(const struct engine *e, const struct finding *f)
{
	enum fact answer = f->called.count ? FACT_NO : FACT_UNKNOWN;

	for (size_t i = 0; i < f->called.count; i++) {
		uint16_t port = f->called.ports[i].port;
		enum fact one = port ? engine_listens(e, &f->address, port, f->ifindex, NULL)
				     : FACT_UNKNOWN;

		if (one == FACT_YES)
			return FACT_YES;
		if (one == FACT_UNKNOWN) /* port 0: those that are not kept apart */
			answer = FACT_UNKNOWN;
	}
	return answer;
}

static void look_at_routes(const struct engine *e, const struct finding *f, struct facts *facts)
{
	const struct input_path *path = routing_path(e->routing, &f->address, f->ifindex);

	if (path) {
		facts->path_known = FACT_YES;
		facts->path = path->kind;
	}
	/* Anybody can send a SYN from an address to which no route leads, nor should. */
	if (f->called.count && !address_is_special(engine_sample(&f->called)))
		facts->return_route = routing_return(e->routing, &f->address,
						     engine_sample(&f->called), f->ifindex);
	facts->default_route = e->policy.host_unknown || e->policy.routes_unknown ||
			       hostaddr_default(e->host, address_family(&f->address), f->ifindex);
}

static uint64_t since(when_t then, when_t now)
{
	return then && now > then ? now - then : 0;
}

/* By every name that points to it. */
static bool is_stale(const struct finding *f)
{
	for (size_t i = 0; i < f->published_count; i++)
		if (!f->published[i].record->stale)
			return false;
	return f->published_count;
}

static void gather_facts(const struct engine *e, when_t now, struct finding *f)
{
	when_t tentative = now;
	struct facts *facts = &f->facts;

	*facts = (struct facts){
		.published = f->published_count,
		.syns = f->called.syns,
		.foreign = f->called.foreign,
		.asked = f->evidence.asked,
		.watched = e->answers_watched,
		.returned = f->evidence.hairpins || (f->flow && f->flow->looped),
	};

	facts->age = since(f->called.count ? f->called.first : f->evidence.first_asked, now);
	facts->owned = e->policy.host_unknown ? OWNED_UNKNOWN
					      : hostaddr_owned(e->host, &f->address, &tentative);
	if (facts->owned == OWNED_TENTATIVE)
		facts->tentative = since(tentative, now);
	/* Nobody owns a multicast group, and a link-local address means another host on each link:
	 * whoever publishes one is wrong, but this host is no black hole for it. */
	if (facts->owned == OWNED_NO && address_is_special(&f->address))
		facts->published = false;
	facts->stale = is_stale(f);
	facts->answered = answered_by(e, f);
	look_at_routes(e, f, facts);
	look_at_clients(e, now, f, facts);
	look_at_drops(e, f, facts);
	facts->listener = listens_on_any(e, f);
}

/* What the finding's causes ask for, where a mend is asked for at all. */
static struct mend mend_of(const struct engine *e, const struct finding *f)
{
	struct mend m = mend_derive(e, &f->address, f->link, !f->called.count);

	switch (f->judgement.verdict) {
	case VERDICT_BLACKHOLE:
	case VERDICT_LATENT:
	case VERDICT_MUTE:
	case VERDICT_UNUSABLE:
	case VERDICT_STRAY:
	case VERDICT_NONE:
		if (f->judgement.causes & CAUSE_NAME_STALE) /* it is over by itself */
			break;
		m.add_address = f->judgement.causes & CAUSE_ADDRESS_MISSING;
		m.add_route = f->judgement.causes & CAUSE_NO_DEFAULT_ROUTE;
		break;
	default:
		break;
	}
	return m;
}

static struct finding make_finding(const struct engine *e, when_t now, const struct addr *a,
				   const struct destination *called)
{
	struct finding f = {.address = *a};

	if (called) {
		f.called = *called;
		f.ifindex = called->ports->ifindex;
		f.flow = flows_find(e->flows, a, f.ifindex);
		f.flow_is_whole = f.flow && f.flow->syns == called->syns && !f.flow->incomplete;
	}
	f.evidence = counts_evidence(&e->counts, a, f.ifindex);
	if (!called && f.evidence.asked)
		f.ifindex = f.evidence.asked_ifindex;
	f.link = f.ifindex ? hostaddr_link(e->host, f.ifindex) : NULL;
	f.published = engine_publications(e, a, &f.published_count);
	gather_facts(e, now, &f);
	f.judgement = verdict_judge(&f.facts);
	f.mend = mend_of(e, &f);
	return f;
}

/* A destination to be told: one that was called, or (at == UNCALLED) a published one that was not.
 */
#define UNCALLED SIZE_MAX

struct candidate {
	struct addr address;
	size_t at;
	uint64_t syns;
	enum severity severity;
};

static int worst_first(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->syns != y->syns)
		return x->syns > y->syns ? -1 : 1;
	return address_compare(&x->address, &y->address);
}

struct judging {
	const struct engine *engine;
	when_t now;
	judge_wants_fn *wants;
	void *data;
	struct candidate *candidates;
	size_t count;
	struct judge_summary summary;
};

static void judge_one(struct judging *j, const struct addr *a, const struct destination *called,
		      size_t at)
{
	struct finding f = make_finding(j->engine, j->now, a, called);

	j->summary.attributed += f.called.syns + f.called.foreign;
	if (f.judgement.verdict == VERDICT_NONE || !j->wants(j->data, &f))
		return;
	if (f.judgement.severity > j->summary.worst)
		j->summary.worst = f.judgement.severity;
	j->candidates[j->count++] = (struct candidate){
		.address = *a,
		.at = at,
		.syns = f.called.syns + f.called.foreign,
		.severity = f.judgement.severity,
	};
}

static void judge_called(struct judging *j)
{
	struct destination d;

	for (size_t at = 0; counts_at(&j->engine->counts, at, &d); at += d.count)
		judge_one(j, &d.ports->dst, &d, at);
}

static bool is_called(const struct engine *e, const struct addr *a)
{
	struct destination d;
	size_t cursor = 0;

	return counts_find(&e->counts, a, &cursor, &d);
}

/* Has an earlier publication led to the same address here? They are in order, but for aliases. */
static bool was_judged(const struct engine *e, const struct publication *all, size_t i,
		       const struct addr *a)
{
	size_t last = e->policy.alias_count ? 0 : i ? i - 1 : 0;

	for (size_t k = last; k < i; k++)
		if (address_equal(engine_inside(e, &all[k].address), a))
			return true;
	return false;
}

static void judge_uncalled(struct judging *j)
{
	const struct engine *e = j->engine;
	const struct publication *all;
	size_t count;

	all = published_all(e->published, &count);
	for (size_t i = 0; i < count; i++) {
		const struct addr *a = engine_inside(e, &all[i].address);

		if (was_judged(e, all, i, a))
			continue;
		if (!engine_is_elsewhere(e, &all[i].address) && !is_called(e, a))
			judge_one(j, a, NULL, UNCALLED);
	}
}

struct judge_summary judge_all(const struct engine *e, when_t now, size_t limit,
			       judge_wants_fn *wants, judge_tell_fn *tell, void *data)
{
	struct judging j = {.engine = e, .now = now, .wants = wants, .data = data};
	autofree struct candidate *candidates = NULL;
	struct destination d;
	size_t published;

	published_all(e->published, &published);
	candidates = calloc(e->counts.calls.count + published + 1, sizeof(*candidates));
	if (!candidates) {
		j.summary.worst = SEVERITY_UNKNOWN;
		return j.summary;
	}
	j.candidates = candidates;
	judge_called(&j);
	judge_uncalled(&j);
	j.summary.findings = j.count;
	qsort(candidates, j.count, sizeof(*candidates), worst_first);
	for (size_t i = 0; i < j.count && (!limit || i < limit); i++) {
		bool called =
			candidates[i].at != UNCALLED && counts_at(&e->counts, candidates[i].at, &d);
		struct finding f = make_finding(e, now, &candidates[i].address, called ? &d : NULL);

		tell(data, &f);
	}
	return j.summary;
}

void judge_record(const struct engine *e, when_t now, const struct record *record,
		  struct finding *ret_finding)
{
	const struct addr *a = engine_inside(e, &record->address);
	struct finding worst = make_finding(e, now, a, NULL);
	struct destination d;
	bool called = false;
	size_t cursor = 0;

	while (counts_find(&e->counts, a, &cursor, &d)) {
		struct finding f = make_finding(e, now, a, &d);

		if (!called || f.judgement.severity > worst.judgement.severity)
			worst = f;
		called = true;
	}
	if (engine_is_elsewhere(e, &record->address))
		worst.judgement = (struct judgement){0};
	*ret_finding = worst;
}
