// SPDX-License-Identifier: GPL-2.0-only
/* Frames that come while neighbours are asked, as any bytes. */
#include "base/address.h"
#include "io/neighbour.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Exactly as large as what was received, so that a read beyond is seen. */
static void check(const uint8_t *data, size_t size, const char *target)
{
	uint8_t *frame = malloc(size), mac[6];
	struct addr a;

	if (size)
		memcpy(frame, data, size);
	if (address_parse(target, &a) < 0)
		abort();
	if (neighbour_read(frame, size, &a, mac) && size < 42)
		abort();
	free(frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check(data, size, "192.0.2.1");
	check(data, size, "2001:db8::1");
	return 0;
}
