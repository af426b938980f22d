// SPDX-License-Identifier: GPL-2.0-only
/* What a table had counted, as bytes. */
#include "core/counts_saved.h"

#include "core/counts_window.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct saved_head {
	uint64_t generation;
	uint32_t version, rows;
};

struct saved_row {
	struct slot_key key;
	uint64_t syns;
};

struct saved {
	struct saved_head head;
	struct saved_row rows[];
};

#define SAVED_VERSION 1

static void add(struct saved *s, const struct counts_rows *rows)
{
	for (size_t i = 0; i < rows->count && s->head.rows < COUNTS_SAVED_MAX; i++) {
		const struct input_count *row = &rows->rows[i];

		s->rows[s->head.rows++] = (struct saved_row){
			.key = {.dst = row->dst,
				.ifindex = row->ifindex,
				.port = row->port,
				.kind = (uint16_t)row->kind},
			.syns = row->syns,
		};
	}
}

void *counts_save(const struct counts *c, uint64_t generation, size_t *ret_size)
{
	const struct counts_rows *all[] = {&c->calls_before, &c->calls, &c->evidence_before,
					   &c->evidence};
	size_t rows = 0;
	struct saved *s;

	for (int i = 0; i < 4; i++)
		rows += all[i]->count;
	rows = rows < COUNTS_SAVED_MAX ? rows : COUNTS_SAVED_MAX;
	s = calloc(1, sizeof(*s) + rows * sizeof(s->rows[0]));
	if (!s)
		return NULL;
	s->head = (struct saved_head){.generation = generation, .version = SAVED_VERSION};
	for (int i = 0; i < 4; i++)
		add(s, all[i]);
	*ret_size = sizeof(*s) + s->head.rows * sizeof(s->rows[0]);
	return s;
}

/* The rows of a window come after those of before it, and may be of the same keys: the parts of a
 * sum, as from several CPUs. */
int counts_restore(struct counts *c, uint64_t generation, const void *bytes, size_t size)
{
	const struct saved *s = bytes;
	struct input in = {.kind = INPUT_COUNTS_BEGIN};

	if (size < sizeof(*s) || s->head.generation != generation ||
	    s->head.version != SAVED_VERSION ||
	    size != sizeof(*s) + s->head.rows * sizeof(s->rows[0]))
		return -EINVAL;
	counts_feed(c, &in);
	in.kind = INPUT_COUNT;
	for (uint32_t i = 0; i < s->head.rows; i++) {
		const struct saved_row *row = &s->rows[i];

		in.count = (struct input_count){
			.kind = (enum slot_kind)row->key.kind,
			.ifindex = row->key.ifindex,
			.dst = row->key.dst,
			.port = row->key.port,
			.syns = row->syns,
		};
		counts_feed(c, &in);
	}
	in.kind = INPUT_COUNTS_END;
	counts_feed(c, &in);
	counts_rotate(c);
	return 0;
}
