/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ownership in a function: an owning local carries a cleanup attribute, and leaves the function
 * only through take_ptr() or take_fd().
 */
#ifndef SYNHOLE_BASE_CLEANUP_H
#define SYNHOLE_BASE_CLEANUP_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define cleanup(fn) __attribute__((cleanup(fn)))

#define take_ptr(p)                                                                                \
	({                                                                                         \
		__typeof__(p) *slot_ = &(p);                                                       \
		__typeof__(p) taken_ = *slot_;                                                     \
		*slot_ = NULL;                                                                     \
		taken_;                                                                            \
	})

static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

static inline void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static inline void close_file(FILE **file)
{
	if (*file)
		fclose(*file);
	*file = NULL;
}

static inline void close_directory(DIR **directory)
{
	if (*directory)
		closedir(*directory);
	*directory = NULL;
}

static inline void free_ptr(void *p)
{
	free(*(void **)p);
}

#define autofree cleanup(free_ptr)
#define autoclose cleanup(close_fd)

#endif
