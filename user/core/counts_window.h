/* SPDX-License-Identifier: GPL-2.0-only */
/* Counts since the beginning of a window, of rows that count since the start. Part of counts.c. */
#ifndef SYNHOLE_CORE_COUNTS_WINDOW_H
#define SYNHOLE_CORE_COUNTS_WINDOW_H

#include "core/counts.h"

typedef int counts_order_fn(const void *a, const void *b);
counts_order_fn counts_by_call, counts_by_evidence;

/* False: no memory. */
bool counts_add_row(struct counts_rows *rows, const struct input_count *row);

/* Takes from `rows` what they counted `before`; both are in `order`. `now` is the snapshot's. */
void counts_subtract(struct counts_rows *rows, struct counts_rows *before, counts_order_fn *order,
		     when_t now);

#endif
