// SPDX-License-Identifier: GPL-2.0-only
/* Verify: is the address published, owned, routed, and nobody else's? */
#include "base/address.h"
#include "cmd/session_authority.h"
#include "cmd/session_records.h"
#include "cmd/verify.h"
#include "core/judge.h"
#include "io/neighbour.h"

#include <arpa/nameser.h>
#include <errno.h>
#include <linux/if_arp.h>
#include <stdio.h>
#include <string.h>

/* How long the neighbours have for an answer. RFC 5227, 2.1.1 gives a prober who waits for the
 * slowest 2 s; this is asked again and again, and only repeats what the kernel has done. */
#define NEIGHBOUR_MSEC 400

/* Where the Internet's addresses begin: the first of 2000::/3, and of both halves of IPv4, which
 * some hosts route apart. Only the kernel is asked: nothing is sent there. */
static const char *const roots4[] = {"1.0.0.1", "128.0.0.1"}, *const roots6[] = {"2000::1"};

struct addr verify_root(const struct addr *like)
{
	struct addr root = {0};

	address_parse(address_is_v4(like) ? roots4[0] : roots6[0], &root);
	return root;
}

/* Does the name still have the record that was heard in the beginning? */
static bool is_published_still(struct verify *v, const struct verify_target *t, const char *name)
{
	const struct session_records *r = session_records(
		v->session, address_is_v4(&t->published) ? ns_t_a : ns_t_aaaa, name);

	for (size_t i = 0; r && r->addresses && i < r->count; i++)
		if (address_equal(&r->addresses[i], &t->published))
			return true;
	return r && (!r->heard || r->status >= NAME_TIMEOUT);
}

static void look_at_publications(struct verify *v, struct verify_target *t)
{
	const struct session *s = v->session;
	char address[ADDRESS_TEXT];
	const struct publication *p;
	size_t count;

	session_ask_authorities_of(v->session, &t->published);
	p = published_find(s->engine->published, &t->published, &count);
	address_format(&t->published, address);
	if (!count && s->options->no_dns)
		checklist_say(&t->list, CHECK_PUBLISHED, 0, CHECK_NOTE,
			      "DNS was not asked (--no-dns)");
	else if (!count && s->options->question_count)
		checklist_say(&t->list, CHECK_PUBLISHED, 0, CHECK_WARNING,
			      "none of the names given has %s in DNS", address);
	else if (!count)
		checklist_say(&t->list, CHECK_PUBLISHED, 0, CHECK_NOTE,
			      "no name was given that should have %s in DNS (-n NAME)", address);
	else if (!is_published_still(v, t, p->name->name))
		checklist_say(&t->list, CHECK_PUBLISHED, 0, CHECK_WARNING,
			      "%s had %s in DNS a moment ago, and now it does not", p->name->name,
			      address);
	else if (p->record->stale)
		checklist_say(&t->list, CHECK_PUBLISHED, 0, CHECK_WARNING,
			      "the resolver still says that %s has %s, but the zone's own servers "
			      "have dropped that: it will be over when the resolver asks again",
			      p->name->name, address);
	else
		checklist_say(&t->list, CHECK_PUBLISHED, 0, CHECK_OK, "%s has %s in DNS",
			      p->name->name, address);
}

/* Where the address is assigned; NULL: it is not (AnyIP delivers without). */
static const struct input_address *assigned(const struct session *s, const struct addr *a)
{
	const struct input_address *each = NULL;

	while ((each = hostaddr_next_address(s->engine->host, each)))
		if (address_equal(&each->address, a))
			return each;
	return NULL;
}

static const char *link_name(const struct session *s, uint32_t ifindex)
{
	const struct input_link *link = hostaddr_link(s->engine->host, ifindex);

	return link ? link->name : "an interface";
}

static void look_at_owner(struct verify *v, struct verify_target *t)
{
	const struct input_address *where = assigned(v->session, &t->address);
	const char *link = where ? link_name(v->session, where->ifindex) : "an interface";

	switch (hostaddr_owned(v->session->engine->host, &t->address, NULL)) {
	case OWNED_YES:
		checklist_say(
			&t->list, CHECK_OWNED, 0, CHECK_OK,
			where ? "%s has it, and the kernel serves it"
			      : "a local route delivers it here, though it is not assigned to %s",
			link);
		break;
	case OWNED_NO:
	case OWNED_UNKNOWN:
		checklist_say(&t->list, CHECK_OWNED, 0, CHECK_CRITICAL,
			      "no interface of this host has it, and no local route delivers it");
		break;
	case OWNED_TENTATIVE:
		checklist_say(&t->list, CHECK_OWNED, 0, CHECK_CRITICAL,
			      "%s has it, but the kernel does not serve it yet: it still looks for "
			      "another host with this address (tentative)",
			      link);
		break;
	case OWNED_DADFAILED:
		checklist_say(&t->list, CHECK_OWNED, 0, CHECK_CRITICAL,
			      "%s has it, but the kernel does not serve it: another host on the "
			      "link has this address (duplicate address detection failed)",
			      link);
		break;
	case OWNED_LINK_DOWN:
		checklist_say(&t->list, CHECK_OWNED, 0, CHECK_CRITICAL,
			      "%s has it, but that link is down", link);
		break;
	}
}

/* 0: every root can be reached from `from`, else the first that cannot, as text. */
static const char *unreachable_root(struct verify *v, const struct addr *from, uint32_t ifindex)
{
	bool four = address_is_v4(from);
	const char *const *roots = four ? roots4 : roots6;
	size_t count = four ? 2 : 1;

	for (size_t i = 0; i < count; i++) {
		struct addr root;

		address_parse(roots[i], &root);
		rtnl_ask_return(v->session->rtnl, from, &root, ifindex);
		if (routing_return(v->session->engine->routing, from, &root, ifindex) != FACT_YES)
			return roots[i];
	}
	return NULL;
}

/* 1 if somebody on the link says that it has `a`, 0 if not, -errno if nobody could be asked. */
static int anybody_has(const struct input_link *link, const struct addr *a)
{
	struct neighbour_answers answers;
	int r = neighbour_ask(link, a, NEIGHBOUR_MSEC, 1, &answers);

	return r < 0 ? r : answers.count > 0;
}

static void look_at_default(struct verify_target *t, const struct input_route *route,
			    const struct input_link *link)
{
	char gateway[ADDRESS_TEXT];
	bool direct = address_is_zero(&route->gateway);

	address_format(&route->gateway, gateway);
	if (!link->up || !link->running)
		checklist_say(&t->list, CHECK_ROUTE, 0, CHECK_CRITICAL,
			      "the %s default route leads out by %s, which is down",
			      address_family_name(&t->address), link->name);
	else if (!direct && anybody_has(link, &route->gateway) == 0)
		checklist_say(&t->list, CHECK_ROUTE, 0, CHECK_WARNING,
			      "the %s default route leads to the router %s on %s, but nobody there "
			      "says that it has this address",
			      address_family_name(&t->address), gateway, link->name);
	else
		checklist_say(&t->list, CHECK_ROUTE, 0, CHECK_OK,
			      "the %s default route leads out by %s%s%s",
			      address_family_name(&t->address), link->name,
			      direct ? "" : ", to the router ", direct ? "" : gateway);
}

/* Whether the kernel has a way back to one who called while we watched. */
struct way {
	const struct addr *address;
	struct addr client;
	bool found, lost;
};

static bool is_of(void *data, const struct finding *f)
{
	const struct way *w = data;

	return address_equal(&f->address, w->address) && f->facts.return_route != FACT_UNKNOWN;
}

static void note_way(void *data, const struct finding *f)
{
	struct way *w = data;

	if (w->lost)
		return;
	w->client = *engine_sample(&f->called);
	w->found = f->facts.return_route == FACT_YES;
	w->lost = !w->found;
}

static void look_at_callers(const struct verify *v, struct way *w)
{
	judge_all(v->session->engine, v->session->ended, 0, is_of, note_way, w);
}

/* Some hosts route all of the Internet without a default route. */
static void look_at_routes(struct verify *v, struct verify_target *t)
{
	const struct hostaddr *host = v->session->engine->host;
	const struct input_address *where = assigned(v->session, &t->address);
	uint32_t ifindex = where ? where->ifindex : 0;
	const struct input_route *route =
		hostaddr_default(host, address_family(&t->address), ifindex);
	const struct input_link *link = route ? hostaddr_link(host, route->oif) : NULL;
	struct way way = {.address = &t->address};
	char client[ADDRESS_TEXT];
	struct addr any = address_masked(&t->address, address_is_v4(&t->address) ? 96 : 0);
	const char *root;

	if (link)
		look_at_default(t, route, link);
	else if (unreachable_root(v, &any, ifindex))
		checklist_say(&t->list, CHECK_ROUTE, 0, CHECK_CRITICAL,
			      "this host has no %s default route: answers cannot leave",
			      address_family_name(&t->address));
	else
		checklist_say(&t->list, CHECK_ROUTE, 0, CHECK_OK,
			      "this host has a way to the %s Internet",
			      address_family_name(&t->address));
	if (checklist_waits(&t->list, CHECK_RETURN, 0))
		return;
	root = unreachable_root(v, &t->address, ifindex);
	look_at_callers(v, &way);
	if (way.lost)
		checklist_say(
			&t->list, CHECK_RETURN, 0, CHECK_CRITICAL,
			"what leaves from it finds no way back to %s, who called: ip route get "
			"%s from it tells why",
			address_format(&way.client, client), client);
	else if (root)
		checklist_say(
			&t->list, CHECK_RETURN, 0, CHECK_CRITICAL,
			"what leaves from it finds no way to the Internet (%s stands for it): "
			"ip route get %s from it tells why",
			root, root);
	else
		checklist_say(&t->list, CHECK_RETURN, 0, CHECK_OK,
			      "what leaves from it finds its way to the Internet%s%s%s",
			      way.found ? ", and back to " : "",
			      way.found ? address_format(&way.client, client) : "",
			      way.found ? ", who called" : "");
}

/* The link on which neighbours could ask for it: its own, else the one to the Internet. */
static const struct input_link *link_of(const struct session *s, const struct addr *a)
{
	const struct hostaddr *host = s->engine->host;
	const struct input_address *where = assigned(s, a);
	const struct input_route *route =
		hostaddr_default(host, address_family(a), where ? where->ifindex : 0);
	const struct input_link *link = where ? hostaddr_link(host, where->ifindex) : NULL;

	if (link && link->type == ARPHRD_ETHER && link->up)
		return link;
	link = route ? hostaddr_link(host, route->oif) : NULL;
	return link && link->type == ARPHRD_ETHER && link->up ? link : NULL;
}

static bool is_own_mac(const struct session *s, const uint8_t mac[static 6])
{
	const struct input_link *link = NULL;

	while ((link = hostaddr_next_link(s->engine->host, link)))
		if (memcmp(link->mac, mac, 6) == 0)
			return true;
	return false;
}

static void look_for_others(struct verify *v, struct verify_target *t)
{
	const struct input_link *link = link_of(v->session, &t->address);
	struct neighbour_answers found;
	int r = link ? neighbour_ask(link, &t->address, NEIGHBOUR_MSEC, NEIGHBOUR_ANSWERS, &found)
		     : -EINVAL;

	if (r == -EPERM)
		checklist_say(&t->list, CHECK_ALONE, 0, CHECK_UNKNOWN,
			      "asking the neighbours needs root (CAP_NET_RAW)");
	else if (!link)
		checklist_say(&t->list, CHECK_ALONE, 0, CHECK_NOTE,
			      "there is no link with neighbours who could have it, too");
	else if (r < 0)
		checklist_say(&t->list, CHECK_ALONE, 0, CHECK_UNKNOWN,
			      "the neighbours on %s could not be asked: %s", link->name,
			      strerror(-r));
	for (size_t i = 0; r == 0 && i < found.count; i++) {
		const uint8_t *m = found.macs[i];

		if (is_own_mac(v->session, m))
			continue;
		checklist_say(&t->list, CHECK_ALONE, 0, CHECK_CRITICAL,
			      "another host on %s says that it has this address (MAC address "
			      "%02x:%02x:%02x:%02x:%02x:%02x)",
			      link->name, m[0], m[1], m[2], m[3], m[4], m[5]);
		return;
	}
	if (r == 0)
		checklist_say(&t->list, CHECK_ALONE, 0, CHECK_OK,
			      "nobody else on %s says that it has this address", link->name);
}

void verify_look_at_host(struct verify *v, struct verify_target *t)
{
	look_at_publications(v, t);
	look_at_owner(v, t);
	look_at_routes(v, t);
	look_for_others(v, t);
}
