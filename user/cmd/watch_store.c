// SPDX-License-Identifier: GPL-2.0-only
/* The daemon's memory on disk. */
#include "cmd/watch_store.h"

#include "base/cleanup.h"
#include "cmd/host_json.h"
#include "cmd/incident_json.h"
#include "cmd/stored.h"
#include "cmd/text.h"
#include "core/counts_saved.h"
#include "io/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND 1000000000ULL
#define DAY (86400 * SECOND)

/* What is only counted waits so long to be written, and a store that fails to be tried again. */
#define FLUSH_NS (10 * SECOND)
#define RETRY_NS (2 * SECOND)
#define TRIM_NS (60 * SECOND)

/* Incidents that wait while the disk fails: as many as may be open, and as many that have closed.
 */
#define WAITING_MAX (2 * INCIDENTS_MAX)

/* One incident's newest state, and what the host was like. */
struct waiting {
	uint64_t id;
	struct store_row *row;
	char *state[2]; /* by enum store_phase; NULL: not to be written */
};

/* What has been counted of an incident in the store's minutes. */
struct counted {
	uint64_t id, syns, answers;
	bool closed; /* it may be opened again, but its place is free for others */
};

struct watch_store {
	struct store *store; /* NULL: none is wanted */
	const struct session *session;
	struct waiting waiting[WAITING_MAX];
	size_t waiting_count;
	struct counted counted[INCIDENTS_MAX];
	when_t flushed, trimmed;
	struct failure failure; /* "": it works */
	uint64_t errors;
	const char *evidence; /* the directory of packets, NULL: none are kept */
	bool renewed;	      /* a new file has begun: it knows of no incident */
	bool urgent;	      /* what waits has news in it */
};

/* Says that it fails once, and once that it is over. */
static int note(struct watch_store *s, int r, const struct failure *why)
{
	const char *news = store_news(s->store);

	if (news)
		text_complain("%s", news);
	s->renewed |= news != NULL;
	if (r < 0) {
		s->errors++;
		if (!s->failure.text[0])
			text_complain("%s; incidents are kept in memory until they can be written",
				      why->text);
		s->failure = *why;
	} else if (s->failure.text[0]) {
		s->failure.text[0] = '\0';
		text_say("incidents can be written again");
	}
	return r;
}

int watch_store_new(struct watch_store **ret_store, const struct config *c,
		    const struct session *session, const char *evidence)
{
	const struct store_settings settings = {.path = c->store, .keep = c->keep * DAY};
	cleanup(watch_store_free) struct watch_store *s = calloc(1, sizeof(*s));
	struct failure why;

	if (!s || (*c->store && store_new(&s->store, &settings) < 0))
		return -ENOMEM;
	s->session = session;
	s->evidence = evidence;
	if (s->store)
		note(s, store_ready(s->store, &why), &why);
	*ret_store = take_ptr(s);
	return 0;
}

static void drop_waiting(struct watch_store *s, size_t i)
{
	free(s->waiting[i].row);
	free(s->waiting[i].state[STORE_OPENING]);
	free(s->waiting[i].state[STORE_CLOSE]);
	s->waiting[i] = s->waiting[--s->waiting_count];
}

void watch_store_free(struct watch_store **store)
{
	if (!*store)
		return;
	while ((*store)->waiting_count)
		drop_waiting(*store, 0);
	store_close(&(*store)->store);
	free(*store);
	*store = NULL;
}

static bool restore_row(void *data, const struct store_row *row)
{
	static struct incident incident;
	struct incidents *incidents = data;

	return incident_from_document(row->document, &incident) < 0 ||
	       incidents_restore(incidents, &incident) == 0;
}

static struct counted *counted_of(struct watch_store *s, uint64_t id)
{
	for (size_t i = 0; i < INCIDENTS_MAX; i++)
		if (s->counted[i].id == id)
			return &s->counted[i];
	for (size_t i = 0; i < INCIDENTS_MAX; i++)
		if (!s->counted[i].id)
			return &s->counted[i];
	for (size_t i = 0; i < INCIDENTS_MAX; i++)
		if (s->counted[i].closed)
			return &s->counted[i];
	return NULL;
}

static struct counted counted_now(const struct incident *in)
{
	return (struct counted){in->id, in->tally.syns, in->tally.answers, in->closed};
}

/* What an incident has counted so far is in the minutes of before. */
static void begin_minutes(struct watch_store *s, const struct incidents *incidents)
{
	const struct incident *in;

	for (size_t i = 0; (in = incidents_at(incidents, i)); i++) {
		struct counted *c = counted_of(s, in->id);

		if (c && c->id != in->id)
			*c = counted_now(in);
	}
}

void watch_store_restore(struct watch_store *s, struct incidents *incidents, when_t now,
			 uint64_t quiet)
{
	struct store_filter recent = {
		.since = now > quiet ? now - quiet : 1, .limit = INCIDENTS_MAX, .open_first = true};
	struct failure why;

	if (s->store)
		note(s, store_list(s->store, &recent, restore_row, incidents, &why), &why);
	begin_minutes(s, incidents);
}

uint64_t watch_store_next_id(struct watch_store *s, when_t now)
{
	struct failure why;
	uint64_t id = 1;

	/* While the store cannot say which numbers were used, the time is one that was not. */
	if (s->store && note(s, store_next_id(s->store, &id, &why), &why) < 0)
		id = now / SECOND;
	return id;
}

/* The place where this incident waits already, or a free one; NULL: no room. */
static struct waiting *place_of(struct watch_store *s, uint64_t id)
{
	for (size_t i = 0; i < s->waiting_count; i++)
		if (s->waiting[i].id == id)
			return &s->waiting[i];
	if (s->waiting_count == WAITING_MAX)
		return NULL;
	s->waiting[s->waiting_count] = (struct waiting){.id = id};
	return &s->waiting[s->waiting_count++];
}

static bool keep(struct watch_store *s, const struct incident *in)
{
	autofree struct store_row *row = stored_row(in);
	struct waiting *w = row ? place_of(s, in->id) : NULL;

	if (!w) {
		s->errors++;
		return false;
	}
	free(w->row);
	w->row = take_ptr(row);
	return true;
}

/* What the host was like when it began, and when it ended for the last time. */
static void keep_state(struct watch_store *s, const struct incident *in,
		       enum incident_change change)
{
	enum store_phase phase = change == INCIDENT_CLOSED ? STORE_CLOSE : STORE_OPENING;
	struct waiting *w;
	json_t *host;

	if (change != INCIDENT_CLOSED && (change != INCIDENT_OPENED || in->reopened))
		return;
	w = place_of(s, in->id);
	if (!w)
		return;
	host = host_json(s->session, HOST_JSON_RECORD);
	free(w->state[phase]);
	w->state[phase] = json_dumps(host, JSON_COMPACT);
	json_decref(host);
	/* With thousands of names: the store would refuse it each time anew. */
	if (w->state[phase] && strlen(w->state[phase]) > STORE_DOCUMENT_MAX)
		free(take_ptr(w->state[phase]));
}

/* One whose place was given to another begins to count anew. */
static void count(struct watch_store *s, const struct incident *in, enum incident_change change,
		  when_t now)
{
	struct counted *c = counted_of(s, in->id);
	struct store_minute minute = {.id = in->id, .at = now};

	if (!c)
		return;
	if (c->id != in->id && (change != INCIDENT_OPENED || in->reopened))
		*c = counted_now(in);
	else if (c->id != in->id)
		*c = (struct counted){0};
	minute.syns = in->tally.syns - c->syns;
	minute.answers = in->tally.answers - c->answers;
	*c = counted_now(in);
	if ((minute.syns || minute.answers) && store_count(s->store, &minute) < 0)
		s->errors++;
}

static int put(struct watch_store *s, const struct waiting *w, struct failure *why)
{
	int r = store_put(s->store, w->row, why);

	for (int phase = 0; r == 0 && phase < 2; phase++)
		if (w->state[phase])
			r = store_put_state(s->store, w->id, (enum store_phase)phase,
					    w->state[phase], why);
	return r;
}

#define COUNTS_KEY "counts"

static int put_counts(struct watch_store *s, struct failure *why)
{
	size_t size = 0;
	autofree void *counts = counts_save(&s->session->engine->counts,
					    probe_generation(s->session->probe), &size);

	return counts ? store_put_value(s->store, COUNTS_KEY, counts, size, why) : 0;
}

void watch_store_restore_counts(struct watch_store *s)
{
	autofree void *counts = NULL;
	struct failure ignored; /* nothing was kept, then */
	size_t size;

	if (s->store && probe_adopted(s->session->probe) &&
	    store_get_value(s->store, COUNTS_KEY, &counts, &size, &ignored) == 0)
		counts_restore(&s->session->engine->counts, probe_generation(s->session->probe),
			       counts, size);
}

static int put_all(void *data, struct failure *why)
{
	struct watch_store *s = data;
	int r = put_counts(s, why);

	if (r == 0 && s->evidence)
		r = stored_put_evidence(s->store, s->evidence, why);
	for (size_t i = 0; r == 0 && i < s->waiting_count; i++)
		r = put(s, &s->waiting[i], why);
	return r;
}

/* The counts together with the incidents, which hold what was counted up to these: whoever comes
 * after us, whenever we end, counts on where both ended. */
void watch_store_flush(struct watch_store *s)
{
	struct failure why;

	if (!s->store || note(s, store_round(s->store, put_all, s, &why), &why) < 0)
		return;
	while (s->waiting_count)
		drop_waiting(s, 0);
}

void watch_store_tell(struct watch_store *s, const struct incident *in, enum incident_change change,
		      when_t now)
{
	if (!s->store)
		return;
	count(s, in, change, now);
	if (!keep(s, in))
		return;
	keep_state(s, in, change);
	/* Not yet: of what this look has counted, other incidents may still be to be told. */
	s->urgent |= change != INCIDENT_EXTENDED && !s->failure.text[0];
}

void watch_store_keep_all(struct watch_store *s, const struct incidents *incidents)
{
	const struct incident *in;

	for (size_t i = 0; s->store && (in = incidents_at(incidents, i)); i++)
		keep(s, in);
	begin_minutes(s, incidents);
	s->renewed = false;
}

void watch_store_tick(struct watch_store *s, const struct incidents *incidents, when_t now)
{
	uint64_t pause = s->failure.text[0] ? RETRY_NS : FLUSH_NS;
	bool due = now < s->flushed || now >= s->flushed + pause; /* or the clock was set back */
	struct failure why;

	if (!s->store || (!due && !s->urgent))
		return;
	s->urgent = false;
	if (s->renewed)
		watch_store_keep_all(s, incidents);
	watch_store_flush(s);
	s->flushed = now;
	if (now < s->trimmed + TRIM_NS || s->failure.text[0])
		return;
	note(s, store_trim(s->store, now, &why), &why);
	s->trimmed = now;
}

const char *watch_store_ails(const struct watch_store *s)
{
	return s->failure.text[0] ? s->failure.text : NULL;
}

uint64_t watch_store_errors(const struct watch_store *s)
{
	return s->errors;
}
