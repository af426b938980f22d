// SPDX-License-Identifier: GPL-2.0-only
/* The incidents that the daemon would have made of a recording, had it been there. */
#include "base/cleanup.h"
#include "cmd/replay.h"
#include "cmd/text.h"
#include "core/incidents.h"

#include <errno.h>
#include <inttypes.h>

#define QUIET_NS 300000000000ULL /* the daemon's default */
#define LOOK_NS 1000000000ULL

/* A look costs as much as there are rows: each frame pays for some, whatever times it pretends. */
#define ROWS_FIRST (1 << 20)
#define ROWS_EACH 8

/* Looks at a time between two frames, before it is left to the next frame: enough for what is
 * pending to settle and for what is quiet to close. */
#define LOOKS_BETWEEN 16

/* As the daemon's engine, which has no room for every stranger of a scan. */
static void make_windows(struct replay *r)
{
	struct engine_policy policy = r->session.engine->policy;

	policy.strangers_summed = true;
	if (engine_new(&r->windows, &policy) < 0)
		r->windows = NULL; /* no incidents are better than no findings */
}

static void hear(void *data, const struct input *in)
{
	struct replay *r = data;

	if (!r->windows)
		make_windows(r);
	if (r->windows)
		engine_feed(r->windows, in);
}

/* The last word on each; the oldest that are closed do not give way, later ones are left out. */
static void keep(void *data, const struct incident *incident, enum incident_change change)
{
	struct replay *r = data;
	struct session *s = &r->session;
	struct incident *copy = NULL;

	for (size_t i = s->incident_count; i-- > 0 && !copy;)
		if (s->incidents[i]->id == incident->id)
			copy = s->incidents[i];
	if (!copy && s->incident_count < REPLAY_INCIDENTS_MAX)
		copy = calloc(1, sizeof(*copy));
	if (!copy) {
		r->incidents_left_out += change == INCIDENT_OPENED;
		return;
	}
	replay_store_count(r, copy, incident);
	*copy = *incident;
	if (!s->incident_count || s->incidents[s->incident_count - 1]->id < copy->id)
		s->incidents[s->incident_count++] = copy;
}

int replay_incidents_begin(struct replay *r)
{
	r->session.incidents = calloc(REPLAY_INCIDENTS_MAX, sizeof(*r->session.incidents));
	if (!r->session.incidents)
		return -ENOMEM;
	r->credit = ROWS_FIRST;
	r->session.also = hear;
	r->session.also_data = r;
	return 0;
}

static void look(struct replay *r, when_t now)
{
	const struct incidents_policy policy = {.quiet = QUIET_NS, .first_id = 1};
	when_t next;

	if (!r->incidents && r->windows)
		incidents_new(&r->incidents, r->windows, &policy, keep, r);
	if (!r->incidents)
		return;
	r->looking = now;
	traffic_tell(r->traffic, now, hear, r);
	replay_ask(r, r->windows);
	incidents_look(r->incidents, now);
	next = incidents_next(r->incidents);
	r->next_look = next > now ? next : now + 1;
}

static bool afford(struct replay *r)
{
	const size_t rows = traffic_rows(r->traffic);

	if (r->credit < rows)
		return false;
	r->credit -= rows;
	return true;
}

void replay_incidents_until(struct replay *r, when_t now)
{
	for (int i = 0; i < LOOKS_BETWEEN && r->incidents && r->next_look < now && afford(r); i++)
		look(r, r->next_look);
}

void replay_incidents_heard(struct replay *r, when_t now)
{
	r->credit += ROWS_EACH;
	if (now < r->last_look + LOOK_NS || !afford(r))
		return;
	look(r, now);
	r->last_look = now;
}

void replay_incidents_end(struct replay *r)
{
	if (r->last)
		look(r, r->last);
	if (r->incidents_left_out)
		text_complain("%" PRIu64 " more incidents are left out: there is room for %d",
			      r->incidents_left_out, REPLAY_INCIDENTS_MAX);
}

void replay_incidents_free(struct replay *r)
{
	struct session *s = &r->session;

	for (size_t i = 0; i < s->incident_count; i++)
		free(s->incidents[i]);
	free(s->incidents);
	s->incidents = NULL;
	s->incident_count = 0;
	incidents_free(&r->incidents);
	engine_free(&r->windows);
}
