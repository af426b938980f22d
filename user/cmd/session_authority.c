// SPDX-License-Identifier: GPL-2.0-only
/* What the zone's own servers say of a name that the resolver still knows. */
#include "cmd/session_authority.h"

#include "base/cleanup.h"
#include "cmd/session_parts.h"
#include "cmd/session_records.h"
#include "core/judge.h"
#include "io/resolver.h"

#include <arpa/nameser.h>
#include <stdio.h>
#include <string.h>

/* One name and family to be asked about. */
struct doubt {
	char name[NS_MAXDNAME];
	bool ipv4;
};

struct doubts {
	struct doubt list[SESSION_AUTHORITY_NAMES];
	size_t count;
};

struct authority {
	struct session *session;
	const struct doubt *doubt;
	bool heard;
};

static bool is_in_doubt(void *data, const struct finding *f)
{
	return f->published_count && f->facts.owned == OWNED_NO &&
	       (f->judgement.verdict == VERDICT_BLACKHOLE ||
		f->judgement.verdict == VERDICT_LATENT);
}

static void add_doubts(struct doubts *all, const struct publication *published, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct doubt d = {.ipv4 = address_is_v4(&published[i].address)};
		size_t k = 0;

		snprintf(d.name, sizeof(d.name), "%s", published[i].name->name);
		while (k < all->count &&
		       (strcasecmp(all->list[k].name, d.name) != 0 || all->list[k].ipv4 != d.ipv4))
			k++;
		if (k == all->count && k < SESSION_AUTHORITY_NAMES)
			all->list[all->count++] = d;
	}
}

static void keep_doubt(void *data, const struct finding *f)
{
	add_doubts(data, f->published, f->published_count);
}

/* Escaped dots do not part labels. */
const char *session_authority_parent(const char *name)
{
	while (*name && *name != '.')
		name += *name == '\\' && name[1] ? 2 : 1;
	return name + (*name == '.');
}

/* The servers of the zone that the name stands in: those of the nearest name above that has
 * any. */
static const struct session_records *servers_of(struct session *s, const char *name)
{
	while (*name) {
		const struct session_records *r = session_records(s, ns_t_ns, name);

		if (!r || !r->heard ||
		    (r->status != NAME_OK && r->status != NAME_NODATA &&
		     r->status != NAME_NXDOMAIN))
			return NULL;
		if (r->status == NAME_OK)
			return r;
		name = session_authority_parent(name);
	}
	return NULL;
}

void session_servers_add(struct session_servers *servers, const struct addr *address)
{
	size_t i = servers->count;

	if (i == SESSION_SERVERS_MAX)
		return;
	servers->list[i] = address_format(address, servers->text[i]);
	servers->count++;
}

static void add_addresses(struct session *s, uint16_t type, const char *name,
			  struct session_servers *servers)
{
	const struct session_records *r = session_records(s, type, name);

	for (size_t i = 0; r && r->heard && r->addresses && i < r->count; i++)
		session_servers_add(servers, &r->addresses[i]);
}

/* Only an answer counts; whoever knows nothing of the zone, or is silent, has said nothing. */
void session_hear_authority(struct session *s, const char *name, bool ipv4, enum name_status status,
			    const struct dns_answer *answer)
{
	struct input in = {.kind = INPUT_AUTHORITY, .now = session_now()};

	if (status != NAME_OK && status != NAME_NODATA && status != NAME_NXDOMAIN)
		return;
	in.authority.name = name;
	in.authority.ipv4 = ipv4;
	if (status == NAME_OK) {
		in.authority.records = answer->records;
		in.authority.count = answer->n_records;
	}
	session_hear(s, &in);
}

static void hear(void *data, enum name_status status, const struct dns_answer *answer)
{
	struct authority *a = data;

	a->heard = true;
	session_hear_authority(a->session, a->doubt->name, a->doubt->ipv4, status, answer);
}

static void ask(struct session *s, const struct doubt *doubt, const struct session_servers *servers,
		when_t deadline)
{
	cleanup(resolver_free) struct resolver *resolver = NULL;
	struct authority a = {.session = s, .doubt = doubt};
	struct failure ignored;
	when_t now;

	if (resolver_new(&resolver, s->loop, servers->list, servers->count, NULL, NULL, &ignored) <
		    0 ||
	    resolver_ask_records(resolver, doubt->ipv4 ? ns_t_a : ns_t_aaaa, doubt->name, hear, &a,
				 &ignored) < 0)
		return;
	while (!a.heard && !s->interrupted && (now = session_now()) < deadline)
		if (sd_event_run(s->loop, (deadline - now) / 1000) < 0)
			return;
}

static void ask_all(struct session *s, const struct doubts *doubts)
{
	const when_t deadline = session_now() + SESSION_AUTHORITY_SECONDS * 1000000000ULL;

	for (size_t i = 0; i < doubts->count && session_now() < deadline; i++) {
		const struct session_records *ns = servers_of(s, doubts->list[i].name);
		struct session_servers servers = {0};

		for (size_t k = 0; ns && ns->texts && k < ns->count; k++) {
			add_addresses(s, ns_t_a, ns->texts[k], &servers);
			add_addresses(s, ns_t_aaaa, ns->texts[k], &servers);
		}
		if (servers.count)
			ask(s, &doubts->list[i], &servers, deadline);
	}
}

void session_ask_authorities(struct session *s)
{
	struct doubts doubts = {0};

	if (s->options->no_dns)
		return;
	judge_all(s->engine, s->ended, SESSION_AUTHORITY_NAMES, is_in_doubt, keep_doubt, &doubts);
	s->interrupted = false; /* that ended what was before this */
	ask_all(s, &doubts);
}

void session_ask_authorities_of(struct session *s, const struct addr *address)
{
	struct doubts doubts = {0};
	const struct publication *published;
	size_t count;

	if (s->options->no_dns)
		return;
	published = published_find(s->engine->published, address, &count);
	add_doubts(&doubts, published, count);
	ask_all(s, &doubts);
}
