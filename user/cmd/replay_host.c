// SPDX-License-Identifier: GPL-2.0-only
/* The host of a replay: this one, one from a file, or none that is known. */
#include "cmd/replay.h"

#include "base/address.h"
#include "cmd/session_parts.h"
#include "core/hearsay.h"

#include <errno.h>
#include <string.h>

static bool is_none(const struct options *o)
{
	return o->host && strcmp(o->host, "none") == 0;
}

static void hear(void *data, const struct input *in)
{
	struct replay *r = data;

	fib_feed(r->fib, in);
	session_hear(&r->session, in);
}

int replay_open_host(struct replay *r, struct failure *failure)
{
	struct session *s = &r->session;
	const struct options *o = s->options;
	bool names = !o->zone && !o->question_count;
	int e;

	s->replayed = true;
	if (!o->host)
		return session_open(s, o, failure);
	e = session_begin(s, o, failure);
	if (e < 0 || is_none(o)) {
		if (e == 0)
			s->engine->policy.host_unknown = true;
		return e;
	}
	if (fib_new(&r->fib) < 0)
		return failure_set(failure, -ENOMEM, "out of memory");
	e = host_file_read(&r->host, o->host, names, hear, r, failure);
	s->host = r->host.host[0] ? r->host.host : NULL;
	s->kernel = r->host.kernel[0] ? r->host.kernel : NULL;
	return e;
}

static enum fact forwards(const struct replay *r, const struct engine_question *q)
{
	for (size_t i = 0; i < r->host.link_count; i++) {
		const struct host_file_link *link = &r->host.links[i];
		bool yes = address_is_v4(&q->dst) ? link->v4 : link->v6;

		if (link->ifindex == q->ifindex)
			return !link->told ? FACT_UNKNOWN : yes ? FACT_YES : FACT_NO;
	}
	return FACT_UNKNOWN;
}

/* Of another host, as far as it follows from its file. */
static void infer(struct replay *r, const struct engine *engine, const struct engine_question *q)
{
	const struct hearsay hearsay = {r->host.cut ? NULL : r->fib, forwards(r, q)};
	struct session *s = &r->session;
	struct input in;

	if (!routing_path(engine->routing, &q->dst, q->ifindex) &&
	    hearsay_path(engine, &hearsay, q, &in))
		session_hear(s, &in);
	if (hearsay_return(engine, &hearsay, q, &in))
		session_hear(s, &in);
}

void replay_ask(struct replay *r, const struct engine *engine)
{
	struct session *s = &r->session;
	struct engine_question q;
	size_t cursor = 0;

	replay_tell_ways(r);
	if (is_none(s->options))
		return;
	while (engine_question(engine, &cursor, &q)) {
		if (!s->rtnl) {
			infer(r, engine, &q);
			continue;
		}
		rtnl_ask_path(s->rtnl, &q.dst, &q.src, q.ifindex);
		rtnl_ask_return(s->rtnl, &q.dst, &q.src, q.ifindex);
	}
}

void replay_look(struct replay *r)
{
	struct session *s = &r->session;

	s->also = NULL; /* the incidents have been told */
	traffic_tell(r->traffic, s->ended, session_hear, s);
	r->ways_told = 0; /* in case that something has made the engine forget them */
	replay_tell_ways(r);
	if (s->rtnl)
		session_look(s);
	else
		replay_ask(r, s->engine);
}
