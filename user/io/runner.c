// SPDX-License-Identifier: GPL-2.0-only
/* A program that is run with a document on its standard input. */
#include "io/runner.h"

#include "base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/wait.h>

struct job {
	uint64_t subject;
	char *variable, *input;
};

struct runner {
	sd_event *loop;
	char *program;
	uint64_t usec;
	runner_said_fn *said;
	void *data;
	struct job queue[RUNNER_QUEUE_MAX]; /* a ring; the first one is under way if pid is set */
	size_t first, count;
	pid_t pid; /* 0: none */
	int in, out;
	size_t written, read;
	char output[RUNNER_OUTPUT_MAX];
	bool late;
	sd_event_source *in_source, *out_source, *child, *timer;
	sd_event_source *begin; /* starts the first one that waits while none runs */
};

static int start_next(struct runner *r);

/* ---- the two pipes */

static void close_in(struct runner *r)
{
	r->in_source = sd_event_source_disable_unref(r->in_source);
	close_fd(&r->in);
}

static void close_out(struct runner *r)
{
	r->out_source = sd_event_source_disable_unref(r->out_source);
	close_fd(&r->out);
}

static int on_writable(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct runner *r = data;
	const char *rest = r->queue[r->first].input + r->written;
	ssize_t n = write(fd, rest, strlen(rest));

	if (n > 0)
		r->written += (size_t)n;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n < 0 || !rest[n]) /* it does not want to hear more, or has heard all */
		close_in(r);
	return 0;
}

/* Returns false when there is no more for now. */
static bool read_some(struct runner *r)
{
	char bytes[4096];
	ssize_t n = read(r->out, bytes, sizeof(bytes));
	size_t room = sizeof(r->output) - 1 - r->read, kept;

	if (n <= 0) {
		if (n == 0 || (errno != EAGAIN && errno != EINTR))
			close_out(r);
		return false;
	}
	kept = (size_t)n < room ? (size_t)n : room;
	memcpy(r->output + r->read, bytes, kept);
	r->read += kept;
	r->output[r->read] = '\0';
	return true;
}

static int on_readable(sd_event_source *source, int fd, uint32_t events, void *data)
{
	read_some(data);
	return 0;
}

/* ---- the end of a run */

static void forget_first(struct runner *r)
{
	free(take_ptr(r->queue[r->first].variable));
	free(take_ptr(r->queue[r->first].input));
	r->first = (r->first + 1) % RUNNER_QUEUE_MAX;
	r->count--;
}

/* Also what it has started and left behind: its group is still its own, since nobody has waited
 * for it yet. */
static void end_run(struct runner *r)
{
	const size_t most = 64;

	if (r->pid)
		kill(-r->pid, SIGKILL);
	r->pid = 0;
	for (size_t i = 0; i < most && r->out >= 0 && read_some(r); i++)
		;
	close_in(r);
	close_out(r);
	r->child = sd_event_source_disable_unref(r->child);
	r->timer = sd_event_source_disable_unref(r->timer);
	forget_first(r);
}

static const char *describe(const struct runner *r, const siginfo_t *info, char *ret_text,
			    size_t size)
{
	if (r->late)
		snprintf(ret_text, size, "took longer than %llu s and was killed",
			 (unsigned long long)(r->usec / 1000000));
	else if (info->si_code != CLD_EXITED)
		snprintf(ret_text, size, "was killed by signal %d (%s)", info->si_status,
			 strsignal(info->si_status));
	else if (info->si_status)
		snprintf(ret_text, size, "ended with status %d", info->si_status);
	else
		return NULL;
	return ret_text;
}

static int on_end(sd_event_source *source, const siginfo_t *info, void *data)
{
	struct runner *r = data;
	char text[128];
	const char *failure = describe(r, info, text, sizeof(text));

	end_run(r);
	r->said(r->data, r->output, failure);
	start_next(r);
	return 0;
}

static int on_late(sd_event_source *source, uint64_t usec, void *data)
{
	struct runner *r = data;

	r->late = true;
	kill(-r->pid, SIGKILL);
	return 0;
}

/* ---- its beginning */

/* What it is given: the pipes' ends as its standard descriptors, and nothing else. */
static int set_up_child(posix_spawn_file_actions_t *files, posix_spawnattr_t *how, int in, int out)
{
	sigset_t none, all;
	int e;

	sigemptyset(&none);
	sigfillset(&all);
	e = posix_spawn_file_actions_adddup2(files, in, STDIN_FILENO);
	e = e ? e : posix_spawn_file_actions_adddup2(files, out, STDOUT_FILENO);
	e = e ? e : posix_spawn_file_actions_adddup2(files, out, STDERR_FILENO);
	e = e ? e : posix_spawn_file_actions_addclosefrom_np(files, STDERR_FILENO + 1);
	e = e ? e : posix_spawn_file_actions_addchdir_np(files, "/");
	e = e ? e : posix_spawnattr_setsigmask(how, &none);
	e = e ? e : posix_spawnattr_setsigdefault(how, &all);
	e = e ? e : posix_spawnattr_setpgroup(how, 0);
	return e ? e
		 : posix_spawnattr_setflags(how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
							 POSIX_SPAWN_SETPGROUP);
}

static int spawn(struct runner *r, int in, int out)
{
	char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	char *environment[] = {path, r->queue[r->first].variable, NULL};
	char *arguments[] = {r->program, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	int e;

	if (posix_spawn_file_actions_init(&files) != 0)
		return -ENOMEM;
	posix_spawnattr_init(&how);
	e = set_up_child(&files, &how, in, out);
	e = e ? e : posix_spawn(&r->pid, r->program, &files, &how, arguments, environment);
	posix_spawnattr_destroy(&how);
	posix_spawn_file_actions_destroy(&files);
	if (e)
		r->pid = 0;
	return -e;
}

static int follow(struct runner *r)
{
	int e = sd_event_add_child(r->loop, &r->child, r->pid, WEXITED, on_end, r);

	e = e < 0 ? e : sd_event_add_io(r->loop, &r->in_source, r->in, EPOLLOUT, on_writable, r);
	e = e < 0 ? e : sd_event_add_io(r->loop, &r->out_source, r->out, EPOLLIN, on_readable, r);
	e = e < 0 ? e
		  : sd_event_add_time_relative(r->loop, &r->timer, CLOCK_MONOTONIC, r->usec, 1000,
					       on_late, r);
	return e < 0 ? e : 0;
}

/* Our ends must not block; the program's ends are as programs expect them. */
static int start(struct runner *r)
{
	autoclose int in_theirs = -1, out_theirs = -1;
	int in[2], out[2], e;

	r->written = r->read = 0;
	r->output[0] = '\0';
	r->late = false;
	if (pipe2(in, O_CLOEXEC) < 0)
		return -errno;
	in_theirs = in[0];
	r->in = in[1];
	if (pipe2(out, O_CLOEXEC) < 0)
		return -errno;
	r->out = out[0];
	out_theirs = out[1];
	if (fcntl(r->in, F_SETFL, O_NONBLOCK) < 0 || fcntl(r->out, F_SETFL, O_NONBLOCK) < 0)
		return -errno;
	e = spawn(r, in_theirs, out_theirs);
	return e < 0 ? e : follow(r);
}

/* A program that cannot be run is said for each run, and does not keep the others waiting. */
static int start_next(struct runner *r)
{
	while (r->count) {
		pid_t pid;
		int e = start(r);

		if (e == 0)
			return 0;
		pid = r->pid;
		end_run(r);
		if (pid)
			waitpid(pid, NULL, 0); /* it was killed just now */
		r->said(r->data, "", strerror(-e));
	}
	return 0;
}

static int on_begin(sd_event_source *source, void *data)
{
	struct runner *r = data;

	return r->pid ? 0 : start_next(r);
}

static struct job *job_at(struct runner *r, size_t i)
{
	return &r->queue[(r->first + i) % RUNNER_QUEUE_MAX];
}

int runner_run(struct runner *r, uint64_t subject, const char *variable, const char *input)
{
	struct job *job = job_at(r, r->count);
	autofree char *v = strdup(variable), *i = strdup(input);

	if (!v || !i)
		return -ENOMEM;
	if (r->count == RUNNER_QUEUE_MAX)
		return -ENOBUFS;
	job->subject = subject;
	job->variable = take_ptr(v);
	job->input = take_ptr(i);
	r->count++;
	return sd_event_source_set_enabled(r->begin, SD_EVENT_ONESHOT);
}

static bool comes_again(struct runner *r, size_t i)
{
	for (size_t later = i + 1; later < r->count; later++)
		if (job_at(r, later)->subject == job_at(r, i)->subject)
			return true;
	return false;
}

void runner_keep_last(struct runner *r)
{
	size_t kept = r->pid ? 1 : 0, i = kept;

	for (; i < r->count; i++) {
		struct job job = *job_at(r, i);

		if (!comes_again(r, i)) {
			*job_at(r, i) = (struct job){0};
			*job_at(r, kept++) = job;
			continue;
		}
		*job_at(r, i) = (struct job){0};
		free(job.variable);
		free(job.input);
	}
	r->count = kept;
}

size_t runner_owes(const struct runner *r)
{
	return r->count;
}

int runner_set(struct runner *r, const char *program)
{
	char *copy = strdup(program);

	if (!copy)
		return -ENOMEM;
	free(r->program);
	r->program = copy;
	return 0;
}

int runner_new(struct runner **ret_runner, sd_event *loop, const char *program, uint64_t usec,
	       runner_said_fn *said, void *data)
{
	cleanup(runner_free) struct runner *r = calloc(1, sizeof(*r));
	sigset_t child;

	if (!r)
		return -ENOMEM;
	r->in = r->out = -1;
	r->loop = sd_event_ref(loop);
	r->program = strdup(program);
	if (!r->program || sd_event_add_defer(loop, &r->begin, on_begin, r) < 0 ||
	    sd_event_source_set_enabled(r->begin, SD_EVENT_OFF) < 0)
		return -ENOMEM;
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); /* what is run does without */
	r->usec = usec;
	r->said = said;
	r->data = data;
	*ret_runner = take_ptr(r);
	return 0;
}

void runner_free(struct runner **runner)
{
	struct runner *r = *runner;
	pid_t pid;

	if (!r)
		return;
	pid = r->pid;
	if (pid)
		end_run(r);
	if (pid)
		waitpid(pid, NULL, WNOHANG);
	while (r->count)
		forget_first(r);
	sd_event_source_disable_unref(r->begin);
	sd_event_unref(r->loop);
	free(r->program);
	free(r);
	*runner = NULL;
}
