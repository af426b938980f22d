// SPDX-License-Identifier: GPL-2.0-only
/* synhole report: incidents as one page that stands by itself. */
#include "cmd/page.h"

#include "base/address.h"
#include "base/cleanup.h"
#include "cmd/commands.h"
#include "cmd/session.h"
#include "cmd/story.h"
#include "cmd/text.h"
#include "io/whole_file.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/utsname.h>

/* The incidents that the page is about, the newest first. */
struct selection {
	uint64_t *ids;
	size_t count, limit;
	bool more;
	struct sheet *index;
	when_t now;
};

static void drop_selection(struct selection *s)
{
	free(s->ids);
	sheet_free(&s->index);
}

static void add_to_index(struct selection *s, const struct incident *in)
{
	char names[STORY_NAMES], clock[TEXT_TIME], span[TEXT_SPAN], address[ADDRESS_TEXT];
	char texts[3][SHEET_TEXT];
	const char *verdict = verdict_name(in->verdict);

	sheet_row(s->index, sheet_format(texts[0], "%" PRIu64, in->id),
		  text_clock(in->opened, clock), text_span(story_lasted(in, s->now), span),
		  verdict ? verdict : "none", address_format(&in->address, address),
		  sheet_format(texts[1], "%" PRIu64, incident_failed(in)),
		  in->closed ? "closed" : "open", story_names(in, names));
}

static bool select_one(void *data, const struct incident *in)
{
	struct selection *s = data;

	s->more = s->count == s->limit;
	if (s->more)
		return false;
	s->ids[s->count++] = in->id;
	add_to_index(s, in);
	return true;
}

/* More than fit on a page are not drawn. */
#define SELECTION_MAX SHEET_ROWS_MAX

static int select_all(struct selection *s, struct store *store, const struct options *o,
		      struct failure *failure)
{
	char text[STORED_TEXT];
	const struct store_filter filter = stored_filter(o, text);

	s->limit = o->limit && o->limit < SELECTION_MAX ? o->limit : SELECTION_MAX;
	s->ids = calloc(s->limit, sizeof(*s->ids));
	s->index = sheet_new("THE INCIDENTS", (struct sheet_column[]){{"no.", 1},
								      {"opened (UTC)", 0},
								      {"lasted", 0},
								      {"verdict", 0},
								      {"address", 0},
								      {"failed", 1},
								      {"state", 0},
								      {"names", 0},
								      {NULL, 0}});
	if (!s->ids || !s->index)
		return failure_set(failure, -ENOMEM, "no memory");
	return stored_list(store, &filter, select_one, s, failure);
}

static void write_head(FILE *out, const char *title)
{
	struct utsname host;
	char clock[TEXT_TIME];

	uname(&host);
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	      "style-src 'unsafe-inline'\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
	      out);
	page_text(out, title);
	fprintf(out,
		"</title>\n<style>\n%s</style>\n</head>\n<body>\n"
		"<header><h1>Addresses called in vain</h1>\n<p>",
		page_style);
	page_say(out, "Written by synhole %s on %s, %s UTC. All times are UTC.", SYNHOLE_VERSION,
		 host.nodename, text_clock(session_now(), clock));
	fputs("</p></header>\n<main>\n", out);
}

static void write_index(FILE *out, const struct selection *s)
{
	fputs("<nav aria-label=\"incidents\"><p>", out);
	for (size_t i = 0; i < s->count; i++)
		fprintf(out, "%s<a href=\"#incident-%" PRIu64 "\">incident %" PRIu64 "</a>",
			i ? " &middot; " : "", s->ids[i], s->ids[i]);
	fputs(s->count ? "</p></nav>\n" : "No incidents.</p></nav>\n", out);
	if (s->count)
		page_sheet(out, s->index, "index", false);
	if (s->more)
		fprintf(out, "<p class=\"note\">There are more: these are the newest %zu.</p>\n",
			s->count);
}

/* One that went meanwhile, or cannot be read, is said on the page: the others are worth it. */
static void write_one(FILE *out, struct store *store, uint64_t id, when_t now)
{
	cleanup(stored_free) struct stored *stored = NULL;
	struct failure failure;

	if (stored_get(store, id, &stored, &failure) == 0) {
		page_incident(out, stored, now);
		return;
	}
	fputs("<p>", out);
	page_text(out, failure.text);
	fputs("</p>\n", out);
}

static void write_page(FILE *out, struct store *store, const struct selection *s, bool single)
{
	char title[64] = "Incidents";

	if (single)
		snprintf(title, sizeof(title), "Incident %" PRIu64, s->ids[0]);
	write_head(out, title);
	if (!single)
		write_index(out, s);
	for (size_t i = 0; i < s->count; i++)
		write_one(out, store, s->ids[i], s->now);
	fputs("</main>\n<footer><p>A SYN asks for a connection. What synhole means by its words is "
	      "in its manual and in docs/verdicts.md.</p></footer>\n</body>\n</html>\n",
	      out);
}

/* The one that was asked for must be there before the file is touched. */
static int select_id(struct selection *s, struct store *store, const char *word,
		     struct failure *failure)
{
	cleanup(stored_free) struct stored *stored = NULL;
	int r;

	s->ids = calloc(1, sizeof(*s->ids));
	if (!s->ids)
		return failure_set(failure, -ENOMEM, "no memory");
	r = stored_read_id(word, s->ids, failure);
	r = r < 0 ? r : stored_get(store, s->ids[0], &stored, failure);
	s->count = r == 0;
	return r;
}

static int write_file(const struct options *o, struct failure *failure)
{
	cleanup(store_close) struct store *store = NULL;
	cleanup(whole_file_free) struct whole_file *file = NULL;
	cleanup(drop_selection) struct selection s = {0};
	int selected,
		r = o->output ? stored_open(&store, o, failure)
			      : failure_set(failure, -EINVAL,
					    "report needs to be told where to write: -o FILE.html");

	if (r < 0)
		return r;
	s.now = stored_until(store);
	selected = o->word_count ? select_id(&s, store, o->words[0], failure)
				 : select_all(&s, store, o, failure);
	if (selected < 0 && !s.count)
		return selected;
	r = whole_file_new(&file, o->output, failure);
	if (r < 0)
		return r;
	write_page(whole_file_stream(file), store, &s, o->word_count);
	r = whole_file_finish(&file, failure);
	return r < 0 ? r : selected; /* some could not be read: the others are there */
}

static int run(const struct options *options)
{
	struct failure failure = {0};

	if (write_file(options, &failure) == 0)
		return EXIT_OK;
	text_complain("%s", failure.text);
	return EXIT_UNKNOWN;
}

const struct command command_report = {
	.name = "report",
	.summary = "write incidents as a page to look at, print and pass on",
	.about = "Writes one incident, or all that the options select, as one HTML file that\n"
		 "needs no network and no script: cause and mend in words, a picture of the calls\n"
		 "over time with what happened, who called, and the evidence in tables.",
	.examples = "  synhole report 7 -o incident-7.html\n"
		    "  synhole report --since 30d -o november.html\n",
	.words = "[ID]",
	.words_max = 1,
	.takes = TAKES(OPT_CONFIG) | TAKES(OPT_STORE) | TAKES(OPT_SINCE) | TAKES(OPT_UNTIL) |
		 TAKES(OPT_OPEN) | TAKES(OPT_OF_NAME) | TAKES(OPT_ADDRESS) | TAKES(OPT_VERDICT) |
		 TAKES(OPT_LIMIT) | TAKES(OPT_OUTPUT) | TAKES(OPT_HELP) | TAKES(OPT_VERSION),
	.run = run,
};
