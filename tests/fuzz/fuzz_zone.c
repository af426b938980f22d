// SPDX-License-Identifier: GPL-2.0-only
/* Zone files of any bytes: read, and every name of them asked for in every way. */
#include "base/cleanup.h"
#include "io/dns_zone.h"
#include "memory_file.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a resolver would never tell. */
static void hear(void *data, const struct input *in)
{
	const struct input_name *n = &in->name;

	if (in->kind != INPUT_NAME || n->count > 64 || (n->status == NAME_OK) != (n->count > 0) ||
	    (n->status == NAME_OK) == (n->error != NULL))
		abort();
	for (const char *p = n->name; *p; p++)
		if (*p <= ' ' || *p > '~')
			abort();
	++*(size_t *)data;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum resolver_question questions[] = {RESOLVE_NAME, RESOLVE_MX, RESOLVE_SRV};
	cleanup(dns_zone_free) struct dns_zone *zone = NULL;
	struct failure failure = {0};
	autoclose int fd = -1;
	const char *name;
	char path[32];
	size_t at = 0, told, asked = 0;

	fd = memory_file(data, size, path);
	if (dns_zone_read(&zone, path, &failure) < 0) {
		if (!failure.text[0])
			abort();
		return 0;
	}
	while ((name = dns_zone_next_name(zone, &at)) && asked++ < 64) {
		for (size_t i = 0; i < 3; i++) {
			told = 0;
			if (dns_zone_ask(zone, questions[i], name, 1, hear, &told, &failure) < 0 ||
			    !told)
				abort();
		}
	}
	return 0;
}
