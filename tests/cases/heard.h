/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a case's host hears: its lines made inputs of the engine.
 *
 * A new kind of evidence is one function hear_WORD, declared below, and one row of the table in
 * heard.c.
 */
#ifndef SYNHOLE_CASES_HEARD_H
#define SYNHOLE_CASES_HEARD_H

#include "cases/line.h"
#include "core/engine.h"
#include "core/incidents.h"

#define HEARD_MAX 64 /* of each kind in one case */

/* What the kernel would say if the engine asked. */
struct heard_answer {
	struct input input; /* INPUT_PATH or INPUT_RETURN */
	char text[128];	    /* its line */
	bool asked;
};

struct heard {
	struct engine *engine; /* made by the first line that is no policy */
	struct engine_prefix elsewhere[HEARD_MAX];
	struct engine_alias aliases[HEARD_MAX];
	struct engine_policy policy;
	when_t start, now;
	size_t limit;
	struct input_link links[HEARD_MAX];
	size_t link_count;
	struct input_listener listeners[HEARD_MAX];
	size_t listener_count;
	bool listeners_told;
	struct input_count rows[HEARD_MAX];
	size_t row_count;
	bool unwatched; /* the counts tell nothing of what leaves */
	char reasons[HEARD_MAX][32];
	size_t reason_count;
	struct heard_answer answers[HEARD_MAX];
	size_t answer_count;
	struct incidents *incidents; /* NULL: the case is a capture, not a daemon */
	char told[HEARD_MAX][160];   /* of the last look */
	size_t told_count, told_checked;
	size_t claims; /* lines that said what must have become of incidents */
};

void heard_begin(struct heard *heard);
void heard_end(struct heard *heard);

/* False: the line's first word is none of ours. What is wrong else is the line's to say. */
bool heard_line(struct heard *heard, struct line *line);

/* Brings the engine up to date as a capture does before it judges: the counts, the listeners, and
 * what the kernel says to its questions. False: there is no engine. */
bool heard_look(struct heard *heard);

/* The first answer's line that the engine did not ask for, NULL: it asked for all. */
const char *heard_unasked(const struct heard *heard);

/* For the hear_WORD functions: tells the engine at this moment. */
void heard_tell(struct heard *heard, struct input input);

/* The line is read to its end: is all of it right, and is there room for what it says? */
bool heard_may_keep(struct line *line, size_t count);

/* The link named after "on". */
struct input_link heard_link(struct heard *heard, struct line *line);

/* Keeps a row of the counting table, if the line is right. */
void heard_count(struct heard *heard, struct line *line, const struct input_count *row);

/* Each reads the rest of a line that begins with its word. */
typedef void hear_fn(struct heard *heard, struct line *line);
/* heard_host.c */
hear_fn hear_link, hear_address, hear_local, hear_broadcast, hear_default, hear_default6, hear_dump,
	hear_listener, hear_neighbour;
/* heard_world.c */
hear_fn hear_name, hear_authority, hear_path, hear_return;
/* heard_counts.c */
hear_fn hear_syns, hear_foreign, hear_answers, hear_hairpins, hear_asked, hear_drops, hear_counts;
/* heard_callers.c */
hear_fn hear_client, hear_scanner, hear_loop, hear_frame;
/* heard_incidents.c */
hear_fn hear_watch, hear_look, hear_told, hear_incident, hear_timeline;

#endif
