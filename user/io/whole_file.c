// SPDX-License-Identifier: GPL-2.0-only
/* Files that are written whole or not at all. */
#include "io/whole_file.h"

#include "base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

struct whole_file {
	char path[PATH_MAX], temporary[PATH_MAX + 8];
	FILE *stream;
};

void whole_file_free(struct whole_file **file)
{
	struct whole_file *f = *file;

	if (!f)
		return;
	close_file(&f->stream);
	if (f->temporary[0])
		unlink(f->temporary);
	free(f);
	*file = NULL;
}

static int failed(const struct whole_file *f, int error, struct failure *failure)
{
	return failure_set(failure, -error, "cannot write %.128s: %s", f->path, strerror(error));
}

/* As a file would be that open() makes: mkstemp() allows nobody else to read it. */
static int set_rights(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	return fchmod(fd, 0666 & ~mask);
}

static int create(struct whole_file *f, struct failure *failure)
{
	autoclose int fd = -1;

	snprintf(f->temporary, sizeof(f->temporary), "%s.XXXXXX", f->path);
	fd = mkostemp(f->temporary, O_CLOEXEC);
	if (fd < 0) {
		f->temporary[0] = '\0';
		return failed(f, errno, failure);
	}
	f->stream = set_rights(fd) < 0 ? NULL : fdopen(fd, "w");
	if (!f->stream)
		return failed(f, errno, failure);
	take_fd(&fd);
	return 0;
}

int whole_file_new(struct whole_file **ret_file, const char *path, struct failure *failure)
{
	cleanup(whole_file_free) struct whole_file *f = calloc(1, sizeof(*f));
	struct stat there;
	int r;

	if (!f)
		return failure_set(failure, -ENOMEM, "no memory");
	if (!*path || strlen(path) >= PATH_MAX)
		return failure_set(failure, -ENAMETOOLONG, "\"%.64s\" is no name for a file", path);
	strcpy(f->path, path);
	/* It would be replaced, not written to. */
	if (lstat(path, &there) == 0 && !S_ISREG(there.st_mode))
		return failure_set(failure, -EEXIST, "cannot write %.128s: it is no plain file",
				   path);
	r = create(f, failure);
	if (r == 0)
		*ret_file = take_ptr(f);
	return r;
}

FILE *whole_file_stream(struct whole_file *f)
{
	return f->stream;
}

int whole_file_finish(struct whole_file **file, struct failure *failure)
{
	cleanup(whole_file_free) struct whole_file *f = take_ptr(*file);

	errno = 0; /* ferror() alone does not tell why */
	if (fflush(f->stream) != 0 || ferror(f->stream) || fsync(fileno(f->stream)) < 0 ||
	    rename(f->temporary, f->path) < 0)
		return failed(f, errno ? errno : EIO, failure);
	f->temporary[0] = '\0';
	return 0;
}
