/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values of a host file's members. One that is not what it must be makes the sentence and sets
 * `error`, and goes on with nothing in its place: readers look at the end.
 */
#ifndef SYNHOLE_IO_HOST_FILE_VALUES_H
#define SYNHOLE_IO_HOST_FILE_VALUES_H

#include "io/host_file.h"

#include <jansson.h>

struct host_reader {
	json_t *root;
	json_t *links; /* their indices by their names */
	struct host_file *file;
	input_fn *hear;
	void *data;
	struct failure *failure;
	const char *list; /* the member that is read, and */
	size_t at;	  /* its entry */
	int error;
};

void host_wrong(struct host_reader *r, const char *key);

/* Integers from 0 to `most`; a member that may be absent or null is `absent` then. */
#define HOST_REQUIRED UINT64_MAX
uint64_t host_get_number(struct host_reader *r, const json_t *o, const char *key, uint64_t most,
			 uint64_t absent);

bool host_get_flag(struct host_reader *r, const json_t *o, const char *key, bool required);

/* NULL where it is absent or null, "" in a copy. */
const char *host_get_text(struct host_reader *r, const json_t *o, const char *key, bool required);
void host_copy_text(struct host_reader *r, const json_t *o, const char *key, char *ret,
		    size_t size);

/* All zero where it may be absent and is. */
struct addr host_get_address(struct host_reader *r, const json_t *o, const char *key,
			     bool required);

/* In the mapped form. */
uint8_t host_get_prefix_len(struct host_reader *r, const json_t *o, const struct addr *a);

/* RFC 3339, UTC, microseconds; 0 where it is absent or null. */
when_t host_get_time(struct host_reader *r, const json_t *o, const char *key);

/* The index of the link that is named there, 0: none. */
uint32_t host_get_link(struct host_reader *r, const json_t *o, const char *key);

/* Left as it is where it is absent or null. */
void host_get_mac(struct host_reader *r, const json_t *o, const char *key, uint8_t ret_mac[6]);

#endif
