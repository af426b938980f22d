// SPDX-License-Identifier: GPL-2.0-only
/* Tables of words. */
#include "cmd/sheet.h"

#include "base/cleanup.h"
#include "cmd/text.h"

#include <stdarg.h>
#include <string.h>

struct sheet *sheet_new(const char *title, const struct sheet_column *columns)
{
	struct sheet *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->title = title;
	while (s->column_count < SHEET_COLUMNS_MAX && columns[s->column_count].head) {
		s->columns[s->column_count] = columns[s->column_count];
		s->column_count++;
	}
	return s;
}

void sheet_free(struct sheet **sheet)
{
	struct sheet *s = *sheet;

	if (!s)
		return;
	for (size_t i = 0; i < s->row_count * s->column_count; i++)
		free(s->cells[i]);
	free(s->cells);
	free(s);
	*sheet = NULL;
}

static bool make_room(struct sheet *s)
{
	size_t cells = (s->row_count + 1) * s->column_count;
	char **more = s->row_count < SHEET_ROWS_MAX
			      ? reallocarray(s->cells, cells, sizeof(*s->cells))
			      : NULL;

	if (more)
		s->cells = more;
	return more;
}

void sheet_row(struct sheet *s, ...)
{
	char safe[SHEET_CELL];
	va_list args;

	if (!make_room(s))
		return;
	va_start(args, s);
	for (size_t i = 0; i < s->column_count; i++) {
		const char *text = va_arg(args, const char *);

		text_escape(text ? text : "-", safe, sizeof(safe));
		s->cells[s->row_count * s->column_count + i] = strdup(safe);
	}
	va_end(args);
	s->row_count++;
}

const char *sheet_format(char text[static SHEET_TEXT], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(text, SHEET_TEXT, format, args);
	va_end(args);
	return text;
}

void sheet_note(struct sheet *s, const char *format, ...)
{
	char text[sizeof(s->note)];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	text_escape(text, s->note, sizeof(s->note));
}

const char *sheet_cell(const struct sheet *s, size_t row, size_t column)
{
	const char *cell = s->cells[row * s->column_count + column];

	return cell ? cell : "";
}

static int width(const struct sheet *s, size_t column)
{
	size_t most = strlen(s->columns[column].head);

	for (size_t row = 0; row < s->row_count; row++) {
		size_t n = strlen(sheet_cell(s, row, column));

		most = n > most ? n : most;
	}
	return (int)most;
}

static void print_cell(const struct sheet *s, size_t column, int columns, const char *text,
		       FILE *out)
{
	if (s->columns[column].number)
		fprintf(out, "  %*s", columns, text);
	else if (column + 1 == s->column_count)
		fprintf(out, "  %s", text);
	else
		fprintf(out, "  %-*s", columns, text);
}

static bool has_heads(const struct sheet *s)
{
	for (size_t i = 0; i < s->column_count; i++)
		if (*s->columns[i].head)
			return true;
	return false;
}

void sheet_print(const struct sheet *s, FILE *out)
{
	int widths[SHEET_COLUMNS_MAX];

	fprintf(out, "%s\n", s->title);
	for (size_t i = 0; i < s->column_count; i++)
		widths[i] = width(s, i);
	for (size_t i = 0; has_heads(s) && i < s->column_count; i++)
		print_cell(s, i, widths[i], s->columns[i].head, out);
	if (has_heads(s))
		fputs("\n", out);
	for (size_t row = 0; row < s->row_count; row++) {
		for (size_t i = 0; i < s->column_count; i++)
			print_cell(s, i, widths[i], sheet_cell(s, row, i), out);
		fputs("\n", out);
	}
	if (s->note[0])
		fprintf(out, "  %s\n", s->note);
}
