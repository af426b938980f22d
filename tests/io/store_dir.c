// SPDX-License-Identifier: GPL-2.0-only
/* A directory of its own with a store in it, and rows to put there. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "store_dir.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECOND 1000000000ULL

int store_dir_begin(void **state)
{
	struct store_dir *dir = calloc(1, sizeof(*dir));

	strcpy(dir->directory, "/tmp/synhole-store-XXXXXX");
	if (!mkdtemp(dir->directory) || chmod(dir->directory, 0755) < 0)
		return -1;
	snprintf(dir->path, sizeof(dir->path), "%s/a #?%%store.db", dir->directory);
	dir->settings.path = dir->path;
	*state = dir;
	return store_new(&dir->store, &dir->settings);
}

int store_dir_end(void **state)
{
	struct store_dir *dir = *state;
	char pattern[128];
	glob_t found = {0};

	store_close(&dir->store);
	snprintf(pattern, sizeof(pattern), "%s/*", dir->directory);
	if (glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			remove(found.gl_pathv[i]);
	globfree(&found);
	rmdir(dir->directory);
	free(dir);
	return 0;
}

const char *store_dir_file(const struct store_dir *dir, const char *suffix)
{
	static char path[160];

	snprintf(path, sizeof(path), "%s%s", dir->path, suffix);
	return path;
}

unsigned store_dir_count(const struct store_dir *dir, const char *suffix)
{
	char pattern[160];
	glob_t found = {0};
	unsigned count = 0;

	snprintf(pattern, sizeof(pattern), "%s/a*store.db%s*", dir->directory, suffix);
	if (glob(pattern, 0, NULL, &found) == 0)
		count = (unsigned)found.gl_pathc;
	globfree(&found);
	return count;
}

static void format_document(uint64_t id, uint64_t closed, char ret_text[static 2048])
{
	int n = sprintf(ret_text, "{\"id\": %llu, \"closed\": %llu, \"filler\": \"",
			(unsigned long long)id, (unsigned long long)closed);

	memset(ret_text + n, (int)('a' + id % 26), 1500);
	strcpy(ret_text + n + 1500, "\"}");
}

int store_dir_put(struct store_dir *dir, uint64_t id, uint64_t closed)
{
	char document[2048], address[64];

	format_document(id, closed, document);
	snprintf(address, sizeof(address), "192.0.2.%llu", (unsigned long long)id % 256);
	return store_put(dir->store,
			 &(struct store_row){
				 .id = id,
				 .address = address,
				 .names = id % 2 ? "imap.example.org\nMail.example.org\n" : "",
				 .verdict = id % 3 ? "blackhole" : "mute",
				 .severity = "critical",
				 .opened = id * SECOND,
				 .closed = closed * SECOND,
				 .last = id * SECOND + 1,
				 .document = document,
			 },
			 &dir->failure);
}

bool store_dir_has(struct store_dir *dir, uint64_t id)
{
	char *found = NULL, start[32];
	int r = store_get(dir->store, id, &found, &dir->failure);
	bool has;

	snprintf(start, sizeof(start), "{\"id\": %llu,", (unsigned long long)id);
	has = r == 0 && strncmp(found, start, strlen(start)) == 0 && strlen(found) > 1500 &&
	      found[strlen(found) - 3] == (char)('a' + id % 26);
	free(found);
	return has;
}

void store_dir_reopen(struct store_dir *dir)
{
	store_close(&dir->store);
	if (store_new(&dir->store, &dir->settings) < 0)
		abort();
}

int store_dir_read(struct store_dir *dir)
{
	store_close(&dir->store);
	return store_open_read(&dir->store, dir->path, &dir->failure);
}

void store_dir_succeeds(struct store_dir *dir, int r)
{
	if (r < 0)
		fail_msg("%s: %s", strerror(-r), dir->failure.text);
}

void store_dir_fails(struct store_dir *dir, int r, int wanted, const char *words)
{
	if (r != wanted || !strstr(dir->failure.text, words))
		fail_msg("%s: \"%s\" instead of %s: \"%s\"", strerror(-r), dir->failure.text,
			 strerror(-wanted), words);
}
