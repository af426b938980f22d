// SPDX-License-Identifier: GPL-2.0-only
/* The scales of a picture. */
#include "cmd/page_scale.h"

#include <string.h>

#define MINUTE 60000000000ULL

/* No count is that large; sums of these cannot overflow. */
#define COUNT_MAX (1ULL << 50)

/* Minutes that make round times. */
static const uint64_t round_minutes[] = {1,   2,   5,	 10,   15,    30,    60,    120,    180,
					 360, 720, 1440, 2880, 10080, 20160, 43200, 129600, 525600};

#define ROUNDS (sizeof(round_minutes) / sizeof(*round_minutes))

/* The shortest round time of which `span` has at most `most`. */
static uint64_t round_step(uint64_t span, uint64_t most)
{
	uint64_t step;

	for (size_t i = 0; i < ROUNDS; i++)
		if (span / (round_minutes[i] * MINUTE) < most)
			return round_minutes[i] * MINUTE;
	for (step = round_minutes[ROUNDS - 1] * MINUTE; span / step >= most; step *= 2)
		;
	return step;
}

uint64_t page_scale_round(uint64_t n)
{
	static const uint64_t heads[] = {1, 2, 4, 6, 8};
	uint64_t unit = 1;

	for (; unit <= COUNT_MAX; unit *= 10)
		for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
			if (heads[i] * unit >= n)
				return heads[i] * unit;
	return n;
}

static void stretch(struct page_scale *s, when_t at)
{
	s->from = at && at < s->from ? at : s->from;
	s->to = at > s->to ? at : s->to;
}

/* What was long before is not drawn to scale: the incident itself should be seen. */
static void find_ends(struct page_scale *s, const struct stored *stored, when_t now)
{
	const struct incident *in = &stored->incident;
	uint64_t span;

	s->from = in->opened;
	s->to = in->closed ? in->closed : now > in->opened ? now : in->opened;
	stretch(s, in->first);
	stretch(s, in->last);
	if (stored->minute_count) {
		stretch(s, stored->minutes[0].at);
		stretch(s, stored->minutes[stored->minute_count - 1].at + MINUTE);
	}
	span = s->to - s->from;
	for (size_t i = 0; i < in->event_count; i++)
		if (in->events[i].at + span / 4 + 10 * MINUTE > s->from &&
		    in->events[i].at < s->to + span / 4 + 10 * MINUTE)
			stretch(s, in->events[i].at);
	if (s->to < s->from + MINUTE)
		s->to = s->from + MINUTE;
}

static uint64_t sum(uint64_t a, uint64_t b)
{
	return a + b < COUNT_MAX && b < COUNT_MAX ? a + b : COUNT_MAX;
}

static void fill(struct page_scale *s, const struct stored *stored)
{
	for (size_t i = 0; i < stored->minute_count; i++) {
		const struct store_minute *m = &stored->minutes[i];
		uint64_t bar = m->at < s->from ? PAGE_BARS : (m->at - s->from) / s->step;

		if (bar >= s->bars)
			continue;
		s->syns[bar] = sum(s->syns[bar], m->syns);
		s->answers[bar] = sum(s->answers[bar], m->answers);
	}
	for (size_t i = 0; i < s->bars; i++) {
		s->most = s->syns[i] > s->most ? s->syns[i] : s->most;
		s->most = s->answers[i] > s->most ? s->answers[i] : s->most;
	}
}

void page_scale_make(struct page_scale *s, const struct stored *stored, when_t now)
{
	uint64_t tick;

	memset(s, 0, sizeof(*s));
	find_ends(s, stored, now);
	s->step = round_step(s->to - s->from, PAGE_BARS - 1);
	s->from -= s->from % s->step;
	s->bars = (s->to - s->from) / s->step + 1;
	s->to = s->from + s->bars * s->step;
	fill(s, stored);
	s->top = page_scale_round(s->most ? s->most : 1);
	tick = round_step(s->to - s->from, PAGE_TICKS);
	for (when_t t = s->from + tick - 1 - (s->from + tick - 1) % tick;
	     t <= s->to && s->tick_count < PAGE_TICKS; t += tick)
		s->ticks[s->tick_count++] = t;
}
