/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * HTTP for a few readers: Prometheus, health checks, `synhole status`. GET and HEAD of fixed paths,
 * by libmicrohttpd on the caller's loop.
 *
 * Clients are strangers: how many there are, how much they say and how long they take is bounded.
 * What finds no place waits in the kernel's queue until another client has gone or was cut off.
 */
#ifndef SYNHOLE_IO_HTTP_H
#define SYNHOLE_IO_HTTP_H

#include "base/failure.h"

#include <stdbool.h>
#include <stdio.h>
#include <systemd/sd-event.h>

#define HTTP_LISTENERS_MAX 16
#define HTTP_CLIENTS_MAX 256	      /* of each listener */
#define HTTP_CLIENTS_OF_ONE_MAX 224   /* from one IP address */
#define HTTP_CLIENT_BYTES (12 * 1024) /* the head of a request, and of its answer */

/* How long a client may take, in seconds. */
struct http_patience {
	unsigned idle;	  /* without a byte */
	unsigned request; /* for one request, from its beginning to its answer's end */
};
extern const struct http_patience http_patience; /* 10 and 30 */

struct http_route {
	const char *path; /* NULL ends the table */
	const char *type; /* of the content, as in its header */
	/* Writes the body and returns the HTTP status. Clients who ask for the same within a second
	 * while it is still being sent to another are given the same. */
	unsigned (*write)(void *data, FILE *body);
};

struct http;

/* `routes` is borrowed. */
int http_new(struct http **ret_http, sd_event *loop, const struct http_route *routes, void *data,
	     const struct http_patience *patience);

/* Closes what there is, in the middle of a word if need be. Not from within a route. */
void http_free(struct http **http);

/*
 * From now on these are the places listened on, and no others (see http_socket.h for their form):
 * those that were there before go on undisturbed. All or nothing: on failure the old ones stay.
 */
int http_listen(struct http *http, const char *const *where, size_t count, struct failure *failure);

/* Serves also on a listening socket that somebody else has opened, which is ours from now on. */
int http_adopt(struct http *http, int fd, struct failure *failure);

#endif
