/* SPDX-License-Identifier: GPL-2.0-only */
/* Asks the daemon over its Unix socket, and waits for the answer. */
#ifndef SYNHOLE_IO_FETCH_H
#define SYNHOLE_IO_FETCH_H

#include "base/failure.h"

#include <stddef.h>

#define FETCH_BYTES_MAX (64 << 20)
#define FETCH_SECONDS 10

/*
 * GETs `path` of whoever serves at `socket`. `ret_text` is NUL-terminated and to be freed; it may
 * hold anything.
 *
 * -ENOENT or -ECONNREFUSED: nobody is there; -EACCES: not permitted; -ETIMEDOUT; -EPROTO: what
 * answers is no daemon of ours, or says that it is not well.
 */
int fetch(const char *socket, const char *path, char **ret_text, size_t *ret_size,
	  struct failure *failure);

#endif
