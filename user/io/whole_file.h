/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file that is written whole or not at all: beside its place under another name, which is then
 * changed. What was there before stays until then, and for ever if anything fails.
 */
#ifndef SYNHOLE_IO_WHOLE_FILE_H
#define SYNHOLE_IO_WHOLE_FILE_H

#include "base/failure.h"

#include <stdio.h>

struct whole_file;

/* -EEXIST: there is something at `path` that is no plain file. */
int whole_file_new(struct whole_file **ret_file, const char *path, struct failure *failure);

/* Where to write. */
FILE *whole_file_stream(struct whole_file *file);

/* Puts it into its place, and frees it, also on failure. What could not be written fails here. */
int whole_file_finish(struct whole_file **file, struct failure *failure);

/* Leaves no trace, unless it was finished. */
void whole_file_free(struct whole_file **file);

#endif
