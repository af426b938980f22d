// SPDX-License-Identifier: GPL-2.0-only
/* http: what it answers, to how many, and to clients who do not behave. */
#include "base/cleanup.h"
#include "http_client.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cmocka.h>

#define BIG (4 << 20)
#define MANY 200

static unsigned bigs; /* how often /big was written */

static unsigned write_small(void *data, FILE *body)
{
	fputs("small\n", body);
	return 200;
}

static unsigned write_ill(void *data, FILE *body)
{
	fputs("cannot watch eth0\n", body);
	return 503;
}

static unsigned write_big(void *data, FILE *body)
{
	bigs++;
	for (int i = 0; i < BIG; i++)
		fputc('b', body);
	return 200;
}

static unsigned write_bigs(void *data, FILE *body)
{
	fprintf(body, "%u", bigs);
	return 200;
}

static const struct http_route routes[] = {
	{"/small", "text/plain; version=0.0.4", write_small},
	{"/ill", "text/plain", write_ill},
	{"/big", "text/plain", write_big},
	{"/bigs", "text/plain", write_bigs},
	{NULL, NULL, NULL},
};

struct place {
	char directory[32], path[64], local[72], tcp[32];
	pid_t server;
};

static int set_up(void **state)
{
	static struct place p;
	const struct http_patience impatient = {.idle = 1, .request = 3};
	const char *where[] = {p.local, p.tcp};
	struct rlimit files = {4096, 4096};

	setrlimit(RLIMIT_NOFILE, &files);
	signal(SIGPIPE, SIG_IGN);
	strcpy(p.directory, "/tmp/sh-http-XXXXXX");
	assert_non_null(mkdtemp(p.directory));
	snprintf(p.path, sizeof(p.path), "%s/made/socket", p.directory);
	snprintf(p.local, sizeof(p.local), "unix:%s", p.path);
	snprintf(p.tcp, sizeof(p.tcp), "127.0.0.1:%u", http_client_free_port());
	p.server = http_client_serve(where, 2, routes, &impatient);
	*state = &p;
	return 0;
}

static int tear_down(void **state)
{
	struct place *p = *state;
	char made[64];

	http_client_stop(p->server);
	assert_int_equal(access(p->path, F_OK), -1);
	snprintf(made, sizeof(made), "%s/made", p->directory);
	assert_return_code(rmdir(made), 0);
	return rmdir(p->directory);
}

static void test_answers(void **state)
{
	const struct place *p = *state;
	char said[4096];

	assert_int_equal(http_client_get(p->local, "/small", said, sizeof(said)), 200);
	assert_non_null(strstr(said, "\r\n\r\nsmall\n"));
	assert_non_null(strstr(said, "Content-Type: text/plain; version=0.0.4\r\n"));
	assert_int_equal(http_client_get(p->tcp, "/small?x=1", said, sizeof(said)), 200);
	assert_int_equal(http_client_get(p->tcp, "/ill", said, sizeof(said)), 503);
	assert_non_null(strstr(said, "\r\n\r\ncannot watch eth0\n"));
	assert_int_equal(http_client_get(p->tcp, "/", said, sizeof(said)), 404);
	assert_non_null(strstr(said, "\n/small\n"));
}

static void test_only_reading(void **state)
{
	const char *head = "HEAD /small HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
		   *post = "POST /small HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
			   "Content-Length: 4\r\n\r\nbody",
		   *body = "GET /small HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
			   "Content-Length: 4\r\n\r\nbody";
	const struct place *p = *state;
	char said[4096];

	assert_int_equal(http_client_read(http_client_say(p->tcp, head), said, sizeof(said)), 200);
	assert_non_null(strstr(said, "Content-Length: 6\r\n"));
	assert_null(strstr(said, "small"));
	assert_int_equal(http_client_read(http_client_say(p->tcp, post), said, sizeof(said)), 405);
	assert_non_null(strstr(said, "Allow: GET, HEAD\r\n"));
	assert_int_equal(http_client_read(http_client_say(p->tcp, body), said, sizeof(said)), 200);
}

static void test_no_sense(void **state)
{
	static char said[1 << 16], head[1 << 15];
	const struct place *p = *state;
	int status;

	memset(head, 'x', sizeof(head) - 1);
	memcpy(head, "GET /small HTTP/1.1\r\nHost: a\r\nX: ", 34);
	status = http_client_read(http_client_say(p->local, head), said, sizeof(said));
	assert_true(status == 0 || (status >= 400 && status < 500));
	memset(head + 4, '/', sizeof(head) - 5);
	status = http_client_read(http_client_say(p->local, head), said, sizeof(said));
	assert_true(status == 0 || (status >= 400 && status < 500));
	status = http_client_read(http_client_say(p->local, "\x16\x03\x01\r\n\r\n"), said,
				  sizeof(said));
	assert_true(status == 0 || status == 400);
	assert_int_equal(http_client_get(p->local, "/small", said, sizeof(said)), 200);
}

static void test_ten_thousand_in_a_row(void **state)
{
	const struct place *p = *state;
	char said[4096];

	for (int i = 0; i < 10000; i++)
		assert_int_equal(
			http_client_get(i % 2 ? p->local : p->tcp, "/small", said, sizeof(said)),
			200);
}

static void check_many_at_once(const char *where)
{
	const char *get = "GET /small HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
	char said[4096];
	int fds[MANY];

	for (int i = 0; i < MANY; i++)
		fds[i] = http_client_say(where, "");
	for (int i = 0; i < MANY; i++)
		assert_int_equal(send(fds[i], get, strlen(get), MSG_NOSIGNAL), strlen(get));
	for (int i = 0; i < MANY; i++)
		assert_int_equal(http_client_read(fds[i], said, sizeof(said)), 200);
}

static void test_many_at_once(void **state)
{
	const struct place *p = *state;

	check_many_at_once(p->local);
	check_many_at_once(p->tcp);
}

/* More than there is room for, who say nothing, or the half of something: the next one waits for
 * their end, and the other listener does not even notice. */
static void check_hanging(const struct place *p, const char *where, const char *other)
{
	int fds[HTTP_CLIENTS_MAX + 50];
	char said[4096];

	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		fds[i] = http_client_say(where, i % 2 ? "" : "GET /small HTT");
	assert_int_equal(http_client_get(other, "/small", said, sizeof(said)), 200);
	assert_int_equal(http_client_get(p->local, "/small", said, sizeof(said)), 200);
	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		close(fds[i]);
}

static void test_hanging(void **state)
{
	const struct place *p = *state;

	check_hanging(p, p->local, p->tcp);
}

/* Never silent for long, and never done. */
static void test_slow(void **state)
{
	const struct place *p = *state;
	int fd = http_client_say(p->local, "GET /small HTTP/1.1\r\nX: ");
	bool cut_off = false;

	for (int i = 0; i < 300 && !cut_off; i++) {
		usleep(100000);
		cut_off = send(fd, "x", 1, MSG_NOSIGNAL) < 0;
	}
	assert_true(cut_off);
	close(fd);
}

/* Those who do not take what they asked for share one copy of it. */
static void test_not_taken(void **state)
{
	const char *get = "GET /big HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
	static char said[BIG + 4096];
	const struct place *p = *state;
	int fds[MANY];

	for (int i = 0; i < MANY; i++)
		fds[i] = http_client_say(p->local, get);
	assert_int_equal(http_client_get(p->local, "/bigs", said, sizeof(said)), 200);
	assert_true(atoi(strstr(said, "\r\n\r\n")) < MANY / 4);
	assert_int_equal(http_client_read(fds[0], said, sizeof(said)), 200);
	assert_int_equal(strlen(strstr(said, "\r\n\r\n") + 4), BIG);
	for (int i = 1; i < MANY; i++)
		close(fds[i]);
}

/* ---- sockets */

static void check_refused(struct http *http, const char *where, int r, const char *word)
{
	struct failure failure = {0};

	assert_int_equal(http_listen(http, &where, 1, &failure), r);
	if (!strstr(failure.text, word))
		fail_msg("\"%s\" does not say \"%s\"", failure.text, word);
}

static void test_bad_places(void **state)
{
	static const char *const places[] = {
		"",
		"9469",
		"127.0.0.1",
		"127.0.0.1:",
		"127.0.0.1:0",
		"::1:9469",
		"[::1]",
		"[::1]9469",
		"[127.0.0.1]:9469",
		"127.0.0.1:65536",
		"[]:9469",
		"name:9469",
		"127.0.0.1: 1",
		"127.0.0.1:1x",
		"[::1:9469",
		"unix:socket",
		"unix:",
	};
	const struct place *p = *state;
	sd_event *loop = NULL;
	struct http *http = NULL;

	assert_return_code(sd_event_new(&loop), 0);
	assert_return_code(http_new(&http, loop, routes, NULL, &http_patience), 0);
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		check_refused(http, places[i], -EINVAL, "give ");
	check_refused(http, p->tcp, -EADDRINUSE, "another synhole");
	check_refused(http, p->local, -EADDRINUSE, "another synhole");
	check_refused(http, "unix:/dev/null", -EEXIST, "no socket");
	check_refused(http, "192.0.2.1:9469", -EADDRNOTAVAIL, "192.0.2.1:9469");
	http_free(&http);
	sd_event_unref(loop);
}

static int stale_socket(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strncpy(to.sun_path, path, sizeof(to.sun_path) - 1);
	assert_return_code(bind(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return close(fd);
}

/* A file that nobody answers behind is replaced; what is asked for again stays as it is. */
static void test_files(void **state)
{
	char path[64], where[72], tcp[32];
	const struct place *p = *state;
	const char *first[] = {where}, *second[] = {where, tcp}, *bad[] = {tcp, "nowhere"};
	struct failure failure = {0};
	struct stat before, after;
	sd_event *loop = NULL;
	struct http *http = NULL;

	snprintf(path, sizeof(path), "%s/stale", p->directory);
	snprintf(where, sizeof(where), "unix:%s", path);
	snprintf(tcp, sizeof(tcp), "127.0.0.1:%u", http_client_free_port());
	stale_socket(path);
	assert_return_code(sd_event_new(&loop), 0);
	assert_return_code(http_new(&http, loop, routes, NULL, &http_patience), 0);
	assert_return_code(http_listen(http, first, 1, &failure), 0);
	assert_return_code(stat(path, &before), 0);
	assert_int_equal(before.st_mode, S_IFSOCK | 0660);
	assert_int_equal(http_listen(http, bad, 2, &failure), -EINVAL);
	assert_return_code(http_listen(http, second, 2, &failure), 0);
	assert_return_code(stat(path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_return_code(http_listen(http, second + 1, 1, &failure), 0);
	assert_int_equal(access(path, F_OK), -1);
	http_free(&http);
	sd_event_unref(loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),	     cmocka_unit_test(test_only_reading),
		cmocka_unit_test(test_no_sense),     cmocka_unit_test(test_ten_thousand_in_a_row),
		cmocka_unit_test(test_many_at_once), cmocka_unit_test(test_hanging),
		cmocka_unit_test(test_slow),	     cmocka_unit_test(test_not_taken),
		cmocka_unit_test(test_bad_places),   cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests_name("http", tests, set_up, tear_down);
}
