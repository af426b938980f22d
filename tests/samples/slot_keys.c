// SPDX-License-Identifier: GPL-2.0-only
/* Keys of the counting table, and seeds to hash them with. */
#include "samples/slot_keys.h"

#include <string.h>

/* splitmix64: the same numbers in every run. */
static uint64_t draw(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

struct table_seed slot_seed_drawn(uint64_t *seed)
{
	struct table_seed s;

	for (int i = 0; i <= TABLE_WORDS; i++) {
		s.set[i] = draw(seed);
		s.tag[i] = draw(seed);
	}
	return s;
}

struct slot_key slot_key_of(unsigned id)
{
	struct slot_key key = {.ifindex = 1 + id, .port = (__u16)(80 + id)};

	for (unsigned i = 0; i < 4; i++)
		key.dst.words[i] = 0x01010101 * (id + 1) + i;
	return key;
}

struct slot_key slot_key_mixed(const unsigned ids[SLOT_WORDS])
{
	struct slot_key mixed;

	for (size_t i = 0; i < SLOT_WORDS; i++) {
		struct slot_key key = slot_key_of(ids[i]);

		memcpy((__u32 *)&mixed + i, (__u32 *)&key + i, sizeof(__u32));
	}
	return mixed;
}

bool slot_mixture_is_whole(const unsigned ids[SLOT_WORDS])
{
	for (size_t i = 1; i < SLOT_WORDS; i++)
		if (ids[i] != ids[0])
			return false;
	return true;
}

void slot_mixture(unsigned number, unsigned ret_ids[SLOT_WORDS])
{
	for (size_t i = 0; i < SLOT_WORDS; i++, number /= SLOT_KEYS)
		ret_ids[i] = number % SLOT_KEYS;
}

static bool confuses(const struct table_seed *seed, const __u64 tags[SLOT_KEYS], unsigned number)
{
	unsigned ids[SLOT_WORDS];
	struct slot_key key;
	__u64 tag;

	slot_mixture(number, ids);
	key = slot_key_mixed(ids);
	tag = table_tag(seed, &key);
	for (unsigned id = 0; id < SLOT_KEYS; id++)
		if (tags[id] == tag && !(slot_mixture_is_whole(ids) && ids[0] == id))
			return true;
	return false;
}

/* With 23 bits of fingerprint one mixture in 8 million passes for a key. A seed with which none
 * does lets tests expect none. */
struct table_seed slot_seed_clear(void)
{
	uint64_t random = 1;

	_Static_assert(SLOT_WORDS == 6 && SLOT_KEYS == 8, "SLOT_MIXTURES");
	for (;;) {
		struct table_seed seed = slot_seed_drawn(&random);
		__u64 tags[SLOT_KEYS];
		unsigned number = 0;

		for (unsigned id = 0; id < SLOT_KEYS; id++)
			tags[id] = table_tag(&seed, &(struct slot_key[]){slot_key_of(id)}[0]);
		while (number < SLOT_MIXTURES && !confuses(&seed, tags, number))
			number++;
		if (number == SLOT_MIXTURES)
			return seed;
	}
}
