// SPDX-License-Identifier: GPL-2.0-only
/*
 * Feeds every file of the corpus directories it is given to a fuzz target, without libFuzzer: what
 * once broke, or once led somewhere, is run by every `make check`. Fails where it finds no input.
 * Speaks TAP.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"

#define LONGEST (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void close_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

/* In memory of just the input's size, so that sanitizers see a read beyond it. */
static int replay(const char *path)
{
	cleanup(close_file) FILE *file = fopen(path, "rb");
	autofree uint8_t *data = NULL;
	struct stat st;

	if (!file || fstat(fileno(file), &st) || st.st_size > LONGEST)
		return -1;
	data = malloc(st.st_size ? (size_t)st.st_size : 1);
	if (!data || fread(data, 1, (size_t)st.st_size, file) != (size_t)st.st_size)
		return -1;
	LLVMFuzzerTestOneInput(data, (size_t)st.st_size);
	return 0;
}

/* Returns how many files were replayed, -1 where one could not be read. */
static int replay_dir(const char *path)
{
	cleanup(close_dir) DIR *dir = opendir(path);
	const struct dirent *entry;
	char file[4096];
	int count = 0;

	if (!dir)
		return -1;
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		if (replay(file)) {
			printf("# cannot read %s\n", file);
			return -1;
		}
		count++;
	}
	return count;
}

int main(int argc, char **argv)
{
	int failed = argc < 2;

	printf("1..%d\n", argc - 1);
	for (int i = 1; i < argc; i++) {
		int count = replay_dir(argv[i]);

		printf("%s %d - %s: %d inputs\n", count > 0 ? "ok" : "not ok", i, argv[i], count);
		failed |= count <= 0;
	}
	return failed;
}
