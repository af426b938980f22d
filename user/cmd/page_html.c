// SPDX-License-Identifier: GPL-2.0-only
/* Texts and tables in HTML. */
#include "cmd/page.h"

#include "cmd/text.h"

#include <stdarg.h>
#include <string.h>

void page_text(FILE *out, const char *text)
{
	char safe[4096];

	text_escape(text, safe, sizeof(safe));
	for (const char *p = safe; *p; p++) {
		switch (*p) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			fputc(*p, out);
		}
	}
}

void page_say(FILE *out, const char *format, ...)
{
	char text[4096];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	page_text(out, text);
}

static const char *class_of(const struct sheet *s, size_t column)
{
	return s->columns[column].number ? " class=\"n\"" : "";
}

static void write_heads(FILE *out, const struct sheet *s, bool numbered)
{
	bool any = false;

	for (size_t i = 0; i < s->column_count; i++)
		any |= *s->columns[i].head != '\0';
	if (!any)
		return;
	fputs("<thead><tr>", out);
	if (numbered)
		fputs("<th scope=\"col\">no.</th>", out);
	for (size_t i = 0; i < s->column_count; i++) {
		fprintf(out, "<th scope=\"col\"%s>", class_of(s, i));
		page_text(out, s->columns[i].head);
		fputs("</th>", out);
	}
	fputs("</tr></thead>\n", out);
}

static void write_row(FILE *out, const struct sheet *s, size_t row, bool numbered)
{
	fputs("<tr>", out);
	if (numbered)
		fprintf(out, "<td class=\"n\">%zu</td>", row + 1);
	for (size_t i = 0; i < s->column_count; i++) {
		/* What stands first says what the row is about. */
		const char *tag = i == 0 && !numbered ? "th" : "td";

		fprintf(out, "<%s%s%s>", tag, i == 0 && !numbered ? " scope=\"row\"" : "",
			class_of(s, i));
		page_text(out, sheet_cell(s, row, i));
		fprintf(out, "</%s>", tag);
	}
	fputs("</tr>\n", out);
}

/* What is wider than a phone moves by itself, and can be moved by keyboard. */
void page_sheet(FILE *out, const struct sheet *s, const char *id, bool numbered)
{
	fprintf(out, "<section aria-labelledby=\"%s\"><h3 id=\"%s\">", id, id);
	page_text(out, s->title);
	fprintf(out,
		"</h3>\n<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-labelledby=\"%s\">"
		"<table%s>\n",
		id, numbered ? " class=\"timeline\"" : "");
	write_heads(out, s, numbered);
	fputs("<tbody>\n", out);
	for (size_t row = 0; row < s->row_count; row++)
		write_row(out, s, row, numbered);
	fputs("</tbody></table></div>\n", out);
	if (s->note[0]) {
		fputs("<p class=\"note\">", out);
		page_text(out, s->note);
		fputs("</p>\n", out);
	}
	fputs("</section>\n", out);
}
