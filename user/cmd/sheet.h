/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A sheet: one table of words with its title, described once and written for a terminal or a page.
 *
 * Whatever is put in is escaped on the way (text.h), so that a sheet holds printable ASCII alone.
 */
#ifndef SYNHOLE_CMD_SHEET_H
#define SYNHOLE_CMD_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define SHEET_COLUMNS_MAX 8
#define SHEET_ROWS_MAX 256
#define SHEET_CELL 1100 /* a cell's text is cut to fewer bytes than these */

struct sheet_column {
	const char *head; /* "" in all columns: without a line of heads */
	bool number;	  /* to the right */
};

struct sheet {
	const char *title;
	struct sheet_column columns[SHEET_COLUMNS_MAX];
	size_t column_count;
	char **cells; /* row by row */
	size_t row_count;
	char note[256]; /* stands below; "" is none */
};

/* `columns` end with a head of NULL. NULL: no memory. */
struct sheet *sheet_new(const char *title, const struct sheet_column *columns);
void sheet_free(struct sheet **sheet);

/* As many texts as there are columns. Rows beyond SHEET_ROWS_MAX are left out. */
void sheet_row(struct sheet *sheet, ...);
/* A cell with a format: to be used as an argument of sheet_row(). */
#define SHEET_TEXT 256
const char *sheet_format(char text[static SHEET_TEXT], const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void sheet_note(struct sheet *sheet, const char *format, ...) __attribute__((format(printf, 2, 3)));

const char *sheet_cell(const struct sheet *sheet, size_t row, size_t column);

/* Title, heads and rows in columns; the last column is as wide as it is. */
void sheet_print(const struct sheet *sheet, FILE *out);

#endif
