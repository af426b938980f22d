// SPDX-License-Identifier: GPL-2.0-only
/* The join: the ears wired to the engine. */
#include "cmd/session.h"

#include "base/clock.h"
#include "cmd/session_parts.h"
#include "cmd/session_records.h"
#include "cmd/text.h"
#include "io/diag.h"
#include "io/drops.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

when_t session_now(void)
{
	return clock_ns(CLOCK_REALTIME);
}

void session_hear(void *data, const struct input *in)
{
	struct session *s = data;

	if (session_hear_name_of_stray(s, in))
		return;
	s->changed = engine_feed(s->engine, in);
	if (s->changed || in->kind == INPUT_HOST_END)
		session_tell_change(s, in);
	if (in->kind == INPUT_LINK)
		session_tell_macs(s);
	if (in->kind == INPUT_LINK || in->kind == INPUT_HOST_END ||
	    (in->kind == INPUT_ROUTE && in->route.kind == ROUTE_DEFAULT))
		s->rewire = true;
	if (in->kind == INPUT_LINK && in->link.gone)
		session_mark_gone(s, &in->link);
	if (s->recording)
		recording_hear(s->recording, in);
	if (s->also)
		s->also(s->also_data, in);
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *data)
{
	struct session *s = data;

	if (info->ssi_signo == SIGHUP && s->lasting)
		s->reload = true;
	else
		s->done = s->interrupted = true;
	return 0;
}

static int open_loop(struct session *s, struct failure *failure)
{
	const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	sigset_t set;
	int r = sd_event_new(&s->loop);

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaddset(&set, signals[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; r >= 0 && i < sizeof(signals) / sizeof(*signals); i++)
		r = sd_event_add_signal(s->loop, NULL, signals[i], on_signal, s);
	if (r < 0)
		return failure_set(failure, r, "cannot make an event loop: %s", strerror(-r));
	return 0;
}

static struct engine_policy policy_of(const struct session *s, const struct options *o)
{
	return (struct engine_policy){
		.elsewhere = o->elsewhere,
		.elsewhere_count = o->elsewhere_count,
		.aliases = o->aliases,
		.alias_count = o->alias_count,
		.strangers_summed = s->lasting,
	};
}

int session_begin(struct session *s, const struct options *options, struct failure *failure)
{
	struct engine_policy policy = policy_of(s, options);

	s->options = options;
	s->started = session_now();
	if (engine_new(&s->engine, &policy) < 0)
		return failure_set(failure, -ENOMEM, "out of memory");
	return open_loop(s, failure);
}

int session_open(struct session *s, const struct options *options, struct failure *failure)
{
	struct failure ignored;
	int r = session_begin(s, options, failure);

	r = r < 0 ? r : rtnl_new(&s->rtnl, session_hear, s, failure);
	r = r < 0 ? r : rtnl_dump(s->rtnl, failure);
	r = r < 0 ? r : rtnl_follow(s->rtnl, s->loop, failure);
	if (r < 0)
		return r;
	if (diag_dump(session_hear, s, &ignored) < 0) {
		s->trouble = true;
		text_complain("%s", ignored.text);
	}
	return 0;
}

/* Drops are evidence that older kernels do not give: said once, and done without. */
static void watch_drops(struct session *s)
{
	struct failure failure = {0};

	s->drops_watched = probe_watch_drops(s->probe, &failure) == 0;
	if (!s->drops_watched)
		text_complain("%s", failure.text);
}

int session_attach(struct session *s, struct failure *failure)
{
	const struct probe_settings settings = {
		.table = s->options->table,
		.keep = s->recording,
		.lasting = s->lasting,
	};
	size_t attached;
	int r = probe_new(&s->probe, &settings, session_hear, s, failure);

	if (r < 0)
		return r;
	if (s->lasting && probe_pins_ail(s->probe))
		text_complain("%s", probe_pins_ail(s->probe));
	session_tell_all_known(s);
	session_choose_interfaces(s);
	if (!s->interface_count && !s->lasting)
		return failure_set(failure, -ENODEV,
				   "there is no interface to watch: none is up but lo");
	attached = session_attach_interfaces(s);
	probe_forget_others(s->probe);
	watch_drops(s);
	if (groups_new(&s->groups) == 0)
		session_tell_all_known(s);
	s->attached = session_now();
	if (!attached && !s->lasting) {
		failure->text[0] = '\0'; /* each has been said */
		return -ENODEV;
	}
	return probe_follow(s->probe, s->loop, failure);
}

static int on_time(sd_event_source *source, uint64_t usec, void *data)
{
	struct session *s = data;

	s->done = true;
	return 0;
}

int session_run(struct session *s, uint64_t usec)
{
	sd_event_source *timer = NULL;
	int r = sd_event_add_time_relative(s->loop, &timer, CLOCK_MONOTONIC, usec, 1000, on_time,
					   s);

	s->done = false;
	while (r >= 0 && !s->done)
		r = sd_event_run(s->loop, UINT64_MAX);
	sd_event_source_disable_unref(timer);
	return r;
}

/* The counts, and what the kernel says of the ways that they ask for. */
void session_look_at(struct session *s, const struct addr *only)
{
	struct engine_question q;
	size_t cursor = 0;

	if (s->probe && probe_snapshot(s->probe, only) < 0)
		s->trouble = true;
	if (s->drops_watched && !s->reasons_told && s->engine->counts.evidence.count)
		s->reasons_told = drops_tell_reasons(session_hear, s) == 0;
	while (engine_question(s->engine, &cursor, &q)) {
		rtnl_ask_path(s->rtnl, &q.dst, &q.src, q.ifindex);
		rtnl_ask_return(s->rtnl, &q.dst, &q.src, q.ifindex);
	}
}

void session_set_options(struct session *s, const struct options *options)
{
	bool resolvers_differ = options->dns_count != s->options->dns_count;

	for (size_t i = 0; !resolvers_differ && i < options->dns_count; i++)
		resolvers_differ = strcmp(options->dns[i], s->options->dns[i]) != 0;
	if (resolvers_differ)
		resolver_free(&s->resolver);
	s->options = options;
	s->engine->policy = policy_of(s, options);
	s->outdated = true;
	session_drop_interfaces(s);
	session_rewire(s);
}

void session_look(struct session *s)
{
	struct failure ignored;

	if (s->outdated)
		session_tell_all_known(s);
	s->outdated = false;
	diag_dump(session_hear, s, &ignored);
	rtnl_ask_neighbours(s->rtnl);
	session_look_at(s, NULL);
}

void session_close(struct session *s)
{
	resolver_free(&s->resolver);
	session_forget_records(s);
	probe_free(&s->probe);
	recording_free(&s->recording);
	groups_free(&s->groups);
	rtnl_free(&s->rtnl);
	engine_free(&s->engine);
	sd_event_unref(s->loop);
}
