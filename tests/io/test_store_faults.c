// SPDX-License-Identifier: GPL-2.0-only
/* The store when things go wrong around it: full, locked, removed, killed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "io/store_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- rounds --------------------------------------------------------------------------------------
 */

struct round {
	struct store_dir *dir;
	uint64_t id;
};

/* A value and an incident that belong together. */
static int write_round(void *data, struct failure *failure)
{
	const struct round *round = data;
	int r = store_put_value(round->dir->store, "last", &round->id, sizeof(round->id), failure);

	return r < 0 ? r : store_dir_put(round->dir, round->id, 0);
}

static void add_syns(void *data, const struct store_minute *minute)
{
	*(uint64_t *)data += minute->syns;
}

/* What was written with incident `id` is there, and nothing of the one after it. */
static void assert_rounds_are_whole(struct store_dir *dir, uint64_t *last)
{
	uint64_t *value = NULL, syns = 0;
	size_t size;
	int r = store_get_value(dir->store, "last", (void **)&value, &size, &dir->failure);

	assert_int_equal(r, *last || r == 0 ? 0 : -ENOENT);
	if (r < 0)
		return;
	assert_in_range(*value, *last, *last + 1); /* it may have been killed before it told */
	*last = *value;
	free(value);
	assert_true(store_dir_has(dir, *last));
	assert_false(store_dir_has(dir, *last + 1));
	store_minutes(dir->store, *last, add_syns, &syns, &dir->failure);
	assert_int_equal(syns, 1);
}

/* --- full ----------------------------------------------------------------------------------------
 */

/* A file that takes all there is left. */
static void fill_disk(const struct store_dir *dir)
{
	static const char block[4096] = {1};
	int fd = open(store_dir_file(dir, "-filler"), O_WRONLY | O_CREAT, 0600);

	while (write(fd, block, sizeof(block)) == sizeof(block))
		;
	close(fd);
}

static bool small_disk(const struct store_dir *dir)
{
	if (geteuid() == 0 && unshare(CLONE_NEWNS) == 0 &&
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	    mount("tmpfs", dir->directory, "tmpfs", 0, "size=2m") == 0)
		return true;
	print_message("# needs root\n");
	return false;
}

static void test_disk_full(void **state)
{
	struct store_dir *dir = *state;
	uint64_t id = 1;
	int r;

	if (!small_disk(dir))
		skip();
	store_dir_succeeds(dir, store_dir_put(dir, id, 0));
	fill_disk(dir);
	while ((r = store_dir_put(dir, id + 1, 0)) == 0 && id < 1000)
		id++;
	store_dir_fails(dir, r, -ENOSPC, "disk is full");
	store_dir_fails(dir, store_dir_put(dir, id + 1, 0), -ENOSPC, "disk is full");
	assert_true(store_dir_has(dir, id));
	store_dir_reopen(dir);
	assert_true(store_dir_has(dir, id));
	unlink(store_dir_file(dir, "-filler"));
	store_dir_succeeds(dir, store_dir_put(dir, id + 1, 0));
	store_close(&dir->store);
	umount(dir->directory);
}

/* What found room before the disk was full is not there, either. */
static void test_disk_full_in_a_round(void **state)
{
	struct store_dir *dir = *state;
	struct round round = {dir, 1};
	uint64_t last = 0;

	if (!small_disk(dir))
		skip();
	store_count(dir->store, &(struct store_minute){.id = 1, .syns = 1});
	store_dir_succeeds(dir, store_round(dir->store, write_round, &round, &dir->failure));
	fill_disk(dir);
	do {
		last = round.id++;
		store_count(dir->store, &(struct store_minute){.id = round.id, .syns = 1});
	} while (store_round(dir->store, write_round, &round, &dir->failure) == 0);
	store_dir_fails(dir, store_round(dir->store, write_round, &round, &dir->failure), -ENOSPC,
			"disk is full");
	assert_rounds_are_whole(dir, &last);
	assert_int_equal(last, round.id - 1);
	unlink(store_dir_file(dir, "-filler"));
	store_dir_succeeds(dir, store_round(dir->store, write_round, &round, &dir->failure));
	store_dir_reopen(dir);
	last = round.id;
	assert_rounds_are_whole(dir, &last);
	store_close(&dir->store);
	umount(dir->directory);
}

static int write_and_fail(void *data, struct failure *failure)
{
	int r = write_round(data, failure);

	return r < 0 ? r : failure_set(failure, -EINTR, "on purpose");
}

static void test_a_round_that_fails(void **state)
{
	struct store_dir *dir = *state;
	struct round round = {dir, 1};
	uint64_t last = 1;

	store_count(dir->store, &(struct store_minute){.id = 1, .syns = 1});
	store_dir_succeeds(dir, store_round(dir->store, write_round, &round, &dir->failure));
	round.id = 2;
	store_count(dir->store, &(struct store_minute){.id = 2, .syns = 1});
	store_dir_fails(dir, store_round(dir->store, write_and_fail, &round, &dir->failure), -EINTR,
			"on purpose");
	assert_rounds_are_whole(dir, &last);
	assert_int_equal(last, 1);
	store_dir_succeeds(dir, store_round(dir->store, write_round, &round, &dir->failure));
	last = 2;
	assert_rounds_are_whole(dir, &last);
}

static void test_disk_full_from_the_start(void **state)
{
	struct store_dir *dir = *state;

	if (!small_disk(dir))
		skip();
	fill_disk(dir);
	store_dir_fails(dir, store_dir_put(dir, 1, 0), -ENOSPC, "disk is full");
	unlink(store_dir_file(dir, "-filler"));
	store_dir_succeeds(dir, store_dir_put(dir, 1, 0));
	assert_true(store_dir_has(dir, 1));
	store_close(&dir->store);
	umount(dir->directory);
}

/* --- locked --------------------------------------------------------------------------------------
 */

static pid_t lock(const struct store_dir *dir, const char *how)
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		sqlite3 *db = NULL;

		sqlite3_open(dir->path, &db);
		byte = (char)sqlite3_exec(db, how, NULL, NULL, NULL);
		byte = write(ready[1], &byte, 1) == 1;
		for (;;)
			pause();
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(byte, SQLITE_OK);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void release(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void test_locked(void **state)
{
	struct store_dir *dir = *state;
	pid_t pid;

	store_dir_succeeds(dir, store_dir_put(dir, 1, 0));
	pid = lock(dir, "BEGIN IMMEDIATE; DELETE FROM incidents");
	store_dir_fails(dir, store_dir_put(dir, 2, 0), -EBUSY, "another process has locked it");
	store_count(dir->store, &(struct store_minute){.id = 1, .syns = 1});
	store_dir_fails(dir, store_flush(dir->store, &dir->failure), -EBUSY, "locked");
	assert_true(store_dir_has(dir, 1)); /* reading goes on */
	release(pid);
	store_dir_succeeds(dir, store_dir_put(dir, 2, 0));
	store_dir_succeeds(dir, store_flush(dir->store, &dir->failure));
	assert_true(store_dir_has(dir, 1));
	assert_null(store_news(dir->store));
}

static void test_locked_from_the_start(void **state)
{
	struct store_dir *dir = *state;
	pid_t pid;

	store_dir_succeeds(dir, store_dir_put(dir, 1, 0));
	store_dir_reopen(dir);
	pid = lock(dir, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
	store_dir_fails(dir, store_ready(dir->store, &dir->failure), -EBUSY,
			"another process has locked it");
	release(pid);
	store_dir_succeeds(dir, store_ready(dir->store, &dir->failure));
	assert_true(store_dir_has(dir, 1));
}

/* --- removed -------------------------------------------------------------------------------------
 */

static void test_removed(void **state)
{
	static const char *const suffixes[] = {"", "-wal", "-shm"};
	struct store_dir *dir = *state;

	store_dir_succeeds(dir, store_dir_put(dir, 1, 0));
	for (size_t i = 0; i < 3; i++)
		unlink(store_dir_file(dir, suffixes[i]));
	store_dir_succeeds(dir, store_dir_put(dir, 2, 0));
	assert_non_null(strstr(store_news(dir->store), "removed or replaced"));
	store_dir_succeeds(dir, store_dir_put(dir, 1, 0));
	assert_null(store_news(dir->store));
	store_dir_reopen(dir);
	assert_true(store_dir_has(dir, 1) && store_dir_has(dir, 2));
}

static void test_log_removed(void **state)
{
	struct store_dir *dir = *state;

	store_dir_succeeds(dir, store_dir_put(dir, 1, 0));
	unlink(store_dir_file(dir, "-wal"));
	store_dir_succeeds(dir, store_dir_put(dir, 2, 0));
	assert_non_null(store_news(dir->store));
	store_dir_reopen(dir);
	assert_true(store_dir_has(dir, 2));
}

/* Another store in its place: it is used, and nothing of ours is mixed into it. */
static void test_replaced(void **state)
{
	struct store_dir *dir = *state, *other;
	char aside[160];

	assert_int_equal(store_dir_begin((void **)&other), 0);
	store_dir_succeeds(other, store_dir_put(other, 5, 0));
	store_close(&other->store);
	store_dir_succeeds(dir, store_dir_put(dir, 1, 0));
	strcpy(aside, store_dir_file(dir, ".mine"));
	assert_int_equal(rename(dir->path, aside), 0);
	assert_int_equal(rename(other->path, dir->path), 0);
	unlink(store_dir_file(dir, "-wal"));
	unlink(store_dir_file(dir, "-shm"));
	store_dir_succeeds(dir, store_dir_put(dir, 2, 0));
	assert_non_null(store_news(dir->store));
	assert_true(store_dir_has(dir, 5) && store_dir_has(dir, 2));
	store_dir_reopen(dir);
	assert_true(store_dir_has(dir, 5) && store_dir_has(dir, 2));
	store_dir_end((void **)&other);
}

static void test_directory_gone(void **state)
{
	struct store_dir *dir = *state;
	char elsewhere[128];

	store_dir_succeeds(dir, store_dir_put(dir, 1, 0));
	snprintf(elsewhere, sizeof(elsewhere), "%s-elsewhere", dir->directory);
	assert_int_equal(rename(dir->directory, elsewhere), 0);
	store_dir_fails(dir, store_dir_put(dir, 2, 0), -ENOENT, "cannot create the store");
	assert_int_equal(rename(elsewhere, dir->directory), 0);
	store_dir_succeeds(dir, store_dir_put(dir, 2, 0));
	assert_true(store_dir_has(dir, 1) && store_dir_has(dir, 2));
}

/* --- killed --------------------------------------------------------------------------------------
 */

/* Writes until it is killed; tells the number of each incident that was written. */
static void write_on(struct store_dir *dir, uint64_t id, int fd)
{
	for (;; id++) {
		struct round round = {dir, id};

		store_count(dir->store, &(struct store_minute){.id = id, .syns = 1});
		if (store_round(dir->store, write_round, &round, &dir->failure) < 0 ||
		    write(fd, &id, sizeof(id)) != sizeof(id))
			_exit(1);
	}
}

/* The last number that was told, or `id`. */
static uint64_t written_until_killed(struct store_dir *dir, uint64_t id)
{
	uint64_t told, last = id;
	int tell[2];
	pid_t pid;

	assert_int_equal(pipe(tell), 0);
	pid = fork();
	if (pid == 0)
		write_on(dir, id + 1, tell[1]);
	close(tell[1]);
	usleep((useconds_t)(random() % 30000));
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	while (read(tell[0], &told, sizeof(told)) == sizeof(told))
		last = told;
	close(tell[0]);
	return last;
}

static void test_killed(void **state)
{
	struct store_dir *dir = *state;
	uint64_t last = 0, next = 0;

	srandom(2);
	for (int i = 0; i < 200; i++) {
		last = written_until_killed(dir, last);
		store_dir_reopen(dir);
		store_dir_succeeds(dir, store_ready(dir->store, &dir->failure));
		assert_null(store_news(dir->store));
		assert_rounds_are_whole(dir, &last);
		store_dir_reopen(dir);
	}
	print_message("# %llu incidents, killed 200 times\n", (unsigned long long)last);
	assert_true(last > 50);
	for (uint64_t id = 1; id <= last; id++)
		assert_true(store_dir_has(dir, id));
	store_dir_succeeds(dir, store_next_id(dir->store, &next, &dir->failure));
	assert_int_equal(next, last + 1);
	assert_int_equal(store_dir_count(dir, ".corrupt"), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, store_dir_begin, store_dir_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_disk_full),
		TEST(test_disk_full_from_the_start),
		TEST(test_locked),
		TEST(test_locked_from_the_start),
		TEST(test_disk_full_in_a_round),
		TEST(test_a_round_that_fails),
		TEST(test_removed),
		TEST(test_log_removed),
		TEST(test_replaced),
		TEST(test_directory_gone),
		TEST(test_killed),
	};

	return cmocka_run_group_tests_name("store faults", tests, NULL, NULL);
}
