/* SPDX-License-Identifier: GPL-2.0-only */
/* Which programs hold sockets, from proc(5): /proc/PID/fd and /proc/PID/comm. */
#ifndef SYNHOLE_IO_PROCESS_H
#define SYNHOLE_IO_PROCESS_H

#include <stddef.h>
#include <stdint.h>

struct process {
	int pid;       /* 0: not found, or not ours to see */
	char name[32]; /* as it calls itself: hostile bytes */
};

/* Who holds the sockets with these inodes (0: none), `ret_holders` in the same order. Where several
 * do, the one with the lowest pid but for pid 1, which holds sockets for others. Other users'
 * processes are seen by root only. -errno if there is no /proc. */
int process_holding(const uint32_t *inodes, size_t count, struct process *ret_holders);

#endif
