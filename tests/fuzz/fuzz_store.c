// SPDX-License-Identifier: GPL-2.0-only
/* Fuzzes the reader of stores: the bytes are the file. */
#include "io/store.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool look_at_row(void *data, const struct store_row *row)
{
	*(size_t *)data += strlen(row->address) + strlen(row->names) + strlen(row->verdict) +
			   strlen(row->severity) + strlen(row->document);
	return true;
}

static void look_at_minute(void *data, const struct store_minute *minute)
{
	*(size_t *)data += minute->syns;
}

static void read_all(struct store *store)
{
	const struct store_filter filters[] = {
		{0},
		{.since = 1, .until = 1000, .open = true, .limit = 1},
		{.name = "imap.example.org", .address = "192.0.2.1", .verdict = "blackhole"},
	};
	struct failure failure;
	size_t seen = 0, size;
	char *text;
	void *value;

	for (size_t i = 0; i < sizeof(filters) / sizeof(*filters); i++)
		store_list(store, &filters[i], look_at_row, &seen, &failure);
	store_minutes(store, 1, look_at_minute, &seen, &failure);
	if (store_get(store, 1, &text, &failure) == 0)
		free(text);
	if (store_get_state(store, 1, STORE_OPENING, &text, &failure) == 0)
		free(text);
	if (store_get_value(store, "key", &value, &size, &failure) == 0)
		free(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct failure failure = {0};
	struct store *store;
	char path[64];
	int fd, r;

	snprintf(path, sizeof(path), "/dev/shm/synhole-fuzz-store-%d", getpid());
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return 0;
	r = write(fd, data, size) == (ssize_t)size ? store_open_read(&store, path, &failure) : 0;
	close(fd);
	unlink(path);
	if (r < 0 && !failure.text[0]) /* never without a sentence */
		abort();
	if (r == 0) {
		read_all(store);
		store_close(&store);
	}
	return 0;
}
