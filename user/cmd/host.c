// SPDX-License-Identifier: GPL-2.0-only
/* synhole host: what this host owns, its routes and its listeners. */
#include "base/address.h"
#include "cmd/commands.h"
#include "cmd/host_json.h"
#include "cmd/text.h"

#include <stdio.h>

/* The same for a line of text. */
static const char *shown_link(const struct session *s, uint32_t ifindex)
{
	const char *name = host_link_name(s, ifindex);

	return name ? name : "no interface";
}

static int print_json(struct session *s)
{
	json_t *o = host_json(s, HOST_JSON_ALL);

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
		       host_prefix_len(&a->address, a->prefix_len), shown_link(s, a->ifindex),
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
			       host_prefix_len(&r->prefix, r->prefix_len), shown_link(s, r->oif));
		if (r->kind != ROUTE_DEFAULT)
			continue;
		printf("  default %s", address_family_name(&r->prefix));
		if (!address_is_zero(&r->gateway))
			printf(" via %s", address_format(&r->gateway, text));
		printf(" on %s\n", shown_link(s, r->oif));
	}
	if (!hostaddr_default(host, AF_INET, 0))
		printf("  no default IPv4 route\n");
	if (!hostaddr_default(host, AF_INET6, 0))
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
	for (size_t i = 0; (l = engine_listener(s->engine, i)); i++) {
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
