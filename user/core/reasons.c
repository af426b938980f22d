// SPDX-License-Identifier: GPL-2.0-only
/* What the running kernel calls its reasons for dropping a packet. */
#include "core/reasons.h"

#include <stdio.h>
#include <string.h>

void reasons_feed(struct reasons *r, const struct input *in)
{
	if (in->kind == INPUT_REASON && in->reason.number < REASONS_MAX)
		snprintf(r->names[in->reason.number], REASONS_TEXT, "%s", in->reason.name);
}

const char *reasons_name(const struct reasons *r, uint16_t number)
{
	return number < REASONS_MAX && r->names[number][0] ? r->names[number] : NULL;
}

static bool is_one_of(const struct reasons *r, uint16_t number, const char *const *names)
{
	const char *name = reasons_name(r, number);

	for (; name && *names; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

bool reasons_is_firewall(const struct reasons *r, uint16_t number)
{
	static const char *const names[] = {"NETFILTER_DROP", "SECURITY_HOOK", "SOCKET_FILTER",
					    "TC_INGRESS",     "XDP",	       NULL};

	return is_one_of(r, number, names);
}

bool reasons_is_ownerless(const struct reasons *r, uint16_t number)
{
	static const char *const names[] = {"IP_INADDRERRORS", "IP_INNOROUTES", NULL};

	return is_one_of(r, number, names);
}

/* include/net/dropreason-core.h; the listener's queues have had several reasons over time. */
bool reasons_is_backlog(const struct reasons *r, uint16_t number)
{
	static const char *const names[] = {"TCP_LISTEN_OVERFLOW", "TCP_REQQFULLDROP",
					    "TCP_ACCEPT_QUEUE_FULL", "SOCKET_BACKLOG", NULL};

	return is_one_of(r, number, names);
}
