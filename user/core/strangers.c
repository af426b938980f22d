// SPDX-License-Identifier: GPL-2.0-only
/* How many strangers there are. */
#include "core/strangers.h"

#include <stdlib.h>

void strangers_begin(struct strangers *s)
{
	strangers_free(s);
	s->syns_known = 0;
}

void strangers_free(struct strangers *s)
{
	free(s->hashes);
	s->hashes = NULL;
	s->hash_count = s->hash_room = 0;
}

/* Rows of one destination are told apart from others' by 64 bits (FNV-1a): so many that two out of
 * a full table share them once in a hundred million runs. */
static uint64_t hash_of(const struct addr *a)
{
	uint64_t hash = 0xcbf29ce484222325ULL;

	for (size_t i = 0; i < sizeof(a->bytes); i++)
		hash = (hash ^ a->bytes[i]) * 0x100000001b3ULL;
	return hash;
}

void strangers_note(struct strangers *s, const struct addr *a)
{
	if (s->hash_count == s->hash_room) {
		size_t room = s->hash_room ? 2 * s->hash_room : 256;
		uint64_t *hashes = realloc(s->hashes, room * sizeof(*hashes));

		if (!hashes)
			return;
		s->hashes = hashes;
		s->hash_room = room;
	}
	s->hashes[s->hash_count++] = hash_of(a);
}

static int by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

void strangers_end(struct strangers *s)
{
	if (s->hash_count)
		qsort(s->hashes, s->hash_count, sizeof(*s->hashes), by_number);
	s->count = 0;
	for (size_t i = 0; i < s->hash_count; i++)
		s->count += !i || s->hashes[i] != s->hashes[i - 1];
	strangers_free(s);
}
