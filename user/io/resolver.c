// SPDX-License-Identifier: GPL-2.0-only
/* Questions about names: the queue, the pace, the deadline, and who hears of it. */
#include "io/resolver.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "io/dns_lookup.h"
#include "io/dns_name.h"

#include <arpa/nameser.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/*
 * So many names are asked at once, so that a resolver is not flooded. One that takes longer than
 * the pace counts no more: dead names must not keep the live ones behind them from being asked, and
 * RESOLVER_MAX_PENDING names are all asked within 4 s.
 */
#define WINDOW 64
#define PACE_USEC 250000
#define TICK_USEC 50000

struct resolver {
	struct dns_servers servers;
	sd_event_source *timer;
	input_fn *hear;
	void *data;
	unsigned pending;
	TAILQ_HEAD(, dns_lookup) lookups;
};

static uint64_t now_usec(void)
{
	return clock_ns(CLOCK_MONOTONIC) / 1000;
}

static void enqueue(struct resolver *r, struct dns_lookup *l, uint64_t deadline)
{
	l->deadline = deadline;
	TAILQ_INSERT_TAIL(&r->lookups, l, link);
	r->pending++;
	sd_event_source_set_enabled(r->servers.settle, SD_EVENT_ONESHOT);
}

/* One lookup for each target of an MX or SRV question; false if there is none or no memory. */
static bool branch(struct resolver *r, struct dns_lookup *l)
{
	const struct dns_answer *found = dns_lookup_targets(l);

	for (size_t i = 0; i < found->n_targets; i++) {
		const char *target = found->targets[i];
		struct dns_lookup *branched =
			dns_lookup_new(&r->servers, ns_t_a, target, target, l->via);

		if (!branched) {
			l->asks[0].outcome = DNS_NO_MEMORY;
			return false;
		}
		enqueue(r, branched, l->deadline);
	}
	return found->n_targets > 0;
}

static void finish(struct resolver *r, struct dns_lookup *l)
{
	bool branched = !l->hear && branch(r, l);

	TAILQ_REMOVE(&r->lookups, l, link);
	r->pending--;
	if (!branched)
		dns_lookup_tell(l, r->hear, r->data);
	dns_lookup_free(&l);
}

static void finish_all(struct resolver *r, uint64_t now)
{
	struct dns_lookup *l, *next;

	for (l = TAILQ_FIRST(&r->lookups); l; l = next) {
		bool done = false;

		if (now >= l->deadline)
			dns_lookup_give_up(l);
		if (l->started || now >= l->deadline)
			done = dns_lookup_advance(l);
		next = TAILQ_NEXT(l, link);
		if (done)
			finish(r, l);
	}
}

/* True if some must wait for others. */
static bool start_queued(struct resolver *r, uint64_t now)
{
	unsigned busy = 0;
	struct dns_lookup *l;

	for (l = TAILQ_FIRST(&r->lookups); l; l = TAILQ_NEXT(l, link))
		busy += l->started && now - l->started < PACE_USEC;
	for (l = TAILQ_FIRST(&r->lookups); l; l = TAILQ_NEXT(l, link)) {
		if (l->started)
			continue;
		if (busy++ >= WINDOW)
			return true;
		l->started = now;
		dns_lookup_start(l);
	}
	return false;
}

/* Everything that follows from an answer, a question or the time happens here, outside of c-ares,
 * whose callbacks must not change what it is walking through. */
static void settle(struct resolver *r)
{
	uint64_t now = now_usec(), wake = UINT64_MAX;
	struct dns_lookup *l;

	finish_all(r, now);
	if (start_queued(r, now))
		wake = now + TICK_USEC;
	for (l = TAILQ_FIRST(&r->lookups); l; l = TAILQ_NEXT(l, link))
		if (l->deadline < wake)
			wake = l->deadline;
	sd_event_source_set_time(r->timer, wake);
	sd_event_source_set_enabled(r->timer, r->pending ? SD_EVENT_ONESHOT : SD_EVENT_OFF);
	if (r->pending)
		return;
	for (enum dns_way way = DNS_UDP; way < DNS_WAYS; way++)
		if (r->servers.ways[way])
			dns_channel_clear(r->servers.ways[way]);
}

static int on_settle(sd_event_source *source, void *data)
{
	(void)source;
	settle(data);
	return 0;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *data)
{
	(void)source;
	(void)usec;
	settle(data);
	return 0;
}

static void describe_servers(struct dns_servers *servers, size_t count, const struct addr *address,
			     uint16_t port)
{
	char who[ADDRESS_TEXT + 32], at[16] = "";

	if (port != 53)
		snprintf(at, sizeof(at), " port %u", port);
	if (count == 1)
		snprintf(who, sizeof(who), "%s%s", address_format(address, servers->address), at);
	else
		snprintf(who, sizeof(who), "any of %zu servers", count);
	snprintf(servers->no_answer, sizeof(servers->no_answer), "no answer from %s within %d s",
		 who, RESOLVER_DEADLINE);
	snprintf(servers->no_way, sizeof(servers->no_way),
		 "no way to %s: no route, or nothing listens there", who);
}

static int open_channels(struct resolver *r, sd_event *loop, const char *const *servers,
			 size_t count, struct failure *failure)
{
	struct addr address = {0};
	uint16_t port = 0;
	size_t known = 0;

	for (enum dns_way way = DNS_UDP; way < DNS_WAYS; way++) {
		int e;

		if (way == DNS_OTHERS && known < 2)
			continue;
		e = dns_channel_new(&r->servers.ways[way], loop, servers, count, way, failure);
		if (e < 0)
			return e;
		known = dns_channel_servers(r->servers.ways[way], &address, &port);
	}
	describe_servers(&r->servers, known, &address, port);
	return 0;
}

int resolver_new(struct resolver **ret_resolver, sd_event *loop, const char *const *servers,
		 size_t count, input_fn *hear, void *data, struct failure *failure)
{
	cleanup(resolver_free) struct resolver *r = calloc(1, sizeof(*r));
	int e;

	if (!r)
		return failure_set(failure, -ENOMEM, "out of memory");
	TAILQ_INIT(&r->lookups);
	r->hear = hear;
	r->data = data;
	e = open_channels(r, loop, servers, count, failure);
	if (e < 0)
		return e;
	e = sd_event_add_defer(loop, &r->servers.settle, on_settle, r);
	if (e >= 0)
		e = sd_event_add_time(loop, &r->timer, CLOCK_MONOTONIC, 0, 1000, on_timer, r);
	if (e < 0)
		return failure_set(failure, e, "the event loop takes no DNS resolver: %s",
				   strerror(-e));
	sd_event_source_set_enabled(r->servers.settle, SD_EVENT_OFF);
	sd_event_source_set_enabled(r->timer, SD_EVENT_OFF);
	*ret_resolver = take_ptr(r);
	return 0;
}

void resolver_free(struct resolver **resolver)
{
	struct resolver *r = *resolver;
	struct dns_lookup *l;

	if (!r)
		return;
	while ((l = TAILQ_FIRST(&r->lookups))) {
		TAILQ_REMOVE(&r->lookups, l, link);
		dns_lookup_free(&l);
	}
	for (enum dns_way way = DNS_UDP; way < DNS_WAYS; way++)
		dns_channel_free(&r->servers.ways[way]);
	sd_event_source_disable_unref(r->servers.settle);
	sd_event_source_disable_unref(r->timer);
	free(r);
	*resolver = NULL;
}

/* Can it be asked, and now? Then its text as libresolv has it. */
static int prepare(const struct resolver *resolver, const char *name, char **ret_text,
		   struct failure *failure)
{
	if (resolver->pending >= RESOLVER_MAX_PENDING)
		return failure_set(failure, -ENOBUFS, "more than %d names at once are too many",
				   RESOLVER_MAX_PENDING);
	return dns_name_normal(name, ret_text, failure);
}

int resolver_ask(struct resolver *resolver, enum resolver_question question, const char *name,
		 struct failure *failure)
{
	static const struct {
		uint16_t type;
		const char *via;
	} kinds[] = {
		[RESOLVE_NAME] = {ns_t_a, NULL},
		[RESOLVE_MX] = {ns_t_mx, "mx"},
		[RESOLVE_SRV] = {ns_t_srv, "srv"},
		[RESOLVE_PTR] = {ns_t_ptr, "ptr"},
	};
	autofree char *text = NULL, *via = NULL;
	struct dns_lookup *l;
	int e = prepare(resolver, name, &text, failure);

	if (e < 0)
		return e;
	if (question == RESOLVE_PTR)
		via = strdup(kinds[question].via);
	else if (kinds[question].via && asprintf(&via, "%s %s", kinds[question].via, name) < 0)
		via = NULL;
	l = dns_lookup_new(&resolver->servers, kinds[question].type, name, text, via);
	if (!l || (kinds[question].via && !via))
		return dns_lookup_free(&l), failure_set(failure, -ENOMEM, "out of memory");
	enqueue(resolver, l, now_usec() + RESOLVER_DEADLINE * 1000000);
	return 0;
}

int resolver_ask_records(struct resolver *resolver, uint16_t type, const char *name,
			 dns_records_fn *hear, void *data, struct failure *failure)
{
	autofree char *text = NULL;
	struct dns_lookup *l;
	int e = prepare(resolver, name, &text, failure);

	if (e < 0)
		return e;
	l = dns_lookup_new_records(&resolver->servers, type, text, hear, data);
	if (!l)
		return failure_set(failure, -ENOMEM, "out of memory");
	enqueue(resolver, l, now_usec() + RESOLVER_DEADLINE * 1000000);
	return 0;
}

unsigned resolver_pending(const struct resolver *resolver)
{
	return resolver->pending;
}
