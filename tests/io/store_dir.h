/* SPDX-License-Identifier: GPL-2.0-only */
/* A directory of its own with a store in it, and rows to put there. */
#ifndef SYNHOLE_TESTS_IO_STORE_DIR_H
#define SYNHOLE_TESTS_IO_STORE_DIR_H

#include "io/store.h"

struct store_dir {
	char directory[64], path[96];
	struct store_settings settings;
	struct store *store; /* NULL: not open */
	struct failure failure;
};

/* For cmocka's set-up and teardown: `state` is the struct store_dir. The store is new, not open. */
int store_dir_begin(void **state);
int store_dir_end(void **state);

/* The path of a file beside it: "-wal". Overwritten by the next call. */
const char *store_dir_file(const struct store_dir *dir, const char *suffix);
/* How many files there are whose names begin with the store's and `suffix`. */
unsigned store_dir_count(const struct store_dir *dir, const char *suffix);

/* Puts the incident `id`, opened at second `id`; `closed` in seconds, 0: open. */
int store_dir_put(struct store_dir *dir, uint64_t id, uint64_t closed);
/* The incident is there, and is what was put. */
bool store_dir_has(struct store_dir *dir, uint64_t id);
void store_dir_reopen(struct store_dir *dir);
/* Opens it for reading: 0 or -errno, with dir->failure. */
int store_dir_read(struct store_dir *dir);

/* End the test where `r` is an error, or not the error `wanted` with these words in its sentence.
 */
void store_dir_succeeds(struct store_dir *dir, int r);
void store_dir_fails(struct store_dir *dir, int r, int wanted, const char *words);

#endif
