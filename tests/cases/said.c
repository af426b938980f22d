// SPDX-License-Identifier: GPL-2.0-only
/* What must be said, against what is said. */
#include "cases/said.h"

#include "base/address.h"
#include "core/explain.h"
#include "core/judge.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A finding in words. */
struct words {
	char head[128];
	char facts[1024]; /* a line each */
	char sentence[1024];
	char fixes[512]; /* a line each */
	bool causes_said;
	char fixes_said[512];
};

struct check {
	struct said *said;
	struct heard *heard;
	struct judge_summary summary;
	struct words told[HEARD_MAX], record;
	size_t told_count, next;
	bool found_said; /* "found" stands in the case: then for all of them */
	enum severity worst;
	uint64_t syns;
	struct words *current; /* the lines that follow are of this one */
	char *report;
	size_t size;
};

static void __attribute__((format(printf, 3, 4)))
append(char *text, size_t size, const char *format, ...)
{
	size_t n = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + n, size - n, format, args);
	va_end(args);
}

#define add(text, ...) append(text, sizeof(text), __VA_ARGS__)

static void render_facts(struct words *w, const struct finding *f)
{
	const struct facts *facts = &f->facts;

	add(w->facts, "causes%s", f->judgement.causes ? "" : " none");
	for (unsigned i = 0; i < CAUSES; i++)
		if (f->judgement.causes & 1U << i)
			add(w->facts, " %s", verdict_cause_name(1U << i));
	add(w->facts, "\npublished%s", f->published_count ? "" : " none");
	for (size_t i = 0; i < f->published_count; i++)
		add(w->facts, " %s", f->published[i].name->name);
	add(w->facts, "\nowned %s\n", verdict_owned_name(facts->owned));
	add(w->facts, "route %s\n",
	    facts->path_known == FACT_YES ? verdict_path_name(facts->path) : "unknown");
	add(w->facts, "answered %s\n",
	    facts->watched == FACT_YES ? verdict_answered_name(facts->answered) : "unknown");
	add(w->facts, "counted %" PRIu64 "\n", f->called.syns + f->called.foreign);
	add(w->facts, "solicitations %" PRIu64 "\n", f->evidence.asked);
}

/* What was seen of the SYNs one by one; "all" where that is every one of them. */
static void render_flow(struct words *w, const struct flow *flow, bool whole)
{
	static const char *const kinds[] = {
		[SOURCE_SCANNER] = "scanner",
		[SOURCE_PROBABLE] = "probable",
		[SOURCE_CLIENT] = "client",
	};
	char text[ADDRESS_TEXT];

	if (!flow)
		return;
	add(w->facts,
	    "seen %s: %" PRIu64 " attempts %" PRIu64 " retransmits %" PRIu64 " looped %" PRIu64
	    " clients\n",
	    whole ? "all" : "some", flow->attempts, flow->retransmits, flow->looped, flow->clients);
	for (size_t i = 0; i < flow->source_count; i++)
		add(w->facts, "source %s %s %" PRIu64 "\n",
		    address_format(&flow->sources[i].address, text), kinds[flow->sources[i].kind],
		    flow->sources[i].syns);
}

static void render(struct words *w, const char *word, const struct addr *a, const struct finding *f)
{
	const char *verdict = verdict_name(f->judgement.verdict);
	struct explanation x;
	char text[ADDRESS_TEXT];

	*w = (struct words){0};
	explain(f, &x);
	add(w->head, "%s %s %s %s", word, verdict ? verdict : "none",
	    verdict_severity_name(f->judgement.severity), address_format(a, text));
	if (f->link)
		add(w->head, " on %s", f->link->name);
	render_facts(w, f);
	render_flow(w, f->flow, f->flow_is_whole);
	add(w->sentence, "%s", x.sentence);
	for (size_t i = 0; i < x.fixes; i++)
		add(w->fixes, "fix %s\n", x.fix[i]);
}

static bool wants(void *data, const struct finding *f)
{
	struct check *c = data;

	c->syns += f->called.syns + f->called.foreign;
	return true;
}

static void tell(void *data, const struct finding *f)
{
	struct check *c = data;

	if (f->judgement.severity > c->worst)
		c->worst = f->judgement.severity;
	if (c->told_count < HEARD_MAX)
		render(&c->told[c->told_count++], "found", &f->address, f);
}

static bool __attribute__((format(printf, 2, 3))) fails(struct check *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(c->report, c->size, format, args);
	va_end(args);
	append(c->report, c->size, "\nWhat was said:\n");
	for (size_t i = 0; i <= c->told_count; i++) {
		const struct words *w = i < c->told_count ? &c->told[i] : &c->record;

		if (w->head[0])
			append(c->report, c->size, "%s\n%ssentence %s\n%s", w->head, w->facts,
			       w->sentence, w->fixes);
	}
	return false;
}

static bool has_line(const char *lines, const char *line)
{
	size_t n = strlen(line);

	for (; lines && *lines; lines = strchr(lines, '\n'), lines += lines != NULL)
		if (strncmp(lines, line, n) == 0 && lines[n] == '\n')
			return true;
	return false;
}

/* Causes and fixes that were said must be in the case. */
static bool leave_current(struct check *c)
{
	struct words *w = c->current;

	c->current = NULL;
	if (!w)
		return true;
	if (!w->causes_said && !has_line(w->facts, "causes none"))
		return fails(c, "causes are said that stand not in the case");
	if (strcmp(w->fixes, w->fixes_said) != 0)
		return fails(c, "other fixes are said, or in another order");
	return true;
}

static bool check_head(struct check *c, struct words *words, const char *text)
{
	if (!leave_current(c))
		return false;
	c->current = words;
	if (strcmp(words->head, text) != 0)
		return fails(c, "said was \"%s\"", words->head);
	return true;
}

static bool check_found(struct check *c, const char *text, struct line *l)
{
	c->found_said = true;
	if (strcmp(line_rest(l), "nothing") == 0)
		return leave_current(c) && (!c->told_count || fails(c, "something was said"));
	if (c->next == c->told_count)
		return fails(c, "nothing more was said");
	return check_head(c, &c->told[c->next++], text);
}

static struct record record_of(struct line *l)
{
	struct record record = {0};

	for (int i = 0; i < 3; i++)
		line_next(l);
	record.address = line_address(l, NULL);
	return record;
}

static bool check_record(struct check *c, const char *text, struct line *l)
{
	struct record record = record_of(l);
	struct finding f;

	if (!leave_current(c))
		return false;
	judge_record(c->heard->engine, c->heard->now, &record, &f);
	render(&c->record, "record", &record.address, &f);
	return check_head(c, &c->record, text);
}

static bool check_known(struct check *c, const char *text, struct line *l)
{
	char address[ADDRESS_TEXT], said[128] = "";
	struct addr a;
	uint32_t known;

	line_next(l);
	a = line_address(l, NULL);
	known = engine_known(c->heard->engine, &a);
	add(said, "known %s%s%s%s", address_format(&a, address), known ? "" : " nothing",
	    known & KNOWN_OWNED ? " owned" : "", known & KNOWN_PUBLISHED ? " published" : "");
	return strcmp(said, text) == 0 || fails(c, "said was \"%s\"", said);
}

static bool check_worst(struct check *c, const char *text, struct line *l)
{
	char said[128] = "";

	add(said, "worst %s of %zu", verdict_severity_name(c->summary.worst), c->summary.findings);
	return strcmp(said, text) == 0 || fails(c, "said was \"%s\"", said);
}

static bool check_fact(struct check *c, const char *text, struct line *l)
{
	if (!c->current)
		return fails(c, "this must stand below \"found\" or \"record\"");
	if (strcmp(l->words[0], "causes") == 0)
		c->current->causes_said = true;
	return has_line(c->current->facts, text) || fails(c, "something else was said");
}

static bool check_sentence(struct check *c, const char *text, struct line *l)
{
	const char *rest = line_rest(l);
	bool whole, wanted = strcmp(l->words[0], "never") != 0;

	if (!c->current)
		return fails(c, "this must stand below \"found\" or \"record\"");
	whole = strcmp(l->words[0], "sentence") == 0;
	if (whole ? strcmp(c->current->sentence, rest) == 0
		  : !!strstr(c->current->sentence, rest) == wanted)
		return true;
	return fails(c, "the sentence is \"%s\"", c->current->sentence);
}

static bool check_fix(struct check *c, const char *text, struct line *l)
{
	if (!c->current)
		return fails(c, "this must stand below \"found\" or \"record\"");
	add(c->current->fixes_said, "%s\n", text);
	return true;
}

static const struct {
	const char *word;
	bool (*check)(struct check *c, const char *text, struct line *l);
} words[] = {
	{"found", check_found},
	{"record", check_record},
	{"known", check_known},
	{"worst", check_worst},
	{"causes", check_fact},
	{"published", check_fact},
	{"owned", check_fact},
	{"route", check_fact},
	{"counted", check_fact},
	{"answered", check_fact},
	{"solicitations", check_fact},
	{"seen", check_fact},
	{"source", check_fact},
	{"says", check_sentence},
	{"sentence", check_sentence},
	{"never", check_sentence},
	{"fix", check_fix},
};

bool said_line(struct said *said, struct line *line, unsigned number)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!line->count || strcmp(words[i].word, line->words[0]) != 0)
			continue;
		if (said->count == SAID_MAX) {
			line_is_wrong(line, "more than %d lines of what must be said", SAID_MAX);
			return true;
		}
		memcpy(said->lines[said->count].text, line->text, sizeof(line->text));
		said->lines[said->count++].number = number;
		return true;
	}
	return false;
}

static bool check_line(struct check *c, const char *text)
{
	struct line l;

	line_read(&l, text);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i].word, l.words[0]) == 0)
			return words[i].check(c, text, &l);
	return false;
}

/* What holds in every case: nothing is left out, neither a finding nor a SYN. */
static bool check_whole(struct check *c)
{
	uint64_t heard = 0;

	for (size_t i = 0; i < c->heard->row_count; i++)
		if (c->heard->rows[i].kind == SLOT_SYN || c->heard->rows[i].kind == SLOT_FOREIGN)
			heard += c->heard->rows[i].syns;
	if (c->found_said && c->next < c->told_count)
		return fails(c, "below this more was said: \"%s\"", c->told[c->next].head);
	if (c->summary.attributed != heard || c->syns != heard)
		return fails(
			c, "%" PRIu64 " SYNs were heard, %" PRIu64 " attributed, %" PRIu64 " shown",
			heard, c->summary.attributed, c->syns);
	if (!c->heard->limit && c->worst != c->summary.worst)
		return fails(c, "the summary's severity is not that of the worst finding");
	return true;
}

unsigned said_check(struct said *said, struct heard *heard, char *ret_report, size_t size)
{
	static struct check c;
	unsigned number = said->count ? said->lines[said->count - 1].number : 0;
	bool holds = true;

	c = (struct check){.said = said, .heard = heard, .report = ret_report, .size = size};
	if (!heard_look(heard)) {
		fails(&c, "nothing was heard");
		return number;
	}
	c.summary = judge_all(heard->engine, heard->now, heard->limit, wants, tell, &c);
	for (size_t i = 0; holds && i < said->count; i++) {
		number = said->lines[i].number;
		holds = check_line(&c, said->lines[i].text);
	}
	holds = holds && leave_current(&c) && check_whole(&c);
	said->count = 0;
	return holds ? 0 : number;
}
