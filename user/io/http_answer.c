// SPDX-License-Identifier: GPL-2.0-only
/* What a request is answered. */
#include "io/http_answer.h"

#include "base/cleanup.h"
#include "base/clock.h"

#include <errno.h>
#include <string.h>

#define FRESH_NS 1000000000ULL

/* A body, and the response that owns it. It lives as long as it is being sent to anybody. */
struct shared {
	struct shared **place; /* where the route finds it, NULL when a newer one is there */
	struct MHD_Response *response;
	char *body;
	unsigned status;
	uint64_t made; /* CLOCK_MONOTONIC */
};

struct http_answers {
	const struct http_route *routes;
	void *data;
	size_t count;
	struct shared *shared[]; /* of each route: the newest that is being sent */
};

int http_answers_new(struct http_answers **ret_answers, const struct http_route *routes, void *data)
{
	struct http_answers *a;
	size_t count = 0;

	while (routes[count].path)
		count++;
	a = calloc(1, sizeof(*a) + count * sizeof(*a->shared));
	if (!a)
		return -ENOMEM;
	a->routes = routes;
	a->data = data;
	a->count = count;
	*ret_answers = a;
	return 0;
}

void http_answers_free(struct http_answers **answers)
{
	free(*answers);
	*answers = NULL;
}

static void shared_free(void *data)
{
	struct shared *s = data;

	if (s->place)
		*s->place = NULL;
	free(s->body);
	free(s);
}

static bool is_fresh(const struct shared *s)
{
	return clock_ns(CLOCK_MONOTONIC) - s->made < FRESH_NS;
}

/* Bodies hold names from DNS: no browser may take one for a page. */
static void set_headers(struct MHD_Response *response, const char *type)
{
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
}

static int write_body(const struct http_answers *a, const struct http_route *route,
		      struct shared *s, size_t *ret_size)
{
	FILE *body = open_memstream(&s->body, ret_size);
	bool failed;

	if (!body)
		return -ENOMEM;
	s->status = route->write(a->data, body);
	failed = ferror(body);
	return fclose(body) == 0 && !failed ? 0 : -ENOMEM;
}

/* Makes the answer, and a reference to it for the caller; whoever has the last one frees it all. */
static struct shared *make(struct http_answers *a, size_t i)
{
	struct shared *s = calloc(1, sizeof(*s));
	size_t size = 0;

	if (!s)
		return NULL;
	if (write_body(a, &a->routes[i], s, &size) == 0)
		s->response = MHD_create_response_from_buffer_with_free_callback_cls(
			size, s->body, shared_free, s);
	if (!s->response) {
		shared_free(s);
		return NULL;
	}
	set_headers(s->response, a->routes[i].type);
	s->made = clock_ns(CLOCK_MONOTONIC);
	s->place = &a->shared[i];
	if (a->shared[i])
		a->shared[i]->place = NULL;
	a->shared[i] = s;
	return s;
}

static enum MHD_Result say(struct MHD_Connection *connection, unsigned status, const char *text)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(
		strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);
	enum MHD_Result r;

	if (!response)
		return MHD_NO;
	set_headers(response, "text/plain; charset=utf-8");
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	r = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return r;
}

static enum MHD_Result say_what_there_is(const struct http_answers *a,
					 struct MHD_Connection *connection)
{
	char text[512];
	size_t n = (size_t)snprintf(text, sizeof(text), "There is nothing here. There is:\n");

	for (size_t i = 0; i < a->count && n < sizeof(text); i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s\n", a->routes[i].path);
	return say(connection, MHD_HTTP_NOT_FOUND, text);
}

static enum MHD_Result send_route(struct http_answers *a, struct MHD_Connection *connection,
				  size_t i)
{
	struct shared *s = a->shared[i];
	bool old = s && is_fresh(s);
	enum MHD_Result r;

	if (!old)
		s = make(a, i);
	if (!s)
		return say(connection, MHD_HTTP_SERVICE_UNAVAILABLE,
			   "There is not enough memory for an answer.\n");
	r = MHD_queue_response(connection, s->status, s->response);
	if (!old)
		MHD_destroy_response(s->response); /* the connection has its own reference */
	return r;
}

enum MHD_Result http_answer(void *data, struct MHD_Connection *connection, const char *url,
			    const char *method, const char *version, const char *upload,
			    size_t *upload_size, void **request)
{
	struct http_answers *a = data;

	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
		return say(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
			   "This can only be read: GET or HEAD.\n");
	if (!*request || *upload_size) { /* first comes the head, and then what nobody wants */
		*request = a;
		*upload_size = 0;
		return MHD_YES;
	}
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->routes[i].path, url) == 0)
			return send_route(a, connection, i);
	return say_what_there_is(a, connection);
}
