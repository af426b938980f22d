// SPDX-License-Identifier: GPL-2.0-only
/* What the programs are told: which addresses are owned or published, and the links' MACs. */
#include "base/address.h"
#include "cmd/session_parts.h"
#include "cmd/text.h"
#include "io/resolver.h"

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

		if (!f->attached || f->gone || groups_join(s->groups, a, f->ifindex) == 0 ||
		    s->deaf)
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

/* What an earlier run has told the programs holds until DNS has had the time to say it again: else
 * published addresses would be strangers for that long. */
static bool is_taking_over(const struct session *s)
{
	return probe_adopted(s->probe) &&
	       session_now() < s->started + 2 * RESOLVER_DEADLINE * 1000000000ULL;
}

void session_tell_all_known(struct session *s)
{
	const struct hostaddr *host = s->engine->host;
	const struct input_route *route = NULL;
	const struct publication *all;
	size_t count;

	if (!s->probe)
		return;
	if (!is_taking_over(s))
		probe_know_again(s->probe, known_of, s);
	while ((route = hostaddr_next_route(host, route)))
		if (route->kind == ROUTE_LOCAL && route->prefix_len == 128)
			tell_known(s, &route->prefix);
	all = published_all(s->engine->published, &count);
	if (s->groups)
		groups_begin(s->groups);
	for (size_t i = 0; i < count; i++)
		tell_published(s, &all[i].address);
	if (s->groups)
		groups_end(s->groups);
	probe_know_done(s->probe);
}

void session_tell_change(struct session *s, const struct input *in)
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
	case INPUT_NAME: /* what it pointed to before is forgotten at the next look */
		s->outdated = true;
		for (size_t i = 0; i < in->name.count; i++)
			tell_published(s, &in->name.records[i].address);
		break;
	case INPUT_HOST_END:
		session_tell_all_known(s);
		return;
	default:
		return;
	}
	if (s->probe)
		probe_know_done(s->probe);
}

void session_tell_macs(struct session *s)
{
	const struct hostaddr *host = s->engine->host;

	for (size_t i = 0; s->probe && i < s->interface_count; i++) {
		const struct input_link *link = hostaddr_link(host, s->interfaces[i].ifindex);

		if (link && s->interfaces[i].attached)
			probe_set_macs(s->probe, link, hostaddr_link(host, link->master));
	}
}
