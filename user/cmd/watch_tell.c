// SPDX-License-Identifier: GPL-2.0-only
/* Who is told of incidents by the daemon, unasked. */
#include "cmd/watch_tell.h"

#include "base/cleanup.h"
#include "cmd/alerting.h"
#include "cmd/incident_json.h"
#include "cmd/journal.h"
#include "cmd/text.h"
#include "io/runner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

struct watch_tell {
	sd_event *loop;
	struct utsname host;
	struct alerts *alerts; /* NULL: there is no Alertmanager */
	struct runner *runner; /* NULL: there was no program yet */
	bool runs;	       /* there is one now */
	bool full;	       /* so many runs wait that some were left out, and that was said */
	uint64_t hooks_failed, hooks_dropped;
};

static void say_alert(void *data, const char *where, const char *failure)
{
	if (failure)
		text_complain("cannot tell the Alertmanager at %s: %s; trying again and again",
			      where, failure);
	else
		text_say("the Alertmanager at %s can be told again", where);
}

static void tell_open(struct watch_tell *t, const struct incidents *incidents, when_t now)
{
	const struct incident *in;

	for (size_t i = 0; (in = incidents_at(incidents, i)); i++)
		if (in->end == END_NONE)
			alerting_tell(t->alerts, t->host.nodename, in, INCIDENT_OPENED, now);
}

static int set_alerts(struct watch_tell *t, const struct config *c,
		      const struct incidents *incidents, when_t now, struct failure *failure)
{
	struct alerts *old = t->alerts, *fresh = NULL;
	int r = 0;

	if (c->alertmanager_count)
		r = alerts_new(&fresh, t->loop, c->alertmanagers, c->alertmanager_count, say_alert,
			       t, failure);
	if (r < 0)
		return r;
	t->alerts = fresh;
	if (fresh && old)
		alerts_adopt(fresh, old);
	else if (fresh)
		tell_open(t, incidents, now);
	alerts_free(&old);
	return 0;
}

/* ---- the program of "exec" */

/* What it writes goes to the log, line by line. */
static void say_run(void *data, const char *output, const char *failure)
{
	char lines[RUNNER_OUTPUT_MAX], *rest = lines, *line;
	struct watch_tell *t = data;

	snprintf(lines, sizeof(lines), "%s", output);
	while ((line = strsep(&rest, "\n")))
		if (*line)
			text_say("exec: %s", line);
	t->hooks_failed += failure != NULL;
	if (failure)
		text_complain("exec: the program that is told of incidents failed: %s", failure);
}

static int set_runner(struct watch_tell *t, const char *program, struct failure *failure)
{
	int r = 0;

	t->runs = *program;
	if (t->runs && t->runner)
		r = runner_set(t->runner, program);
	else if (t->runs)
		r = runner_new(&t->runner, t->loop, program, RUNNER_SECONDS * 1000000ULL, say_run,
			       t);
	return r < 0 ? failure_set(failure, r, "out of memory") : 0;
}

static void run(struct watch_tell *t, const struct incident *in, enum incident_change change)
{
	static const char *const words[] = {
		[INCIDENT_OPENED] = "SYNHOLE_CHANGE=opened",
		[INCIDENT_CHANGED] = "SYNHOLE_CHANGE=changed",
		[INCIDENT_CLOSED] = "SYNHOLE_CHANGE=closed",
	};
	autofree char *document = incident_document(in), *line = NULL;
	int r = -ENOMEM;

	if (document && asprintf(&line, "%s\n", document) >= 0)
		r = runner_run(t->runner, in->id, words[change], line);
	t->hooks_dropped += r < 0;
	if (r < 0 && !t->full)
		text_complain("exec: too many runs of the program wait: some are left out");
	t->full = r < 0;
}

int watch_tell_set(struct watch_tell *t, const struct config *c, const struct incidents *incidents,
		   when_t now, struct failure *failure)
{
	int r = set_alerts(t, c, incidents, now, failure);

	return r < 0 ? r : set_runner(t, c->exec, failure);
}

void watch_tell_incident(struct watch_tell *t, const struct incident *in,
			 enum incident_change change, when_t now)
{
	journal_tell(in, change);
	if (t->alerts)
		alerting_tell(t->alerts, t->host.nodename, in, change, now);
	if (t->runs && change != INCIDENT_EXTENDED)
		run(t, in, change);
}

void watch_tell_hurry(struct watch_tell *t)
{
	if (t->alerts)
		alerts_hurry(t->alerts);
	if (t->runner)
		runner_keep_last(t->runner);
}

bool watch_tell_is_owing(const struct watch_tell *t)
{
	return (t->alerts && alerts_are_owing(t->alerts)) || (t->runner && runner_owes(t->runner));
}

void watch_tell_count(const struct watch_tell *t, struct daemon_counters *counters)
{
	counters->alerts_failed = t->alerts ? alerts_failed(t->alerts) : 0;
	counters->alerts_dropped = t->alerts ? alerts_dropped(t->alerts) : 0;
	counters->hooks_failed = t->hooks_failed;
	counters->hooks_dropped = t->hooks_dropped;
}

int watch_tell_new(struct watch_tell **ret_tell, sd_event *loop)
{
	struct watch_tell *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->loop = sd_event_ref(loop);
	uname(&t->host);
	*ret_tell = t;
	return 0;
}

void watch_tell_free(struct watch_tell **tell)
{
	struct watch_tell *t = *tell;

	if (!t)
		return;
	if (t->alerts && alerts_are_owing(t->alerts))
		text_complain(
			"the daemon ends before an Alertmanager has answered: it may not know "
			"the last news");
	if (t->runner && runner_owes(t->runner))
		text_complain("exec: the daemon ends: %zu runs of the program are left out or "
			      "killed",
			      runner_owes(t->runner));
	runner_free(&t->runner);
	alerts_free(&t->alerts);
	sd_event_unref(t->loop);
	free(t);
	*tell = NULL;
}
