// SPDX-License-Identifier: GPL-2.0-only
/* The counting table in memory: what region.h asks for, where a region is a tally. */
#include "core/tally.h"

#include "base/cleanup.h"

#include <errno.h>

#define SETS (TALLY_SLOTS / ABI_WAYS)

struct times {
	when_t first, last;
};

struct tally {
	struct slot_set *sets;
	struct times *times; /* of the slots, in their order */
	uint32_t *used;	     /* slots that were ever taken: nobody has to look through the others */
	size_t used_count;
	struct table_seed seed;
	struct counters losses;
	tally_known_fn *known;
	void *data;
};

typedef struct tally *region_t;

#define region_set(tally, key) (&(tally)->sets[table_set(&(tally)->seed, key, SETS - 1)])
#define region_second_set(tally, key)                                                              \
	(&(tally)->sets[table_second_set(&(tally)->seed, key, SETS - 1)])
#define region_counters(tally) (&(tally)->losses)
#define region_known(tally, dst) (tally)->known((tally)->data, dst)
#define region_epoch(tally) 0 /* what is known was known before the first frame */
#define region_now(tally) 0   /* times stand apart */
#define region_tag(tally, key) table_tag(&(tally)->seed, key)

#include "region.h"

int tally_new(struct tally **ret_tally, const struct table_seed *seed, tally_known_fn *known,
	      void *data)
{
	cleanup(tally_free) struct tally *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->sets = calloc(SETS, sizeof(*t->sets));
	t->times = calloc(TALLY_SLOTS, sizeof(*t->times));
	t->used = calloc(TALLY_SLOTS, sizeof(*t->used));
	if (!t->sets || !t->times || !t->used)
		return -ENOMEM;
	t->seed = *seed;
	t->known = known;
	t->data = data;
	*ret_tally = take_ptr(t);
	return 0;
}

void tally_free(struct tally **tally)
{
	if (!*tally)
		return;
	free((*tally)->sets);
	free((*tally)->times);
	free((*tally)->used);
	free(*tally);
	*tally = NULL;
}

uint32_t tally_count(struct tally *t, const struct slot_key *key, const struct addr *src,
		     when_t now)
{
	struct slot_key placed = *key;
	const struct slot *slot = region_count(&placed, src, t);
	struct times *times;
	size_t at;

	if (!slot)
		return 0;
	at = (size_t)(slot - t->sets->ways);
	times = &t->times[at];
	if (!times->last)
		t->used[t->used_count++] = (uint32_t)at;
	if (table_count(slot) == 1)
		*times = (struct times){now, now};
	if (now < times->first)
		times->first = now;
	if (now > times->last)
		times->last = now;
	return slot->known;
}

bool tally_has(struct tally *t, const struct slot_key *key)
{
	return region_find(region_set(t, key), key) || region_find(region_second_set(t, key), key);
}

struct counters tally_losses(const struct tally *t)
{
	return t->losses;
}

static struct input_count count_of(const struct slot *slot, const struct times *times)
{
	return (struct input_count){
		.kind = slot->key.kind,
		.ifindex = slot->key.ifindex,
		.dst = slot->key.dst,
		.src = slot->src,
		.port = slot->key.port,
		.syns = table_count(slot),
		.first = times->first,
		.last = times->last,
	};
}

void tally_tell(const struct tally *t, when_t now, bool answers_watched, input_fn *hear, void *data)
{
	struct input in = {
		.kind = INPUT_COUNTS_BEGIN, .now = now, .answers_watched = answers_watched};

	hear(data, &in);
	in.kind = INPUT_COUNT;
	for (size_t i = 0; i < t->used_count; i++) {
		const size_t at = t->used[i];

		in.count = count_of(&t->sets[at / ABI_WAYS].ways[at % ABI_WAYS], &t->times[at]);
		hear(data, &in);
	}
	in.kind = INPUT_COUNTS_END;
	hear(data, &in);
}

size_t tally_used(const struct tally *t)
{
	return t->used_count;
}
