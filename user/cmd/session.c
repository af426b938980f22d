// SPDX-License-Identifier: GPL-2.0-only
/* The join: the ears wired to the engine. */
#include "cmd/session.h"

#include "base/address.h"
#include "cmd/text.h"
#include "core/judge.h"
#include "io/diag.h"
#include "io/drops.h"
#include "io/rtnl_counters.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#define VIA_PTR "ptr" /* how the resolver marks what an address says of itself */

when_t session_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (when_t)t.tv_sec * 1000000000 + (when_t)t.tv_nsec;
}

/* Tells the programs what has become of one address. */
static void tell_known(struct session *s, const struct addr *a)
{
	if (!s->probe || probe_know(s->probe, a, engine_known(s->engine, a)) == 0 || s->trouble)
		return;
	s->trouble = true;
	text_complain("the programs can be told of no more addresses: counts may not be exact");
}

static uint32_t known_of(void *data, const struct addr *a)
{
	struct session *s = data;

	return engine_known(s->engine, a);
}

/* Makes sure that the asking for a published address that nobody here owns is heard. */
static void listen_for_asking(struct session *s, const struct addr *a)
{
	if (!s->groups || address_is_v4(a) || engine_known(s->engine, a) != KNOWN_PUBLISHED)
		return;
	for (size_t i = 0; i < s->interface_count; i++) {
		const struct session_interface *f = &s->interfaces[i];

		if (!f->attached || f->gone || s->deaf ||
		    groups_join(s->groups, a, f->ifindex) == 0)
			continue;
		s->deaf = true;
		text_complain("cannot join the group in which a published address is asked for on "
			      "%s: if the router asks there instead of sending, that may go unseen",
			      f->name);
	}
}

static void tell_published(struct session *s, const struct addr *a)
{
	const struct addr *inside = engine_inside(s->engine, a);

	tell_known(s, inside);
	listen_for_asking(s, inside);
}

/* Tells the programs everything: what they knew is looked at again, what is new is added. */
static void tell_all_known(struct session *s)
{
	const struct hostaddr *host = s->engine->host;
	const struct input_route *route = NULL;
	const struct publication *all;
	size_t count;

	if (!s->probe)
		return;
	probe_know_again(s->probe, known_of, s);
	while ((route = hostaddr_next_route(host, route)))
		if (route->kind == ROUTE_LOCAL && route->prefix_len == 128)
			tell_known(s, &route->prefix);
	all = published_all(s->engine->published, &count);
	for (size_t i = 0; i < count; i++)
		tell_published(s, &all[i].address);
	probe_know_done(s->probe);
}

static void tell_change(struct session *s, const struct input *in)
{
	switch (in->kind) {
	case INPUT_ROUTE:
		if (in->route.prefix_len != 128)
			return;
		tell_known(s, &in->route.prefix);
		break;
	case INPUT_ADDRESS:
		tell_known(s, &in->address.address);
		break;
	case INPUT_NAME: /* asked once, so nothing that it pointed to before is to be forgotten */
		for (size_t i = 0; i < in->name.count; i++)
			tell_published(s, &in->name.records[i].address);
		break;
	case INPUT_HOST_END:
		tell_all_known(s);
		return;
	default:
		return;
	}
	if (s->probe)
		probe_know_done(s->probe);
}

static void mark_gone(struct session *s, const struct input_link *link)
{
	for (size_t i = 0; i < s->interface_count; i++) {
		struct session_interface *f = &s->interfaces[i];

		if (f->ifindex != link->ifindex || !f->attached || f->gone)
			continue;
		f->gone = true;
		s->trouble = true;
		failure_set(&f->error, 0, "%s went away while it was watched", f->name);
		text_complain("%s", f->error.text);
	}
}

/* MAC addresses change while we watch: a bond's, or one that an administrator sets. */
static void tell_macs(struct session *s)
{
	const struct hostaddr *host = s->engine->host;

	for (size_t i = 0; s->probe && i < s->interface_count; i++) {
		const struct input_link *link = hostaddr_link(host, s->interfaces[i].ifindex);

		if (link && s->interfaces[i].attached)
			probe_set_macs(s->probe, link, hostaddr_link(host, link->master));
	}
}

static bool is_known_name(const struct session *s, const char *name)
{
	const struct published_name *n;

	for (size_t i = 0; (n = published_name(s->engine->published, i)); i++)
		if (strcasecmp(n->name, name) == 0)
			return true;
	return false;
}

static bool is_kept_stray(const struct session *s, const struct addr *a)
{
	for (size_t i = 0; i < s->stray_count; i++)
		if (address_equal(&s->strays[i], a))
			return true;
	return false;
}

/* An address may claim any name: only a name that points back to it counts, and only for it. Other
 * addresses of that name are none of this host's business, and a failure is no failure. */
static void hear_name_of_stray(struct session *s, const struct input *in)
{
	struct record confirmed[SESSION_STRAYS_MAX];
	struct input input = *in;
	size_t n = 0;

	for (size_t i = 0; i < in->name.count && n < SESSION_STRAYS_MAX; i++)
		if (is_kept_stray(s, &in->name.records[i].address))
			confirmed[n++] = in->name.records[i];
	if (!n || is_known_name(s, in->name.name))
		return;
	input.name.records = confirmed;
	input.name.count = n;
	input.name.status = NAME_OK;
	input.name.error = NULL;
	engine_feed(s->engine, &input);
}

static void hear(void *data, const struct input *in)
{
	struct session *s = data;

	if (in->kind == INPUT_NAME && in->name.via && strcmp(in->name.via, VIA_PTR) == 0) {
		hear_name_of_stray(s, in);
		return;
	}
	if (engine_feed(s->engine, in) || in->kind == INPUT_HOST_END)
		tell_change(s, in);
	if (in->kind == INPUT_LINK)
		tell_macs(s);
	if (in->kind == INPUT_LINK && in->link.gone)
		mark_gone(s, &in->link);
	if (in->kind == INPUT_SYN && s->on_syn)
		s->on_syn(s, in->syn.event);
}

static int open_resolver(struct session *s, struct failure *failure)
{
	const struct options *o = s->options;

	return s->resolver ? 0
			   : resolver_new(&s->resolver, s->loop, o->dns, o->dns_count, hear, s,
					  failure);
}

int session_ask(struct session *s, struct failure *failure)
{
	const struct options *o = s->options;
	int r;

	if (o->no_dns || !o->question_count)
		return 0;
	r = open_resolver(s, failure);
	for (size_t i = 0; r == 0 && i < o->question_count; i++)
		r = resolver_ask(s->resolver, o->questions[i].kind, o->questions[i].name, failure);
	return r;
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *data)
{
	struct session *s = data;

	s->done = true;
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

int session_open(struct session *s, const struct options *options, struct failure *failure)
{
	struct engine_policy policy = {
		.elsewhere = options->elsewhere,
		.elsewhere_count = options->elsewhere_count,
		.aliases = options->aliases,
		.alias_count = options->alias_count,
	};
	struct failure ignored;
	int r;

	s->options = options;
	s->started = session_now();
	if (engine_new(&s->engine, &policy) < 0)
		return failure_set(failure, -ENOMEM, "out of memory");
	r = open_loop(s, failure);
	r = r < 0 ? r : rtnl_new(&s->rtnl, hear, s, failure);
	r = r < 0 ? r : rtnl_dump(s->rtnl, failure);
	r = r < 0 ? r : rtnl_follow(s->rtnl, s->loop, failure);
	if (r < 0)
		return r;
	if (diag_dump(hear, s, &ignored) < 0) {
		s->trouble = true;
		text_complain("%s", ignored.text);
	}
	return 0;
}

static struct session_interface *add_interface(struct session *s, const char *name)
{
	struct session_interface *f = &s->interfaces[s->interface_count];

	for (size_t i = 0; i < s->interface_count; i++)
		if (strcmp(s->interfaces[i].name, name) == 0)
			return NULL;
	if (s->interface_count == SESSION_INTERFACES_MAX) {
		s->trouble = true;
		return NULL;
	}
	s->interface_count++;
	snprintf(f->name, sizeof(f->name), "%s", name);
	return f;
}

static void choose_any(struct session *s)
{
	const struct input_link *link = NULL;

	while ((link = hostaddr_next_link(s->engine->host, link)))
		if (link->up && !link->loopback)
			add_interface(s, link->name);
}

/* Without a word from the user: where the world comes in. */
static void choose_default(struct session *s)
{
	const struct hostaddr *host = s->engine->host;
	const struct input_route *route = NULL;

	while ((route = hostaddr_next_route(host, route))) {
		const struct input_link *link = hostaddr_link(host, route->oif);

		if (route->kind == ROUTE_DEFAULT && link && link->up && !link->loopback)
			add_interface(s, link->name);
	}
	if (!s->interface_count)
		choose_any(s);
}

static void choose_interfaces(struct session *s)
{
	const struct options *o = s->options;

	if (!o->interface_count)
		choose_default(s);
	for (size_t i = 0; i < o->interface_count; i++) {
		if (strcmp(o->interfaces[i], "any") == 0)
			choose_any(s);
		else
			add_interface(s, o->interfaces[i]);
	}
}

static void attach_one(struct session *s, struct session_interface *f)
{
	const struct input_link *link = hostaddr_link_named(s->engine->host, f->name);
	int r;

	if (!link) {
		failure_set(&f->error, -ENODEV,
			    "there is no interface \"%s\"; ip link shows those there are", f->name);
	} else {
		f->ifindex = link->ifindex;
		r = probe_attach(s->probe, link, s->options->attach, &f->error);
		f->attached = r == 0;
	}
	if (f->attached) {
		f->error.text[0] = '\0';
		rtnl_counters_received(f->ifindex, &f->received);
		return;
	}
	s->trouble = true;
	text_complain("%s", f->error.text);
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
	size_t attached = 0;
	int r = probe_new(&s->probe, hear, s, failure);

	if (r < 0)
		return r;
	tell_all_known(s);
	choose_interfaces(s);
	if (!s->interface_count)
		return failure_set(failure, -ENODEV,
				   "there is no interface to watch: none is up but lo");
	for (size_t i = 0; i < s->interface_count; i++) {
		attach_one(s, &s->interfaces[i]);
		attached += s->interfaces[i].attached;
	}
	tell_macs(s);
	watch_drops(s);
	if (groups_new(&s->groups) == 0)
		tell_all_known(s);
	s->attached = session_now();
	if (!attached) {
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
	int r = sd_event_add_time_relative(s->loop, NULL, CLOCK_MONOTONIC, usec, 1000, on_time, s);

	while (r >= 0 && !s->done)
		r = sd_event_run(s->loop, UINT64_MAX);
	return r;
}

int session_wait_for_names(struct session *s)
{
	int r = 0;

	s->done = false;
	while (r >= 0 && !s->done && s->resolver && resolver_pending(s->resolver))
		r = sd_event_run(s->loop, UINT64_MAX);
	if (s->resolver && resolver_pending(s->resolver)) {
		s->trouble = true;
		text_complain("interrupted before DNS had answered for all names");
	}
	return r;
}

static bool is_stray(void *data, const struct finding *f)
{
	return f->judgement.verdict == VERDICT_STRAY;
}

static void keep_stray(void *data, const struct finding *f)
{
	struct session *s = data;

	if (!is_kept_stray(s, &f->address)) /* by another interface */
		s->strays[s->stray_count++] = f->address;
}

void session_ask_back(struct session *s)
{
	char name[ADDRESS_REVERSE];
	struct failure failure;
	int r;

	if (s->options->no_dns || s->options->no_ptr)
		return;
	judge_all(s->engine, s->ended, SESSION_STRAYS_MAX, is_stray, keep_stray, s);
	r = s->stray_count ? open_resolver(s, &failure) : 0;
	for (size_t i = 0; r == 0 && i < s->stray_count; i++)
		r = resolver_ask(s->resolver, RESOLVE_PTR, address_reverse(&s->strays[i], name),
				 &failure);
	if (r < 0)
		text_complain("%s", failure.text);
	session_wait_for_names(s);
}

void session_look(struct session *s)
{
	struct engine_question q;
	struct failure ignored;
	size_t cursor = 0;

	if (s->probe && probe_snapshot(s->probe) < 0)
		s->trouble = true;
	if (s->drops_watched && s->engine->counts.evidence.count)
		drops_tell_reasons(hear, s);
	diag_dump(hear, s, &ignored);
	rtnl_ask_neighbours(s->rtnl);
	while (engine_question(s->engine, &cursor, &q)) {
		rtnl_ask_path(s->rtnl, &q.dst, &q.src, q.ifindex);
		rtnl_ask_return(s->rtnl, &q.dst, &q.src);
	}
}

/* Has the program seen less than half of what the kernel has received? More would be too much to
 * ask: drivers count with a delay, and some count what they merge before we see it. */
static bool is_blind(const struct session_interface *f, uint64_t seen, uint64_t *ret_received)
{
	const uint64_t enough = 16;
	uint64_t received;

	if (rtnl_counters_received(f->ifindex, &received) < 0)
		return false; /* the interface is gone, and that was said */
	*ret_received = received - f->received;
	return *ret_received >= enough && seen < *ret_received / 2;
}

void session_self_test(struct session *s)
{
	struct probe_interface seen;

	for (size_t i = 0, k = 0; i < s->interface_count; i++) {
		struct session_interface *f = &s->interfaces[i];
		uint64_t received;

		if (!f->attached || !probe_interface(s->probe, k++, &seen) || f->gone ||
		    !is_blind(f, seen.counters.frames, &received))
			continue;
		s->trouble = true;
		failure_set(&f->error, 0,
			    "%s received %llu frames and the program saw %llu of them: SYNs may be "
			    "missing; try --attach tc, or switch off LRO (ethtool -K %s lro off)",
			    f->name, (unsigned long long)received, seen.counters.frames, f->name);
		text_complain("%s", f->error.text);
	}
}

void session_close(struct session *s)
{
	resolver_free(&s->resolver);
	probe_free(&s->probe);
	groups_free(&s->groups);
	rtnl_free(&s->rtnl);
	engine_free(&s->engine);
	sd_event_unref(s->loop);
}
