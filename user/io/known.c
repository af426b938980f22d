// SPDX-License-Identifier: GPL-2.0-only
/* The addresses that the programs know. */
#include "io/known.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>

int known_open(struct known *ret_known, int map, int likely)
{
	void *bits =
		mmap(NULL, sizeof(struct likely), PROT_READ | PROT_WRITE, MAP_SHARED, likely, 0);

	if (bits == MAP_FAILED)
		return -errno;
	*ret_known = (struct known){.map = map, .likely = likely, .bits = bits};
	return 0;
}

void known_close(struct known *known)
{
	if (known->bits)
		munmap(known->bits, sizeof(*known->bits));
	known->bits = NULL;
}

/* The bit comes last: a program that sees it finds the address in the map. */
int known_tell(const struct known *known, const struct addr *a, uint32_t flags)
{
	uint32_t bit = abi_likely(a);
	int r = flags ? bpf_map_update_elem(known->map, a, &flags, BPF_ANY)
		      : bpf_map_delete_elem(known->map, a);

	if (r == 0 && flags)
		__atomic_fetch_or(&known->bits->words[bit / 64], 1ULL << bit % 64,
				  __ATOMIC_RELEASE);
	return r == -ENOENT ? 0 : r;
}

void known_again(const struct known *known, uint32_t (*flags_of)(void *data, const struct addr *a),
		 void *data)
{
	struct addr next, prev;
	bool more = bpf_map_get_next_key(known->map, NULL, &next) == 0;

	while (more) {
		prev = next;
		/* The next one is looked up first: this one may be about to go. */
		more = bpf_map_get_next_key(known->map, &prev, &next) == 0;
		known_tell(known, &prev, flags_of(data, &prev));
	}
}
