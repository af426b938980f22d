/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of a page: HTML that needs no network, no script and no other file.
 *
 * All texts are printable ASCII by text_escape() and then escaped for HTML; there is no other way
 * in.
 */
#ifndef SYNHOLE_CMD_PAGE_H
#define SYNHOLE_CMD_PAGE_H

#include "cmd/sheet.h"
#include "cmd/stored.h"

/* The text, escaped for a terminal and for HTML, quotes included. */
void page_text(FILE *out, const char *text);
/* The same with a format. */
void page_say(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The sheet as a section with a table; `id` names it within the page. `numbered`: its rows have
 * numbers, which page_picture() shows. */
void page_sheet(FILE *out, const struct sheet *sheet, const char *id, bool numbered);

/* The picture: SYNs and answers over time, events marked by the numbers of the timeline's rows. */
void page_picture(FILE *out, const struct stored *stored, when_t now);

/* One incident, whole. */
void page_incident(FILE *out, const struct stored *stored, when_t now);

extern const char page_style[];

#endif
