// SPDX-License-Identifier: GPL-2.0-only
/* Fuzzes what replay hears of the comments beside packets: the bytes are one comment. */
#include "cmd/replay.h"
#include "core/reasons.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A reason that is counted has a name, and ways are addresses and not more than there is room for.
 */
static void check(struct replay *r, uint16_t reason)
{
	const char *name = reason ? reasons_name(&r->session.engine->reasons, reason) : "-";

	if (!name || !*name || strlen(name) >= REASONS_TEXT || r->way_count > REPLAY_WAYS_MAX)
		abort();
	for (size_t i = 0; i < r->way_count; i++)
		if (r->ways[i].kind != INPUT_PATH && r->ways[i].kind != INPUT_RETURN)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct engine_policy policy;
	static struct replay r;
	struct savefile_frame frame = {.comment_len = size};
	char *copy = malloc(size ? size : 1); /* so that a byte too far is found */

	if (!copy || (!r.session.engine && engine_new(&r.session.engine, &policy) < 0))
		abort();
	memcpy(copy, data, size);
	frame.comment = copy;
	check(&r, replay_note(&r, &frame, 3));
	replay_tell_ways(&r);
	r.way_count = r.ways_told = 0;
	free(copy);
	return 0;
}
