// SPDX-License-Identifier: GPL-2.0-only
/* What capture -w wrote beside its packets, heard again: foreign bytes like all else in the file.
 */
#include "base/address.h"
#include "cmd/recording.h"
#include "cmd/replay.h"
#include "cmd/session_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The number under which a reason is counted here: that of its first coming. 0: none, or too many.
 */
static uint16_t number_of(struct replay *r, const char *name)
{
	const struct reasons *known = &r->session.engine->reasons;
	struct input in = {.kind = INPUT_REASON, .reason = {1, name}};

	for (; in.reason.number < REASONS_MAX; in.reason.number++) {
		const char *there = reasons_name(known, in.reason.number);

		if (!there)
			session_hear(&r->session, &in);
		if (!there || strcmp(there, name) == 0)
			return in.reason.number;
	}
	return 0;
}

static uint16_t reason_in(struct replay *r, const struct savefile_frame *f)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	const size_t before = strlen(RECORDING_DROPPED);
	const char *at, *end = f->comment + f->comment_len;
	char name[REASONS_TEXT] = "";
	size_t n = 0;

	at = memmem(f->comment, f->comment_len, RECORDING_DROPPED, before);
	if (!at)
		return 0;
	for (at += before; at < end && n + 1 < sizeof(name) && *at && strchr(letters, *at); at++)
		name[n++] = *at;
	return n ? number_of(r, name) : 0;
}

/* Kept until all frames are heard: what is heard of the host makes the engine forget ways. */
static void keep_way(struct replay *r, const struct input *in)
{
	struct input *ways = r->way_count == REPLAY_WAYS_MAX
				     ? NULL
				     : realloc(r->ways, (r->way_count + 1) * sizeof(*ways));

	if (!ways)
		return; /* what they lead to stays as unexplained as without notes */
	r->ways = ways;
	ways[r->way_count++] = *in;
}

static bool path_named(const char *name, enum path_kind *ret_path)
{
	for (enum path_kind path = PATH_LOCAL; path <= PATH_BLACKHOLE; path++)
		if (strcmp(verdict_path_name(path), name) == 0) {
			*ret_path = path;
			return true;
		}
	return false;
}

static void note_ways(struct replay *r, const struct savefile_frame *f, uint32_t ifindex)
{
	const char *at = memmem(f->comment, f->comment_len, RECORDING_WAY, 10);
	struct input path = {.kind = INPUT_PATH}, back = {.kind = INPUT_RETURN};
	char text[192] = "", to[46], way[16], from[46], there[16];
	size_t left = at ? (size_t)(f->comment + f->comment_len - at) : 0;
	int n;

	memcpy(text, at ? at : "", left < sizeof(text) ? left : sizeof(text) - 1);
	n = sscanf(text, "[route to %45s is %15[a-z]; route back to %45s is %15[a-z]", to, way,
		   from, there);
	if (n < 2 || address_parse(to, &path.path.dst) < 0 || !path_named(way, &path.path.kind))
		return;
	path.path.ifindex = ifindex;
	keep_way(r, &path);
	back.back.address = path.path.dst;
	back.back.ifindex = ifindex;
	back.back.reachable = n == 4 && strcmp(there, RECORDING_THERE) == 0;
	if (n == 4 && address_parse(from, &back.back.peer) == 0)
		keep_way(r, &back);
}

uint16_t replay_note(struct replay *r, const struct savefile_frame *f, uint32_t ifindex)
{
	if (!f->comment)
		return 0;
	note_ways(r, f, ifindex);
	return reason_in(r, f);
}

void replay_tell_ways(struct replay *r)
{
	for (; r->ways_told < r->way_count; r->ways_told++)
		session_hear(&r->session, &r->ways[r->ways_told]);
}
