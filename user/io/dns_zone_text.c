// SPDX-License-Identifier: GPL-2.0-only
/* A master file's text: characters to words to entries. */
#include "io/dns_zone_text.h"

/* Where the reader stands within an entry. */
struct place {
	size_t depth; /* of parentheses */
	size_t used;  /* bytes of the word at hand */
	bool quoted, word;
};

static void add(struct dns_zone_text *t, struct place *p, int c)
{
	if (t->count < DNS_ZONE_WORDS && p->used < DNS_ZONE_WORD - 1)
		t->words[t->count][p->used++] = (char)c;
	p->word = true;
}

static void end_word(struct dns_zone_text *t, struct place *p)
{
	if (p->word && t->count < DNS_ZONE_WORDS)
		t->words[t->count++][p->used] = '\0';
	p->used = 0;
	p->word = false;
}

static void skip_comment(struct dns_zone_text *t)
{
	int c;

	do
		c = getc_unlocked(t->file);
	while (c != '\n' && c != EOF);
	ungetc(c, t->file);
}

/* What is escaped has no meaning but its own. */
static void add_escaped(struct dns_zone_text *t, struct place *p)
{
	int c = getc_unlocked(t->file);

	add(t, p, '\\');
	if (c == EOF)
		return;
	t->next_line += c == '\n';
	add(t, p, c);
}

/* Returns false at the end of the entry. */
static bool take(struct dns_zone_text *t, struct place *p, int c)
{
	t->next_line += c == '\n';
	if (c == '\\') {
		add_escaped(t, p);
	} else if (c == '"') {
		p->quoted = !p->quoted;
		p->word = true;
	} else if (p->quoted) {
		add(t, p, c);
	} else if (c == ';') {
		skip_comment(t);
	} else if (c == '(' || c == ')') {
		end_word(t, p);
		p->depth += c == '(' ? 1 : p->depth ? -1UL : 0;
	} else if (c == '\n' || c == ' ' || c == '\t' || c == '\r') {
		end_word(t, p);
		return c != '\n' || p->depth;
	} else {
		add(t, p, c);
	}
	return true;
}

static void read_entry(struct dns_zone_text *t, int c)
{
	struct place p = {0};

	t->line = t->next_line;
	t->count = 0;
	t->indented = c == ' ' || c == '\t';
	while (c != EOF && take(t, &p, c))
		c = getc_unlocked(t->file);
	end_word(t, &p);
	t->unclosed = p.depth || p.quoted;
}

bool dns_zone_text_next(struct dns_zone_text *t)
{
	int c;

	while ((c = getc_unlocked(t->file)) != EOF) {
		read_entry(t, c);
		if (t->count || t->unclosed)
			return true;
	}
	return false;
}
