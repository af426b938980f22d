// SPDX-License-Identifier: GPL-2.0-only
/* What a terminal is shown while a capture runs. */
#include "cmd/live.h"

#include "base/address.h"
#include "cmd/report.h"
#include "cmd/text.h"
#include "core/explain.h"

#include <stdlib.h>
#include <unistd.h>

/* Findings that are said one by one; the report has the others. */
#define LIVE_SAID_MAX 1024

/* A second between two looks at everything, and at least so many times what the last one took. */
#define LIVE_PAUSE 1000000
#define LIVE_PAUSE_FACTOR 10

/* So that a line takes the place of the progress, which has no end of line. */
#define CLEAR "\r\033[K"

struct live {
	struct session *session;
	sd_event_source *source;
	const struct addr *only; /* NULL: everything was looked at */
	struct said {
		struct addr address;
		uint32_t ifindex;
		enum verdict verdict;
	} said[LIVE_SAID_MAX];
	size_t count;
};

static bool was_said(const struct live *l, const struct finding *f)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->said[i].ifindex == f->ifindex &&
		    l->said[i].verdict == f->judgement.verdict &&
		    address_equal(&l->said[i].address, &f->address))
			return true;
	return false;
}

static bool is_news(void *data, const struct finding *f)
{
	const struct live *l = data;

	return f->judgement.severity > SEVERITY_OK && report_wants(l->session->options, f) &&
	       (!l->only || address_equal(l->only, &f->address)) && !was_said(l, f);
}

static void say(void *data, const struct finding *f)
{
	struct live *l = data;
	struct explanation x;
	char safe[4096];

	if (l->count == LIVE_SAID_MAX)
		return;
	explain(f, &x);
	fprintf(stderr, CLEAR "%s%s%s: %s\n", text_colour(stderr, f->judgement.severity),
		verdict_name(f->judgement.verdict), text_plain(stderr),
		text_escape(x.sentence, safe, sizeof(safe)));
	l->said[l->count++] = (struct said){f->address, f->ifindex, f->judgement.verdict};
	if (l->count == LIVE_SAID_MAX)
		fprintf(stderr, CLEAR "more findings will be in the report\n");
}

static void show_progress(const struct live *l)
{
	const struct session *s = l->session;
	struct counters c = report_counters(s);
	double done = (double)(session_now() - s->attached) / 1e9;

	fprintf(stderr, CLEAR "%.0f of %.0f s: %llu frames, %llu SYNs", done,
		(double)s->options->duration / 1e6, c.frames, c.syns);
}

/* Lines of findings push the progress away. */
static void show_news(struct live *l, const struct addr *only)
{
	size_t before = l->count;

	l->only = only;
	judge_all(l->session->engine, session_now(), 0, is_news, say, l);
	if (l->count > before)
		show_progress(l);
}

/* Something was seen to be lost for certain: nothing is left to wait for. */
static void hear(void *data, const struct input *in)
{
	struct live *l = data;
	struct addr address;

	if (in->kind != INPUT_LOST)
		return;
	address = in->syn.event->dst;
	session_look_at(l->session, &address);
	show_news(l, &address);
}

static int on_tick(sd_event_source *source, uint64_t usec, void *data)
{
	struct live *l = data;
	when_t began = session_now();
	uint64_t took, pause = LIVE_PAUSE;

	session_look(l->session);
	show_progress(l);
	show_news(l, NULL);
	took = (session_now() - began) / 1000;
	if (took * LIVE_PAUSE_FACTOR > pause)
		pause = took * LIVE_PAUSE_FACTOR;
	sd_event_source_set_time_relative(source, pause);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

struct live *live_begin(struct session *s)
{
	struct live *l;

	if (s->options->json || !isatty(STDOUT_FILENO) || !isatty(STDERR_FILENO))
		return NULL;
	l = calloc(1, sizeof(*l));
	if (!l)
		return NULL;
	l->session = s;
	s->also = hear;
	s->also_data = l;
	sd_event_add_time_relative(s->loop, &l->source, CLOCK_MONOTONIC, LIVE_PAUSE, 0, on_tick, l);
	return l;
}

void live_end(struct live **live)
{
	struct live *l = *live;

	if (!l)
		return;
	l->session->also = NULL;
	sd_event_source_disable_unref(l->source);
	fprintf(stderr, CLEAR);
	free(l);
	*live = NULL;
}
