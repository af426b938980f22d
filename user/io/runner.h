/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A program that is run with a document on its standard input: one run at a time, the others wait.
 *
 * Without a shell, in "/", with PATH and what the caller adds as its environment, nothing open but
 * its standard descriptors, no signal ignored or blocked, and without our capabilities (unless we
 * are root). After RUNNER_SECONDS it is killed, and in any case whatever is left in its process
 * group when it ends. The caller's loop never waits for it.
 */
#ifndef SYNHOLE_IO_RUNNER_H
#define SYNHOLE_IO_RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#define RUNNER_QUEUE_MAX 64
#define RUNNER_SECONDS 30
#define RUNNER_OUTPUT_MAX 2048 /* of what it writes; the rest is read and forgotten */

struct runner;

/* Heard when a run has ended: what it wrote to its standard output and error, which may be any
 * bytes, and what went wrong, NULL if nothing did. */
typedef void runner_said_fn(void *data, const char *output, const char *failure);

/* Blocks SIGCHLD, as sd_event_add_child() wants it. `program` is copied. */
int runner_new(struct runner **ret_runner, sd_event *loop, const char *program, uint64_t usec,
	       runner_said_fn *said, void *data);

/* Another program for the runs that have not begun. */
int runner_set(struct runner *runner, const char *program);

/* Kills the run under way; those that wait are forgotten. For the end of a process, which leaves
 * what it has killed to its parent. */
void runner_free(struct runner **runner);

/* Runs it, from the loop, now or later. `variable` ("NAME=value") and `input` are copied; `subject`
 * is what it is about. -ENOBUFS: too many wait. */
int runner_run(struct runner *runner, uint64_t subject, const char *variable, const char *input);

/* Of the runs that wait only the last of each subject is still to be. */
void runner_keep_last(struct runner *runner);

/* How many have not ended. */
size_t runner_owes(const struct runner *runner);

#endif
