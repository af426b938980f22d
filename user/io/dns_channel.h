/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Questions to DNS servers and their answers as bytes: a c-ares channel on an sd-event loop.
 *
 * c-ares sends again and goes to the next server. It may answer long after anybody cares: the
 * caller keeps the deadline and drops the query.
 */
#ifndef SYNHOLE_IO_DNS_CHANNEL_H
#define SYNHOLE_IO_DNS_CHANNEL_H

#include "base/failure.h"
#include "io/dns_answer.h"

#include <systemd/sd-event.h>

struct dns_channel;
struct dns_query;

enum dns_way {
	DNS_UDP,
	DNS_TCP,
	DNS_OTHERS, /* UDP and TCP, passing over servers that fail or refuse */
	DNS_WAYS,
};

/* DNS_FOUND and the answer's bytes, or why there are none. May come before dns_channel_ask() has
 * returned; must not ask again, drop or free. */
typedef void dns_reply_fn(void *data, enum dns_outcome outcome, const uint8_t *reply, size_t size);

/* `servers`: ADDRESS[:PORT] or [ADDRESS]:PORT; none: the system's. */
int dns_channel_new(struct dns_channel **ret_channel, sd_event *loop, const char *const *servers,
		    size_t count, enum dns_way way, struct failure *failure);
void dns_channel_free(struct dns_channel **channel);

/* `*ret_query` is set while an answer is awaited and NULL from its reply on. */
void dns_channel_ask(struct dns_channel *channel, const char *name, uint16_t type, bool edns,
		     dns_reply_fn *reply, void *data, struct dns_query **ret_query);

/* No reply will come to it. */
void dns_query_drop(struct dns_query **query);

/* Ends what was dropped, and closes the sockets. */
void dns_channel_clear(struct dns_channel *channel);

/* How many servers are asked; address and port are the first one's. */
size_t dns_channel_servers(const struct dns_channel *channel, struct addr *ret_address,
			   uint16_t *ret_port);

#endif
