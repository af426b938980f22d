/* SPDX-License-Identifier: GPL-2.0-only */
/* What this process uses, as the kernel counts it (proc_pid_stat(5)). */
#ifndef SYNHOLE_IO_USAGE_H
#define SYNHOLE_IO_USAGE_H

#include <stdint.h>

struct usage {
	double cpu_seconds;
	double started; /* seconds since 1970 */
	uint64_t virtual_bytes, resident_bytes;
	uint64_t open_fds, max_fds; /* max: UINT64_MAX is no limit */
};

/* -errno if /proc cannot be read. */
int usage_read(struct usage *ret_usage);

#endif
