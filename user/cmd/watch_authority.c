// SPDX-License-Identifier: GPL-2.0-only
/* Black holes whose names the zones' own servers may have dropped. */
#include "cmd/watch_authority.h"

#include "base/address.h"
#include "base/cleanup.h"
#include "cmd/session_authority.h"
#include "cmd/session_parts.h"
#include "io/resolver.h"

#include <arpa/nameser.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SECOND 1000000000ULL

/* How often about the same name, and how long one inquiry may take: its three steps end each by
 * themselves. */
#define PAUSE_NS (60 * SECOND)
#define PATIENCE_NS (4 * RESOLVER_DEADLINE * SECOND)

/* A name and family, and when it was asked about. */
struct doubt {
	char name[NS_MAXDNAME];
	bool ipv4;
	when_t asked;
};

struct watch_authority {
	struct session *session;
	struct doubt doubts[SESSION_AUTHORITY_NAMES];
	size_t count;
	/* The inquiry under way: */
	struct doubt *doubt;	   /* NULL: none */
	const char *zone;	   /* which its servers are asked of: the end of its name */
	unsigned waiting;	   /* for addresses of servers */
	bool over;		   /* its resolvers can go */
	struct resolver *resolver; /* the host's */
	struct resolver *servers;  /* the zone's */
	struct session_servers found;
};

int watch_authority_new(struct watch_authority **ret_authority, struct session *session)
{
	struct watch_authority *a = calloc(1, sizeof(*a));

	if (!a)
		return -ENOMEM;
	a->session = session;
	*ret_authority = a;
	return 0;
}

static void stop(struct watch_authority *a)
{
	resolver_free(&a->resolver);
	resolver_free(&a->servers);
	a->doubt = NULL;
}

void watch_authority_free(struct watch_authority **authority)
{
	if (!*authority)
		return;
	stop(*authority);
	free(*authority);
	*authority = NULL;
}

/* ---- one inquiry */

static void hear_authority(void *data, enum name_status status, const struct dns_answer *answer)
{
	struct watch_authority *a = data;

	a->over = true;
	session_hear_authority(a->session, a->doubt->name, a->doubt->ipv4, status, answer);
}

static void ask_servers(struct watch_authority *a)
{
	struct failure ignored; /* then nothing is known */

	a->over = !a->found.count ||
		  resolver_new(&a->servers, a->session->loop, a->found.list, a->found.count, NULL,
			       NULL, &ignored) < 0 ||
		  resolver_ask_records(a->servers, a->doubt->ipv4 ? ns_t_a : ns_t_aaaa,
				       a->doubt->name, hear_authority, a, &ignored) < 0;
}

static void hear_address(void *data, enum name_status status, const struct dns_answer *answer)
{
	struct watch_authority *a = data;

	for (size_t i = 0; status == NAME_OK && i < answer->n_records; i++)
		session_servers_add(&a->found, &answer->records[i].address);
	if (--a->waiting == 0)
		ask_servers(a);
}

static void ask_address(struct watch_authority *a, uint16_t type, const char *server)
{
	struct failure ignored;

	if (resolver_ask_records(a->resolver, type, server, hear_address, a, &ignored) == 0)
		a->waiting++;
}

static void ask_zone(struct watch_authority *a);

static void hear_zone(void *data, enum name_status status, const struct dns_answer *answer)
{
	struct watch_authority *a = data;

	if (status == NAME_NODATA || status == NAME_NXDOMAIN) {
		a->zone = session_authority_parent(a->zone);
		ask_zone(a);
		return;
	}
	for (size_t i = 0; status == NAME_OK && i < answer->n_targets && i < SESSION_SERVERS_MAX;
	     i++) {
		ask_address(a, ns_t_a, answer->targets[i]);
		ask_address(a, ns_t_aaaa, answer->targets[i]);
	}
	a->over = !a->waiting;
}

static void ask_zone(struct watch_authority *a)
{
	struct failure ignored;

	a->over = !*a->zone ||
		  resolver_ask_records(a->resolver, ns_t_ns, a->zone, hear_zone, a, &ignored) < 0;
}

static void start(struct watch_authority *a, struct doubt *doubt, when_t now)
{
	const struct options *o = a->session->options;
	struct failure ignored;

	doubt->asked = now;
	a->doubt = doubt;
	a->zone = doubt->name;
	a->waiting = 0;
	a->found.count = 0;
	a->over = resolver_new(&a->resolver, a->session->loop, o->dns, o->dns_count, NULL, NULL,
			       &ignored) < 0;
	if (!a->over)
		ask_zone(a);
}

/* ---- which */

static bool is_due(const struct doubt *d, when_t now)
{
	return now < d->asked || now >= d->asked + PAUSE_NS; /* the clock may be set back */
}

/* One that is due, NULL: it was asked about not long ago, or too many others were. */
static struct doubt *doubt_about(struct watch_authority *a, const char *name, bool ipv4, when_t now)
{
	struct doubt *oldest = &a->doubts[0];

	for (size_t i = 0; i < a->count; i++) {
		struct doubt *d = &a->doubts[i];

		if (strcasecmp(d->name, name) == 0 && d->ipv4 == ipv4)
			return is_due(d, now) ? d : NULL;
		if (d->asked < oldest->asked)
			oldest = d;
	}
	if (a->count < SESSION_AUTHORITY_NAMES)
		oldest = &a->doubts[a->count++];
	else if (!is_due(oldest, now))
		return NULL;
	*oldest = (struct doubt){.ipv4 = ipv4};
	snprintf(oldest->name, sizeof(oldest->name), "%s", name);
	return oldest;
}

static bool start_about(struct watch_authority *a, const struct incident *in, when_t now)
{
	const struct publication *p;
	struct doubt *doubt;
	size_t count;

	p = engine_publications(a->session->engine, &in->address, &count);
	for (size_t i = 0; p && i < count; i++) {
		doubt = doubt_about(a, p[i].name->name, address_is_v4(&p[i].address), now);
		if (!doubt)
			continue;
		start(a, doubt, now);
		return true;
	}
	return false;
}

void watch_authority_tick(struct watch_authority *a, const struct incidents *incidents, when_t now)
{
	const struct incident *in;

	if (a->doubt && !a->over && a->doubt->asked <= now && now < a->doubt->asked + PATIENCE_NS)
		return;
	stop(a);
	for (size_t i = 0; !a->session->options->no_dns && (in = incidents_at(incidents, i)); i++)
		if (!in->closed && in->verdict == VERDICT_BLACKHOLE && start_about(a, in, now))
			return;
}
