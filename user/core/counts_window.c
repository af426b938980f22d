// SPDX-License-Identifier: GPL-2.0-only
/* Counts since the beginning of a window. */
#include "core/counts_window.h"

#include <stdlib.h>

/* Rows that are no longer in the table keep their place for a while: a slot that could not be read
 * at one snapshot comes back at the next. Beyond this many they go. */
#define ABSENT_MAX 65536

/* In the rows of before, `first` is when the window first saw more; 0: it has not. */
static bool subtract_one(struct input_count *row, struct input_count *before, when_t now)
{
	if (row->syns < before->syns) /* another slot than then: it began anew */
		before->syns = 0;
	if (row->syns == before->syns)
		return false;
	if (!before->first)
		before->first = now;
	row->syns -= before->syns;
	if (row->first < before->first)
		row->first = before->first;
	return true;
}

void counts_subtract(struct counts_rows *rows, struct counts_rows *before, counts_order_fn *order,
		     when_t now)
{
	size_t out = 0, b = 0;

	for (size_t i = 0; i < rows->count; i++) {
		struct input_count row = rows->rows[i];

		while (b < before->count && order(&before->rows[b], &row) < 0)
			b++;
		if (b < before->count && order(&before->rows[b], &row) == 0 &&
		    !subtract_one(&row, &before->rows[b], now))
			continue;
		rows->rows[out++] = row;
	}
	rows->count = out;
}

/* Adds a window to what was before it; `rows` is left as it was. */
static void add_window(struct counts_rows *before, const struct counts_rows *rows,
		       counts_order_fn *order)
{
	struct counts_rows sum = {0};
	bool keep_absent = before->count <= ABSENT_MAX, kept = true;
	size_t b = 0;

	for (size_t i = 0; i < rows->count; i++) {
		struct input_count row = rows->rows[i];

		for (; b < before->count && order(&before->rows[b], &row) < 0; b++)
			if (keep_absent)
				kept &= counts_add_row(&sum, &before->rows[b]);
		if (b < before->count && order(&before->rows[b], &row) == 0)
			row.syns += before->rows[b++].syns;
		kept &= counts_add_row(&sum, &row);
	}
	for (; keep_absent && b < before->count; b++)
		kept &= counts_add_row(&sum, &before->rows[b]);
	if (!kept) { /* the old one stands: the window goes on */
		free(sum.rows);
		return;
	}
	for (size_t i = 0; i < sum.count; i++)
		sum.rows[i].first = 0;
	free(before->rows);
	*before = sum;
}

void counts_rotate(struct counts *counts)
{
	add_window(&counts->calls_before, &counts->calls, counts_by_call);
	add_window(&counts->evidence_before, &counts->evidence, counts_by_evidence);
	counts->calls.count = 0;
	counts->evidence.count = 0;
}
