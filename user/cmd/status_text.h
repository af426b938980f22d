/* SPDX-License-Identifier: GPL-2.0-only */
/* What a daemon said of itself, for people. */
#ifndef SYNHOLE_CMD_STATUS_TEXT_H
#define SYNHOLE_CMD_STATUS_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* Is it a document of kind "status" of this schema, with a status? What else it holds may be
 * missing or of another type, and is passed over. */
bool status_text_knows(const json_t *document);

/* Writes such a document. */
void status_text(FILE *out, const json_t *document);

/* The exit status that it asks for: the worst severity. */
int status_text_exit(const json_t *document);

#endif
