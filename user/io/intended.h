/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The addresses that a host is meant to have, from a file: what `ip -j address` prints, or one
 * ADDRESS or ADDRESS/LENGTH in each line, and "#" before a comment.
 *
 * Each is told as an address and a local route of its own, those that ip says have failed or are on
 * a link that is down without the route: ownership is then judged as that of a real host.
 */
#ifndef SYNHOLE_IO_INTENDED_H
#define SYNHOLE_IO_INTENDED_H

#include "base/failure.h"
#include "core/input.h"

#define INTENDED_MAX (4 << 20) /* bytes */

/* -EINVAL and a sentence for what is neither, has no address, or is too large; then nothing, or a
 * part, was heard. */
int intended_read(const char *path, input_fn *hear, void *data, struct failure *failure);

/* The same for text of `size` bytes that was read from `path`. */
int intended_parse(const char *text, size_t size, const char *path, input_fn *hear, void *data,
		   struct failure *failure);

#endif
