// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes the packet vectors as seeds into a corpus directory: `seed_pkt tests/fuzz/corpus/pkt`.
 * Run it after adding vectors.
 */
#include <ctype.h>
#include <stdio.h>

#include "frames/frames.h"

static int write_seed(const char *dir, const struct frame *frame)
{
	char path[4096];
	FILE *file;
	int at = snprintf(path, sizeof(path), "%s/", dir);
	int r;

	for (const char *c = frame->name; *c && at < (int)sizeof(path) - 1; c++)
		if (isalnum((unsigned char)*c))
			path[at++] = *c;
		else if (path[at - 1] != '-')
			path[at++] = '-';
	path[at] = '\0';
	file = fopen(path, "wb");
	if (!file)
		return -1;
	fputc((frame->link == PKT_LINK_RAW) | (frame->want == PKT_WANT_ANSWERS) << 1, file);
	fputc(0, file);
	fwrite(frame->bytes, 1, frame->len, file);
	r = ferror(file);
	return fclose(file) || r ? -1 : 0;
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	frames_build();
	for (size_t i = 0; i < frames_count; i++)
		if (write_seed(argv[1], &frames[i])) {
			perror(argv[1]);
			return 1;
		}
	return 0;
}
