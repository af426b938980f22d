/* SPDX-License-Identifier: GPL-2.0-only */
/* The addresses that the programs know: owned or published, as a map and as bits (see abi.h). */
#ifndef SYNHOLE_IO_KNOWN_H
#define SYNHOLE_IO_KNOWN_H

#include "abi.h"

#include <stdint.h>

struct known {
	int map;	     /* borrowed */
	int likely;	     /* the map of the bits, borrowed */
	struct likely *bits; /* it mapped, or NULL */
};

/* Maps the bits of the two maps given. Returns 0 or -errno. */
int known_open(struct known *ret_known, int map, int likely);
void known_close(struct known *known);

/* `flags`: enum known_flags, 0 to forget the address. Returns 0 or -errno. */
int known_tell(const struct known *known, const struct addr *a, uint32_t flags);

/* Asks `flags_of` anew about every address there is. */
void known_again(const struct known *known, uint32_t (*flags_of)(void *data, const struct addr *a),
		 void *data);

#endif
