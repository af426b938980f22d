// SPDX-License-Identifier: GPL-2.0-only
/* Fuzzes what synhole status prints: the bytes are what the daemon said. Nothing but printable text
 * may come of it. */
#include "cmd/status_text.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_printable(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (text[i] != '\n' && (text[i] < ' ' || text[i] > '~'))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *document = json_loadb((const char *)data, size, 0, NULL);
	char *text = NULL;
	size_t length = 0;
	FILE *out;

	if (document && status_text_knows(document) && (out = open_memstream(&text, &length))) {
		status_text(out, document);
		fclose(out);
		check_printable(text, length);
		if (status_text_exit(document) < 0 || status_text_exit(document) > 3)
			abort();
		free(text);
	}
	json_decref(document);
	return 0;
}
