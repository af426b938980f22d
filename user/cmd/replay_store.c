// SPDX-License-Identifier: GPL-2.0-only
/* The incidents of a recording kept in a store of their own, for show and report. */
#include "base/cleanup.h"
#include "cmd/replay.h"
#include "cmd/stored.h"
#include "io/store.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* A new one: numbers of incidents in the daemon's are the daemon's to give. */
int replay_store_begin(struct replay *r, struct failure *failure)
{
	const struct store_settings settings = {.path = r->session.options->store};

	if (!settings.path)
		return 0;
	if (access(settings.path, F_OK) == 0)
		return failure_set(failure, -EEXIST,
				   "%.128s is there already: --store needs the name of a new file",
				   settings.path);
	if (store_new(&r->store, &settings) < 0)
		return failure_set(failure, -ENOMEM, "out of memory");
	return store_ready(r->store, failure);
}

void replay_store_count(struct replay *r, const struct incident *was, const struct incident *is)
{
	const struct store_minute minute = {
		.id = is->id,
		.at = is->last > was->last ? is->last : r->looking,
		.syns = is->tally.syns - was->tally.syns,
		.answers = is->tally.answers - was->tally.answers,
	};
	struct failure ignored; /* what cannot be written now fails at the end */

	if (!r->store || !(minute.syns || minute.answers))
		return;
	if (store_count(r->store, &minute) < 0 && store_flush(r->store, &ignored) == 0)
		store_count(r->store, &minute);
}

/* What the host was like is what --host says of it. */
static int put_host(struct replay *r, uint64_t id, struct failure *failure)
{
	const char *path = r->session.options->host;
	cleanup(close_file) FILE *file =
		path && strcmp(path, "none") != 0 ? fopen(path, "re") : NULL;
	autofree char *text = file ? calloc(1, STORE_DOCUMENT_MAX + 1) : NULL;

	if (!text || !fread(text, 1, STORE_DOCUMENT_MAX, file) || fgetc(file) != EOF)
		return 0;
	return store_put_state(r->store, id, STORE_OPENING, text, failure);
}

int replay_store_end(struct replay *r, struct failure *failure)
{
	const struct session *s = &r->session;
	int e = 0;

	for (size_t i = 0; r->store && e == 0 && i < s->incident_count; i++) {
		e = stored_put(r->store, s->incidents[i], failure);
		e = e < 0 ? e : put_host(r, s->incidents[i]->id, failure);
	}
	if (r->store && r->last && e == 0)
		e = stored_put_until(r->store, r->last, failure);
	return r->store && e == 0 ? store_flush(r->store, failure) : e;
}
