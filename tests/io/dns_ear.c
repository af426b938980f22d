// SPDX-License-Identifier: GPL-2.0-only
/* A resolver on a loop of its own, and everything that was heard of it. */
#include "dns_ear.h"
#include "base/address.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TICK 10000

double clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

unsigned open_fds(unsigned expected)
{
	double end = clock_now() + 2;
	unsigned count;

	do {
		DIR *dir = opendir("/proc/self/fd");

		assert_non_null(dir);
		for (count = 0; readdir(dir);)
			count++;
		closedir(dir);
	} while (count > expected && clock_now() < end && usleep(10000) == 0);
	return count;
}

static char *copy(const char *text)
{
	return text ? strdup(text) : NULL;
}

static void hear(void *data, const struct input *input)
{
	struct ear *ear = data;
	struct heard *h;

	assert_int_equal(input->kind, INPUT_NAME);
	assert_true(input->now > 1700000000ULL * 1000000000);
	assert_true(input->name.count <= 64);
	ear->heard = realloc(ear->heard, (ear->count + 1) * sizeof(*ear->heard));
	h = &ear->heard[ear->count++];
	h->name = input->name;
	h->after = clock_now() - ear->asked;
	h->name.name = copy(input->name.name);
	h->name.error = copy(input->name.error);
	h->name.server = copy(input->name.server);
	h->name.via = copy(input->name.via);
	h->name.records = malloc(input->name.count * sizeof(struct record) + 1);
	memcpy((void *)h->name.records, input->name.records,
	       input->name.count * sizeof(struct record));
	if (ear->ask_on) {
		const char *next = ear->ask_on;

		ear->ask_on = NULL;
		ear_ask(ear, RESOLVE_NAME, next);
	}
}

void ear_open(struct ear *ear, const char *server, const char *second)
{
	const char *servers[] = {server, second};
	struct failure failure = {""};

	*ear = (struct ear){0};
	assert_true(sd_event_new(&ear->loop) >= 0);
	if (resolver_new(&ear->resolver, ear->loop, servers, !!server + !!second, hear, ear,
			 &failure) < 0)
		fail_msg("resolver_new: %s", failure.text);
}

void ear_close(struct ear *ear)
{
	resolver_free(&ear->resolver);
	sd_event_unref(ear->loop);
	for (size_t i = 0; i < ear->count; i++) {
		free((void *)ear->heard[i].name.name);
		free((void *)ear->heard[i].name.error);
		free((void *)ear->heard[i].name.server);
		free((void *)ear->heard[i].name.via);
		free((void *)ear->heard[i].name.records);
	}
	free(ear->heard);
}

void ear_ask(struct ear *ear, enum resolver_question question, const char *name)
{
	struct failure failure = {""};

	ear->asked = clock_now();
	if (resolver_ask(ear->resolver, question, name, &failure) < 0)
		fail_msg("resolver_ask: %s", failure.text);
}

static int on_tick(sd_event_source *source, uint64_t usec, void *data)
{
	(void)usec;
	(void)data;
	sd_event_source_set_time_relative(source, TICK);
	sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	return 0;
}

void ear_listen(struct ear *ear, double seconds)
{
	double last = clock_now(), end = last + seconds;
	sd_event_source *tick = NULL;

	sd_event_add_time_relative(ear->loop, &tick, CLOCK_MONOTONIC, TICK, 1000, on_tick, NULL);
	while (resolver_pending(ear->resolver) && last < end) {
		double now;

		assert_true(sd_event_run(ear->loop, UINT64_MAX) >= 0);
		now = clock_now();
		if (now - last > ear->longest_gap)
			ear->longest_gap = now - last;
		last = now;
	}
	sd_event_source_disable_unref(tick);
}

const struct input_name *ear_heard(const struct ear *ear, const char *name, const char *via)
{
	const struct input_name *found = NULL;

	for (size_t i = 0; i < ear->count; i++) {
		const struct input_name *n = &ear->heard[i].name;

		if (strcmp(n->name, name) || (via && (!n->via || strcmp(n->via, via))))
			continue;
		if (found)
			fail_msg("%s was heard twice", name);
		found = n;
	}
	if (!found)
		fail_msg("%s was not heard", name);
	return found;
}

void ear_has(const struct input_name *name, const char *address, uint32_t ttl)
{
	struct addr wanted;

	assert_int_equal(address_parse(address, &wanted), 0);
	for (size_t i = 0; i < name->count; i++)
		if (address_equal(&name->records[i].address, &wanted)) {
			assert_int_equal(name->records[i].ttl, ttl);
			return;
		}
	fail_msg("%s has no %s", name->name, address);
}
