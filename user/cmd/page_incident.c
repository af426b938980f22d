// SPDX-License-Identifier: GPL-2.0-only
/* One incident on a page: cause and mend in words, the picture, and its story in tables. */
#include "cmd/page.h"

#include "base/address.h"
#include "base/cleanup.h"
#include "cmd/story.h"
#include "cmd/text.h"

#include <inttypes.h>

static void write_title(FILE *out, const struct incident *in)
{
	char address[ADDRESS_TEXT], verdicts[STORY_VERDICTS];

	fprintf(out, "<h2 id=\"incident-%" PRIu64 "\">Incident %" PRIu64 ": ", in->id, in->id);
	fprintf(out, "<span class=\"verdict %s\">", verdict_severity_name(in->severity));
	page_text(out, story_verdicts(in, verdicts));
	fputs("</span>", out);
	page_say(out, " of %s", address_format(&in->address, address));
	fputs("</h2>\n", out);
}

/* What came of it, in a sentence. */
static void write_outcome(FILE *out, const struct incident *in, when_t now)
{
	const uint64_t failed = incident_failed(in);
	char span[TEXT_SPAN];

	fputs("<p>", out);
	page_say(out,
		 in->closed ? "It lasted %s, in which about %" PRIu64 " connection%s failed"
			    : "It has lasted %s as far as is known, and about %" PRIu64
			      " connection%s failed",
		 text_span(story_lasted(in, now), span), failed, failed == 1 ? "" : "s");
	if (in->tally.clients)
		page_say(out, ", of %" PRIu64 " client%s that waited", in->tally.clients,
			 in->tally.clients == 1 ? "" : "s");
	page_say(out, ". State: %s.", story_end_words(in->end));
	fputs("</p>\n", out);
}

static bool is_mend(const struct incident *in, const struct incident_event *e)
{
	return e->at >= in->opened &&
	       (e->kind == TIMELINE_ADDRESS_ADDED || e->kind == TIMELINE_ROUTE_ADDED ||
		e->kind == TIMELINE_WITHDRAWN);
}

/* What was done, as far as it was seen. */
static void write_done(FILE *out, const struct incident *in)
{
	char clock[TEXT_TIME];
	bool any = false;

	for (size_t i = 0; in->closed && i < in->event_count; i++) {
		const struct incident_event *e = &in->events[i];

		if (!is_mend(in, e))
			continue;
		fputs(any ? "" : "<p>What was seen to mend it:</p>\n<ul>\n", out);
		fputs("<li>", out);
		page_say(out, "%s UTC: %s", text_clock(e->at, clock), e->text);
		fputs("</li>\n", out);
		any = true;
	}
	fputs(any ? "</ul>\n" : "", out);
}

static void write_mend(FILE *out, const struct incident *in)
{
	const struct explanation *x = &in->explanation;

	write_done(out, in);
	if (!x->fixes)
		return;
	fprintf(out, "<p>What mends %s, on the host as root:</p>\n<pre tabindex=\"0\">",
		in->closed ? "what it was at last" : "it");
	for (size_t i = 0; i < x->fixes; i++) {
		page_text(out, x->fix[i]);
		fputc('\n', out);
	}
	fputs("</pre>\n", out);
}

void page_incident(FILE *out, const struct stored *stored, when_t now)
{
	const struct incident *in = &stored->incident;
	char id[64];

	fprintf(out, "<article aria-labelledby=\"incident-%" PRIu64 "\">\n", in->id);
	write_title(out, in);
	fputs("<p>", out);
	page_text(out, in->explanation.sentence);
	fputs("</p>\n", out);
	write_outcome(out, in, now);
	write_mend(out, in);
	page_picture(out, stored, now);
	for (size_t i = 0; i < STORY_PARTS; i++) {
		cleanup(sheet_free) struct sheet *part = story_part(stored, now, i);

		snprintf(id, sizeof(id), "part-%" PRIu64 "-%zu", in->id, i);
		if (part)
			page_sheet(out, part, id, i == STORY_TIMELINE);
	}
	fputs("</article>\n", out);
}
