// SPDX-License-Identifier: GPL-2.0-only
/* The recording of one incident: numbered files, of which the first and the newest stay. */
#include "cmd/recording.h"

#include "base/cleanup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define SUFFIX ".pcapng.gz"

/* The number in NAME-NUMBER.pcapng.gz; 0: it is none of these. */
static unsigned long number_in(const char *file, const char *name)
{
	const size_t length = strlen(name);
	unsigned long number;
	char *end;

	if (strncmp(file, name, length) != 0 || file[length] != '-' || file[length + 1] < '1' ||
	    file[length + 1] > '9')
		return 0;
	number = strtoul(file + length + 1, &end, 10);
	return strcmp(end, SUFFIX) == 0 && number < ULONG_MAX ? number : 0;
}

struct numbers {
	unsigned long count, last;
	unsigned long second; /* the lowest after 1; ULONG_MAX: none */
};

static int count_files(const struct recording_place *place, struct numbers *ret_numbers)
{
	cleanup(close_directory) DIR *directory = opendir(place->directory);
	const struct dirent *entry;

	if (!directory)
		return -errno;
	*ret_numbers = (struct numbers){.second = ULONG_MAX};
	while ((entry = readdir(directory))) {
		unsigned long number = number_in(entry->d_name, place->name);

		if (!number)
			continue;
		ret_numbers->count++;
		if (number > ret_numbers->last)
			ret_numbers->last = number;
		if (number > 1 && number < ret_numbers->second)
			ret_numbers->second = number;
	}
	return 0;
}

static void path_of(const struct recording_place *place, unsigned long number,
		    char ret_path[static PATH_MAX])
{
	snprintf(ret_path, PATH_MAX, "%s/%s-%lu" SUFFIX, place->directory, place->name, number);
}

/* How the incident began is worth most, and how it is now. */
static int make_room(const struct recording_place *place, unsigned long *ret_next)
{
	char path[PATH_MAX];
	struct numbers n;
	int r = count_files(place, &n);

	while (r == 0 && n.count >= place->files && n.second != ULONG_MAX) {
		path_of(place, n.second, path);
		r = unlink(path) < 0 ? -errno : count_files(place, &n);
	}
	if (r == 0)
		*ret_next = n.last + 1;
	return r;
}

static int write_one(struct recording *e, const struct engine *engine, when_t now,
		     const struct addr *address, const struct recording_place *place,
		     struct recording_written *written, struct failure *failure)
{
	char path[PATH_MAX];
	const struct recording_file file = {.path = path, .only = address, .bytes = place->bytes};
	unsigned long next = 1;
	int r = make_room(place, &next);

	if (r < 0)
		return failure_set(failure, r, "cannot write packets into %.128s: %s",
				   place->directory, strerror(-r));
	path_of(place, next, path);
	r = recording_write(e, engine, now, &file, written, failure);
	if (r == 0)
		recording_forget(e, address, written->last);
	return r;
}

int recording_flush(struct recording *e, const struct engine *engine, when_t now,
		    const struct addr *address, const struct recording_place *place,
		    uint64_t *ret_packets, struct failure *failure)
{
	uint64_t packets = 0;

	while (recording_has(e, address)) {
		struct recording_written written = {0};
		int r = write_one(e, engine, now, address, place, &written, failure);

		if (r < 0)
			return r;
		packets += written.packets;
	}
	*ret_packets = packets;
	return 0;
}
