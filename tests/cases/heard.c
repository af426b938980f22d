// SPDX-License-Identifier: GPL-2.0-only
/* What a case's host hears: the words, and the look that a judgement begins with. */
#include "cases/heard.h"

#include "base/address.h"

#include <string.h>

/* A case begins at a round second long after the epoch, as captures do. */
#define START 1800000000000000000ULL

void heard_begin(struct heard *h)
{
	*h = (struct heard){.start = START, .now = START};
	h->policy.elsewhere = h->elsewhere;
	h->policy.aliases = h->aliases;
}

void heard_end(struct heard *h)
{
	incidents_free(&h->incidents);
	engine_free(&h->engine);
}

void heard_tell(struct heard *h, struct input in)
{
	if (!h->engine && engine_new(&h->engine, &h->policy) < 0)
		return;
	in.now = h->now;
	engine_feed(h->engine, &in);
}

bool heard_may_keep(struct line *l, size_t count)
{
	if (count >= HEARD_MAX)
		line_is_wrong(l, "a case holds no more than %d of these", HEARD_MAX);
	return line_is_good(l);
}

static void keep_policy(struct heard *h, struct line *l, size_t *count)
{
	if (h->engine)
		line_is_wrong(l, "this must stand before anything is heard");
	if (heard_may_keep(l, *count))
		++*count;
}

static void hear_elsewhere(struct heard *h, struct line *l)
{
	struct engine_prefix *p = &h->elsewhere[h->policy.elsewhere_count % HEARD_MAX];

	p->prefix = line_prefix(l, &p->len);
	keep_policy(h, l, &h->policy.elsewhere_count);
}

static void hear_alias(struct heard *h, struct line *l)
{
	struct engine_alias *a = &h->aliases[h->policy.alias_count % HEARD_MAX];

	a->outside = line_address(l, NULL);
	a->inside = line_address(l, "is");
	keep_policy(h, l, &h->policy.alias_count);
}

static void hear_at(struct heard *h, struct line *l)
{
	when_t now = h->start + line_seconds(l, NULL, 0);

	if (now < h->now)
		line_is_wrong(l, "time does not go back");
	if (line_is_good(l))
		h->now = now;
}

static void hear_limit(struct heard *h, struct line *l)
{
	h->limit = line_number(l, NULL, 0);
}

struct input_link heard_link(struct heard *h, struct line *l)
{
	const char *name = line_word(l, "on");

	for (size_t i = 0; i < h->link_count; i++)
		if (strcmp(h->links[i].name, name) == 0)
			return h->links[i];
	line_is_wrong(l, "there is no link \"%s\"", name);
	return (struct input_link){0};
}

static const struct {
	const char *word;
	hear_fn *hear;
} words[] = {
	{"elsewhere", hear_elsewhere}, {"alias", hear_alias},	      {"at", hear_at},
	{"limit", hear_limit},	       {"link", hear_link},	      {"address", hear_address},
	{"local", hear_local},	       {"broadcast", hear_broadcast}, {"default", hear_default},
	{"default6", hear_default6},   {"dump", hear_dump},	      {"listener", hear_listener},
	{"neighbour", hear_neighbour}, {"name", hear_name},	      {"authority", hear_authority},
	{"path", hear_path},	       {"return", hear_return},	      {"syns", hear_syns},
	{"foreign", hear_foreign},     {"answers", hear_answers},     {"hairpins", hear_hairpins},
	{"asked", hear_asked},	       {"drops", hear_drops},	      {"counts", hear_counts},
	{"client", hear_client},       {"scanner", hear_scanner},     {"loop", hear_loop},
	{"frame", hear_frame},	       {"watch", hear_watch},	      {"look", hear_look},
	{"told", hear_told},	       {"incident", hear_incident},   {"timeline", hear_timeline},
};

bool heard_line(struct heard *h, struct line *l)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!l->count || strcmp(words[i].word, l->words[0]) != 0)
			continue;
		line_next(l);
		words[i].hear(h, l);
		return true;
	}
	return false;
}

static void tell_counts(struct heard *h)
{
	heard_tell(h, (struct input){.kind = INPUT_COUNTS_BEGIN, .answers_watched = !h->unwatched});
	for (size_t i = 0; i < h->row_count; i++)
		heard_tell(h, (struct input){.kind = INPUT_COUNT, .count = h->rows[i]});
	heard_tell(h, (struct input){.kind = INPUT_COUNTS_END});
}

static void tell_listeners(struct heard *h)
{
	if (!h->listeners_told)
		return;
	heard_tell(h, (struct input){.kind = INPUT_LISTENERS_BEGIN});
	for (size_t i = 0; i < h->listener_count; i++)
		heard_tell(h, (struct input){.kind = INPUT_LISTENER, .listener = h->listeners[i]});
	heard_tell(h, (struct input){.kind = INPUT_LISTENERS_END});
}

static bool answers(const struct heard_answer *answer, const struct engine_question *q)
{
	const struct input *in = &answer->input;

	if (in->kind == INPUT_PATH)
		return address_equal(&in->path.dst, &q->dst) && in->path.ifindex == q->ifindex;
	return address_equal(&in->back.address, &q->dst) && address_equal(&in->back.peer, &q->src);
}

bool heard_look(struct heard *h)
{
	struct engine_question q;
	size_t cursor = 0;

	tell_counts(h);
	tell_listeners(h);
	while (h->engine && engine_question(h->engine, &cursor, &q)) {
		for (size_t i = 0; i < h->answer_count; i++) {
			if (!answers(&h->answers[i], &q))
				continue;
			h->answers[i].asked = true;
			heard_tell(h, h->answers[i].input);
		}
	}
	return h->engine;
}

const char *heard_unasked(const struct heard *h)
{
	for (size_t i = 0; i < h->answer_count; i++)
		if (!h->answers[i].asked)
			return h->answers[i].text;
	return NULL;
}
