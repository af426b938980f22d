/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How many strangers a snapshot has: destinations that are neither owned nor published, of which a
 * daemon keeps nothing else, because a scan makes as many as there is room for.
 */
#ifndef SYNHOLE_CORE_STRANGERS_H
#define SYNHOLE_CORE_STRANGERS_H

#include "abi.h"

#include <stddef.h>
#include <stdint.h>

struct strangers {
	uint64_t count;	     /* of the last whole snapshot */
	uint64_t syns_known; /* SYNs since the start to those who are none */
	uint64_t *hashes;    /* while a snapshot is told: of each row's destination */
	size_t hash_count, hash_room;
};

void strangers_begin(struct strangers *strangers);
void strangers_note(struct strangers *strangers, const struct addr *destination);
void strangers_end(struct strangers *strangers);
void strangers_free(struct strangers *strangers);

#endif
