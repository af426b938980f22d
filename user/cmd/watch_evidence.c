// SPDX-License-Identifier: GPL-2.0-only
/* The daemon's evidence: when packets are written, and when their files go. */
#include "cmd/watch_evidence.h"

#include "base/cleanup.h"
#include "cmd/evidence.h"
#include "cmd/recording.h"
#include "cmd/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SECOND 1000000000ULL
#define FLUSH_NS (60 * SECOND)
#define SWEEP_NS (3600 * SECOND)
#define DAY_NS (86400 * SECOND)

struct watch_evidence {
	struct session *session;
	char *directory;
	uint64_t keep; /* nanoseconds */
	when_t flushed, swept;
	bool failing; /* and that was said */
};

int watch_evidence_new(struct watch_evidence **ret_evidence, const struct config *config,
		       struct session *session)
{
	const struct recording_settings settings = {.memory = EVIDENCE_MEMORY};
	cleanup(watch_evidence_free) struct watch_evidence *e = NULL;
	int r;

	if (!*config->evidence)
		return 0;
	e = calloc(1, sizeof(*e));
	if (!e || !(e->directory = strdup(config->evidence)))
		return -ENOMEM;
	r = recording_new(&session->recording, &settings);
	if (r < 0)
		return r;
	e->session = session;
	e->keep = config->keep * DAY_NS;
	/* Who may read the store may read it. What is there already will do; if it cannot be, that
	 * is said. */
	mkdir(e->directory, 0750);
	*ret_evidence = take_ptr(e);
	return 0;
}

void watch_evidence_free(struct watch_evidence **evidence)
{
	if (!*evidence)
		return;
	free((*evidence)->directory);
	free(*evidence);
	*evidence = NULL;
}

const char *watch_evidence_directory(const struct watch_evidence *e)
{
	return e ? e->directory : NULL;
}

void watch_evidence_tell(struct watch_evidence *e, const struct incident *incident, when_t now)
{
	struct failure failure;
	struct recording_place place;
	uint64_t packets;

	if (!e)
		return;
	place = (struct recording_place){e->directory, incident->id, EVIDENCE_FILES,
					 EVIDENCE_FILE_BYTES};
	if (recording_flush(e->session->recording, e->session->engine, now, &incident->address,
			    &place, &packets, &failure) == 0) {
		e->failing = false;
		return;
	}
	if (!e->failing)
		text_complain("%s; the packets wait, the oldest give way", failure.text);
	e->failing = true;
}

static void sweep_file(void *data, const struct evidence_file *file)
{
	const when_t *until = data;
	struct stat found;

	if (fstatat(file->directory, file->name, &found, AT_SYMLINK_NOFOLLOW) == 0 &&
	    (when_t)found.st_mtime * SECOND < *until)
		unlinkat(file->directory, file->name, 0);
}

static void sweep(const struct watch_evidence *e, when_t now)
{
	when_t until = now > e->keep ? now - e->keep : 0;

	evidence_each(e->directory, sweep_file, &until);
}

void watch_evidence_flush(struct watch_evidence *e, const struct incidents *incidents, when_t now)
{
	const struct incident *incident;

	for (size_t i = 0; e && incidents && (incident = incidents_at(incidents, i)); i++)
		if (!incident->closed)
			watch_evidence_tell(e, incident, now);
}

void watch_evidence_tick(struct watch_evidence *e, const struct incidents *incidents, when_t now)
{
	if (!e)
		return;
	if (now >= e->flushed + FLUSH_NS) {
		watch_evidence_flush(e, incidents, now);
		e->flushed = now;
	}
	if (now >= e->swept + SWEEP_NS) {
		sweep(e, now);
		e->swept = now;
	}
}
