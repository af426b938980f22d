/* SPDX-License-Identifier: GPL-2.0-only */
/* A client of http that says any bytes it likes, and one of http's servers in a process of its own.
 */
#ifndef SYNHOLE_TESTS_IO_HTTP_CLIENT_H
#define SYNHOLE_TESTS_IO_HTTP_CLIENT_H

#include "io/http.h"

#include <stdbool.h>
#include <sys/types.h>

/* Connects to "ADDRESS:PORT" or "unix:/PATH" and sends `text`. Fails the test if it cannot. */
int http_client_say(const char *where, const char *text);

/* Reads until the server closes or `size` is full; closes `fd`. Returns the HTTP status, 0 if the
 * connection was closed without one. */
int http_client_read(int fd, char *ret_text, size_t size);

/* One request of its own connection. */
int http_client_get(const char *where, const char *path, char *ret_text, size_t size);

/* Serves in a child until http_client_stop(). Fails the test if it cannot. */
pid_t http_client_serve(const char *const *where, size_t count, const struct http_route *routes,
			const struct http_patience *patience);
void http_client_stop(pid_t pid);

/* A TCP port of 127.0.0.1 that nobody listens on. */
unsigned http_client_free_port(void);

#endif
