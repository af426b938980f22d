// SPDX-License-Identifier: GPL-2.0-only
/* What outlives the daemon. */
#include "io/pins.h"

#include "base/cleanup.h"

#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#define BPF_FS_MAGIC 0xcafe4a11 /* linux/magic.h has it only in newer headers */

struct pins {
	int directory; /* open and locked */
	char path[64];
};

/* Who holds the lock on this inode, 0: cannot be told. */
static long holder(ino_t inode)
{
	cleanup(close_file) FILE *locks = fopen("/proc/locks", "re");
	unsigned long long locked;
	char line[256];
	long pid;

	while (locks && fgets(line, sizeof(line), locks))
		if (sscanf(line, "%*s FLOCK %*s %*s %ld %*x:%*x:%llu", &pid, &locked) == 2 &&
		    locked == inode)
			return pid;
	return 0;
}

static int cannot(const char *path, int r, struct failure *failure)
{
	return failure_set(failure, r,
			   "cannot keep the programs in %s: %s; counting begins anew with each "
			   "start",
			   path, strerror(-r));
}

static bool is_bpffs(const char *path)
{
	struct statfs fs;

	return statfs(path, &fs) == 0 && (uint32_t)fs.f_type == BPF_FS_MAGIC;
}

/* Where pins may stand, NULL: nowhere. */
static const char *find_root(struct failure *failure)
{
	if (is_bpffs(PINS_ROOT_BOUND))
		return PINS_ROOT_BOUND;
	if (!is_bpffs("/sys/fs/bpf")) {
		failure_set(failure, -ENODEV,
			    "no BPF file system is mounted on /sys/fs/bpf (mount -t bpf bpf "
			    "/sys/fs/bpf): counting begins anew with each start");
		return NULL;
	}
	if (mkdir(PINS_ROOT, 0700) == 0 || errno == EEXIST)
		return PINS_ROOT;
	cannot(PINS_ROOT, -errno, failure);
	return NULL;
}

static int make_directory(char path[static 64], struct failure *failure)
{
	const char *root = find_root(failure);
	struct stat netns;

	if (!root)
		return -ENOENT;
	if (stat("/proc/self/ns/net", &netns) < 0)
		return cannot("/proc/self/ns/net", -errno, failure);
	snprintf(path, 64, "%s/%lu", root, (unsigned long)netns.st_ino);
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return cannot(path, -errno, failure);
	return 0;
}

static int lock(const char *path, int fd, struct failure *failure)
{
	struct stat directory;
	long pid;

	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno != EWOULDBLOCK)
		return cannot(path, -errno, failure);
	pid = fstat(fd, &directory) == 0 ? holder(directory.st_ino) : 0;
	return failure_set(
		failure, -EBUSY,
		"another synhole watch runs in this network namespace (pid %ld): stop it "
		"first",
		pid);
}

int pins_open(struct pins **ret_pins, struct failure *failure)
{
	cleanup(pins_close) struct pins *p = calloc(1, sizeof(*p));
	int r;

	if (!p)
		return failure_set(failure, -ENOMEM, "out of memory");
	p->directory = -1;
	r = make_directory(p->path, failure);
	if (r < 0)
		return r;
	p->directory = open(p->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (p->directory < 0)
		return cannot(p->path, -errno, failure);
	r = lock(p->path, p->directory, failure);
	if (r == 0)
		*ret_pins = take_ptr(p);
	return r;
}

void pins_close(struct pins **pins)
{
	if (!*pins)
		return;
	close_fd(&(*pins)->directory);
	free(*pins);
	*pins = NULL;
}

void pins_end(struct pins **pins)
{
	rmdir((*pins)->path);
	rmdir(PINS_ROOT);
	pins_close(pins);
}

static const char *path_of(const struct pins *p, const char *name, char path[static 128])
{
	snprintf(path, 128, "%s/%s", p->path, name);
	return path;
}

int pins_get(const struct pins *p, const char *name)
{
	char path[128];

	return bpf_obj_get(path_of(p, name, path));
}

int pins_put(const struct pins *p, const char *name, int fd)
{
	char path[128];

	unlink(path_of(p, name, path));
	return bpf_obj_pin(fd, path);
}

void pins_remove(const struct pins *p, const char *name)
{
	char path[128];

	unlink(path_of(p, name, path));
}

void pins_each(const struct pins *p, void (*tell)(void *data, const char *name), void *data)
{
	cleanup(close_directory) DIR *directory = opendir(p->path);
	const struct dirent *entry;

	while (directory && (entry = readdir(directory)))
		if (entry->d_name[0] != '.' && strlen(entry->d_name) < PINS_NAME)
			tell(data, entry->d_name);
}
