// SPDX-License-Identifier: GPL-2.0-only
/* The window over a file: zlib reads plain files as they are, and zipped ones unzipped. */
#include "io/savefile_bytes.h"

#include "base/cleanup.h"
#include "io/savefile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

int savefile_bytes_open(struct savefile_bytes *ret_bytes, const char *path, struct failure *failure)
{
	struct savefile_bytes b = {0};
	autoclose int fd = -1;

	fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
				    : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return failure_set(failure, -errno, "cannot open %.128s: %s", path,
				   strerror(errno));
	b.room = malloc(SAVEFILE_ROOM);
	b.file = b.room ? gzdopen(fd, "rb") : NULL;
	if (!b.file) {
		free(b.room);
		return failure_set(failure, -ENOMEM, "out of memory");
	}
	take_fd(&fd);
	*ret_bytes = b;
	return 0;
}

void savefile_bytes_close(struct savefile_bytes *b)
{
	if (b->file)
		gzclose_r(b->file);
	free(b->room);
	*b = (struct savefile_bytes){0};
}

/* Fills the window as far as it goes. zlib tells what it has unzipped before it tells a fault. */
static void fill(struct savefile_bytes *b)
{
	int n = 1, error;

	memmove(b->room, b->room + b->start, b->end - b->start);
	b->end -= b->start;
	b->start = 0;
	while (b->end < SAVEFILE_ROOM && n > 0) {
		n = gzread(b->file, b->room + b->end, (unsigned)(SAVEFILE_ROOM - b->end));
		b->end += n > 0 ? (size_t)n : 0;
	}
	if (b->error)
		return;
	gzerror(b->file, &error);
	if (error == Z_ERRNO)
		b->error = errno ? -errno : -EIO;
	else if (error != Z_OK && error != Z_STREAM_END)
		b->error = error == Z_MEM_ERROR ? -ENOMEM : -EBADMSG;
}

const uint8_t *savefile_bytes_peek(struct savefile_bytes *b, size_t n)
{
	if (b->end - b->start < n && !b->error)
		fill(b);
	return b->end - b->start < n ? NULL : b->room + b->start;
}

bool savefile_bytes_skip(struct savefile_bytes *b, size_t n)
{
	while (n > b->end - b->start) {
		n -= b->end - b->start;
		b->start = b->end;
		if (!savefile_bytes_peek(b, 1))
			return false;
	}
	b->start += n;
	return true;
}

int savefile_bytes_at_end(struct savefile_bytes *b)
{
	return !savefile_bytes_peek(b, 1);
}
