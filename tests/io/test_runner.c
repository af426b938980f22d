// SPDX-License-Identifier: GPL-2.0-only
/* The runner: what the program is given, that one runs at a time, and that none is waited for. */
#include "base/cleanup.h"
#include "io/runner.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#define LONG (1 << 20)

struct heard {
	sd_event *loop;
	struct runner *runner;
	char directory[32], program[64];
	unsigned ends, failures;
	char output[RUNNER_OUTPUT_MAX], failure[256];
};

static void said(void *data, const char *output, const char *failure)
{
	struct heard *h = data;

	h->ends++;
	h->failures += failure != NULL;
	snprintf(h->output, sizeof(h->output), "%s", output);
	snprintf(h->failure, sizeof(h->failure), "%s", failure ? failure : "");
}

static void write_program(const struct heard *h, const char *script)
{
	FILE *file = fopen(h->program, "w");

	assert_non_null(file);
	fprintf(file, "#!/bin/sh\n%s\n", script);
	assert_int_equal(fclose(file), 0);
	assert_return_code(chmod(h->program, 0755), 0);
}

static void begin(struct heard *h, const char *script, uint64_t usec)
{
	write_program(h, script);
	runner_free(&h->runner);
	h->ends = h->failures = 0;
	assert_return_code(runner_new(&h->runner, h->loop, h->program, usec, said, h), 0);
}

static void wait_for_ends(struct heard *h, unsigned ends)
{
	while (h->ends < ends)
		assert_return_code(sd_event_run(h->loop, UINT64_MAX), 0);
}

static int set_up(void **state)
{
	static struct heard h;

	signal(SIGPIPE, SIG_IGN);
	alarm(60); /* what is not killed would be waited for */
	strcpy(h.directory, "/tmp/sh-runner-XXXXXX");
	assert_non_null(mkdtemp(h.directory));
	snprintf(h.program, sizeof(h.program), "%s/program", h.directory);
	*state = &h;
	return sd_event_new(&h.loop);
}

static int tear_down(void **state)
{
	struct heard *h = *state;

	runner_free(&h->runner);
	sd_event_unref(h->loop);
	unlink(h->program);
	return rmdir(h->directory);
}

static void test_what_it_is_given(void **state)
{
	struct heard *h = *state;

	assert_int_equal(fcntl(open("/dev/null", O_RDONLY), F_DUPFD, 77), 77);
	begin(h,
	      "cat; pwd; env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= | sort\n"
	      "ls /proc/self/fd | tr '\\n' ' '; grep ^SigBlk /proc/self/status\n"
	      /* The C library ignores two signals of its own, 32 and 33. */
	      "echo $((0x$(sed -n 's/^SigIgn:\t//p' /proc/self/status) & 0x7fffffff))\n"
	      "echo error >&2",
	      10000000);
	assert_return_code(runner_run(h->runner, 1, "CHANGE=opened", "{\"id\": 1}\n"), 0);
	wait_for_ends(h, 1);
	assert_string_equal(h->failure, "");
	assert_string_equal(h->output,
			    "{\"id\": 1}\n/\nCHANGE=opened\n"
			    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
			    "0 1 2 3 " /* 3 is the directory that ls reads */
			    "SigBlk:\t0000000000000000\n0\nerror\n");
	close(77);
}

/* More than a pipe holds goes in, far more than is kept comes out. */
static void test_much(void **state)
{
	struct heard *h = *state;
	autofree char *much = malloc(LONG + 1);

	memset(much, 'x', LONG);
	much[LONG] = '\0';
	begin(h, "sleep 0.2; wc -c; head -c 1000000 /dev/zero | tr '\\0' y", 10000000);
	assert_return_code(runner_run(h->runner, 1, "A=b", much), 0);
	wait_for_ends(h, 1);
	assert_string_equal(h->failure, "");
	assert_memory_equal(h->output, "1048576\nyyyy", 12);
	assert_int_equal(strlen(h->output), RUNNER_OUTPUT_MAX - 1);
}

/* A program that does not read, while there is more than a pipe holds. */
static void test_does_not_read(void **state)
{
	struct heard *h = *state;
	autofree char *much = malloc(LONG + 1);

	memset(much, 'x', LONG);
	much[LONG] = '\0';
	begin(h, "exec 0<&-; echo well", 10000000);
	assert_return_code(runner_run(h->runner, 1, "A=b", much), 0);
	wait_for_ends(h, 1);
	assert_string_equal(h->output, "well\n");
	assert_string_equal(h->failure, "");
}

static void test_one_at_a_time(void **state)
{
	struct heard *h = *state;
	char script[256];
	int r = 0;

	snprintf(script, sizeof(script), "mkdir %s/one && sleep 0.01 && rmdir %s/one", h->directory,
		 h->directory);
	begin(h, script, 10000000);
	for (int i = 0; i < RUNNER_QUEUE_MAX; i++)
		assert_return_code(runner_run(h->runner, 1, "A=b", ""), 0);
	r = runner_run(h->runner, 1, "A=b", "");
	assert_int_equal(r, -ENOBUFS);
	wait_for_ends(h, RUNNER_QUEUE_MAX);
	assert_int_equal(h->failures, 0);
}

static void test_failures(void **state)
{
	struct heard *h = *state;

	begin(h, "exit 3", 10000000);
	runner_run(h->runner, 1, "A=b", "");
	wait_for_ends(h, 1);
	assert_string_equal(h->failure, "ended with status 3");
	begin(h, "kill -SEGV $$", 10000000);
	runner_run(h->runner, 1, "A=b", "");
	wait_for_ends(h, 1);
	assert_non_null(strstr(h->failure, "killed by signal 11"));
	begin(h, "", 10000000);
	assert_return_code(chmod(h->program, 0644), 0);
	runner_run(h->runner, 1, "A=b", "");
	runner_run(h->runner, 1, "A=b", "");
	assert_int_equal(h->ends, 0); /* it begins with the loop, not in the caller */
	wait_for_ends(h, 2);
	assert_string_equal(h->failure, "Permission denied");
	unlink(h->program);
	runner_run(h->runner, 1, "A=b", "");
	wait_for_ends(h, 3);
	assert_string_equal(h->failure, "No such file or directory");
}

/* Of those that wait: the one under way is not among them. */
static void test_only_the_last_of_each(void **state)
{
	static const uint64_t subjects[] = {1, 1, 2, 1, 3, 2, 1, 3};
	struct heard *h = *state;
	char script[128], input[8], all[64] = "";
	cleanup(close_file) FILE *file = NULL;

	snprintf(script, sizeof(script), "cat >>%s/all", h->directory);
	begin(h, script, 10000000);
	for (size_t i = 0; i < sizeof(subjects) / sizeof(*subjects); i++) {
		snprintf(input, sizeof(input), "%zu ", i);
		assert_return_code(runner_run(h->runner, subjects[i], "A=b", input), 0);
		if (i == 0)
			assert_return_code(sd_event_run(h->loop, 0), 0);
	}
	runner_keep_last(h->runner);
	assert_int_equal(runner_owes(h->runner), 4);
	wait_for_ends(h, 4);
	assert_int_equal(runner_owes(h->runner), 0);
	snprintf(script, sizeof(script), "%s/all", h->directory);
	file = fopen(script, "r");
	assert_non_null(fgets(all, sizeof(all), file));
	assert_string_equal(all, "0 5 6 7 ");
	unlink(script);
	runner_keep_last(h->runner); /* of none */
}

static bool is_gone(pid_t pid)
{
	return kill(pid, 0) < 0 && errno == ESRCH;
}

/* What takes too long is killed, with what it has started; and so is what is left of one that ends
 * in time. */
static void test_killed(void **state)
{
	struct heard *h = *state;

	assert_return_code(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	begin(h, "sleep 1000 & echo $!; wait", 300000);
	runner_run(h->runner, 1, "A=b", "");
	wait_for_ends(h, 1);
	assert_non_null(strstr(h->failure, "was killed"));
	assert_int_equal(waitpid(atoi(h->output), NULL, 0), atoi(h->output));
	assert_true(is_gone(atoi(h->output)));
	begin(h, "sleep 1000 & echo $!", 10000000);
	runner_run(h->runner, 1, "A=b", "");
	wait_for_ends(h, 1);
	assert_string_equal(h->failure, "");
	assert_int_equal(waitpid(atoi(h->output), NULL, 0), atoi(h->output));
}

/* Freed in the middle of a run: nothing is left running. */
static void test_freed(void **state)
{
	struct heard *h = *state;

	begin(h, "sleep 1000", 10000000);
	runner_run(h->runner, 1, "A=b", "x");
	runner_run(h->runner, 1, "A=b", "y");
	assert_return_code(sd_event_run(h->loop, 0), 0);
	runner_free(&h->runner);
	while (waitpid(-1, NULL, 0) > 0)
		; /* would wait for ever */
	assert_int_equal(h->ends, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_it_is_given),
		cmocka_unit_test(test_much),
		cmocka_unit_test(test_does_not_read),
		cmocka_unit_test(test_one_at_a_time),
		cmocka_unit_test(test_only_the_last_of_each),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_freed),
	};

	return cmocka_run_group_tests_name("runner", tests, set_up, tear_down);
}
