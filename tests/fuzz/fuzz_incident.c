// SPDX-License-Identifier: GPL-2.0-only
/* Fuzzes the reader of incidents: the bytes are a document. What is taken must read back the same.
 */
#include "cmd/incident_json.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *again(const char *document)
{
	static struct incident incident;

	if (incident_from_document(document, &incident) < 0)
		abort();
	return incident_document(&incident);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct incident incident;
	char *text = malloc(size + 1), *first, *second;

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (incident_from_document(text, &incident) == 0) {
		/* What escaping makes longer is cut at the first reading, not at the second. */
		char *escaped = incident_document(&incident);

		first = again(escaped);
		second = again(first);
		if (strcmp(first, second) != 0)
			abort();
		free(escaped);
		free(first);
		free(second);
	}
	free(text);
	return 0;
}
