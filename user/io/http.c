// SPDX-License-Identifier: GPL-2.0-only
/* HTTP: the places that are listened on, and the daemons of libmicrohttpd behind them. */
#include "io/http.h"

#include "base/cleanup.h"
#include "io/http_answer.h"
#include "io/http_socket.h"

#include <errno.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/socket.h>
#include <utlist.h>

/* One connection: since when its present request is under way. The oldest comes first. */
struct client {
	struct client *next, *prev;
	int fd;
	uint64_t since; /* microseconds, CLOCK_MONOTONIC */
};

struct listener {
	struct http *http;
	char where[160]; /* "" where it was adopted */
	struct http_socket socket;
	struct MHD_Daemon *daemon;
	sd_event_source *io, *timer;
	struct client *clients;
	bool one_has_gone;
};

struct http {
	sd_event *loop;
	struct http_patience patience;
	struct http_answers *answers;
	struct listener *listeners[HTTP_LISTENERS_MAX];
	size_t count;
};

static uint64_t now(const struct http *h)
{
	uint64_t usec = 0;

	sd_event_now(h->loop, CLOCK_MONOTONIC, &usec);
	return usec;
}

/* ---- how long clients may take */

static void on_connection(void *data, struct MHD_Connection *connection, void **context,
			  enum MHD_ConnectionNotificationCode what)
{
	struct listener *l = data;
	struct client *c = *context;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		const union MHD_ConnectionInfo *fd =
			MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

		c = calloc(1, sizeof(*c));
		*context = c;
		if (!c)
			return;
		c->fd = fd->connect_fd;
		c->since = now(l->http);
		DL_APPEND(l->clients, c);
	} else if (c) {
		DL_DELETE(l->clients, c);
		free(c);
		*context = NULL;
	}
	l->one_has_gone |= what == MHD_CONNECTION_NOTIFY_CLOSED;
}

static void on_completed(void *data, struct MHD_Connection *connection, void **request,
			 enum MHD_RequestTerminationCode why)
{
	const union MHD_ConnectionInfo *context =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct listener *l = data;
	struct client *c = context ? context->socket_context : NULL;

	if (!c)
		return;
	c->since = now(l->http);
	DL_DELETE(l->clients, c);
	DL_APPEND(l->clients, c);
}

/* The library's own timeout is for silence. Who sends or takes a byte now and then would stay for
 * ever: the library has no call to end that, but it notices when the socket is shut. Returns when
 * to look again. */
static uint64_t cut_off_the_slow(struct listener *l)
{
	const uint64_t most = l->http->patience.request * 1000000ULL;
	uint64_t at = now(l->http);

	while (l->clients && l->clients->since + most <= at) {
		struct client *c = l->clients;

		shutdown(c->fd, SHUT_RDWR);
		c->since = at;
		DL_DELETE(l->clients, c);
		DL_APPEND(l->clients, c);
	}
	return l->clients ? l->clients->since + most : UINT64_MAX;
}

/* ---- the loop */

static int work(struct listener *l)
{
	MHD_UNSIGNED_LONG_LONG wait;
	uint64_t next;

	/* A full daemon listens again only when it is run after a client has gone. */
	do {
		l->one_has_gone = false;
		MHD_run(l->daemon);
	} while (l->one_has_gone);
	next = cut_off_the_slow(l);
	if (MHD_get_timeout(l->daemon, &wait) == MHD_YES && now(l->http) + wait * 1000 < next)
		next = now(l->http) + wait * 1000;
	sd_event_source_set_time(l->timer, next);
	return sd_event_source_set_enabled(l->timer,
					   next == UINT64_MAX ? SD_EVENT_OFF : SD_EVENT_ONESHOT);
}

static int on_io(sd_event_source *source, int fd, uint32_t events, void *data)
{
	return work(data);
}

static int on_time(sd_event_source *source, uint64_t usec, void *data)
{
	return work(data);
}

static int join_loop(struct listener *l)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(l->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	int r = info ? 0 : -EIO;

	r = r < 0 ? r : sd_event_add_io(l->http->loop, &l->io, info->epoll_fd, EPOLLIN, on_io, l);
	return r < 0 ? r
		     : sd_event_add_time(l->http->loop, &l->timer, CLOCK_MONOTONIC, 0, 1000,
					 on_time, l);
}

/* ---- listeners */

static void listener_free(struct listener **listener)
{
	struct listener *l = *listener;

	if (!l)
		return;
	sd_event_source_disable_unref(l->timer);
	sd_event_source_disable_unref(l->io);
	if (l->daemon)
		MHD_stop_daemon(l->daemon);
	http_socket_close(&l->socket);
	free(l);
	*listener = NULL;
}

/* Takes the socket over, also when it fails. */
static int serve(struct http *h, const char *where, struct http_socket *socket,
		 struct listener **ret_listener, struct failure *failure)
{
	cleanup(listener_free) struct listener *l = calloc(1, sizeof(*l));

	if (!l) {
		http_socket_close(socket);
		return failure_set(failure, -ENOMEM, "out of memory");
	}
	l->http = h;
	snprintf(l->where, sizeof(l->where), "%s", where);
	l->socket = *socket;
	l->daemon = MHD_start_daemon(
		MHD_USE_EPOLL, 0, NULL, NULL, http_answer, h->answers, MHD_OPTION_LISTEN_SOCKET,
		l->socket.fd, MHD_OPTION_CONNECTION_LIMIT, (unsigned)HTTP_CLIENTS_MAX,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)HTTP_CLIENTS_OF_ONE_MAX,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_CLIENT_BYTES,
		MHD_OPTION_CONNECTION_TIMEOUT, h->patience.idle, MHD_OPTION_NOTIFY_CONNECTION,
		on_connection, l, MHD_OPTION_NOTIFY_COMPLETED, on_completed, l, MHD_OPTION_END);
	if (!l->daemon)
		return failure_set(failure, -EIO, "cannot serve HTTP on %s", where);
	l->socket.fd = -1; /* the daemon closes it */
	if (join_loop(l) < 0)
		return failure_set(failure, -ENOMEM, "out of memory");
	*ret_listener = take_ptr(l);
	return 0;
}

static bool listens(const struct http *h, const char *where)
{
	for (size_t i = 0; i < h->count; i++)
		if (strcmp(h->listeners[i]->where, where) == 0)
			return true;
	return false;
}

static int add(struct http *h, const char *where, struct failure *failure)
{
	struct http_socket socket;
	int r;

	if (listens(h, where))
		return 0;
	if (h->count == HTTP_LISTENERS_MAX || strlen(where) >= sizeof(h->listeners[0]->where))
		return failure_set(failure, -E2BIG, "cannot listen on more than %d places",
				   HTTP_LISTENERS_MAX);
	r = http_socket_open(where, &socket, failure);
	r = r < 0 ? r : serve(h, where, &socket, &h->listeners[h->count], failure);
	h->count += r == 0;
	return r;
}

static bool is_wanted(const struct listener *l, const char *const *where, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(l->where, where[i]) == 0)
			return true;
	return !l->where[0];
}

static void keep_only(struct http *h, const char *const *where, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < h->count; i++) {
		if (is_wanted(h->listeners[i], where, count))
			h->listeners[kept++] = h->listeners[i];
		else
			listener_free(&h->listeners[i]);
	}
	h->count = kept;
}

int http_listen(struct http *h, const char *const *where, size_t count, struct failure *failure)
{
	size_t before = h->count;

	for (size_t i = 0; i < count; i++) {
		int r = add(h, where[i], failure);

		if (r == 0)
			continue;
		while (h->count > before)
			listener_free(&h->listeners[--h->count]);
		return r;
	}
	keep_only(h, where, count);
	return 0;
}

int http_adopt(struct http *h, int fd, struct failure *failure)
{
	struct http_socket socket = {.fd = fd};
	int r;

	if (h->count == HTTP_LISTENERS_MAX) {
		http_socket_close(&socket);
		return failure_set(failure, -E2BIG, "cannot listen on more than %d places",
				   HTTP_LISTENERS_MAX);
	}
	r = serve(h, "", &socket, &h->listeners[h->count], failure);
	h->count += r == 0;
	return r;
}

const struct http_patience http_patience = {10, 30};

int http_new(struct http **ret_http, sd_event *loop, const struct http_route *routes, void *data,
	     const struct http_patience *patience)
{
	cleanup(http_free) struct http *h = calloc(1, sizeof(*h));

	if (!h || http_answers_new(&h->answers, routes, data) < 0)
		return -ENOMEM;
	h->loop = sd_event_ref(loop);
	h->patience = *patience;
	*ret_http = take_ptr(h);
	return 0;
}

void http_free(struct http **http)
{
	struct http *h = *http;

	if (!h)
		return;
	while (h->count)
		listener_free(&h->listeners[--h->count]);
	http_answers_free(&h->answers);
	sd_event_unref(h->loop);
	free(h);
	*http = NULL;
}
