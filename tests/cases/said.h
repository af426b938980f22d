/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What must be said: findings rendered as lines of the case language, and compared as lines.
 *
 * So a new fact in findings is one more line in said_render() and its word in the table, and a
 * failing case shows what was said in the words in which it could be expected.
 */
#ifndef SYNHOLE_CASES_SAID_H
#define SYNHOLE_CASES_SAID_H

#include "cases/heard.h"

#define SAID_MAX 256

struct said {
	struct {
		char text[512];
		unsigned number; /* of the line in the file */
	} lines[SAID_MAX];
	size_t count;
};

/* Keeps a line of what must be said; false: the line's first word is none of ours. */
bool said_line(struct said *said, struct line *line, unsigned number);

/* Judges, and compares. Returns 0, or the number of the line that does not hold, with the reason
 * and everything that was said in `ret_report`. Forgets the lines. */
unsigned said_check(struct said *said, struct heard *heard, char *ret_report, size_t size);

#endif
