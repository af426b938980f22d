// SPDX-License-Identifier: GPL-2.0-only
/* synhole host: what this host owns, its routes and its listeners. */
#include "base/address.h"
#include "cmd/commands.h"
#include "cmd/report_json.h"
#include "cmd/text.h"

#include <linux/if_addr.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

static unsigned family_prefix_len(const struct addr *a, uint8_t len)
{
	return address_is_v4(a) ? len - 96U : len;
}

static const char *link_name(const struct session *s, uint32_t ifindex)
{
	const struct input_link *link = hostaddr_link(s->engine->host, ifindex);

	return link ? link->name : NULL;
}

/* The same for a line of text. */
static const char *shown_link(const struct session *s, uint32_t ifindex)
{
	const char *name = link_name(s, ifindex);

	return name ? name : "no interface";
}

static const char *route_kind(const struct input_route *r)
{
	static const char *const kinds[] = {
		[ROUTE_LOCAL] = "local",
		[ROUTE_BROADCAST] = "broadcast",
		[ROUTE_DEFAULT] = "default",
	};

	return kinds[r->kind];
}

static const char *format_mac(const uint8_t m[6], char ret_text[static 18])
{
	snprintf(ret_text, 18, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5]);
	return ret_text;
}

static json_t *forwards(uint32_t ifindex)
{
	bool v4 = false, v6 = false;

	if (rtnl_ask_forwarding(AF_INET, ifindex, &v4) < 0 ||
	    rtnl_ask_forwarding(AF_INET6, ifindex, &v6) < 0)
		return json_null();
	return json_pack("{sb sb}", "ipv4", v4, "ipv6", v6);
}

static json_t *links(const struct session *s)
{
	const struct input_link *l = NULL;
	json_t *list = json_array();
	char mac[18];

	while ((l = hostaddr_next_link(s->engine->host, l)))
		json_array_append_new(
			list,
			json_pack("{so so so so sb sb sb so so ss}", "name", json_text(l->name),
				  "index", json_count(l->ifindex), "type", json_count(l->type),
				  "master", json_text(link_name(s, l->master)), "up", l->up,
				  "running", l->running, "loopback", l->loopback, "forwards",
				  forwards(l->ifindex), "driver", json_text(l->driver), "mac",
				  format_mac(l->mac, mac)));
	return list;
}

/* Among them are the routers that a mend needs. */
static json_t *neighbours(const struct session *s)
{
	const struct input_neighbour *n;
	json_t *list = json_array();
	char mac[18];

	rtnl_ask_neighbours(s->rtnl);
	for (size_t i = 0; (n = routing_neighbour(s->engine->routing, i)); i++)
		json_array_append_new(
			list, json_pack("{so so ss sb}", "address", json_address(&n->address),
					"interface", json_text(link_name(s, n->ifindex)), "mac",
					format_mac(n->mac, mac), "router", n->router));
	return list;
}

static json_t *addresses(const struct session *s)
{
	const struct hostaddr *host = s->engine->host;
	const struct input_address *a = NULL;
	json_t *list = json_array();

	while ((a = hostaddr_next_address(host, a)))
		json_array_append_new(
			list,
			json_pack("{so si so ss so so}", "address", json_address(&a->address),
				  "prefix_len", (int)family_prefix_len(&a->address, a->prefix_len),
				  "interface", json_text(link_name(s, a->ifindex)), "owned",
				  verdict_owned_name(hostaddr_owned(host, &a->address, NULL)),
				  "flags", json_count(a->flags), "created", json_time(a->created)));
	return list;
}

static json_t *routes(const struct session *s)
{
	const struct input_route *r = NULL;
	json_t *list = json_array();

	while ((r = hostaddr_next_route(s->engine->host, r)))
		json_array_append_new(
			list, json_pack("{ss so si so so so so}", "kind", route_kind(r), "prefix",
					json_address(&r->prefix), "prefix_len",
					(int)family_prefix_len(&r->prefix, r->prefix_len), "table",
					json_count(r->table), "interface",
					json_text(link_name(s, r->oif)), "gateway",
					address_is_zero(&r->gateway) ? json_null()
								     : json_address(&r->gateway),
					"metric", json_count(r->metric)));
	return list;
}

static const struct input_listener *listener_at(const struct session *s, size_t i)
{
	return i < s->engine->listener_count ? &s->engine->listeners[i] : NULL;
}

static json_t *listeners(const struct session *s)
{
	const struct input_listener *l;
	json_t *list = json_array();

	for (size_t i = 0; (l = listener_at(s, i)); i++)
		json_array_append_new(
			list, json_pack("{so si so sb so so so}", "address",
					json_address(&l->address), "port", (int)l->port, "service",
					json_text(text_service(l->port)), "v6only", l->v6only,
					"interface", json_text(link_name(s, l->ifindex)), "backlog",
					json_count(l->backlog), "queued", json_count(l->queued)));
	return list;
}

static int print_json(struct session *s)
{
	struct utsname host;
	json_t *o;

	uname(&host);
	o = json_pack("{ss ss ss so so so so so so so so so}", "schema", "synhole/1", "kind",
		      "host", "version", SYNHOLE_VERSION, "host", json_text(host.nodename),
		      "kernel", json_text(host.release), "started", json_time(s->started), "links",
		      links(s), "addresses", addresses(s), "routes", routes(s), "listeners",
		      listeners(s), "neighbours", neighbours(s), "names", report_json_names(s));
	json_dumpf(o, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(o);
	return s->trouble ? EXIT_UNKNOWN : EXIT_OK;
}

static void print_addresses(const struct session *s)
{
	const struct hostaddr *host = s->engine->host;
	const struct input_address *a = NULL;
	char text[ADDRESS_TEXT];

	printf("ADDRESSES\n");
	while ((a = hostaddr_next_address(host, a))) {
		enum owned owned = hostaddr_owned(host, &a->address, NULL);

		printf("  %s/%u on %s%s%s\n", address_format(&a->address, text),
		       family_prefix_len(&a->address, a->prefix_len), shown_link(s, a->ifindex),
		       owned == OWNED_YES ? "" : ": not served, ",
		       owned == OWNED_YES ? "" : verdict_owned_name(owned));
	}
}

/* Local routes that an address explains are not repeated; what is left is AnyIP. */
static bool is_anyip(const struct hostaddr *host, const struct input_route *r)
{
	const struct input_address *a = NULL;

	if (r->kind != ROUTE_LOCAL || address_is_special(&r->prefix))
		return false;
	while ((a = hostaddr_next_address(host, a)))
		if (address_equal(&a->address, &r->prefix))
			return false;
	return true;
}

static void print_routes(const struct session *s)
{
	const struct hostaddr *host = s->engine->host;
	const struct input_route *r = NULL;
	char text[ADDRESS_TEXT];

	printf("ROUTES\n");
	while ((r = hostaddr_next_route(host, r))) {
		if (is_anyip(host, r))
			printf("  local %s/%u on %s\n", address_format(&r->prefix, text),
			       family_prefix_len(&r->prefix, r->prefix_len), shown_link(s, r->oif));
		if (r->kind != ROUTE_DEFAULT)
			continue;
		printf("  default %s", address_is_v4(&r->prefix) ? "IPv4" : "IPv6");
		if (!address_is_zero(&r->gateway))
			printf(" via %s", address_format(&r->gateway, text));
		printf(" on %s\n", shown_link(s, r->oif));
	}
	if (!hostaddr_default(host, AF_INET))
		printf("  no default IPv4 route\n");
	if (!hostaddr_default(host, AF_INET6))
		printf("  no default IPv6 route\n");
}

static const char *listener_address(const struct input_listener *l, char text[ADDRESS_TEXT])
{
	if (address_is_zero(&l->address))
		return l->v6only ? "all IPv6 addresses" : "all addresses";
	if (address_is_v4(&l->address) && !l->address.words[3])
		return "all IPv4 addresses";
	return address_format(&l->address, text);
}

static void print_listeners(const struct session *s)
{
	const struct input_listener *l;
	char text[ADDRESS_TEXT];

	printf("LISTENERS\n");
	for (size_t i = 0; (l = listener_at(s, i)); i++) {
		const char *service = text_service(l->port);

		printf("  %u%s%s%s on %s\n", l->port, service ? " (" : "", service ? service : "",
		       service ? ")" : "", listener_address(l, text));
	}
}

static int run(const struct options *options)
{
	static struct session session;
	struct failure failure = {0};
	int status = EXIT_UNKNOWN, r;

	r = session_open(&session, options, &failure);
	r = r < 0 ? r : session_ask(&session, &failure);
	if (r == 0)
		r = session_wait_for_names(&session);
	session.ended = session_now();
	if (failure.text[0]) {
		text_complain("%s", failure.text);
	} else if (r == 0 && options->json) {
		status = print_json(&session);
	} else if (r == 0) {
		print_addresses(&session);
		print_routes(&session);
		print_listeners(&session);
		status = session.trouble ? EXIT_UNKNOWN : EXIT_OK;
	}
	session_close(&session);
	return status;
}

const struct command command_host = {
	.name = "host",
	.summary = "print what this host owns, its routes and its listeners",
	.about = "Prints the addresses of this host and whether the kernel serves them, the local\n"
		 "routes that no address explains (AnyIP), the default routes, and the listening\n"
		 "TCP sockets. With --json also links and every local route. Needs no root.",
	.examples = "  synhole host\n  synhole host --json >host.json\n",
	.takes = TAKES(OPT_NAME) | TAKES(OPT_MX) | TAKES(OPT_SRV) | TAKES(OPT_DNS) |
		 TAKES(OPT_NO_DNS) | TAKES(OPT_ELSEWHERE) | TAKES(OPT_ALIAS) | TAKES(OPT_JSON) |
		 TAKES(OPT_VERBOSE) | TAKES(OPT_HELP) | TAKES(OPT_VERSION),
	.run = run,
};
