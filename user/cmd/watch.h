/* SPDX-License-Identifier: GPL-2.0-only */
/* The daemon: the session that does not end, its incidents, and those who are told of them. */
#ifndef SYNHOLE_CMD_WATCH_H
#define SYNHOLE_CMD_WATCH_H

#include "cmd/config.h"
#include "cmd/metrics.h"
#include "cmd/session.h"
#include "cmd/watch_authority.h"
#include "cmd/watch_evidence.h"
#include "cmd/watch_names.h"
#include "cmd/watch_store.h"
#include "cmd/watch_tell.h"
#include "core/incidents.h"

struct watch {
	const char *path; /* of the configuration */
	struct config *config;
	struct session session;
	struct watch_names names;
	struct watch_authority *authority;
	struct incidents *incidents;
	sd_event_source *timer;
	when_t trimmed;	       /* when memory was given back */
	when_t checked;	       /* when the hooks were */
	when_t looking;	       /* the time of the look under way, or the last */
	when_t looked;	       /* when everything was looked at last, and */
	when_t active;	       /* when something was last heard that may change a judgement */
	uint64_t frames, syns; /* counted at the last look, of all interfaces */
	bool dirty;	       /* something was heard since */
	struct daemon_counters counters;
	struct http *http;
	struct watch_store *store;
	struct watch_tell *tell;
	struct watch_evidence *evidence; /* NULL: no packets are kept */
};

/* Looks at everything that has changed, judges, and tells what became of incidents. */
void watch_look(struct watch *watch, when_t now);

/* Brings watch->counters up to date. */
void watch_count(struct watch *watch);

/* What keeps the daemon from its work, in a sentence; NULL: nothing. */
const char *watch_ails(const struct watch *watch);

/* Reads the configuration again and goes over to it; a bad one changes nothing, and that is said.
 */
void watch_reload(struct watch *watch);

#endif
