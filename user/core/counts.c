// SPDX-License-Identifier: GPL-2.0-only
/* What was counted, added up and in order. */
#include "core/counts.h"

#include "base/address.h"
#include "core/counts_window.h"

#include <stdlib.h>
#include <string.h>

void counts_free(struct counts *counts)
{
	free(counts->calls.rows);
	free(counts->evidence.rows);
	free(counts->calls_before.rows);
	free(counts->evidence_before.rows);
	*counts = (struct counts){0};
}

bool counts_add_row(struct counts_rows *r, const struct input_count *row)
{
	if (r->count == r->room) {
		size_t room = r->room ? 2 * r->room : 64;
		struct input_count *rows = realloc(r->rows, room * sizeof(*rows));

		if (!rows)
			return false;
		r->rows = rows;
		r->room = room;
	}
	r->rows[r->count++] = *row;
	return true;
}

static bool is_call(const struct input_count *row)
{
	return row->kind == SLOT_SYN || row->kind == SLOT_FOREIGN;
}

static void feed_row(struct counts *counts, const struct input_count *row)
{
	bool call = is_call(row);

	if (!counts_add_row(call ? &counts->calls : &counts->evidence, row) && call)
		counts->dropped += row->syns;
}

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int by_destination(const struct input_count *a, const struct input_count *b)
{
	int r = compare(a->ifindex, b->ifindex);

	return r ? r : address_compare(&a->dst, &b->dst);
}

int counts_by_call(const void *a, const void *b)
{
	const struct input_count *x = a, *y = b;
	int r = by_destination(x, y);

	r = r ? r : compare(x->port, y->port);
	return r ? r : compare(x->kind, y->kind);
}

int counts_by_evidence(const void *a, const void *b)
{
	const struct input_count *x = a, *y = b;
	int r = address_compare(&x->dst, &y->dst);

	r = r ? r : compare(x->kind, y->kind);
	r = r ? r : compare(x->port, y->port);
	return r ? r : compare(x->ifindex, y->ifindex);
}

static void merge(struct input_count *into, const struct input_count *row)
{
	into->syns += row->syns;
	if (row->first < into->first)
		into->first = row->first;
	if (row->last > into->last) {
		into->last = row->last;
		into->src = row->src;
	}
}

static void sort_and_merge(struct counts_rows *r, int (*order)(const void *, const void *))
{
	size_t out = 0;

	if (!r->count)
		return;
	qsort(r->rows, r->count, sizeof(*r->rows), order);
	for (size_t i = 1; i < r->count; i++) {
		if (order(&r->rows[out], &r->rows[i]) == 0)
			merge(&r->rows[out], &r->rows[i]);
		else
			r->rows[++out] = r->rows[i];
	}
	r->count = out + 1;
}

void counts_feed(struct counts *counts, const struct input *in)
{
	switch (in->kind) {
	case INPUT_COUNTS_BEGIN:
		counts->calls.count = 0;
		counts->evidence.count = 0;
		break;
	case INPUT_COUNT:
		feed_row(counts, &in->count);
		break;
	case INPUT_COUNTS_END:
		sort_and_merge(&counts->calls, counts_by_call);
		sort_and_merge(&counts->evidence, counts_by_evidence);
		counts_subtract(&counts->calls, &counts->calls_before, counts_by_call, in->now);
		counts_subtract(&counts->evidence, &counts->evidence_before, counts_by_evidence,
				in->now);
		break;
	default:
		break;
	}
}

/* Of the SYNs for this host, where there are any: the others owe nobody an answer. */
static void set_times(struct destination *d)
{
	for (size_t i = 0; i < d->count; i++) {
		const struct input_count *port = &d->ports[i];

		if (port->kind == SLOT_FOREIGN && d->syns)
			continue;
		if (!d->last || port->first < d->first)
			d->first = port->first;
		if (port->last > d->last)
			d->last = port->last;
	}
}

bool counts_at(const struct counts *counts, size_t at, struct destination *ret_destination)
{
	const struct input_count *row = at < counts->calls.count ? &counts->calls.rows[at] : NULL;
	struct destination d = {.ports = row};

	if (!row)
		return false;
	for (; at + d.count < counts->calls.count && by_destination(row, &row[d.count]) == 0;
	     d.count++) {
		const struct input_count *port = &row[d.count];

		if (port->kind == SLOT_FOREIGN)
			d.foreign += port->syns;
		else
			d.syns += port->syns;
	}
	set_times(&d);
	*ret_destination = d;
	return true;
}

/* The first row of evidence that is not before this destination. */
static size_t first_of(const struct counts *counts, const struct addr *dst)
{
	size_t low = 0, high = counts->evidence.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (address_compare(&counts->evidence.rows[middle].dst, dst) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void add_asking(struct evidence *e, const struct input_count *row)
{
	if (!e->asked || row->first < e->first_asked)
		e->first_asked = row->first;
	if (row->last > e->last_asked) {
		e->last_asked = row->last;
		e->asked_ifindex = row->ifindex;
	}
	e->asked += row->syns;
}

static bool is_answer(const struct input_count *row)
{
	return row->kind == SLOT_SYN_ACK || row->kind == SLOT_RST || row->kind == SLOT_ICMP;
}

static void add_evidence(struct evidence *e, const struct input_count *row, uint32_t ifindex)
{
	bool here = !ifindex || row->ifindex == ifindex;

	if (is_answer(row) && row->last > e->last_answer)
		e->last_answer = row->last;
	switch (row->kind) {
	case SLOT_SYN_ACK:
		e->syn_acks += row->syns;
		break;
	case SLOT_RST:
		e->rsts += row->syns;
		break;
	case SLOT_ICMP:
		e->icmps += row->syns;
		break;
	case SLOT_HAIRPIN:
		e->hairpins += here ? row->syns : 0;
		break;
	case SLOT_ASKED:
		if (here)
			add_asking(e, row);
		break;
	case SLOT_DROP:
		if (!e->drop_count++)
			e->drops = row;
		break;
	default:
		break;
	}
}

struct evidence counts_evidence(const struct counts *counts, const struct addr *dst,
				uint32_t ifindex)
{
	const struct counts_rows *r = &counts->evidence;
	struct evidence e = {0};

	for (size_t i = first_of(counts, dst); i < r->count && address_equal(&r->rows[i].dst, dst);
	     i++)
		add_evidence(&e, &r->rows[i], ifindex);
	return e;
}

uint64_t counts_answers(const struct counts *counts, const struct addr *dst, uint16_t port,
			when_t *ret_last)
{
	const struct counts_rows *r = &counts->evidence;
	uint64_t answers = 0;

	*ret_last = 0;
	for (size_t i = first_of(counts, dst); i < r->count && address_equal(&r->rows[i].dst, dst);
	     i++) {
		const struct input_count *row = &r->rows[i];

		if (row->port != port || !is_answer(row))
			continue;
		answers += row->syns;
		*ret_last = row->last > *ret_last ? row->last : *ret_last;
	}
	return answers;
}
