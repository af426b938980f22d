/* SPDX-License-Identifier: GPL-2.0-only */
/* The bytes of a file or a pipe, unzipped on the way, through a window that moves on. */
#ifndef SYNHOLE_IO_SAVEFILE_BYTES_H
#define SYNHOLE_IO_SAVEFILE_BYTES_H

#include "base/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

struct savefile_bytes {
	gzFile file;
	uint8_t *room;
	size_t start, end; /* what has been read and not taken */
	int error;	   /* -errno of reading */
};

/* "-" is standard input. */
int savefile_bytes_open(struct savefile_bytes *ret_bytes, const char *path,
			struct failure *failure);
void savefile_bytes_close(struct savefile_bytes *bytes);

/* The next `n` bytes (at most SAVEFILE_ROOM), which stay where they are; NULL where fewer are
 * left. Valid until the next call. */
const uint8_t *savefile_bytes_peek(struct savefile_bytes *bytes, size_t n);

/* Moves on by `n`; false: there are fewer, and nothing is left. */
bool savefile_bytes_skip(struct savefile_bytes *bytes, size_t n);

/* Nothing is left. */
int savefile_bytes_at_end(struct savefile_bytes *bytes);

#endif
