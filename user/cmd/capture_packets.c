// SPDX-License-Identifier: GPL-2.0-only
/* The packets of a capture: kept while it runs, written when it is judged. */
#include "cmd/capture_packets.h"

#include "cmd/recording.h"
#include "cmd/text.h"

#include <errno.h>

int capture_packets_begin(struct session *s, struct failure *failure)
{
	const struct options *o = s->options;
	const struct recording_settings settings = {.payload = o->write_all};

	if (o->write_all && !o->write)
		return failure_set(failure, -EINVAL,
				   "--write-all says what to write: add --write FILE to say where");
	if (o->write && recording_new(&s->recording, &settings) < 0)
		return failure_set(failure, -ENOMEM, "out of memory");
	return 0;
}

void capture_packets_write(struct session *s)
{
	const struct options *o = s->options;
	const struct recording_file file = {
		.path = o->write,
		.all = o->write_all,
		.lost = s->recording ? probe_packets_lost(s->probe) : 0,
	};
	struct recording_written written;
	struct failure failure;
	uint64_t lost;

	if (!s->recording)
		return;
	if (recording_write(s->recording, s->engine, s->ended, &file, &written, &failure) < 0) {
		s->trouble = true;
		text_complain("%s", failure.text);
		return;
	}
	text_complain("wrote %llu packet%s to %s", (unsigned long long)written.packets,
		      written.packets == 1 ? "" : "s", o->write);
	lost = file.lost + recording_lost(s->recording);
	if (lost)
		text_complain("%llu packets came too fast or were too many to be kept, and cannot "
			      "stand there; the counts have them all",
			      (unsigned long long)lost);
}
