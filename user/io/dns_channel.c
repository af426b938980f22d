// SPDX-License-Identifier: GPL-2.0-only
/* A c-ares channel on an sd-event loop: a source for each of its sockets, and one timer. */
#include "io/dns_channel.h"
#include "base/address.h"
#include "base/cleanup.h"
#include "io/dns_name.h"

#include <ares.h>
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/queue.h>

/*
 * A lone server is tried after 0, 0.7 and 2.2 s, and six dead ones hide no seventh within 5 s. Each
 * way has a channel of its own: c-ares takes a closed connection for a failure of everything that
 * it asks this server, by UDP too, and asks it all again. Servers that close after each answer need
 * as many tries as there are questions.
 */
static const struct {
	int flags, timeout_ms, tries;
} ways[] = {
	[DNS_UDP] = {ARES_FLAG_NOCHECKRESP | ARES_FLAG_IGNTC, 720, 3},
	[DNS_TCP] = {ARES_FLAG_NOCHECKRESP | ARES_FLAG_USEVC, 2000, 64},
	[DNS_OTHERS] = {0, 720, 3},
};

struct watch {
	LIST_ENTRY(watch) link;
	struct dns_channel *channel;
	sd_event_source *source;
	int fd;
};

struct dns_channel {
	sd_event *loop;
	sd_event_source *timer;
	ares_channel ares;
	LIST_HEAD(, watch) watches;
};

/* Lives until c-ares has called back; nobody may care by then. */
struct dns_query {
	struct dns_query **owner;
	dns_reply_fn *reply;
	void *data;
};

static void rearm(struct dns_channel *c)
{
	struct timeval tv;

	if (!ares_timeout(c->ares, NULL, &tv)) {
		sd_event_source_set_enabled(c->timer, SD_EVENT_OFF);
		return;
	}
	/* ares_timeout() rounds down to milliseconds: without one more we would spin through it. */
	sd_event_source_set_time_relative(c->timer, (uint64_t)tv.tv_sec * 1000000 +
							    (uint64_t)tv.tv_usec + 1000);
	sd_event_source_set_enabled(c->timer, SD_EVENT_ONESHOT);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *data)
{
	struct dns_channel *c = data;

	(void)source;
	(void)usec;
	ares_process_fd(c->ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	rearm(c);
	return 0;
}

static int on_io(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct dns_channel *c = ((struct watch *)data)->channel; /* the watch may go */
	bool broken = events & (EPOLLERR | EPOLLHUP);

	(void)source;
	ares_process_fd(c->ares, broken || events & EPOLLIN ? fd : ARES_SOCKET_BAD,
			broken || events & EPOLLOUT ? fd : ARES_SOCKET_BAD);
	rearm(c);
	return 0;
}

static void watch_free(struct watch *w)
{
	LIST_REMOVE(w, link);
	sd_event_source_disable_unref(w->source);
	free(w);
}

/* A socket that cannot be watched stays deaf: its questions end by their deadline. */
static void watch_new(struct dns_channel *c, int fd, uint32_t events)
{
	autofree struct watch *w = calloc(1, sizeof(*w));

	if (!w || sd_event_add_io(c->loop, &w->source, fd, events, on_io, w) < 0)
		return;
	w->channel = c;
	w->fd = fd;
	LIST_INSERT_HEAD(&c->watches, w, link);
	take_ptr(w);
}

/* c-ares tells of a socket after opening and before closing it, so a source never outlives its
 * file descriptor. */
static void on_socket(void *data, ares_socket_t fd, int readable, int writable)
{
	struct dns_channel *c = data;
	uint32_t events = (readable ? EPOLLIN : 0) | (writable ? EPOLLOUT : 0);
	struct watch *w;

	LIST_FOREACH (w, &c->watches, link)
		if (w->fd == fd)
			break;
	if (!events && w)
		watch_free(w);
	else if (events && w)
		sd_event_source_set_io_events(w->source, events);
	else if (events)
		watch_new(c, fd, events);
}

static int parse_port(const char *text, uint16_t *ret_port)
{
	unsigned long port = 53;
	char *end;

	if (*text) {
		if (text[0] != ':' || text[1] < '0' || text[1] > '9')
			return -EINVAL;
		port = strtoul(text + 1, &end, 10);
		if (*end || !port || port > UINT16_MAX)
			return -EINVAL;
	}
	*ret_port = (uint16_t)port;
	return 0;
}

/* A lone colon is the port's; with more of them it is IPv6, and a port needs the brackets. */
static int parse_server(const char *text, struct ares_addr_port_node *ret)
{
	bool bracket = text[0] == '[', one_colon = strchr(text, ':') == strrchr(text, ':');
	const char *start = text + bracket;
	size_t n = strcspn(start, bracket ? "]" : one_colon ? ":" : "");
	char literal[ADDRESS_TEXT];
	struct addr address;
	uint16_t port;

	if (n >= sizeof(literal) || (bracket && (one_colon || start[n] != ']')))
		return -EINVAL;
	memcpy(literal, start, n);
	literal[n] = '\0';
	if (address_parse(literal, &address) < 0 || parse_port(start + n + bracket, &port) < 0)
		return -EINVAL;
	ret->family = address_family(&address);
	if (ret->family == AF_INET)
		memcpy(&ret->addr.addr4, address.bytes + 12, 4);
	else
		memcpy(&ret->addr.addr6, address.bytes, 16);
	ret->udp_port = ret->tcp_port = port;
	return 0;
}

static int set_servers(struct dns_channel *c, const char *const *servers, size_t count,
		       struct failure *failure)
{
	autofree struct ares_addr_port_node *nodes = calloc(count, sizeof(*nodes));
	char quoted[DNS_QUOTED];

	if (!nodes)
		return failure_set(failure, -ENOMEM, "out of memory");
	for (size_t i = 0; i < count; i++) {
		if (parse_server(servers[i], &nodes[i]) < 0)
			return failure_set(failure, -EINVAL,
					   "\"%s\" is no address of a DNS server: give ADDRESS, "
					   "ADDRESS:PORT or, for IPv6, [ADDRESS]:PORT",
					   dns_name_quote(servers[i], quoted));
		if (i)
			nodes[i - 1].next = &nodes[i];
	}
	if (ares_set_servers_ports(c->ares, nodes) != ARES_SUCCESS)
		return failure_set(failure, -ENOMEM, "out of memory");
	return 0;
}

static int open_channel(struct dns_channel *c, enum dns_way way, struct failure *failure)
{
	static char dns_alone[] = "b"; /* neither nsswitch.conf nor /etc/hosts is read */
	struct ares_options options = {
		.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_EDNS | ways[way].flags,
		.timeout = ways[way].timeout_ms,
		.tries = ways[way].tries,
		.ednspsz = DNS_EDNS_SIZE,
		.lookups = dns_alone,
		.sock_state_cb = on_socket,
		.sock_state_cb_data = c,
	};
	int r = ares_init_options(&c->ares, &options,
				  ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
					  ARES_OPT_EDNSPSZ | ARES_OPT_LOOKUPS | ARES_OPT_DOMAINS |
					  ARES_OPT_NOROTATE | ARES_OPT_SOCK_STATE_CB);

	if (r != ARES_SUCCESS) {
		c->ares = NULL;
		return failure_set(failure, -EIO, "c-ares, the DNS library, does not start: %s",
				   ares_strerror(r));
	}
	return 0;
}

int dns_channel_new(struct dns_channel **ret_channel, sd_event *loop, const char *const *servers,
		    size_t count, enum dns_way way, struct failure *failure)
{
	cleanup(dns_channel_free) struct dns_channel *c = calloc(1, sizeof(*c));
	int r;

	if (!c || ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) {
		free(take_ptr(c));
		return failure_set(failure, -ENOMEM, "out of memory");
	}
	c->loop = sd_event_ref(loop);
	r = open_channel(c, way, failure);
	if (r >= 0 && count)
		r = set_servers(c, servers, count, failure);
	if (r < 0)
		return r;
	r = sd_event_add_time_relative(loop, &c->timer, CLOCK_MONOTONIC, 0, 1000, on_timer, c);
	if (r < 0)
		return failure_set(failure, r, "a timer for DNS: %s", strerror(-r));
	sd_event_source_set_enabled(c->timer, SD_EVENT_OFF);
	*ret_channel = take_ptr(c);
	return 0;
}

void dns_channel_free(struct dns_channel **channel)
{
	struct dns_channel *c = *channel;

	if (!c)
		return;
	ares_destroy(c->ares); /* calls back for each query and each socket */
	ares_library_cleanup();
	sd_event_source_disable_unref(c->timer);
	sd_event_unref(c->loop);
	free(c);
	*channel = NULL;
}

static void on_answer(void *data, int status, int timeouts, unsigned char *reply, int size)
{
	autofree struct dns_query *q = data;
	enum dns_outcome outcome = status == ARES_SUCCESS    ? DNS_FOUND
				   : status == ARES_ETIMEOUT ? DNS_TIMEOUT
				   : status == ARES_ENOMEM   ? DNS_NO_MEMORY
							     : DNS_UNREACHABLE;

	(void)timeouts;
	if (!q->owner)
		return;
	*q->owner = NULL;
	q->reply(q->data, outcome, reply, (size_t)size);
}

void dns_channel_ask(struct dns_channel *channel, const char *name, uint16_t type, bool edns,
		     dns_reply_fn *reply, void *data, struct dns_query **ret_query)
{
	uint8_t question[DNS_MAX_QUESTION];
	int n = dns_question_write(question, name, type, edns);
	struct dns_query *q = n < 0 ? NULL : calloc(1, sizeof(*q));

	*ret_query = q;
	if (!q) {
		reply(data, n == -EINVAL ? DNS_MALFORMED : DNS_NO_MEMORY, NULL, 0);
		return;
	}
	*q = (struct dns_query){.owner = ret_query, .reply = reply, .data = data};
	ares_send(channel->ares, question, n, on_answer, q);
	rearm(channel);
}

void dns_query_drop(struct dns_query **query)
{
	if (*query)
		(*query)->owner = NULL;
	*query = NULL;
}

void dns_channel_clear(struct dns_channel *channel)
{
	ares_cancel(channel->ares);
	rearm(channel);
}

size_t dns_channel_servers(const struct dns_channel *channel, struct addr *ret_address,
			   uint16_t *ret_port)
{
	struct ares_addr_port_node *nodes = NULL;
	size_t count = 0;

	if (ares_get_servers_ports(channel->ares, &nodes) != ARES_SUCCESS || !nodes)
		return 0;
	*ret_address = nodes->family == AF_INET ? address_from_v4(&nodes->addr.addr4)
						: address_from_v6((void *)&nodes->addr.addr6);
	*ret_port = nodes->udp_port ? (uint16_t)nodes->udp_port : 53;
	for (const struct ares_addr_port_node *node = nodes; node; node = node->next)
		count++;
	ares_free_data(nodes);
	return count;
}
