/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a table had counted at a snapshot, as bytes: so that the next run, which takes the table
 * over, counts neither anything twice nor leaves out what came in between.
 *
 * The bytes are this machine's: they are of use only to whoever reads the same table.
 */
#ifndef SYNHOLE_CORE_COUNTS_SAVED_H
#define SYNHOLE_CORE_COUNTS_SAVED_H

#include "core/counts.h"

/* Rows that are saved; of more the rest is counted again by the next run. */
#define COUNTS_SAVED_MAX 16384

/* `generation` is the table's. To be freed; NULL: no memory. */
void *counts_save(const struct counts *counts, uint64_t generation, size_t *ret_size);

/* Begins the first window where the saved one was. -EINVAL: these bytes are of another table, or
 * are none of ours. */
int counts_restore(struct counts *counts, uint64_t generation, const void *bytes, size_t size);

#endif
