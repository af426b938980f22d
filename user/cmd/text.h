/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words for people and for JSON: what came from DNS, files or the command line is made printable
 * here, and nowhere printed past here.
 */
#ifndef SYNHOLE_CMD_TEXT_H
#define SYNHOLE_CMD_TEXT_H

#include "core/input.h"
#include "core/verdict.h"

#include <stddef.h>
#include <stdio.h>

/* Copies `text` with each byte outside printable ASCII as \DDD (decimal, RFC 1035, 5.1), cut where
 * `size` ends. Returns `ret_safe`. */
char *text_escape(const char *text, char *ret_safe, size_t size);

/* "synhole: " and the sentence, escaped, on standard error. */
void text_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Is standard error the stream that systemd has connected to the journal? */
bool text_is_journal(void);

/* As text_complain(), of what is no complaint. */
void text_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* RFC 3339, UTC, microseconds. */
#define TEXT_TIME 32
char *text_time(when_t when, char ret_text[static TEXT_TIME]);

/* "2026-11-22 14:47:01", UTC; "-" for 0. */
char *text_clock(when_t when, char ret_text[static TEXT_TIME]);

/* How long, in words: "42 seconds", "3 hours 12 minutes", "4 days". */
#define TEXT_SPAN 48
char *text_span(uint64_t nanoseconds, char ret_text[static TEXT_SPAN]);

/* The reverse of text_time(): RFC 3339 with any offset and fraction, or a date alone (its midnight,
 * UTC). -EINVAL for anything else, and for times before 1970 or beyond when_t (2554). */
int text_read_time(const char *text, when_t *ret_when);

/* The service name of a TCP port (services(5)), or NULL. */
const char *text_service(uint16_t port);

/* Adds a word to a list in `size` bytes; what has no room is cut. */
void text_append(char *list, size_t size, const char *separator, const char *word);

/* What begins and ends a severity's colour: "" if `file` is no terminal or NO_COLOR is set. */
const char *text_colour(FILE *file, enum severity severity);
const char *text_plain(FILE *file);

#endif
