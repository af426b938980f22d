// SPDX-License-Identifier: GPL-2.0-only
/* Files of intended addresses as any bytes. */
#include "io/intended.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hear(void *data, const struct input *in)
{
	size_t *addresses = data;

	if (in->kind == INPUT_ADDRESS && in->address.prefix_len > 128)
		abort();
	if (in->kind == INPUT_LINK && strnlen(in->link.name, sizeof(in->link.name)) == 16)
		abort();
	*addresses += in->kind == INPUT_ADDRESS;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size); /* exactly as large: a read beyond is seen */
	struct failure failure = {0};
	size_t addresses = 0;
	int r;

	if (size)
		memcpy(text, data, size);
	r = intended_parse(text, size, "file", hear, &addresses, &failure);
	if ((r < 0) != (failure.text[0] != '\0') || (r == 0 && !addresses))
		abort();
	free(text);
	return 0;
}
