/* SPDX-License-Identifier: GPL-2.0-only */
/* Sockets to be served on: TCP of one literal address, or a Unix socket with its file. */
#ifndef SYNHOLE_IO_HTTP_SOCKET_H
#define SYNHOLE_IO_HTTP_SOCKET_H

#include "base/failure.h"

#include <sys/stat.h>
#include <sys/un.h>

struct http_socket {
	int fd;
	char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)]; /* "" for TCP */
	struct stat file;					   /* as it was made */
};

/*
 * Listens on "ADDRESS:PORT", "[IPv6]:PORT" or "unix:/PATH". A Unix socket is for the process's user
 * and group (mode 0660); its directory is made where only that is missing, and a file that nobody
 * answers behind any more is replaced. The fd does not block, and is closed on exec.
 */
int http_socket_open(const char *where, struct http_socket *ret_socket, struct failure *failure);

/* Closes it, if `fd` is still there, and removes its file, if that is still the one it made. */
void http_socket_close(struct http_socket *socket);

#endif
