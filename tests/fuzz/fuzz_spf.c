// SPDX-License-Identifier: GPL-2.0-only
/* SPF records as any bytes: each line of the input is what DNS says, in turn, whatever is asked. */
#include "core/spf.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LINES_MAX 64
/* 10 terms that ask, each for up to 11 names and the names of the client; and the records. */
#define QUESTIONS_MAX 256

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct said {
	char *lines[LINES_MAX];
	size_t count, at;
	unsigned questions;
	struct addr address;
};

static struct spf_answer answer(void *data, enum spf_asked asked, const char *name)
{
	struct said *said = data;
	const char *const *line = (const char *const *)&said->lines[said->at++ % said->count];
	struct spf_answer found = {.texts = line, .addresses = &said->address, .count = 1};

	if (!*name || strlen(name) >= SPF_NAME || ++said->questions > QUESTIONS_MAX)
		abort();
	if (**line == '!')
		found.failed = true;
	if (**line == '-')
		found.count = 0;
	return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct said said = {.address.bytes = {[0] = 0x20, [15] = 1}};
	struct spf_identity who = {.client = said.address, .helo = "helo.example"};
	char *text = malloc(size + 1), *rest = text;
	struct spf_said result;

	memcpy(text, data, size);
	text[size] = '\0';
	while (rest && said.count < LINES_MAX)
		said.lines[said.count++] = strsep(&rest, "\n");
	who.sender = said.lines[0]; /* the first line is the sender, too */
	if (size % 2)
		who.client.bytes[10] = who.client.bytes[11] = 0xff;
	result = spf_check(&who, answer, &said);
	if (!spf_result_name(result.result) || strlen(result.domain) >= SPF_NAME ||
	    (result.problem != NULL) != (result.result >= SPF_TEMPERROR))
		abort();
	free(text);
	return 0;
}
