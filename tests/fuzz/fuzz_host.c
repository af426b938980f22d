// SPDX-License-Identifier: GPL-2.0-only
/* Host files of any bytes: read, and what they tell is fed to an engine and asked of it. */
#include "base/cleanup.h"
#include "core/engine.h"
#include "io/host_file.h"
#include "memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hear(void *data, const struct input *in)
{
	if ((in->kind == INPUT_ADDRESS && in->address.prefix_len > 128) ||
	    (in->kind == INPUT_ROUTE && in->route.prefix_len > 128) ||
	    (in->kind == INPUT_NAME && (!in->name.name || in->name.count > 64)))
		abort();
	engine_feed(data, in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct engine_policy policy;
	cleanup(engine_free) struct engine *engine = NULL;
	cleanup(host_file_free) struct host_file file = {0};
	struct failure failure = {0};
	autoclose int fd = -1;
	char path[32];
	int r;

	if (engine_new(&engine, &policy) < 0)
		abort();
	fd = memory_file(data, size, path);
	r = host_file_read(&file, path, true, hear, engine, &failure);
	if ((r < 0) != (failure.text[0] != '\0'))
		abort();
	hostaddr_owned(engine->host, &(struct addr){.bytes = {0x20, 1}}, NULL);
	return 0;
}
