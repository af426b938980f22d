// SPDX-License-Identifier: GPL-2.0-only
/* The host as one JSON document. */
#include "cmd/host_json.h"

#include "base/address.h"
#include "cmd/report_json.h"
#include "cmd/text.h"
#include "core/fib.h"
#include <linux/if_addr.h>
#include <string.h>
#include <sys/utsname.h>

unsigned host_prefix_len(const struct addr *a, uint8_t len)
{
	return address_is_v4(a) ? len - 96U : len;
}

const char *host_link_name(const struct session *s, uint32_t ifindex)
{
	const struct input_link *link = hostaddr_link(s->engine->host, ifindex);

	return link ? link->name : NULL;
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
				  "master", json_text(host_link_name(s, l->master)), "up", l->up,
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
					"interface", json_text(host_link_name(s, n->ifindex)),
					"mac", format_mac(n->mac, mac), "router", n->router));
	return list;
}

static json_t *addresses(const struct session *s, size_t most, bool *cut)
{
	const struct hostaddr *host = s->engine->host;
	const struct input_address *a = NULL;
	json_t *list = json_array();

	while ((a = hostaddr_next_address(host, a))) {
		if (json_array_size(list) == most) {
			*cut = true;
			break;
		}
		json_array_append_new(
			list,
			json_pack("{so si so ss so so}", "address", json_address(&a->address),
				  "prefix_len", (int)host_prefix_len(&a->address, a->prefix_len),
				  "interface", json_text(host_link_name(s, a->ifindex)), "owned",
				  verdict_owned_name(hostaddr_owned(host, &a->address, NULL)),
				  "flags", json_count(a->flags), "created", json_time(a->created)));
	}
	return list;
}

static json_t *route(const struct session *s, const struct input_route *r)
{
	return json_pack("{ss so si so so so so}", "kind", fib_kind_name(r->kind), "prefix",
			 json_address(&r->prefix), "prefix_len",
			 (int)host_prefix_len(&r->prefix, r->prefix_len), "table",
			 json_count(r->table), "interface", json_text(host_link_name(s, r->oif)),
			 "gateway",
			 address_is_zero(&r->gateway) ? json_null() : json_address(&r->gateway),
			 "metric", json_count(r->metric));
}

struct others {
	const struct session *session;
	json_t *list;
	bool cut;
};

static void hear_other(void *data, const struct input *in)
{
	struct others *others = data;

	if (in->kind == INPUT_HOST_BEGIN) {
		json_array_clear(others->list);
		others->cut = false;
		return;
	}
	if (json_array_size(others->list) < HOST_JSON_OTHERS)
		json_array_append_new(others->list, route(others->session, &in->route));
	else
		others->cut = true;
}

/* Those that only a replay needs, where the kernel cannot be asked for each way. */
static void add_others(const struct session *s, json_t *list, bool *cut)
{
	struct others others = {.session = s, .list = json_array()};

	if (rtnl_ask_routes(hear_other, &others) < 0)
		others.cut = true;
	json_array_extend(list, others.list);
	json_decref(others.list);
	*cut |= others.cut;
}

static json_t *routes(const struct session *s, size_t most, bool *cut)
{
	const struct input_route *r = NULL;
	json_t *list = json_array();

	while ((r = hostaddr_next_route(s->engine->host, r))) {
		if (r->kind != ROUTE_DEFAULT && json_array_size(list) >= most) {
			*cut = true;
			continue;
		}
		json_array_append_new(list, route(s, r));
	}
	if (most == HOST_JSON_ALL)
		add_others(s, list, cut);
	return list;
}

static json_t *listeners(const struct session *s)
{
	const struct input_listener *l;
	json_t *list = json_array();

	for (size_t i = 0; (l = engine_listener(s->engine, i)); i++)
		json_array_append_new(
			list,
			json_pack("{so si so sb so so so}", "address", json_address(&l->address),
				  "port", (int)l->port, "service", json_text(text_service(l->port)),
				  "v6only", l->v6only, "interface",
				  json_text(host_link_name(s, l->ifindex)), "backlog",
				  json_count(l->backlog), "queued", json_count(l->queued)));
	return list;
}

json_t *host_json(const struct session *s, size_t most)
{
	struct utsname host;
	bool cut = false;
	json_t *o;

	uname(&host);
	o = json_pack("{ss ss ss so so so so so so so so so}", "schema", "synhole/1", "kind",
		      "host", "version", SYNHOLE_VERSION, "host", json_text(host.nodename),
		      "kernel", json_text(host.release), "started", json_time(s->started), "links",
		      links(s), "addresses", addresses(s, most, &cut), "routes",
		      routes(s, most, &cut), "listeners", listeners(s), "neighbours", neighbours(s),
		      "names", report_json_names(s));
	json_object_set_new(o, "cut", json_boolean(cut));
	return o;
}
