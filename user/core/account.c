// SPDX-License-Identifier: GPL-2.0-only
/* The account of a finding: every fact that it was judged by, a line each. */
#include "core/account.h"

#include "base/address.h"
#include "base/plural.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

void account_tell(struct account *x, const char *about, const char *format, ...)
{
	va_list args;

	if (x->count == ACCOUNT_FACTS)
		return;
	x->facts[x->count].about = about;
	va_start(args, format);
	vsnprintf(x->facts[x->count++].text, sizeof(x->facts[0].text), format, args);
	va_end(args);
}

static const char *link_of(const struct engine *e, uint32_t ifindex)
{
	const struct input_link *link = hostaddr_link(e->host, ifindex);

	return link ? link->name : "an interface that is gone";
}

static void tell_published(const struct finding *f, struct account *x)
{
	const size_t most = 8;
	char text[ADDRESS_TEXT];

	if (!f->published_count)
		account_tell(x, "published", "no name known here points to it");
	for (size_t i = 0; i < f->published_count && i < most; i++) {
		const struct publication *p = &f->published[i];
		const char *server = p->name->server, *via = p->name->via;

		account_tell(x, "published", "%s has the %s record %s for up to %u s%s%s%s%s%s",
			     p->name->name, address_is_v4(&p->address) ? "A" : "AAAA",
			     address_format(&p->address, text), p->record->ttl,
			     server ? ", says " : "", server ? server : "",
			     via ? " (found by: " : "", via ? via : "", via ? ")" : "");
	}
	if (f->published_count > most)
		account_tell(x, "published", "%zu more names point to it",
			     f->published_count - most);
}

static void tell_addresses(const struct engine *e, const struct finding *f, struct account *x)
{
	const struct input_address *a = NULL;
	bool listed = false;

	while ((a = hostaddr_next_address(e->host, a))) {
		if (!address_equal(&a->address, &f->address))
			continue;
		listed = true;
		account_tell(x, "owned", "%s has the address with the prefix length %u",
			     link_of(e, a->ifindex),
			     a->prefix_len - (address_is_v4(&a->address) ? 96U : 0));
	}
	if (!listed)
		account_tell(x, "owned", "no interface of this host has the address");
	if (f->facts.owned == OWNED_YES && !listed)
		account_tell(x, "owned",
			     "a local route makes this host take its packets all the same");
	else if (f->facts.owned != OWNED_YES && f->facts.owned != OWNED_NO)
		account_tell(x, "owned", "the kernel does not serve it: %s",
			     f->facts.owned == OWNED_DADFAILED
				     ? "another host on the link has it "
				       "(duplicate address detection failed)"
			     : f->facts.owned == OWNED_TENTATIVE
				     ? "duplicate address detection has not ended"
				     : "its link is down or has no carrier");
}

static void tell_callers(const struct finding *f, struct account *x)
{
	const struct flow *flow = f->flow;
	const size_t most = 4;
	char text[ADDRESS_TEXT];

	if (!flow)
		return;
	account_tell(x, "callers",
		     "of those seen one by one there were %" PRIu64 " attempt%s and %" PRIu64
		     " repeat%s; %" PRIu64 " real client%s",
		     flow->attempts, plural(flow->attempts), flow->retransmits,
		     plural(flow->retransmits), flow->clients,
		     flow->clients == 1 ? " waits" : "s wait");
	for (size_t i = 0; i < flow->source_count && i < most; i++) {
		const struct flow_source *s = &flow->sources[i];

		account_tell(
			x, "callers", "%s sent %" PRIu64 " and %s",
			address_format(&s->address, text), s->syns,
			s->kind == SOURCE_CLIENT ? "is a real client: it tried again, anew each "
						   "time"
			: s->kind == SOURCE_PROBABLE ? "is probably a real client: it tried again "
						       "after a while"
						     : "may be a scanner: it did not try again as "
						       "clients do");
	}
	if (flow->looped)
		account_tell(x, "looped",
			     "%" PRIu64 " were copies with a falling hop limit: they go round "
			     "between this host and its router",
			     flow->looped);
}

static void tell_called(const struct engine *e, const struct finding *f, struct account *x)
{
	const size_t most = 6;

	for (size_t i = 0; i < f->called.count && i < most; i++) {
		const struct input_count *row = &f->called.ports[i];
		char port[16] = "many ports";

		if (row->port)
			snprintf(port, sizeof(port), "port %u", row->port);
		account_tell(x, "called",
			     "%" PRIu64 " connection attempt%s (SYN%s) came in by %s to %s%s",
			     row->syns, plural(row->syns), plural(row->syns),
			     link_of(e, row->ifindex), port,
			     row->kind == SLOT_FOREIGN ? ", for another host's MAC address" : "");
		if (row->port &&
		    engine_listens(e, &f->address, row->port, f->ifindex, NULL) != FACT_UNKNOWN)
			account_tell(x, "listener", "%s listens on %s here",
				     engine_listens(e, &f->address, row->port, f->ifindex, NULL) ==
						     FACT_YES
					     ? "a program"
					     : "nothing",
				     port);
	}
	if (f->called.count > most)
		account_tell(x, "called", "%zu more ports were called", f->called.count - most);
	tell_callers(f, x);
}

static void tell_fate(const struct engine *e, const struct finding *f, struct account *x)
{
	const struct evidence *seen = &f->evidence;

	for (size_t i = 0; i < seen->drop_count; i++) {
		const char *name = reasons_name(&e->reasons, seen->drops[i].port);

		account_tell(x, "dropped", "the kernel was seen to drop %" PRIu64 " of them (%s)",
			     seen->drops[i].syns,
			     name ? name : "for a reason that it does not name");
	}
	if (seen->hairpins)
		account_tell(x, "returned",
			     "%" PRIu64 " left again by the interface by which they had come",
			     seen->hairpins);
	if (f->facts.watched == FACT_YES && f->called.count)
		account_tell(x, "answered",
			     seen->syn_acks + seen->rsts + seen->icmps
				     ? "answers left: %" PRIu64 " that accept (SYN-ACK), %" PRIu64
				       " that refuse (RST), %" PRIu64 " errors (ICMP)"
				     : "no answer left",
			     seen->syn_acks, seen->rsts, seen->icmps);
}

static void tell_traffic(const struct engine *e, const struct finding *f, bool watched,
			 struct account *x)
{
	if (f->called.count)
		tell_called(e, f, x);
	else if (watched)
		account_tell(x, "called", "nobody called it while it was watched");
	else
		account_tell(x, "called", "traffic was not watched");
	if (f->evidence.asked)
		account_tell(x, "asked", "neighbours asked %" PRIu64 " time%s on %s who has it",
			     f->evidence.asked, plural(f->evidence.asked),
			     link_of(e, f->evidence.asked_ifindex));
	tell_fate(e, f, x);
}

/* Of where it was called, else of where it would be. */
static const struct input_path *path_of(const struct engine *e, const struct finding *f)
{
	uint32_t home = f->mend.link ? f->mend.link->ifindex : 0;

	return routing_path(e->routing, &f->address, f->ifindex ? f->ifindex : home);
}

static void tell_routes(const struct engine *e, const struct finding *f, struct account *x)
{
	static const char *const paths[] = {
		[PATH_LOCAL] = "it would take such a packet as its own",
		[PATH_FORWARD] =
			"it would send such a packet on, to a host that may have the address",
		[PATH_HAIRPIN] = "it would send such a packet back by the interface it comes from",
		[PATH_NONE] = "it would find no route for such a packet, and drop it",
		[PATH_BLACKHOLE] = "a route of this host discards or refuses such a packet",
	};
	int family = address_family(&f->address);
	const struct input_route *route = hostaddr_default(e->host, family, f->ifindex);
	const char *name = family == AF_INET ? "IPv4" : "IPv6";
	const struct input_path *path = path_of(e, f);
	char text[ADDRESS_TEXT];

	if (path)
		account_tell(x, "route", "the kernel says of what comes in by %s: %s",
			     link_of(e, path->ifindex), paths[path->kind]);
	if (f->facts.return_route != FACT_UNKNOWN)
		account_tell(x, "return", "the kernel %s a route back to %s",
			     f->facts.return_route == FACT_YES ? "has" : "does not have",
			     address_format(engine_sample(&f->called), text));
	if (!route)
		account_tell(x, "default-route", "this host has no default %s route", name);
	else if (address_is_zero(&route->gateway))
		account_tell(x, "default-route", "the default %s route leads out by %s", name,
			     link_of(e, route->oif));
	else
		account_tell(x, "default-route", "the default %s route goes by the router %s on %s",
			     name, address_format(&route->gateway, text), link_of(e, route->oif));
}

void account_tell_host(const struct engine *e, const struct finding *f, struct account *account)
{
	tell_published(f, account);
	tell_addresses(e, f, account);
	tell_routes(e, f, account);
}

void account_of(const struct engine *e, const struct finding *f, bool watched,
		struct account *ret_account)
{
	ret_account->count = 0;
	account_tell_host(e, f, ret_account);
	tell_traffic(e, f, watched, ret_account);
}

const char *account_cause(enum cause cause)
{
	static const char *const words[CAUSES] = {
		"no interface of this host has the address",
		"duplicate address detection has not ended for it",
		"another host on the link has the same address",
		"the link that has the address is down",
		"this host has no route back to those who call",
		"this host has no default route of that family, so answers cannot leave",
		"this host forwards, and sends the packets back to the router they came from",
		"a route of this host discards the packets",
		"a firewall of this host drops them",
		"the program's queue of connections is full",
		"the router looks for the address on the link, and nobody says that he has it",
		"the name's own servers no longer have the address, and resolvers will forget it",
	};

	return words[__builtin_ctz(cause)];
}

const char *account_remedy(enum cause cause)
{
	switch (cause) {
	case CAUSE_ADDRESS_TENTATIVE:
		return "waiting a little; if it stays so, adding the address with \"nodad\", where "
		       "no other host can have it";
	case CAUSE_ADDRESS_DADFAILED:
		return "finding the other host and taking the address away from it, then removing "
		       "and adding it here";
	case CAUSE_LINK_DOWN:
		return "ip link set dev INTERFACE up, or the cable, or the switch";
	case CAUSE_NO_RETURN_ROUTE:
		return "a route; \"ip route get CLIENT from ADDRESS\" shows which rule or route "
		       "decides";
	case CAUSE_BLACKHOLE_ROUTE:
		return "removing that route; \"ip route show table all\" lists it as blackhole, "
		       "unreachable or prohibit";
	case CAUSE_FILTERED:
		return "a rule of the firewall that lets them in, if they should be let in";
	case CAUSE_BACKLOG_FULL:
		return "a program that accepts faster, or a longer queue (its own setting, and "
		       "net.core.somaxconn)";
	case CAUSE_NAME_STALE:
		return "waiting until resolvers have forgotten the record; its time to live is the "
		       "longest that takes";
	default:
		return NULL;
	}
}
