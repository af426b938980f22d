// SPDX-License-Identifier: GPL-2.0-only
/* The directory in which a file lies. */
#include "base/directory.h"

#include "base/cleanup.h"

#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>

const char *directory_of(const char *path, char space[static PATH_MAX])
{
	snprintf(space, PATH_MAX, "%s", path);
	return dirname(space);
}

void directory_sync(const char *path)
{
	char space[PATH_MAX];
	autoclose int fd = open(directory_of(path, space), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		fsync(fd);
}
