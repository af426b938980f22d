/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The story of one incident, as sheets in reading order: what `synhole show` prints and what a page
 * shows in its tables.
 */
#ifndef SYNHOLE_CMD_STORY_H
#define SYNHOLE_CMD_STORY_H

#include "cmd/sheet.h"
#include "cmd/stored.h"

/* The `i`-th part, NULL where there is nothing to tell; `i` below STORY_PARTS. `now` is for one
 * that is open. */
#define STORY_PARTS 10
#define STORY_TIMELINE 1 /* its rows are the incident's events */
struct sheet *story_part(const struct stored *stored, when_t now, size_t i);

/* What the host was like: of story_host.c. NULL where it is not known. */
struct sheet *story_host(const char *title, const json_t *host);

/* "published", "first SYN", "address removed": an event's kind in words. */
const char *story_event_words(enum timeline_kind kind);
/* "closed: the address answers", "open". */
const char *story_end_words(enum incident_end end);
/* All that it was, in order: "blackhole, then mute". */
#define STORY_VERDICTS 128
const char *story_verdicts(const struct incident *incident, char text[static STORY_VERDICTS]);
/* From the opening to the close, or now. */
uint64_t story_lasted(const struct incident *incident, when_t now);
/* The names with commas, or "no name that is known". */
#define STORY_NAMES 2200
const char *story_names(const struct incident *incident, char text[static STORY_NAMES]);

#endif
