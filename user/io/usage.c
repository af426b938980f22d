// SPDX-License-Identifier: GPL-2.0-only
/* What this process uses. */
#include "io/usage.h"

#include "base/cleanup.h"
#include "base/clock.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

static int read_stat(struct usage *u, unsigned long long *ret_start_ticks)
{
	cleanup(close_file) FILE *file = fopen("/proc/self/stat", "re");
	unsigned long long user, system, start;
	unsigned long size;
	char line[1024];
	long pages;

	/* The name in parentheses may hold anything, so the fields are counted from its end. */
	if (!file || !fgets(line, sizeof(line), file) || !strrchr(line, ')') ||
	    sscanf(strrchr(line, ')'),
		   ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %*d %*d %*d %*d %*d "
		   "%*d %llu %lu %ld",
		   &user, &system, &start, &size, &pages) != 5)
		return -EIO;
	u->cpu_seconds = (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
	u->virtual_bytes = size;
	u->resident_bytes = (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
	*ret_start_ticks = start;
	return 0;
}

static int count_fds(uint64_t *ret_count)
{
	cleanup(close_directory) DIR *fds = opendir("/proc/self/fd");
	const struct dirent *entry;
	uint64_t count = 0;

	if (!fds)
		return -errno;
	while ((entry = readdir(fds)))
		count += entry->d_name[0] != '.';
	*ret_count = count - 1; /* that of the directory itself */
	return 0;
}

/* Ticks count from the boot, so the boot is now less the time since then. */
static double started(unsigned long long ticks)
{
	const uint64_t booted = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_BOOTTIME);

	return (double)booted / 1e9 + (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

int usage_read(struct usage *ret_usage)
{
	unsigned long long ticks;
	struct usage u = {0};
	struct rlimit files;
	int r = read_stat(&u, &ticks);

	r = r < 0 ? r : count_fds(&u.open_fds);
	if (r < 0)
		return r;
	getrlimit(RLIMIT_NOFILE, &files);
	u.max_fds = files.rlim_cur == RLIM_INFINITY ? UINT64_MAX : files.rlim_cur;
	u.started = started(ticks);
	*ret_usage = u;
	return 0;
}
