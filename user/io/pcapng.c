// SPDX-License-Identifier: GPL-2.0-only
/* A pcapng file: its blocks, and how it takes its place. */
#include "io/pcapng.h"

#include "base/cleanup.h"
#include "base/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

enum { SECTION = 0x0a0d0d0a, INTERFACE = 1, STATISTICS = 5, PACKET = 6 };
enum { END = 0, COMMENT = 1 };
enum { SHB_OS = 3, SHB_APPLICATION = 4 };
enum { IF_NAME = 2, IF_DESCRIPTION = 3, IF_MAC = 6, IF_TSRESOL = 9 };
enum { EPB_FLAGS = 2, ISB_END_TIME = 3 };

#define PACKET_MAX 65535 /* bytes of a packet: more is cut */

/* A block with the largest packet, and three texts and their heads: no block is longer. */
#define BLOCK_MAX (PACKET_MAX + 3 * (PCAPNG_TEXT + 8) + 256)

struct pcapng {
	char path[PATH_MAX], temporary[PATH_MAX + 8];
	gzFile file; /* plain bytes where it is not to be compressed */
	int fd;	     /* the same file, to see it onto the disk */
	int error;
	uint64_t size;
	uint32_t length; /* of the block that is being made */
	uint8_t block[BLOCK_MAX];
};

static void put(struct pcapng *p, const void *bytes, uint32_t n)
{
	if (n)
		memcpy(p->block + p->length, bytes, n);
	p->length += n;
	while (p->length % 4)
		p->block[p->length++] = 0;
}

static void put_32(struct pcapng *p, uint32_t value)
{
	put(p, &value, sizeof(value));
}

static void option(struct pcapng *p, uint16_t code, const void *value, size_t length)
{
	const uint16_t head[2] = {code, (uint16_t)length};

	put(p, head, sizeof(head));
	put(p, value, (uint32_t)length);
}

static void text(struct pcapng *p, uint16_t code, const char *value)
{
	if (value && *value)
		option(p, code, value, strnlen(value, PCAPNG_TEXT));
}

static void begin(struct pcapng *p, uint32_t type)
{
	p->length = 0;
	put_32(p, type);
	put_32(p, 0); /* the length, which is not known yet */
}

static void end(struct pcapng *p)
{
	uint32_t length;

	option(p, END, NULL, 0);
	length = p->length + (uint32_t)sizeof(length);
	memcpy(p->block + 4, &length, sizeof(length));
	put_32(p, length);
	if (!p->error && gzwrite(p->file, p->block, length) != (int)length)
		p->error = errno ? errno : EIO;
	p->size += length;
}

static void put_time(struct pcapng *p, uint64_t time)
{
	put_32(p, (uint32_t)(time >> 32));
	put_32(p, (uint32_t)time);
}

static void section(struct pcapng *p, const struct pcapng_section *s)
{
	const uint16_t version[2] = {1, 0};
	const int64_t unknown = -1; /* its length */

	begin(p, SECTION);
	put_32(p, 0x1a2b3c4d); /* tells the byte order */
	put(p, version, sizeof(version));
	put(p, &unknown, sizeof(unknown));
	text(p, COMMENT, s->comment);
	text(p, SHB_OS, s->os);
	text(p, SHB_APPLICATION, s->application);
	end(p);
}

void pcapng_interface(struct pcapng *p, const struct pcapng_interface *f)
{
	const uint16_t link[2] = {(uint16_t)f->link, 0};
	const uint8_t nanoseconds = 9;

	begin(p, INTERFACE);
	put(p, link, sizeof(link));
	put_32(p, f->snaplen);
	text(p, IF_NAME, f->name);
	text(p, IF_DESCRIPTION, f->description);
	if (f->mac)
		option(p, IF_MAC, f->mac, 6);
	option(p, IF_TSRESOL, &nanoseconds, 1);
	end(p);
}

void pcapng_packet(struct pcapng *p, const struct pcapng_packet *packet)
{
	const uint32_t kept = packet->kept < PACKET_MAX ? packet->kept : PACKET_MAX;
	const uint32_t flags = packet->way;

	begin(p, PACKET);
	put_32(p, packet->interface);
	put_time(p, packet->time);
	put_32(p, kept);
	put_32(p, packet->length);
	put(p, packet->bytes, kept);
	text(p, COMMENT, packet->comment);
	option(p, EPB_FLAGS, &flags, sizeof(flags));
	end(p);
}

void pcapng_ended(struct pcapng *p, uint32_t interface, uint64_t time)
{
	const uint32_t halves[2] = {(uint32_t)(time >> 32), (uint32_t)time};

	begin(p, STATISTICS);
	put_32(p, interface);
	put(p, halves, sizeof(halves));
	option(p, ISB_END_TIME, halves, sizeof(halves));
	end(p);
}

uint64_t pcapng_size(const struct pcapng *p)
{
	return p->size;
}

/* The directory that a file is in, in `space`. */
int pcapng_check(const char *path, struct failure *failure)
{
	char space[PATH_MAX];
	struct stat there;

	if (!*path || strlen(path) >= PATH_MAX)
		return failure_set(failure, -ENAMETOOLONG, "\"%.64s\" is no name for a file", path);
	/* It would be replaced, not written to: a device or a pipe is not meant for that. */
	if (lstat(path, &there) == 0 && !S_ISREG(there.st_mode))
		return failure_set(failure, -EEXIST,
				   "cannot write packets to %.128s: it is no plain file", path);
	if (access(directory_of(path, space), W_OK | X_OK) < 0)
		return failure_set(failure, -errno, "cannot write packets to %.128s: %s", path,
				   strerror(errno));
	return 0;
}

static bool is_compressed(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot && strcmp(dot, ".gz") == 0;
}

static int failed(const struct pcapng *p, int error, struct failure *failure)
{
	return failure_set(failure, -error, "cannot write packets to %.128s: %s", p->path,
			   strerror(error));
}

static int open_temporary(struct pcapng *p, const char *path, bool shared, struct failure *failure)
{
	autoclose int fd = -1;

	snprintf(p->path, sizeof(p->path), "%s", path);
	snprintf(p->temporary, sizeof(p->temporary), "%s.XXXXXX", path);
	fd = mkostemp(p->temporary, O_CLOEXEC);
	if (fd < 0) {
		p->temporary[0] = '\0';
		return failed(p, errno, failure);
	}
	if (shared && fchmod(fd, 0640) < 0)
		return failed(p, errno, failure);
	p->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	p->file = p->fd < 0 ? NULL : gzdopen(fd, is_compressed(path) ? "wb" : "wbT");
	if (!p->file)
		return failed(p, errno ? errno : ENOMEM, failure);
	take_fd(&fd); /* is the gzFile's now */
	return 0;
}

int pcapng_new(struct pcapng **ret_pcapng, const char *path, const struct pcapng_section *s,
	       struct failure *failure)
{
	cleanup(pcapng_free) struct pcapng *p = calloc(1, sizeof(*p));
	int r;

	if (!p)
		return failure_set(failure, -ENOMEM, "out of memory");
	p->fd = -1;
	r = pcapng_check(path, failure);
	r = r < 0 ? r : open_temporary(p, path, s->shared, failure);
	if (r < 0)
		return r;
	section(p, s);
	*ret_pcapng = take_ptr(p);
	return 0;
}

/* So that the file is found there after a power cut, too. */
int pcapng_finish(struct pcapng *p, struct failure *failure)
{
	errno = 0;
	if (gzclose(take_ptr(p->file)) != Z_OK && !p->error)
		p->error = errno ? errno : EIO;
	if (!p->error && (fsync(p->fd) < 0 || rename(p->temporary, p->path) < 0))
		p->error = errno;
	if (p->error)
		return failed(p, p->error, failure);
	p->temporary[0] = '\0';
	directory_sync(p->path);
	return 0;
}

void pcapng_free(struct pcapng **pcapng)
{
	struct pcapng *p = *pcapng;

	if (!p)
		return;
	if (p->file)
		gzclose(p->file);
	if (p->temporary[0])
		unlink(p->temporary);
	close_fd(&p->fd);
	free(p);
	*pcapng = NULL;
}
