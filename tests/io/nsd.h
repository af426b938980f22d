/* SPDX-License-Identifier: GPL-2.0-only */
/* A real authoritative server on loopback, of its own in a temporary directory. */
#ifndef SYNHOLE_TESTS_IO_NSD_H
#define SYNHOLE_TESTS_IO_NSD_H

#include <stdint.h>
#include <sys/types.h>

struct nsd {
	pid_t pid;
	uint16_t port; /* on 127.0.0.1 and on ::1 */
	char directory[32];
};

/* Starts nsd and waits until it answers. -ENOENT: the package nsd is not installed. */
int nsd_start(struct nsd *nsd);
void nsd_stop(struct nsd *nsd);

#endif
