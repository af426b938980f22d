// SPDX-License-Identifier: GPL-2.0-only
/* The daemon's evidence: when packets are written, and when their files go. */
#include "cmd/watch_evidence.h"

#include "base/cleanup.h"
#include "cmd/recording.h"
#include "cmd/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
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
	mkdir(e->directory,
	      0700); /* what is there already will do; if it cannot be, that is said */
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

void watch_evidence_tell(struct watch_evidence *e, const struct incident *incident, when_t now)
{
	struct failure failure;
	struct recording_place place;
	uint64_t packets;
	char name[32];

	if (!e)
		return;
	snprintf(name, sizeof(name), "%llu", (unsigned long long)incident->id);
	place = (struct recording_place){e->directory, name, EVIDENCE_FILES, EVIDENCE_FILE_BYTES};
	if (recording_flush(e->session->recording, e->session->engine, now, &incident->address,
			    &place, &packets, &failure) == 0) {
		e->failing = false;
		return;
	}
	if (!e->failing)
		text_complain("%s; the packets wait, the oldest give way", failure.text);
	e->failing = true;
}

/* Only what has a name as ours is touched. */
static bool is_evidence(const char *name)
{
	unsigned long long id, number;
	int length = 0;

	return name[0] >= '1' && name[0] <= '9' &&
	       sscanf(name, "%llu-%llu.pcapng.gz%n", &id, &number, &length) == 2 && length &&
	       !name[length];
}

static void sweep(const struct watch_evidence *e, when_t now)
{
	cleanup(close_directory) DIR *directory = opendir(e->directory);
	const struct dirent *entry;
	struct stat file;

	while (directory && (entry = readdir(directory)))
		if (is_evidence(entry->d_name) &&
		    fstatat(dirfd(directory), entry->d_name, &file, AT_SYMLINK_NOFOLLOW) == 0 &&
		    (when_t)file.st_mtime * SECOND + e->keep < now)
			unlinkat(dirfd(directory), entry->d_name, 0);
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
