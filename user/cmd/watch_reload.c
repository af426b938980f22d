// SPDX-License-Identifier: GPL-2.0-only
/* Going over to another configuration without losing a count. */
#include "cmd/text.h"
#include "cmd/watch.h"
#include "io/http.h"

#include <string.h>
#include <systemd/sd-daemon.h>

static void reopen_store(struct watch *w, const struct config *fresh)
{
	struct watch_store *store = NULL;

	if (strcmp(fresh->store, w->config->store) == 0 && fresh->keep == w->config->keep)
		return;
	watch_store_flush(w->store);
	if (watch_store_new(&store, fresh, &w->session, watch_evidence_directory(w->evidence)) < 0)
		return;
	watch_store_free(&w->store);
	w->store = store;
	watch_store_keep_all(store, w->incidents);
}

static void say_later(const char *word)
{
	text_complain("\"%s\" is another one now: that is heard when the daemon is started anew",
		      word);
}

/* The old one is freed last: the others point into it until they have gone over. */
static void go_over(struct watch *w, struct config *fresh)
{
	struct config *old = w->config;

	reopen_store(w, fresh);
	if (strcmp(fresh->evidence, old->evidence) != 0)
		say_later("evidence");
	if (fresh->options.attach != old->options.attach)
		say_later("attach");
	session_set_options(&w->session, &fresh->options);
	incidents_set_quiet(w->incidents, fresh->quiet * 1000000000ULL);
	w->config = fresh;
	w->dirty = true;
	if (watch_names_set(&w->names, &w->session, fresh) == 0)
		config_free(&old);
	else /* which they point into, so it stays */
		text_complain("out of memory: the names are those of before");
}

/* All or nothing. */
static int set_mouths(struct watch *w, const struct config *fresh, struct failure *failure)
{
	const struct config *old = w->config;
	struct failure ignored;
	int r = http_listen(w->http, fresh->listen, fresh->listen_count, failure);

	if (r < 0)
		return r;
	r = watch_tell_set(w->tell, fresh, w->incidents, session_now(), failure);
	if (r < 0)
		http_listen(w->http, old->listen, old->listen_count, &ignored);
	return r;
}

void watch_reload(struct watch *w)
{
	struct failure failure = {0};
	struct config *fresh = NULL;

	sd_notify(0, "RELOADING=1");
	if (config_read(&fresh, w->path, &failure) == 0 && set_mouths(w, fresh, &failure) == 0) {
		go_over(w, fresh);
		text_say("%s was read again", w->path);
	} else {
		text_complain("%s; nothing is changed", failure.text);
		config_free(&fresh);
	}
	sd_notify(0, "READY=1");
}
