// SPDX-License-Identifier: GPL-2.0-only
/* Names kept current. */
#include "cmd/watch_names.h"

#include "cmd/session_parts.h"
#include "cmd/text.h"
#include "io/resolver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SECOND 1000000000ULL

/* Asked in one go: a thousand names are spread over some seconds. */
#define ASKED_AT_ONCE 128

static const char *via_word(enum resolver_question kind)
{
	return kind == RESOLVE_MX ? "mx " : kind == RESOLVE_SRV ? "srv " : NULL;
}

/* Does an answer belong to this question? Targets say by which question they were found. */
static bool belongs(const struct question *q, const char *name, const char *via)
{
	const char *word = via_word(q->kind);

	if (!word)
		return !via && strcasecmp(name, q->name) == 0;
	if (!via)
		return strcasecmp(name, q->name) == 0;
	return strncmp(via, word, strlen(word)) == 0 &&
	       strcasecmp(via + strlen(word), q->name) == 0;
}

static void forget_name(struct session *s, const struct published_name *n, when_t now)
{
	struct input in = {.kind = INPUT_NAME, .now = now, .name = {.name = n->name, .gone = true}};

	session_hear(s, &in);
}

/* Targets that the last answer did not name any more: another round has passed without them. */
static void forget_targets(struct session *s, const struct watched_name *w, when_t before,
			   when_t now)
{
	const struct published_name *n;

	for (size_t i = 0; (n = published_name(s->engine->published, i));) {
		if (n->via && belongs(&w->question, n->name, n->via) && n->answered &&
		    n->answered < before)
			forget_name(s, n, now);
		else
			i++;
	}
}

static struct watched_name *find(const struct watch_names *w, const struct question *q)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->names[i].question.kind == q->kind &&
		    strcasecmp(w->names[i].question.name, q->name) == 0)
			return &w->names[i];
	return NULL;
}

bool watch_names_has(const struct watch_names *w, const char *name)
{
	for (size_t i = 0; i < w->count; i++)
		if (strcasecmp(w->names[i].question.name, name) == 0)
			return true;
	return false;
}

static bool is_asked_for(const struct watch_names *w, const struct published_name *n)
{
	if (n->via && strcmp(n->via, "ptr") == 0)
		return true;
	for (size_t i = 0; i < w->count; i++)
		if (belongs(&w->names[i].question, n->name, n->via))
			return true;
	return false;
}

int watch_names_set(struct watch_names *w, struct session *s, const struct config *c)
{
	const struct options *o = &c->options;
	struct watched_name *names = calloc(o->question_count + 1, sizeof(*names));
	const struct published_name *n;

	if (!names)
		return -ENOMEM;
	for (size_t i = 0; i < o->question_count; i++) {
		const struct watched_name *old = find(w, &o->questions[i]);

		if (old)
			names[i] = *old;
		names[i].question = o->questions[i];
	}
	free(w->names);
	w->names = names;
	w->count = o->question_count;
	w->refresh = c->refresh;
	for (size_t i = 0; (n = published_name(s->engine->published, i));) {
		if (is_asked_for(w, n))
			i++;
		else
			forget_name(s, n, session_now());
	}
	return 0;
}

void watch_names_free(struct watch_names *w)
{
	free(w->names);
	*w = (struct watch_names){0};
}

static uint64_t clamp(uint64_t n, uint64_t least, uint64_t most)
{
	return n < least ? least : n > most ? most : n;
}

/* Up to a sixteenth sooner, so that names that began together do not stay together. */
static when_t spread(const struct watch_names *w, size_t i, uint64_t seconds)
{
	uint64_t pause = seconds * SECOND;

	return pause - pause / 16 * (i % 16) / (w->count < 16 ? 16 : 15);
}

/* By the TTL; while nobody answers twice as late each time. */
static void set_next(struct watch_names *w, size_t i)
{
	struct watched_name *n = &w->names[i];
	uint64_t seconds = n->ttl ? n->ttl : w->refresh;

	if (n->failures)
		seconds = (uint64_t)CONFIG_REFRESH_MIN << (n->failures < 10 ? n->failures - 1 : 9);
	seconds = clamp(seconds, CONFIG_REFRESH_MIN, w->refresh);
	n->next = n->asked + spread(w, i, seconds);
}

void watch_names_ask(struct watch_names *w, struct session *s, when_t now)
{
	struct failure failure;
	unsigned left = ASKED_AT_ONCE;

	for (size_t i = 0; i < w->count && left && !s->options->no_dns; i++) {
		struct watched_name *n = &w->names[i];
		when_t before = n->asked;

		if (n->next > now && n->asked <= now) /* not if the clock was set back */
			continue;
		if (session_open_resolver(s, &failure) < 0 ||
		    resolver_ask(s->resolver, n->question.kind, n->question.name, &failure) < 0) {
			text_complain("%s", failure.text);
			n->next = now + CONFIG_REFRESH_MIN * SECOND;
			continue;
		}
		left--;
		n->asked = now;
		if (n->answered >= before && before)
			forget_targets(s, n, before, now);
		n->waiting = true;
		set_next(w, i);
	}
}

void watch_names_hear(struct watch_names *w, const struct input *in)
{
	const struct input_name *name = &in->name;
	bool failed = name->status > NAME_NXDOMAIN;

	for (size_t i = 0; in->kind == INPUT_NAME && !name->gone && i < w->count; i++) {
		struct watched_name *n = &w->names[i];

		if (!belongs(&n->question, name->name, name->via))
			continue;
		if (failed) {
			n->failures += n->waiting;
		} else {
			n->answered = in->now;
			n->failures = 0;
			n->ttl = 0;
		}
		for (size_t k = 0; k < name->count && !failed; k++)
			if (!n->ttl || name->records[k].ttl < n->ttl)
				n->ttl = name->records[k].ttl ? name->records[k].ttl : 1;
		n->waiting = false;
		set_next(w, i);
	}
}

when_t watch_names_next(const struct watch_names *w)
{
	when_t next = 0;

	for (size_t i = 0; i < w->count; i++)
		if (!next || w->names[i].next < next)
			next = w->names[i].next;
	return next;
}
