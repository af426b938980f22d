/* SPDX-License-Identifier: GPL-2.0-only */
/* The files in which a daemon keeps the packets of incidents: DIRECTORY/ID-NUMBER.pcapng.gz. */
#ifndef SYNHOLE_CMD_EVIDENCE_H
#define SYNHOLE_CMD_EVIDENCE_H

#include <limits.h>
#include <stdint.h>

/* Of one incident: 16 MiB, before compression. */
#define EVIDENCE_FILES 16
#define EVIDENCE_FILE_BYTES (1 << 20)

struct evidence_file {
	const char *name;
	uint64_t id;	      /* of the incident */
	unsigned long number; /* from 1 on */
	int directory;	      /* a descriptor, for openat() and its kin */
};

/* Tells the files whose names are of this form, in any order; whatever else lies there is left out.
 * -errno: the directory cannot be read. */
typedef void evidence_fn(void *data, const struct evidence_file *file);
int evidence_each(const char *directory, evidence_fn *tell, void *data);

void evidence_path(const char *directory, uint64_t id, unsigned long number,
		   char ret_path[static PATH_MAX]);

#endif
