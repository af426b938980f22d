/* SPDX-License-Identifier: GPL-2.0-only */
/* The directory in which a file lies. */
#ifndef SYNHOLE_BASE_DIRECTORY_H
#define SYNHOLE_BASE_DIRECTORY_H

#include <limits.h>

/* "." of a name alone. Returns `space` or a constant. */
const char *directory_of(const char *path, char space[static PATH_MAX]);

/* So that a file that was created or renamed at `path` outlives a crash. Not every file system
 * can; the file itself is there. */
void directory_sync(const char *path);

#endif
