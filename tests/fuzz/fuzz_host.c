// SPDX-License-Identifier: GPL-2.0-only
/* Host files of any bytes: read, and what they tell is fed to an engine and asked of it. */
#include "base/cleanup.h"
#include "core/hearsay.h"
#include "io/host_file.h"
#include "memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct heard {
	struct engine *engine;
	struct fib *fib;
};

static void hear(void *data, const struct input *in)
{
	const struct heard *heard = data;

	if ((in->kind == INPUT_ADDRESS && in->address.prefix_len > 128) ||
	    (in->kind == INPUT_ROUTE && in->route.prefix_len > 128) ||
	    (in->kind == INPUT_NAME && (!in->name.name || in->name.count > 64)))
		abort();
	engine_feed(heard->engine, in);
	fib_feed(heard->fib, in);
}

/* What a replay would ask. */
static void ask(const struct heard *heard)
{
	const struct hearsay hearsay = {heard->fib, FACT_YES};
	static const struct addr peers[] = {
		{.bytes = {0x20, 1, 0xd, 0xb8, [15] = 1}},
		{.bytes = {[10] = 0xff, [11] = 0xff, 192, 0, 2, 1}},
	};
	struct input in;

	for (size_t i = 0; i < sizeof(peers) / sizeof(*peers); i++) {
		const struct engine_question q = {peers[i], peers[i], 2};

		if (hearsay_path(heard->engine, &hearsay, &q, &in) &&
		    (in.path.oif != 0) < (in.path.kind == PATH_HAIRPIN))
			abort();
		hearsay_return(heard->engine, &hearsay, &q, &in);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct engine_policy policy;
	cleanup(engine_free) struct engine *engine = NULL;
	cleanup(fib_free) struct fib *fib = NULL;
	struct heard heard;
	cleanup(host_file_free) struct host_file file = {0};
	struct failure failure = {0};
	autoclose int fd = -1;
	char path[32];
	int r;

	if (engine_new(&engine, &policy) < 0 || fib_new(&fib) < 0)
		abort();
	heard = (struct heard){engine, fib};
	fd = memory_file(data, size, path);
	r = host_file_read(&file, path, true, hear, &heard, &failure);
	if ((r < 0) != (failure.text[0] != '\0'))
		abort();
	if (r == 0)
		ask(&heard);
	return 0;
}
