// SPDX-License-Identifier: GPL-2.0-only
/* Which program holds a socket: one of our own, found by its inode. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "io/process.h"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static uint32_t inode_of(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	return (uint32_t)st.st_ino;
}

static void test_own_socket(void **state)
{
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const uint32_t inodes[] = {0, inode_of(fd), UINT32_MAX};
	struct process holders[3];

	prctl(PR_SET_NAME, "a name\033[31m");
	assert_int_equal(process_holding(inodes, 3, holders), 0);
	assert_int_equal(holders[0].pid, 0);
	assert_int_equal(holders[1].pid, getpid());
	assert_string_equal(holders[1].name, "a name\033[31m");
	assert_int_equal(holders[2].pid, 0);
	assert_string_equal(holders[2].name, "");
	close(fd);
	assert_int_equal(process_holding(inodes, 3, holders), 0);
	assert_int_equal(holders[1].pid, 0);
}

/* The one that was there first: the others are its children. */
static void test_shared_socket(void **state)
{
	int fd = socket(AF_INET6, SOCK_STREAM, 0);
	const uint32_t inode = inode_of(fd);
	struct process holder;
	int held[2];
	pid_t child;

	assert_int_equal(pipe(held), 0);
	child = fork();
	if (child == 0) {
		char end;

		close(held[1]);
		(void)!read(held[0], &end, 1);
		_exit(0);
	}
	assert_int_equal(process_holding(&inode, 1, &holder), 0);
	assert_int_equal(holder.pid, getpid() < child ? getpid() : child);
	close(fd);
	assert_int_equal(process_holding(&inode, 1, &holder), 0);
	assert_int_equal(holder.pid, child);
	close(held[1]);
	waitpid(child, NULL, 0);
	close(held[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_socket),
		cmocka_unit_test(test_shared_socket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
