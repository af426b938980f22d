// SPDX-License-Identifier: GPL-2.0-only
/* What a case's host hears of the counting table: rows, which are told whole at each look. */
#include "cases/heard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Without a word of it the first came five seconds ago, and the last just now. */
#define USUAL_AGE 5000000000ULL

/* The kernel's reasons have numbers from here on, in the order in which a case names them. */
#define FIRST_REASON 2

void heard_count(struct heard *h, struct line *l, const struct input_count *row)
{
	if (!row->syns)
		line_is_wrong(l, "how many?");
	if (heard_may_keep(l, h->row_count))
		h->rows[h->row_count++] = *row;
}

/* N, and when. */
static struct input_count read_row(struct heard *h, struct line *l, enum slot_kind kind)
{
	uint64_t now = h->now - h->start;
	struct input_count row = {.kind = kind, .syns = line_number(l, NULL, 0)};
	uint64_t first = line_seconds(l, "first", UINT64_MAX);

	row.last = h->start + line_seconds(l, "last", now);
	row.first = first == UINT64_MAX ? row.last - USUAL_AGE : h->start + first;
	return row;
}

static void hear_calls(struct heard *h, struct line *l, enum slot_kind kind)
{
	struct input_count row = read_row(h, l, kind);

	row.dst = line_address(l, "to");
	row.src = line_address(l, "from");
	row.port = (uint16_t)line_number(l, "port", 0);
	row.ifindex = heard_link(h, l).ifindex;
	heard_count(h, l, &row);
}

void hear_syns(struct heard *h, struct line *l)
{
	hear_calls(h, l, SLOT_SYN);
}

void hear_foreign(struct heard *h, struct line *l)
{
	hear_calls(h, l, SLOT_FOREIGN);
}

/* Answers leave by whatever interface, so none is told. */
void hear_answers(struct heard *h, struct line *l)
{
	static const char *const kinds[] = {"syn-ack", "rst", "icmp", NULL};
	static const enum slot_kind slots[] = {SLOT_SYN_ACK, SLOT_RST, SLOT_ICMP};
	struct input_count row = read_row(h, l, SLOT_SYN_ACK);

	row.dst = line_address(l, "from");
	row.port = (uint16_t)line_number(l, "port", 0);
	row.kind = slots[line_choice(l, kinds)];
	heard_count(h, l, &row);
}

void hear_hairpins(struct heard *h, struct line *l)
{
	struct input_count row = read_row(h, l, SLOT_HAIRPIN);

	row.dst = line_address(l, "to");
	row.port = (uint16_t)line_number(l, "port", 0);
	row.ifindex = heard_link(h, l).ifindex;
	heard_count(h, l, &row);
}

void hear_asked(struct heard *h, struct line *l)
{
	struct input_count row = read_row(h, l, SLOT_ASKED);

	row.dst = line_address(l, "for");
	row.ifindex = heard_link(h, l).ifindex;
	heard_count(h, l, &row);
}

static uint16_t number_of_reason(struct heard *h, struct line *l, const char *name)
{
	size_t i = 0;

	while (i < h->reason_count && strcmp(h->reasons[i], name) != 0)
		i++;
	if (i == HEARD_MAX) {
		line_is_wrong(l, "a case holds no more than %d reasons", HEARD_MAX);
		return 0;
	}
	snprintf(h->reasons[i], sizeof(h->reasons[i]), "%s", name);
	h->reason_count += i == h->reason_count;
	return (uint16_t)(FIRST_REASON + i);
}

/* A reason is a name, or a number of which the kernel has told no name. */
void hear_drops(struct heard *h, struct line *l)
{
	struct input_count row = read_row(h, l, SLOT_DROP);
	const char *reason = line_word(l, "reason");
	struct input in = {.kind = INPUT_REASON, .reason.name = reason};

	row.dst = line_address(l, "to");
	row.port = (uint16_t)atoi(reason);
	if (!row.port)
		row.port = in.reason.number = number_of_reason(h, l, reason);
	heard_count(h, l, &row);
	if (in.reason.number && !l->wrong[0])
		heard_tell(h, in);
}

void hear_counts(struct heard *h, struct line *l)
{
	static const char *const kinds[] = {"anew", "without", NULL};

	if (line_choice(l, kinds) == 0) {
		h->row_count = 0;
	} else {
		h->unwatched = true;
		if (!line_flag(l, "answers"))
			line_is_wrong(l, "\"answers\" is missing");
	}
}
