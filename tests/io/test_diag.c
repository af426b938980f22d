// SPDX-License-Identifier: GPL-2.0-only
/* diag against a real kernel: in a network namespace of its own where that is allowed, and with
 * ports of the kernel's choice, so that it runs without. */
#include "base/address.h"
#include "base/cleanup.h"
#include "io/diag.h"

#include <arpa/inet.h>
#include <errno.h>
#include <grp.h>
#include <net/if.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cmocka.h>

#define NOBODY 65534
#define ROOM 4096 /* more than any host has that tests are run on */
#define MANY 240

struct heard {
	struct input_listener listeners[ROOM];
	size_t count;
	bool whole;
};

static void hear(void *data, const struct input *input)
{
	struct heard *heard = data;

	switch (input->kind) {
	case INPUT_LISTENERS_BEGIN:
		heard->count = 0;
		heard->whole = false;
		return;
	case INPUT_LISTENERS_END:
		heard->whole = true;
		return;
	default:
		assert_int_equal(input->kind, INPUT_LISTENER);
		assert_true(input->now);
		assert_true(heard->count < ROOM);
		heard->listeners[heard->count++] = input->listener;
	}
}

/* Without root the namespace that we are in must do. */
static void own_namespace(void)
{
	struct ifreq up = {.ifr_name = "lo", .ifr_flags = IFF_UP};
	autoclose int fd = -1;

	if (unshare(CLONE_NEWNET) < 0)
		return;
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	assert_int_equal(ioctl(fd, SIOCSIFFLAGS, &up), 0);
}

static void dump(struct heard *heard)
{
	struct failure failure = {""};

	heard->whole = false;
	if (diag_dump(hear, heard, &failure) < 0)
		fail_msg("%s", failure.text);
	assert_true(heard->whole);
}

/* Bound to `text` and a free port, but not listening. */
static int bound(int family, const char *text, bool v6only, uint16_t *ret_port)
{
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	socklen_t length = family == AF_INET ? sizeof(v4) : sizeof(v6);
	struct sockaddr *sa = family == AF_INET ? (void *)&v4 : (void *)&v6;
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0), on = v6only;

	assert_true(fd >= 0);
	assert_int_equal(
		inet_pton(family, text, family == AF_INET ? (void *)&v4.sin_addr : &v6.sin6_addr),
		1);
	if (family == AF_INET6)
		assert_int_equal(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)), 0);
	assert_int_equal(bind(fd, sa, length), 0);
	assert_int_equal(getsockname(fd, sa, &length), 0);
	*ret_port = ntohs(family == AF_INET ? v4.sin_port : v6.sin6_port);
	return fd;
}

static const struct input_listener *find(const struct heard *heard, const char *text, uint16_t port)
{
	struct addr address;

	if (!strcmp(text, "::ffff:0.0.0.0"))
		text = "0.0.0.0";
	assert_int_equal(address_parse(text, &address), 0);
	for (size_t i = 0; i < heard->count; i++)
		if (heard->listeners[i].port == port &&
		    address_equal(&heard->listeners[i].address, &address))
			return &heard->listeners[i];
	return NULL;
}

static void test_forms(void **state)
{
	static const struct {
		int family;
		const char *text, *told;
		bool v6only, told_v6only;
	} rows[] = {
		{AF_INET, "0.0.0.0", "::ffff:0.0.0.0", false, false},
		{AF_INET6, "::", "::", false, false},
		{AF_INET6, "::", "::", true, true},
		{AF_INET, "127.0.0.2", "127.0.0.2", false, false},
		{AF_INET6, "::1", "::1", false, false},
		{AF_INET6, "::1", "::1", true, false},
		{AF_INET6, "::ffff:127.0.0.3", "127.0.0.3", false, false},
	};
	struct heard heard;

	(void)state;
	own_namespace();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct input_listener *one;
		uint16_t port;
		autoclose int fd = bound(rows[i].family, rows[i].text, rows[i].v6only, &port);

		dump(&heard);
		assert_null(find(&heard, rows[i].told, port)); /* it does not listen yet */
		assert_int_equal(listen(fd, 7), 0);
		dump(&heard);
		one = find(&heard, rows[i].told, port);
		if (!one)
			fail_msg("%s not heard as %s", rows[i].text, rows[i].told);
		assert_int_equal(one->v6only, rows[i].told_v6only);
		assert_int_equal(one->backlog, 7);
		assert_int_equal(one->queued, 0);
		assert_int_equal(one->ifindex, 0);
	}
}

static void test_queue(void **state)
{
	const struct input_listener *one;
	struct heard heard;
	uint16_t port;
	autoclose int fd = -1, first = -1, second = -1, taken = -1;
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000002)};

	(void)state;
	own_namespace();
	fd = bound(AF_INET, "127.0.0.2", false, &port);
	assert_int_equal(listen(fd, 7), 0);
	first = socket(AF_INET, SOCK_STREAM, 0);
	second = socket(AF_INET, SOCK_STREAM, 0);
	to.sin_port = htons(port);
	assert_int_equal(connect(first, (struct sockaddr *)&to, sizeof(to)), 0);
	assert_int_equal(connect(second, (struct sockaddr *)&to, sizeof(to)), 0);
	dump(&heard);
	one = find(&heard, "127.0.0.2", port);
	assert_non_null(one);
	assert_int_equal(one->queued, 2);
	taken = accept(fd, NULL, NULL);
	dump(&heard);
	one = find(&heard, "127.0.0.2", port);
	assert_non_null(one);
	assert_int_equal(one->queued, 1);
}

static void test_bound_to_interface(void **state)
{
	const struct input_listener *one;
	struct heard heard;
	uint16_t port;
	autoclose int fd = -1;

	(void)state;
	own_namespace();
	fd = bound(AF_INET, "0.0.0.0", false, &port);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3), 0);
	assert_int_equal(listen(fd, 7), 0);
	dump(&heard);
	one = find(&heard, "0.0.0.0", port);
	assert_non_null(one);
	assert_int_equal(one->ifindex, if_nametoindex("lo"));
}

static void close_all(int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		close(fds[i]);
}

/* More than one piece of an answer. */
static void test_many(void **state)
{
	struct heard heard;
	int fds[MANY];
	uint16_t ports[MANY];

	(void)state;
	own_namespace();
	for (size_t i = 0; i < MANY; i++) {
		fds[i] = bound(AF_INET6, "::1", false, &ports[i]);
		assert_int_equal(listen(fds[i], 1), 0);
	}
	dump(&heard);
	for (size_t i = 0; i < MANY; i++)
		assert_non_null(find(&heard, "::1", ports[i]));
	close_all(fds, MANY);
}

static void test_unprivileged(void **state)
{
	struct heard heard = {.count = 0};
	struct failure failure;
	autoclose int fd = -1;
	int status = -1;
	uint16_t port;
	pid_t pid;

	(void)state;
	own_namespace();
	fd = bound(AF_INET, "127.0.0.2", false, &port);
	assert_int_equal(listen(fd, 7), 0);
	pid = fork();
	if (pid == 0) {
		setenv("CMOCKA_TEST_ABORT", "1", 1); /* not the parent's tests again */
		if (geteuid() == 0 && (setgroups(0, NULL) < 0 || setgid(NOBODY) < 0 ||
				       setuid(NOBODY) < 0 || setuid(0) == 0))
			_exit(1);
		_exit(diag_dump(hear, &heard, &failure) < 0 || !find(&heard, "127.0.0.2", port));
	}
	assert_true(waitpid(pid, &status, 0) == pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_queue),
		cmocka_unit_test(test_bound_to_interface),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_unprivileged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
