// SPDX-License-Identifier: GPL-2.0-only
/* Who is told of incidents by the daemon, unasked. */
#include "cmd/watch_tell.h"

#include "cmd/alerting.h"
#include "cmd/text.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/utsname.h>

struct watch_tell {
	sd_event *loop;
	struct utsname host;
	struct alerts *alerts; /* NULL: there is no Alertmanager */
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

int watch_tell_set(struct watch_tell *t, const struct config *c, const struct incidents *incidents,
		   when_t now, struct failure *failure)
{
	return set_alerts(t, c, incidents, now, failure);
}

void watch_tell_incident(struct watch_tell *t, const struct incident *in,
			 enum incident_change change, when_t now)
{
	if (t->alerts)
		alerting_tell(t->alerts, t->host.nodename, in, change, now);
}

void watch_tell_count(const struct watch_tell *t, struct daemon_counters *counters)
{
	counters->alerts_failed = t->alerts ? alerts_failed(t->alerts) : 0;
	counters->alerts_dropped = t->alerts ? alerts_dropped(t->alerts) : 0;
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
	alerts_free(&t->alerts);
	sd_event_unref(t->loop);
	free(t);
	*tell = NULL;
}
