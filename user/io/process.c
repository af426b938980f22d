// SPDX-License-Identifier: GPL-2.0-only
/* Which programs hold sockets, from proc(5). */
#include "io/process.h"

#include "base/cleanup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static void close_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static void read_name(int proc, int pid, char *ret_name, size_t size)
{
	char path[32];
	autoclose int fd = -1;
	ssize_t n;

	snprintf(path, sizeof(path), "%d/comm", pid);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? 0 : read(fd, ret_name, size - 1);
	ret_name[n > 0 ? n : 0] = '\0';
	ret_name[strcspn(ret_name, "\n")] = '\0';
}

static bool is_better(int pid, const struct process *held_by)
{
	return !held_by->pid || held_by->pid == 1 || (pid != 1 && pid < held_by->pid);
}

struct search {
	const uint32_t *inodes;
	size_t count;
	struct process *holders;
};

static void look_at_fd(int fds, const char *fd, int pid, const struct search *s)
{
	char target[64];
	unsigned inode;
	ssize_t n = readlinkat(fds, fd, target, sizeof(target) - 1);

	target[n > 0 ? n : 0] = '\0';
	if (sscanf(target, "socket:[%u]", &inode) != 1 || !inode)
		return;
	for (size_t i = 0; i < s->count; i++)
		if (s->inodes[i] == inode && is_better(pid, &s->holders[i]))
			s->holders[i].pid = pid;
}

static void look_at_process(int proc, int pid, const struct search *s)
{
	cleanup(close_dir) DIR *dir = NULL;
	const struct dirent *entry;
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "%d/fd", pid);
	fd = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) /* gone, or another user's */
		return;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return;
	}
	while ((entry = readdir(dir)))
		look_at_fd(dirfd(dir), entry->d_name, pid, s);
}

int process_holding(const uint32_t *inodes, size_t count, struct process *ret_holders)
{
	const struct search s = {inodes, count, ret_holders};
	cleanup(close_dir) DIR *proc = opendir("/proc");
	const struct dirent *entry;

	if (!proc)
		return -errno;
	memset(ret_holders, 0, count * sizeof(*ret_holders));
	while ((entry = readdir(proc)))
		if (atoi(entry->d_name) > 0)
			look_at_process(dirfd(proc), atoi(entry->d_name), &s);
	for (size_t i = 0; i < count; i++)
		if (ret_holders[i].pid)
			read_name(dirfd(proc), ret_holders[i].pid, ret_holders[i].name,
				  sizeof(ret_holders[i].name));
	return 0;
}
