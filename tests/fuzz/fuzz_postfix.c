// SPDX-License-Identifier: GPL-2.0-only
/* Fuzzes what is read of Postfix's main.cf. */
#include "base/address.h"
#include "core/postfix.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct postfix p;
	struct addr a;
	char *copy = malloc(size ? size : 1); /* so that reading beyond it is found */

	if (!copy)
		return 0;
	if (size)
		memcpy(copy, data, size);
	address_parse("2001:db8::2", &a);
	postfix_read(copy, size, &p);
	if (strlen(p.smtp_bind_address6) >= POSTFIX_VALUE || strlen(p.mydomain) >= POSTFIX_VALUE)
		abort();
	postfix_sends_from(&p, &a);
	free(copy);
	return 0;
}
