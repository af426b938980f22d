// SPDX-License-Identifier: GPL-2.0-only
/* What evidence is called. */
#include "cmd/evidence.h"

#include "base/cleanup.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#define SUFFIX ".pcapng.gz"

/* As evidence_path() would write it. */
static bool read_name(const char *name, struct evidence_file *ret_file)
{
	struct evidence_file file = {.name = name};
	char again[64];

	if (sscanf(name, "%" SCNu64 "-%lu", &file.id, &file.number) != 2 || !file.id ||
	    !file.number)
		return false;
	snprintf(again, sizeof(again), "%" PRIu64 "-%lu" SUFFIX, file.id, file.number);
	*ret_file = file;
	return strcmp(name, again) == 0;
}

int evidence_each(const char *path, evidence_fn *tell, void *data)
{
	cleanup(close_directory) DIR *directory = opendir(path);
	const struct dirent *entry;
	struct evidence_file file;

	if (!directory)
		return -errno;
	while ((entry = readdir(directory))) {
		if (!read_name(entry->d_name, &file))
			continue;
		file.directory = dirfd(directory);
		tell(data, &file);
	}
	return 0;
}

void evidence_path(const char *directory, uint64_t id, unsigned long number,
		   char ret_path[static PATH_MAX])
{
	snprintf(ret_path, PATH_MAX, "%s/%" PRIu64 "-%lu" SUFFIX, directory, id, number);
}
