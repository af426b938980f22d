// SPDX-License-Identifier: GPL-2.0-only
/* Sockets to be served on. */
#include "io/http_socket.h"

#include "base/address.h"
#include "base/cleanup.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define BACKLOG 1024

/* ---- TCP */

static bool parse_port(const char *text, in_port_t *ret_port)
{
	char *end;
	unsigned long port = *text >= '0' && *text <= '9' ? strtoul(text, &end, 10) : 0;

	if (!port || port > 65535 || *end)
		return false;
	*ret_port = htons((uint16_t)port);
	return true;
}

/* Cut at the last colon; IPv6 stands in brackets. */
static bool parse_where(const char *where, struct addr *ret_a, in_port_t *ret_port)
{
	const char *colon = strrchr(where, ':');
	bool brackets = *where == '[';
	size_t length = colon ? (size_t)(colon - where) : 0;
	char host[ADDRESS_TEXT];

	if (brackets && (length < 2 || where[length - 1] != ']'))
		return false;
	where += brackets;
	length -= brackets ? 2 : 0;
	if (!colon || length >= sizeof(host) || !parse_port(colon + 1, ret_port))
		return false;
	memcpy(host, where, length);
	host[length] = '\0';
	return address_parse(host, ret_a) == 0 && brackets == !address_is_v4(ret_a);
}

static socklen_t fill_sockaddr(const struct addr *a, in_port_t port,
			       struct sockaddr_storage *ret_to)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)ret_to;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret_to;

	*ret_to = (struct sockaddr_storage){.ss_family = (sa_family_t)address_family(a)};
	if (address_is_v4(a)) {
		v4->sin_port = port;
		memcpy(&v4->sin_addr, &a->words[3], sizeof(v4->sin_addr));
		return sizeof(*v4);
	}
	v6->sin6_port = port;
	memcpy(&v6->sin6_addr, a, sizeof(v6->sin6_addr));
	return sizeof(*v6);
}

static int open_tcp(const char *where, struct http_socket *s, struct failure *failure)
{
	struct sockaddr_storage to;
	struct addr a = {0};
	in_port_t port = 0;
	const int on = 1;
	socklen_t size;
	autoclose int fd = -1;

	if (!parse_where(where, &a, &port))
		return failure_set(failure, -EINVAL,
				   "cannot listen on \"%.100s\": give ADDRESS:PORT, [IPv6]:PORT or "
				   "unix:/PATH, like 127.0.0.1:9469",
				   where);
	size = fill_sockaddr(&a, port, &to);
	fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
	    (to.ss_family == AF_INET6 &&
	     setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) < 0) ||
	    bind(fd, (const struct sockaddr *)&to, size) < 0 || listen(fd, BACKLOG) < 0)
		return failure_set(
			failure, -errno, "cannot listen on %s: %s%s", where, strerror(errno),
			errno == EADDRINUSE ? "; does another synhole watch already?" : "");
	s->fd = take_fd(&fd);
	return 0;
}

/* ---- Unix */

/* Is there a file, and somebody behind it? 0: the way is free. */
static int make_way(const struct sockaddr_un *to, struct failure *failure)
{
	autoclose int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct stat file;

	if (lstat(to->sun_path, &file) < 0)
		return 0;
	if (!S_ISSOCK(file.st_mode))
		return failure_set(failure, -EEXIST,
				   "cannot listen on %s: a file that is no socket is in the way",
				   to->sun_path);
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0 && errno == ECONNREFUSED) {
		unlink(to->sun_path);
		return 0;
	}
	return failure_set(failure, -EADDRINUSE,
			   "cannot listen on %s: another program answers there; does another "
			   "synhole watch already?",
			   to->sun_path);
}

/* /run is empty after each boot; systemd makes what is below for its services, an administrator
 * who tries the daemon by hand should not have to. */
static void make_directory(const char *path)
{
	char directory[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	char *slash;

	snprintf(directory, sizeof(directory), "%s", path);
	slash = strrchr(directory, '/');
	if (slash == directory)
		return;
	*slash = '\0';
	mkdir(directory, 0755);
}

/* The file must not be open to others even for a moment. */
static int bind_private(int fd, const struct sockaddr_un *to)
{
	mode_t mask = umask(0117);
	int r = bind(fd, (const struct sockaddr *)to, sizeof(*to));

	umask(mask);
	return r;
}

static int open_unix(const char *path, struct http_socket *s, struct failure *failure)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	autoclose int fd = -1;
	int r;

	if (*path != '/' || strlen(path) >= sizeof(to.sun_path))
		return failure_set(failure, -EINVAL,
				   "cannot listen on \"unix:%.120s\": give the whole path, at most "
				   "%zu bytes",
				   path, sizeof(to.sun_path) - 1);
	memcpy(to.sun_path, path, strlen(path) + 1);
	make_directory(path);
	r = make_way(&to, failure);
	if (r < 0)
		return r;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 || bind_private(fd, &to) < 0 || listen(fd, BACKLOG) < 0 ||
	    lstat(path, &s->file) < 0)
		return failure_set(failure, -errno, "cannot listen on %s: %s", path,
				   strerror(errno));
	memcpy(s->path, to.sun_path, sizeof(s->path));
	s->fd = take_fd(&fd);
	return 0;
}

int http_socket_open(const char *where, struct http_socket *ret_socket, struct failure *failure)
{
	struct http_socket s = {.fd = -1};
	int r = strncmp(where, "unix:", 5) == 0 ? open_unix(where + 5, &s, failure)
						: open_tcp(where, &s, failure);

	if (r == 0)
		*ret_socket = s;
	return r;
}

void http_socket_close(struct http_socket *s)
{
	struct stat now;

	close_fd(&s->fd);
	if (s->path[0] && lstat(s->path, &now) == 0 && now.st_ino == s->file.st_ino &&
	    now.st_dev == s->file.st_dev)
		unlink(s->path);
	s->path[0] = '\0';
}
