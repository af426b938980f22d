// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes what reads stored documents: the bytes are one. As an incident, what is taken must read
 * back the same; as that or as a host, it is told as a page, which must hold printable ASCII alone.
 */
#include "cmd/incident_json.h"
#include "cmd/page.h"
#include "cmd/story.h"

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

/* What escaping makes longer is cut at the first reading, not at the second. */
static void read_back(const struct incident *incident)
{
	char *escaped = incident_document(incident), *first = again(escaped),
	     *second = again(first);

	if (strcmp(first, second) != 0)
		abort();
	free(escaped);
	free(first);
	free(second);
}

static void check_printable(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if ((text[i] < ' ' || text[i] > '~') && text[i] != '\n')
			abort();
}

static void tell(struct stored *stored)
{
	const when_t now = 1795358821123456789;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	page_incident(out, stored, now);
	for (size_t i = 0; i < STORY_PARTS; i++) {
		struct sheet *part = story_part(stored, now, i);

		if (part)
			sheet_print(part, out);
		sheet_free(&part);
	}
	fclose(out);
	check_printable(text, size);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct store_minute minutes[] = {{1, 1795358400000000000, 3, 1},
						{1, 1795358460000000000, 0, 7}};
	static struct stored stored;
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	memset(&stored, 0, sizeof(stored));
	stored.minutes = minutes;
	stored.minute_count = 2;
	if (incident_from_document(text, &stored.incident) == 0)
		read_back(&stored.incident);
	stored.opening = json_loadb(text, size, 0, NULL);
	if (stored.opening || stored.incident.id)
		tell(&stored);
	json_decref(stored.opening);
	free(text);
	return 0;
}
