/* SPDX-License-Identifier: GPL-2.0-only */
/* A master file's text, entry by entry: comments, quotes, escapes and parentheses are dealt with.
 */
#ifndef SYNHOLE_IO_DNS_ZONE_TEXT_H
#define SYNHOLE_IO_DNS_ZONE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Of an entry: more words, and longer ones, are none of the records that matter, and left out. */
#define DNS_ZONE_WORDS 16
#define DNS_ZONE_WORD 1024

struct dns_zone_text {
	FILE *file;
	size_t line; /* where the entry begins */
	size_t next_line;
	bool indented; /* it begins with space: the owner is that of the entry before */
	bool unclosed; /* the file ended within parentheses or quotes */
	size_t count;
	char words[DNS_ZONE_WORDS][DNS_ZONE_WORD];
};

/* The next entry that is not empty; false at the end. Escapes are left in the words as they are. */
bool dns_zone_text_next(struct dns_zone_text *text);

#endif
