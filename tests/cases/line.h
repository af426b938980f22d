/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One line of a case file, taken apart word by word.
 *
 * Whatever is wrong with it is remembered, the first fault only, and what was asked for is then
 * zero or empty: so a reader takes all that it needs and looks once, at line_is_good().
 */
#ifndef SYNHOLE_CASES_LINE_H
#define SYNHOLE_CASES_LINE_H

#include "abi.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_WORDS 128

struct line {
	char text[512]; /* the words with one blank between them, without the comment */
	char split[512];
	char *words[LINE_WORDS]; /* NULL: taken */
	size_t count;
	char wrong[160]; /* "": nothing */
};

void line_read(struct line *line, const char *text);

/* The text behind the first word, "" if there is none. */
const char *line_rest(const struct line *line);

void line_is_wrong(struct line *line, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Was everything there, right, and taken? What is left over is an unknown word. */
bool line_is_good(struct line *line);

/* Takes `word` if it stands anywhere. */
bool line_flag(struct line *line, const char *word);

/* Takes the first word that is left, NULL: none. */
const char *line_next(struct line *line);

/* Takes the word after `key`, and the key; NULL: the key is not there. Here and below a `key` of
 * NULL means the first word that is left. */
const char *line_value(struct line *line, const char *key);

/* These must be there. */
const char *line_word(struct line *line, const char *key);
struct addr line_address(struct line *line, const char *key);
struct addr line_prefix(struct line *line, uint8_t *ret_len);
void line_mac(struct line *line, const char *key, uint8_t ret_mac[6]);

/* The word after `key`, `otherwise` if it is not there. */
uint64_t line_number(struct line *line, const char *key, uint64_t otherwise);
uint64_t line_seconds(struct line *line, const char *key, uint64_t otherwise); /* in ns */

/* Which of `choices` (ends with NULL) the next word is. */
int line_choice(struct line *line, const char *const *choices);

#endif
