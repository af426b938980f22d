// SPDX-License-Identifier: GPL-2.0-only
/* What Alertmanagers still have to be told, and when. */
#include "core/outbox.h"

#include "base/cleanup.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct entry {
	uint64_t id;
	char *labels, *annotations, *starts;
	char *ends;	  /* NULL while it lasts */
	unsigned version; /* from 1 on */
	unsigned urgent;  /* the last version that is not to wait to be repeated */
	unsigned sent[OUTBOX_RECEIVERS_MAX]; /* the version that each was told last ... */
	unsigned told[OUTBOX_RECEIVERS_MAX]; /* ... and the one that it has taken */
};

struct receiver {
	uint64_t next;	  /* to repeat, or to try again */
	uint64_t backoff; /* 0: the last attempt succeeded */
	bool busy;
};

/* Entries are in the order of time, so that one that ended is told before the one that came after
 * it. */
struct outbox {
	struct receiver receivers[OUTBOX_RECEIVERS_MAX];
	size_t receiver_count;
	struct entry entries[OUTBOX_ALERTS_MAX];
	size_t count;
	uint64_t dropped;
};

/* ---- entries */

static void clear(struct entry *e)
{
	free(e->labels);
	free(e->annotations);
	free(e->starts);
	free(e->ends);
	*e = (struct entry){0};
}

static void remove_at(struct outbox *o, size_t i)
{
	clear(&o->entries[i]);
	memmove(&o->entries[i], &o->entries[i + 1], (o->count - i - 1) * sizeof(*o->entries));
	o->entries[--o->count] = (struct entry){0};
}

static bool is_owed(const struct outbox *o, const struct entry *e, size_t receiver)
{
	return e->told[receiver] != e->version;
}

/* An alert that has ended and of which all have heard is nobody's business any more. */
static void forget_told(struct outbox *o)
{
	for (size_t i = 0; i < o->count;) {
		bool owed = !o->entries[i].ends;

		for (size_t r = 0; r < o->receiver_count; r++)
			owed |= is_owed(o, &o->entries[i], r);
		if (owed)
			i++;
		else
			remove_at(o, i);
	}
}

/* Copies the texts, all or none of them. */
static int fill(struct entry *e, const struct alert *a)
{
	autofree char *labels = strdup(a->labels), *annotations = strdup(a->annotations);
	autofree char *starts = strdup(a->starts), *ends = a->over ? strdup(a->changed) : NULL;

	if (!labels || !annotations || !starts || (a->over && !ends))
		return -ENOMEM;
	free(e->labels);
	free(e->annotations);
	free(e->starts);
	free(e->ends);
	e->labels = take_ptr(labels);
	e->annotations = take_ptr(annotations);
	e->starts = take_ptr(starts);
	e->ends = take_ptr(ends);
	e->id = a->id;
	return 0;
}

/* ---- what changes */

/* The alert under labels that its incident has no more. */
static void end_others(struct outbox *o, const struct alert *a)
{
	for (size_t i = 0; i < o->count; i++) {
		struct entry *e = &o->entries[i];

		if (e->id != a->id || e->ends || strcmp(e->labels, a->labels) == 0)
			continue;
		e->ends = strdup(a->changed);
		e->urgent = ++e->version;
	}
}

static struct entry *find(struct outbox *o, const struct alert *a)
{
	for (size_t i = 0; i < o->count; i++)
		if (strcmp(o->entries[i].labels, a->labels) == 0)
			return &o->entries[i];
	return NULL;
}

static struct entry *add(struct outbox *o)
{
	for (size_t i = 0; o->count == OUTBOX_ALERTS_MAX && i < o->count; i++) {
		if (!o->entries[i].ends)
			continue;
		o->dropped++;
		remove_at(o, i);
	}
	return o->count < OUTBOX_ALERTS_MAX ? &o->entries[o->count] : NULL;
}

static void hurry(struct outbox *o, uint64_t now)
{
	for (size_t r = 0; r < o->receiver_count; r++)
		if (!o->receivers[r].backoff)
			o->receivers[r].next = now;
}

int outbox_put(struct outbox *o, const struct alert *a, bool urgent, uint64_t now)
{
	struct entry *e = find(o, a);
	bool fresh = !e;
	int r;

	end_others(o, a);
	e = e ? e : add(o);
	r = e ? fill(e, a) : -ENOBUFS;
	if (r < 0) {
		o->dropped++;
		return r;
	}
	o->count += fresh;
	e->version++;
	if (urgent) {
		e->urgent = e->version;
		hurry(o, now);
	}
	return 0;
}

void outbox_adopt(struct outbox *o, const struct outbox *other, uint64_t now)
{
	for (size_t i = 0; i < other->count; i++) {
		const struct entry *e = &other->entries[i];

		outbox_put(o,
			   &(struct alert){.id = e->id,
					   .labels = e->labels,
					   .annotations = e->annotations,
					   .starts = e->starts,
					   .changed = e->ends,
					   .over = e->ends != NULL},
			   true, now);
	}
	o->dropped += other->dropped;
}

/* ---- what is told */

uint64_t outbox_next(const struct outbox *o, size_t receiver)
{
	const struct receiver *r = &o->receivers[receiver];

	return r->busy || !o->count ? UINT64_MAX : r->next;
}

char *outbox_write(struct outbox *o, size_t receiver)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	bool first = true;

	if (!out)
		return NULL;
	fputs("[", out);
	for (size_t i = 0; i < o->count; i++) {
		struct entry *e = &o->entries[i];

		e->sent[receiver] = e->version;
		if (e->ends && !is_owed(o, e, receiver))
			continue;
		fprintf(out, "%s{\"labels\":%s,\"annotations\":%s,\"startsAt\":\"%s\"",
			first ? "" : ",\n", e->labels, e->annotations, e->starts);
		if (e->ends)
			fprintf(out, ",\"endsAt\":\"%s\"", e->ends);
		fputs("}", out);
		first = false;
	}
	fputs("]\n", out);
	o->receivers[receiver].busy = true;
	return fclose(out) == 0 ? text : NULL;
}

static void back_off(struct receiver *r, uint64_t now)
{
	r->backoff = r->backoff ? 2 * r->backoff : OUTBOX_BACKOFF_MIN;
	if (r->backoff > OUTBOX_BACKOFF_MAX)
		r->backoff = OUTBOX_BACKOFF_MAX;
	r->next = now + r->backoff;
}

void outbox_done(struct outbox *o, size_t receiver, bool told, uint64_t now)
{
	struct receiver *r = &o->receivers[receiver];

	r->busy = false;
	if (!told) {
		back_off(r, now);
		return;
	}
	r->backoff = 0;
	r->next = now + OUTBOX_INTERVAL;
	for (size_t i = 0; i < o->count; i++) {
		struct entry *e = &o->entries[i];

		e->told[receiver] = e->sent[receiver];
		if (e->urgent > e->told[receiver]) /* it has changed meanwhile */
			r->next = now;
	}
	forget_told(o);
}

/* ---- the end */

/* Other than to repeat what it knows. */
static bool has_news(const struct outbox *o, size_t receiver)
{
	for (size_t i = 0; i < o->count; i++)
		if (o->entries[i].urgent > o->entries[i].told[receiver])
			return true;
	return false;
}

void outbox_hurry(struct outbox *o, uint64_t now)
{
	for (size_t r = 0; r < o->receiver_count; r++) {
		if (o->receivers[r].busy || !has_news(o, r))
			continue;
		o->receivers[r].backoff = 0;
		o->receivers[r].next = now;
	}
}

bool outbox_is_owing(const struct outbox *o)
{
	for (size_t r = 0; r < o->receiver_count; r++)
		if (!o->receivers[r].backoff && has_news(o, r))
			return true;
	return false;
}

/* ---- */

int outbox_new(struct outbox **ret_outbox, size_t receivers)
{
	struct outbox *o = calloc(1, sizeof(*o));

	if (!o)
		return -ENOMEM;
	o->receiver_count = receivers < OUTBOX_RECEIVERS_MAX ? receivers : OUTBOX_RECEIVERS_MAX;
	*ret_outbox = o;
	return 0;
}

void outbox_free(struct outbox **outbox)
{
	struct outbox *o = *outbox;

	if (!o)
		return;
	while (o->count)
		clear(&o->entries[--o->count]);
	free(o);
	*outbox = NULL;
}

uint64_t outbox_dropped(const struct outbox *o)
{
	return o->dropped;
}
