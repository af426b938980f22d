// SPDX-License-Identifier: GPL-2.0-only
/*
 * synhole watch: the same join as capture's, for ever.
 *
 * run() is the contents page: what is made, in which order, and that it is unmade in reverse.
 */
#include "cmd/watch.h"

#include "base/clock.h"
#include "base/resident.h"
#include "cmd/commands.h"
#include "cmd/session_parts.h"
#include "cmd/text.h"
#include "cmd/watch_serve.h"
#include "io/http.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>

#define SECOND 1000000000ULL

/* A look begins at once when a SYN was seen to be lost or the host has changed, but no sooner after
 * another than this. */
#define PAUSE_NS 100000000ULL

/* How often the daemon wakes to see whether there is something to look at. */
#define TICK_NS SECOND

/* Answers may come so long after the last SYN: a router looks three seconds for a neighbour. */
#define SETTLING_NS (5 * SECOND)

/* How often it is seen to that the programs are where they were put. */
#define CHECK_NS (3 * SECOND)

/* How often memory is given back, if anything has happened. */
#define TRIM_NS (10 * SECOND)

/* How long an end may take; systemd waits 90 s. */
#define FAREWELL_NS (5 * SECOND)

/* What no SYN and no event announces (somebody asks for an address on the link) is looked for only
 * so often. */
#define SELDOM_NS (10 * SECOND)

static void tell(void *data, const struct incident *in, enum incident_change change)
{
	struct watch *w = data;

	if (change == INCIDENT_OPENED && !in->reopened)
		w->counters.incidents[in->verdict]++;
	watch_store_tell(w->store, in, change, w->looking);
	watch_tell_incident(w->tell, in, change, w->looking);
	if (change != INCIDENT_EXTENDED)
		watch_evidence_tell(w->evidence, in, w->looking);
}

static bool is_stray(const struct incident *in)
{
	return in->verdict == VERDICT_STRAY && !in->closed;
}

/* Has anything been counted since the last look? */
static bool has_traffic(struct watch *w, when_t now)
{
	struct counters c = probe_counters(w->session.probe);
	bool syns = c.syns != w->syns;
	bool frames = c.frames != w->frames && now >= w->looked + SELDOM_NS;

	if (syns || frames)
		w->frames = c.frames;
	w->syns = c.syns;
	if (syns)
		w->active = now;
	return syns || frames;
}

/* An incident of an earlier run may have its name of its address, which nobody else asks for. */
static bool lacks_name(const struct watch *w, const struct incident *in)
{
	size_t count;

	if (in->closed || engine_publications(w->session.engine, &in->address, &count))
		return false;
	for (size_t i = 0; i < in->name_count; i++)
		if (!watch_names_has(&w->names, in->names[i]))
			return true;
	return false;
}

static void ask_back(struct watch *w)
{
	struct failure ignored; /* that there are no names is no failure */
	const struct incident *in;

	for (size_t i = 0; (in = incidents_at(w->incidents, i)); i++)
		if (is_stray(in) || lacks_name(w, in))
			session_ask_reverse(&w->session, &in->address, &ignored);
}

void watch_count(struct watch *w)
{
	const struct strangers *s = &w->session.engine->strangers;
	struct counters c = probe_counters(w->session.probe);

	w->counters.strangers = s->count;
	w->counters.store_errors = watch_store_errors(w->store);
	watch_tell_count(w->tell, &w->counters);
	if (c.syns > s->syns_known && c.syns - s->syns_known > w->counters.stranger_syns)
		w->counters.stranger_syns = c.syns - s->syns_known;
}

const char *watch_ails(const struct watch *w)
{
	struct probe_interface f;

	if (!probe_interface(w->session.probe, 0, &f))
		return "no interface is watched";
	return watch_store_ails(w->store);
}

void watch_look(struct watch *w, when_t now)
{
	when_t next = incidents_next(w->incidents);
	bool traffic = has_traffic(w, now);

	if (!traffic && !w->dirty && now >= w->active + SETTLING_NS && (!next || now < next))
		return;
	w->dirty = false;
	w->looking = now;
	session_look(&w->session);
	incidents_look(w->incidents, now);
	ask_back(w);
	w->looked = now;
}

/* The sooner of the next tick and of what is due before it. */
static int set_timer(struct watch *w, when_t now)
{
	when_t next = now + TICK_NS;

	if (w->dirty && w->looked + PAUSE_NS < next)
		next = w->looked + PAUSE_NS;
	sd_event_source_set_time_relative(w->timer, next > now ? (next - now) / 1000 : 0);
	return sd_event_source_set_enabled(w->timer, SD_EVENT_ONESHOT);
}

/* A burst leaves memory behind that the quiet after it does not need. */
static void trim(struct watch *w, when_t now)
{
	if (w->looked <= w->trimmed || now < w->trimmed + TRIM_NS)
		return;
	resident_trim();
	w->trimmed = now;
}

static int on_tick(sd_event_source *source, uint64_t usec, void *data)
{
	struct watch *w = data;
	when_t now = session_now();

	if (w->session.reload)
		watch_reload(w);
	w->session.reload = false;
	if (w->session.rewire)
		session_rewire(&w->session);
	if (now < w->checked || now >= w->checked + CHECK_NS) { /* the clock may be set back */
		session_check_hooks(&w->session);
		w->checked = now;
	}
	watch_names_ask(&w->names, &w->session, now);
	watch_authority_tick(w->authority, w->incidents, now);
	watch_look(w, now);
	watch_store_tick(w->store, w->incidents, now); /* before anybody who was told can ask it */
	watch_evidence_tick(w->evidence, w->incidents, now);
	trim(w, now);
	return set_timer(w, now);
}

/* What may change a judgement is looked at soon, and a burst of it once. */
static void hear(void *data, const struct input *in)
{
	struct watch *w = data;
	bool news = w->session.changed || in->kind == INPUT_LOST || in->kind == INPUT_HOST_END ||
		    in->kind == INPUT_AUTHORITY;

	watch_names_hear(&w->names, in);
	if (!news || w->dirty)
		return;
	w->dirty = true;
	w->active = in->now;
	set_timer(w, session_now());
}

static int begin(struct watch *w, struct failure *failure)
{
	const struct config *c = w->config;
	struct incidents_policy policy = {.quiet = c->quiet * SECOND};
	struct session *s = &w->session;
	when_t now = session_now();
	int r;

	s->lasting = true;
	s->also = hear;
	s->also_data = w;
	r = session_open(s, &c->options, failure);
	if (r == 0 && watch_evidence_new(&w->evidence, c, s) < 0)
		return failure_set(failure, -ENOMEM, "out of memory");
	r = r < 0 ? r : session_attach(s, failure);
	if (r < 0)
		return r;
	if (watch_store_new(&w->store, c, s, watch_evidence_directory(w->evidence)) < 0 ||
	    watch_tell_new(&w->tell, s->loop) < 0)
		return failure_set(failure, -ENOMEM, "out of memory");
	policy.first_id = watch_store_next_id(w->store, now);
	if (incidents_new(&w->incidents, s->engine, &policy, tell, w) < 0 ||
	    watch_names_set(&w->names, s, c) < 0 || watch_authority_new(&w->authority, s) < 0)
		return failure_set(failure, -ENOMEM, "out of memory");
	watch_store_restore_counts(w->store);
	watch_store_restore(w->store, w->incidents, now, policy.quiet);
	r = watch_tell_set(w->tell, c, w->incidents, now, failure);
	if (r < 0)
		return r;
	r = sd_event_add_time_relative(s->loop, &w->timer, CLOCK_MONOTONIC, 0, 1000, on_tick, w);
	if (r < 0)
		return failure_set(failure, r, "cannot set a timer: %s", strerror(-r));
	sd_event_set_watchdog(s->loop, true);
	return watch_serve(w, failure);
}

static void end(struct watch *w)
{
	if (w->store)
		watch_store_flush(w->store);
	watch_store_free(&w->store);
	watch_tell_free(&w->tell);
	watch_evidence_flush(w->evidence, w->incidents, session_now());
	watch_evidence_free(&w->evidence);
	http_free(&w->http);
	sd_event_source_disable_unref(w->timer);
	incidents_free(&w->incidents);
	watch_names_free(&w->names);
	watch_authority_free(&w->authority);
	session_close(&w->session);
	config_free(&w->config);
}

/* Who has not heard the last news yet is given a moment, unless we are told once more to end; the
 * daemon goes on meanwhile. */
static int say_farewell(struct watch *w)
{
	uint64_t now = clock_ns(CLOCK_MONOTONIC), end = now + FAREWELL_NS;
	int r = 0;

	watch_store_flush(w->store);
	watch_tell_hurry(w->tell);
	w->session.done = false;
	while (r >= 0 && !w->session.done && now < end && watch_tell_is_owing(w->tell)) {
		r = sd_event_run(w->session.loop, (end - now) / 1000);
		now = clock_ns(CLOCK_MONOTONIC);
	}
	return r;
}

static int loop(struct watch *w)
{
	int r = 0;

	resident_trim();
	sd_notify(0, "READY=1");
	while (r >= 0 && !w->session.done)
		r = sd_event_run(w->session.loop, UINT64_MAX);
	sd_notify(0, "STOPPING=1");
	r = r < 0 ? r : say_farewell(w);
	if (r >= 0)
		return EXIT_OK;
	text_complain("the event loop failed: %s", strerror(-r));
	return EXIT_UNKNOWN;
}

static void say_removed(void *data, const char *what)
{
	bool *any = data;

	*any = true;
	printf("removed %s\n", what);
}

static int detach_all(void)
{
	struct failure failure = {0};
	bool any = false;

	if (probe_remove_all(say_removed, &any, &failure) < 0) {
		text_complain("%s", failure.text);
		return EXIT_UNKNOWN;
	}
	if (!any)
		printf("nothing was left in the kernel\n");
	return EXIT_OK;
}

/* What an answer or a look needed goes back at once: a daemon holds for ever what malloc keeps for
 * the next time, and left alone it keeps the more, the larger the largest was. */
static void hold_little(void)
{
	const int most = 64 << 10;

	mallopt(M_MMAP_THRESHOLD, most);
	mallopt(M_TRIM_THRESHOLD, most);
}

static int run(const struct options *options)
{
	static struct watch watch;
	struct failure failure = {0};
	int status = EXIT_UNKNOWN;

	if (options->detach_all)
		return detach_all();
	hold_little();
	watch.path = options->config ? options->config : CONFIG_FILE;
	if (config_read(&watch.config, watch.path, &failure) == 0 && begin(&watch, &failure) == 0)
		status = loop(&watch);
	else if (failure.text[0])
		text_complain("%s", failure.text);
	end(&watch);
	return status;
}

const struct command command_watch = {
	.name = "watch",
	.summary = "watch for ever: the daemon",
	.about =
		"Watches what arrives as capture does, without end, keeps the names current, and\n"
		"keeps what it finds as incidents. synhole.conf(5) tells its configuration. Needs\n"
		"root, or CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN. SIGHUP reads the configuration\n"
		"again, SIGTERM ends it; the programs stay in the kernel and count on until the\n"
		"next start, or until --detach-all.",
	.examples = "  synhole watch\n  synhole watch -c /etc/synhole/synhole.conf\n"
		    "  synhole watch --detach-all\n",
	.takes = TAKES(OPT_CONFIG) | TAKES(OPT_DETACH_ALL) | TAKES(OPT_VERBOSE) | TAKES(OPT_HELP) |
		 TAKES(OPT_VERSION),
	.run = run,
};
