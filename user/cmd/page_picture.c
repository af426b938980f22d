// SPDX-License-Identifier: GPL-2.0-only
/* The picture of an incident: SYNs and answers over time, with the events marked. */
#include "cmd/page.h"

#include "cmd/page_scale.h"
#include "cmd/story.h"
#include "cmd/text.h"

#include <inttypes.h>
#include <string.h>

/* In units of the picture, which is as wide as there is room. */
#define WIDTH 720.0
#define LEFT 46.0
#define RIGHT 22.0 /* half a time below the last tick */
#define PLOT 170.0
#define BELOW 40.0
#define MARK 20.0 /* a mark and its distance from the next */
#define MARK_ROWS 6

struct picture {
	FILE *out;
	const struct stored *stored;
	struct page_scale scale;
	int rows[INCIDENT_EVENTS_MAX]; /* of the marks, from above; -1: no room */
	int row_count;
	double top, bottom; /* of the plot */
};

static double x_of(const struct picture *p, when_t at)
{
	const struct page_scale *s = &p->scale;
	when_t t = at < s->from ? s->from : at > s->to ? s->to : at;

	return LEFT + (WIDTH - LEFT - RIGHT) * (double)(t - s->from) / (double)(s->to - s->from);
}

static double y_of(const struct picture *p, uint64_t count)
{
	return p->bottom - PLOT * (double)count / (double)p->scale.top;
}

/* Each mark in the first row where it does not touch the one before. */
static void place_marks(struct picture *p)
{
	const struct incident *in = &p->stored->incident;
	double ends[MARK_ROWS];

	for (int row = 0; row < MARK_ROWS; row++)
		ends[row] = 0;
	for (size_t i = 0; i < in->event_count; i++) {
		double x = x_of(p, in->events[i].at);

		p->rows[i] = -1;
		for (int row = 0; row < MARK_ROWS && p->rows[i] < 0; row++)
			if (ends[row] <= x - MARK / 2)
				p->rows[i] = row;
		if (p->rows[i] < 0)
			continue;
		ends[p->rows[i]] = x + MARK / 2;
		p->row_count = p->rows[i] >= p->row_count ? p->rows[i] + 1 : p->row_count;
	}
}

/* What a mark looks like does not depend on colours alone. */
static const char *mark_of(enum timeline_kind kind)
{
	switch (kind) {
	case TIMELINE_OPENED:
	case TIMELINE_REOPENED:
	case TIMELINE_ADDRESS_REMOVED:
	case TIMELINE_ADDRESS_UNUSABLE:
	case TIMELINE_ROUTE_LOST:
		return "fault";
	case TIMELINE_CLOSED:
	case TIMELINE_ADDRESS_ADDED:
	case TIMELINE_ROUTE_ADDED:
	case TIMELINE_ANSWERED:
		return "mend";
	default:
		return "fact";
	}
}

static void draw_shape(const struct picture *p, const char *mark, double x, double y)
{
	const double r = MARK / 2 - 1.5;

	if (strcmp(mark, "mend") == 0)
		fprintf(p->out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
			x - r, y - r, 2 * r, 2 * r);
	else if (strcmp(mark, "fault") == 0)
		fprintf(p->out, "<path d=\"M%.1f %.1fL%.1f %.1fH%.1fZ\"/>", x, y - r - 3, x + r + 2,
			y + r, x - r - 2);
	else
		fprintf(p->out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>", x, y, r);
}

static void draw_mark(const struct picture *p, size_t i)
{
	const struct incident_event *e = &p->stored->incident.events[i];
	const double x = x_of(p, e->at), y = MARK * (p->rows[i] + 0.5) + 3;
	const char *mark = mark_of(e->kind);
	char clock[TEXT_TIME];

	fprintf(p->out, "<g class=\"mark %s\"><title>", mark);
	page_say(p->out, "%zu: %s UTC, %s: %s", i + 1, text_clock(e->at, clock),
		 story_event_words(e->kind), e->text);
	fprintf(p->out, "</title><path class=\"line\" d=\"M%.1f %.1fV%.1f\"/>", x, y, p->bottom);
	draw_shape(p, mark, x, y);
	fprintf(p->out, "<text x=\"%.1f\" y=\"%.1f\">%zu</text></g>\n", x, y + 4, i + 1);
}

/* "1500", "20k". */
static const char *format_count(uint64_t n, char text[static SHEET_TEXT])
{
	static const char units[] = " kMGTP";
	size_t unit = 0;
	double d = (double)n;

	for (; d >= 10000 && units[unit + 1]; unit++)
		d /= 1000;
	return unit ? sheet_format(text, "%.4g%c", d, units[unit])
		    : sheet_format(text, "%" PRIu64, n);
}

static void draw_counts_axis(const struct picture *p)
{
	const uint64_t top = p->scale.top;
	char text[SHEET_TEXT];

	for (uint64_t i = 0; i <= 2; i++) {
		uint64_t n = top * i / 2;

		if (i == 1 && top % 2)
			continue;
		fprintf(p->out,
			"<path class=\"grid\" d=\"M%.1f %.1fH%.1f\"/>"
			"<text class=\"count\" x=\"%.1f\" y=\"%.1f\">%s</text>\n",
			LEFT, y_of(p, n), WIDTH - RIGHT, LEFT - 6, y_of(p, n) + 4,
			format_count(n, text));
	}
}

static void draw_time_axis(const struct picture *p)
{
	const struct page_scale *s = &p->scale;
	const bool days = s->to - s->from > 36 * 3600 * 1000000000ULL;
	char clock[TEXT_TIME];

	for (size_t i = 0; i < s->tick_count; i++) {
		double x = x_of(p, s->ticks[i]);

		text_clock(s->ticks[i], clock);
		fprintf(p->out,
			"<path class=\"tick\" d=\"M%.1f %.1fv5\"/>"
			"<text class=\"time\" x=\"%.1f\" y=\"%.1f\">%.5s</text>\n",
			x, p->bottom, x, p->bottom + 19, clock + (days ? 5 : 11));
	}
	fprintf(p->out, "<text class=\"time\" x=\"%.1f\" y=\"%.1f\">%s, UTC; from ", WIDTH / 2,
		p->bottom + 36, days ? "month-day" : "hour:minute");
	fprintf(p->out, "%.16s</text>\n", text_clock(s->from, clock));
}

static void draw_syns(const struct picture *p)
{
	const struct page_scale *s = &p->scale;
	const double width = (WIDTH - LEFT - RIGHT) / (double)s->bars;
	const double gap = width > 3 ? 1 : 0;

	fputs("<path class=\"syns\" d=\"", p->out);
	for (size_t i = 0; i < s->bars; i++)
		if (s->syns[i])
			fprintf(p->out, "M%.1f %.1fV%.1fh%.1fV%.1fZ",
				LEFT + width * (double)i + gap / 2, p->bottom, y_of(p, s->syns[i]),
				width - gap, p->bottom);
	fputs("\"/>\n", p->out);
}

/* A line from bar to bar, with a dot where any answer was. */
static void draw_answers(const struct picture *p)
{
	const struct page_scale *s = &p->scale;
	const double width = (WIDTH - LEFT - RIGHT) / (double)s->bars;
	bool any = false;

	for (size_t i = 0; i < s->bars; i++)
		any |= s->answers[i] > 0;
	if (!any)
		return;
	fputs("<path class=\"answers\" d=\"", p->out);
	for (size_t i = 0; i < s->bars; i++)
		fprintf(p->out, "%c%.1f %.1f", i ? 'L' : 'M', LEFT + width * ((double)i + 0.5),
			y_of(p, s->answers[i]));
	fputs("\"/>\n", p->out);
	for (size_t i = 0; i < s->bars; i++)
		if (s->answers[i])
			fprintf(p->out,
				"<circle class=\"answer\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>",
				LEFT + width * ((double)i + 0.5), y_of(p, s->answers[i]));
	fputs("\n", p->out);
}

/* "minute", "2 hours": what one bar stands for. */
static const char *bar_words(const struct picture *p, char span[static TEXT_SPAN])
{
	text_span(p->scale.step, span);
	return span[0] == '1' && span[1] == ' ' ? span + 2 : span;
}

/* What the picture shows, for who does not see it. */
static void describe(const struct picture *p)
{
	const struct page_scale *s = &p->scale;
	uint64_t syns = 0, answers = 0;
	char from[TEXT_TIME], to[TEXT_TIME], span[TEXT_SPAN];

	for (size_t i = 0; i < s->bars; i++) {
		syns += s->syns[i];
		answers += s->answers[i];
	}
	page_say(p->out,
		 "Bars: SYNs in each %s from %s to %s UTC, %" PRIu64 " in all, at most %" PRIu64
		 " in one. Line: answers, %" PRIu64
		 " in all. Numbered marks: the events of the timeline below, %zu in all; "
		 "what was before the picture begins stands at its left edge.",
		 bar_words(p, span), text_clock(s->from, from), text_clock(s->to, to), syns,
		 s->most, answers, p->stored->incident.event_count);
}

static void draw(const struct picture *p)
{
	const uint64_t id = p->stored->incident.id;

	fprintf(p->out,
		"<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-labelledby=\"t%" PRIu64
		"\" aria-describedby=\"d%" PRIu64 "\"><title id=\"t%" PRIu64
		"\">SYNs and answers over time</title><desc id=\"d%" PRIu64 "\">",
		WIDTH, p->bottom + BELOW, id, id, id, id);
	describe(p);
	fputs("</desc>\n", p->out);
	draw_counts_axis(p);
	draw_syns(p);
	draw_answers(p);
	draw_time_axis(p);
	for (size_t i = 0; i < p->stored->incident.event_count; i++)
		if (p->rows[i] >= 0)
			draw_mark(p, i);
	fputs("</svg>", p->out);
}

void page_picture(FILE *out, const struct stored *stored, when_t now)
{
	struct picture p = {.out = out, .stored = stored};
	char span[TEXT_SPAN];

	page_scale_make(&p.scale, stored, now);
	place_marks(&p);
	p.top = MARK * p.row_count + 12;
	p.bottom = p.top + PLOT;
	fputs("<figure><div class=\"wide\" tabindex=\"0\" role=\"group\" "
	      "aria-label=\"picture of the incident\">",
	      out);
	draw(&p);
	fputs("</div>\n<figcaption><span class=\"key syns\"></span> SYNs in each ", out);
	page_text(out, bar_words(&p, span));
	fputs(" &emsp;<span class=\"key answers\"></span> answers &emsp;numbers: the events of the "
	      "timeline, <b class=\"fault\">triangles</b> what broke, <b "
	      "class=\"mend\">squares</b> "
	      "what mended, <b class=\"fact\">circles</b> the rest",
	      out);
	fputs(stored->minute_count ? "</figcaption></figure>\n"
				   : "; no counts over time were kept</figcaption></figure>\n",
	      out);
}
