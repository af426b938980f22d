// SPDX-License-Identifier: GPL-2.0-only
/* The recording of one incident: numbered files, of which the first and the newest stay. */
#include "cmd/recording.h"

#include "cmd/evidence.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

struct numbers {
	unsigned long count, last;
	unsigned long second; /* the lowest after 1; ULONG_MAX: none */
};

struct count {
	uint64_t id;
	struct numbers numbers;
};

static void count_file(void *data, const struct evidence_file *file)
{
	struct count *count = data;
	struct numbers *n = &count->numbers;

	if (file->id != count->id)
		return;
	n->count++;
	if (file->number > n->last)
		n->last = file->number;
	if (file->number > 1 && file->number < n->second)
		n->second = file->number;
}

static int count_files(const struct recording_place *place, struct numbers *ret_numbers)
{
	struct count count = {place->id, {.second = ULONG_MAX}};
	int r = evidence_each(place->directory, count_file, &count);

	if (r == 0)
		*ret_numbers = count.numbers;
	return r;
}

/* How the incident began is worth most, and how it is now. */
static int make_room(const struct recording_place *place, unsigned long *ret_next)
{
	char path[PATH_MAX];
	struct numbers n;
	int r = count_files(place, &n);

	while (r == 0 && n.count >= place->files && n.second != ULONG_MAX) {
		evidence_path(place->directory, place->id, n.second, path);
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
	const struct recording_file file = {
		.path = path, .only = address, .bytes = place->bytes, .shared = true};
	unsigned long next = 1;
	int r = make_room(place, &next);

	if (r < 0)
		return failure_set(failure, r, "cannot write packets into %.128s: %s",
				   place->directory, strerror(-r));
	evidence_path(place->directory, place->id, next, path);
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
