// SPDX-License-Identifier: GPL-2.0-only
/* What a case's host hears of itself: links, addresses, routes, listeners, neighbours. */
#include "cases/heard.h"

#include "base/address.h"

#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

void hear_link(struct heard *h, struct line *l)
{
	const char *name = line_word(l, NULL);
	struct input_link link = {.gone = line_flag(l, "gone"),
				  .loopback = line_flag(l, "loopback"),
				  .up = !line_flag(l, "down")};
	size_t i = 0;

	while (i < h->link_count && strcmp(h->links[i].name, name) != 0)
		i++;
	link.ifindex = (uint32_t)i + 1;
	link.running = !line_flag(l, "no-carrier") && link.up;
	link.type = link.loopback ? ARPHRD_LOOPBACK : ARPHRD_ETHER;
	snprintf(link.name, sizeof(link.name), "%s", name);
	if (!heard_may_keep(l, i))
		return;
	h->links[i] = link;
	h->link_count += i == h->link_count;
	heard_tell(h, (struct input){.kind = INPUT_LINK, .link = link});
}

/* As the kernel does: an address that may be used has a route in the table "local". */
void hear_address(struct heard *h, struct line *l)
{
	struct input_link link = heard_link(h, l);
	struct input_address a = {.ifindex = link.ifindex, .gone = line_flag(l, "gone")};
	struct input_route route = {
		.kind = ROUTE_LOCAL, .table = RT_TABLE_LOCAL, .oif = a.ifindex, .prefix_len = 128};

	a.created = h->now - line_seconds(l, "age", 0);
	if (line_flag(l, "ageless"))
		a.created = 0;
	if (line_flag(l, "tentative"))
		a.flags |= IFA_F_TENTATIVE;
	if (line_flag(l, "dadfailed"))
		a.flags |= IFA_F_TENTATIVE | IFA_F_DADFAILED;
	route.gone = line_flag(l, "unserved") || !link.up || a.gone || a.flags;
	a.address = route.prefix = line_prefix(l, &a.prefix_len);
	if (!line_is_good(l))
		return;
	heard_tell(h, (struct input){.kind = INPUT_ADDRESS, .address = a});
	heard_tell(h, (struct input){.kind = INPUT_ROUTE, .route = route});
}

static void hear_route(struct heard *h, struct line *l, enum route_kind kind)
{
	struct input_route route = {.kind = kind, .gone = line_flag(l, "gone")};

	route.table = (uint32_t)line_number(l, "table", RT_TABLE_LOCAL);
	route.oif = heard_link(h, l).ifindex;
	route.prefix = line_prefix(l, &route.prefix_len);
	if (line_is_good(l))
		heard_tell(h, (struct input){.kind = INPUT_ROUTE, .route = route});
}

void hear_local(struct heard *h, struct line *l)
{
	hear_route(h, l, ROUTE_LOCAL);
}

void hear_broadcast(struct heard *h, struct line *l)
{
	hear_route(h, l, ROUTE_BROADCAST);
}

static void hear_default_of(struct heard *h, struct line *l, struct addr any, uint8_t any_len)
{
	struct input_route route = {.kind = ROUTE_DEFAULT, .gone = line_flag(l, "gone")};
	const char *via = line_value(l, "via");

	if (via && (address_parse(via, &route.gateway) < 0 ||
		    address_is_v4(&route.gateway) != address_is_v4(&any)))
		line_is_wrong(l, "\"%s\" is no gateway of this family", via);
	route.prefix = any;
	route.prefix_len = any_len;
	route.metric = (uint32_t)line_number(l, "metric", address_is_v4(&any) ? 0 : 1024);
	route.table = (uint32_t)line_number(l, "table", RT_TABLE_MAIN);
	route.oif = heard_link(h, l).ifindex;
	if (line_is_good(l))
		heard_tell(h, (struct input){.kind = INPUT_ROUTE, .route = route});
}

void hear_default(struct heard *h, struct line *l)
{
	hear_default_of(h, l, address_from_v4(&(struct in_addr){0}), 96);
}

void hear_default6(struct heard *h, struct line *l)
{
	hear_default_of(h, l, (struct addr){0}, 0);
}

void hear_dump(struct heard *h, struct line *l)
{
	static const char *const ends[] = {"begins", "ends", NULL};
	int end = line_choice(l, ends);

	if (line_is_good(l))
		heard_tell(h, (struct input){.kind = end ? INPUT_HOST_END : INPUT_HOST_BEGIN});
}

void hear_listener(struct heard *h, struct line *l)
{
	struct input_listener listener = {.v6only = line_flag(l, "v6only")};

	h->listeners_told = true;
	if (line_flag(l, "none")) {
		h->listener_count = 0;
		return;
	}
	listener.port = (uint16_t)line_number(l, "port", 0);
	listener.backlog = (uint32_t)line_number(l, "backlog", 128);
	listener.queued = (uint32_t)line_number(l, "queued", 0);
	if (line_flag(l, "bound"))
		listener.ifindex = heard_link(h, l).ifindex;
	listener.address = line_address(l, NULL);
	if (!listener.port)
		line_is_wrong(l, "port is missing");
	if (heard_may_keep(l, h->listener_count))
		h->listeners[h->listener_count++] = listener;
}

void hear_neighbour(struct heard *h, struct line *l)
{
	struct input_neighbour n = {.ifindex = heard_link(h, l).ifindex,
				    .router = line_flag(l, "router")};

	line_mac(l, "mac", n.mac);
	n.address = line_address(l, NULL);
	if (line_is_good(l))
		heard_tell(h, (struct input){.kind = INPUT_NEIGHBOUR, .neighbour = n});
}
