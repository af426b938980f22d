// SPDX-License-Identifier: GPL-2.0-only
/* A client of http, and a server for it. */
#include "http_client.h"

#include "base/cleanup.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <cmocka.h>

static int dial(const char *where)
{
	struct sockaddr_un path = {.sun_family = AF_UNIX};
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	bool local = strncmp(where, "unix:", 5) == 0;
	int fd = socket(local ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	if (local)
		strncpy(path.sun_path, where + 5, sizeof(path.sun_path) - 1);
	else
		to.sin_port = htons((uint16_t)atoi(strchr(where, ':') + 1));
	assert_return_code(local ? connect(fd, (struct sockaddr *)&path, sizeof(path))
				 : connect(fd, (struct sockaddr *)&to, sizeof(to)),
			   0);
	return fd;
}

int http_client_say(const char *where, const char *text)
{
	int fd = dial(where);

	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
	return fd;
}

int http_client_read(int fd, char *ret_text, size_t size)
{
	size_t n = 0;
	ssize_t r = 1;
	int status = 0;

	while (n < size - 1 && r > 0) {
		r = recv(fd, ret_text + n, size - 1 - n, 0);
		n += r > 0 ? (size_t)r : 0;
	}
	close(fd);
	ret_text[n] = '\0';
	return sscanf(ret_text, "HTTP/1.1 %d ", &status) == 1 ? status : 0;
}

int http_client_get(const char *where, const char *path, char *ret_text, size_t size)
{
	char request[256];

	snprintf(request, sizeof(request),
		 "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);
	return http_client_read(http_client_say(where, request), ret_text, size);
}

static int serve(const char *const *where, size_t count, const struct http_route *routes,
		 const struct http_patience *patience, int ready)
{
	sd_event *loop = NULL;
	struct http *http = NULL;
	struct failure failure = {0};

	if (sd_event_new(&loop) < 0 || http_new(&http, loop, routes, NULL, patience) < 0 ||
	    http_listen(http, where, count, &failure) < 0) {
		fprintf(stderr, "# %s\n", failure.text);
		return 1;
	}
	sd_event_add_signal(loop, NULL, SIGTERM, NULL, NULL);
	if (write(ready, "", 1) < 0)
		return 1;
	sd_event_loop(loop);
	http_free(&http);
	sd_event_unref(loop);
	return 0;
}

pid_t http_client_serve(const char *const *where, size_t count, const struct http_route *routes,
			const struct http_patience *patience)
{
	sigset_t term;
	int ready[2];
	pid_t pid;
	char byte;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	assert_return_code(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		sigprocmask(SIG_BLOCK, &term, NULL);
		close(ready[0]);
		_exit(serve(where, count, routes, patience, ready[1]));
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

void http_client_stop(pid_t pid)
{
	int status = -1;

	kill(pid, SIGTERM);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

unsigned http_client_free_port(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(at);
	autoclose int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_return_code(bind(fd, (struct sockaddr *)&at, size), 0);
	assert_return_code(getsockname(fd, (struct sockaddr *)&at, &size), 0);
	return ntohs(at.sin_port);
}
