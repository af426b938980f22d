// SPDX-License-Identifier: GPL-2.0-only
/* Addresses as tests write them. */
#include "samples/parsed.h"

#include <stdio.h>
#include <stdlib.h>

struct addr parsed(const char *text)
{
	struct addr a;

	if (address_parse(text, &a) == 0)
		return a;
	fprintf(stderr, "\"%s\" is no address\n", text);
	abort();
}
