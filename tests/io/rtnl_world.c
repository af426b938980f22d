// SPDX-License-Identifier: GPL-2.0-only
/* A network namespace, rtnl in it, and a memory like the core's of what was told there. */
#include "rtnl_world.h"

#include "base/address.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

static bool is_same(const struct input *a, const struct input *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case INPUT_LINK:
		return a->link.ifindex == b->link.ifindex;
	case INPUT_ADDRESS:
		return a->address.ifindex == b->address.ifindex &&
		       address_equal(&a->address.address, &b->address.address);
	case INPUT_ROUTE:
		return a->route.kind == b->route.kind && a->route.table == b->route.table &&
		       a->route.prefix_len == b->route.prefix_len && a->route.oif == b->route.oif &&
		       a->route.metric == b->route.metric &&
		       address_equal(&a->route.prefix, &b->route.prefix) &&
		       address_equal(&a->route.gateway, &b->route.gateway);
	default:
		return false;
	}
}

static bool is_gone(const struct input *input)
{
	switch (input->kind) {
	case INPUT_LINK:
		return input->link.gone;
	case INPUT_ADDRESS:
		return input->address.gone;
	default:
		return input->kind == INPUT_ROUTE && input->route.gone;
	}
}

static void remember(struct world *w, const struct input *input)
{
	size_t i;

	for (i = 0; i < w->count && !is_same(&w->things[i], input); i++)
		;
	if (is_gone(input)) {
		if (i < w->count) {
			w->things[i] = w->things[--w->count];
			w->seen[i] = w->seen[w->count];
		}
		return;
	}
	if (i == w->count)
		assert_true(w->count++ < WORLD_THINGS);
	w->things[i] = *input;
	w->seen[i] = true;
}

static void sweep(struct world *w)
{
	for (size_t i = 0; i < w->count;) {
		if (w->seen[i]) {
			i++;
			continue;
		}
		w->things[i] = w->things[--w->count];
		w->seen[i] = w->seen[w->count];
	}
	memcpy(w->told, w->repeated, sizeof(w->told));
}

/* 10.0.0.0 plus an index is of the storm, and goes to another memory. */
static bool is_storm(const struct addr *a, size_t *ret_index)
{
	static const struct addr ten = {.bytes = {[10] = 0xff, [11] = 0xff, [12] = 10}};
	size_t i = a->bytes[14] * 256U + a->bytes[15];

	if (!address_in_prefix(a, &ten, 112) || i >= WORLD_STORM)
		return false;
	*ret_index = i;
	return true;
}

void world_hear(void *data, const struct input *input)
{
	struct world *w = data;
	size_t i;

	assert_true(input->now);
	switch (input->kind) {
	case INPUT_HOST_BEGIN:
		w->begins++;
		memset(w->seen, 0, sizeof(w->seen));
		memset(w->repeated, 0, sizeof(w->repeated));
		return;
	case INPUT_HOST_END:
		w->ends++;
		sweep(w);
		return;
	case INPUT_PATH:
	case INPUT_RETURN:
		w->last = *input;
		return;
	case INPUT_ADDRESS:
		if (is_storm(&input->address.address, &i)) {
			w->told[i] = w->repeated[i] = !input->address.gone;
			return;
		}
		break;
	case INPUT_ROUTE:
		if (is_storm(&input->route.prefix, &i))
			return;
		break;
	default:
		break;
	}
	remember(w, input);
}

void sh(const char *format, ...)
{
	char command[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	if (system(command) != 0)
		fail_msg("failed: %s", command);
}

bool world_is_allowed(void)
{
	if (unshare(CLONE_NEWNET) == 0)
		return true;
	printf("1..0 # SKIP network namespaces need root: %s\n", strerror(errno));
	return false;
}

void world_enter(void)
{
	assert_int_equal(unshare(CLONE_NEWNET), 0);
	sh("ip link set lo up");
	for (unsigned i = 0; i < 2; i++) {
		sh("ip link add e%u type veth peer name p%u", i, i);
		sh("ip link set e%u up && ip link set p%u up", i, i);
	}
}

void world_free(struct world **w)
{
	if (!*w)
		return;
	rtnl_free(&(*w)->rtnl);
	sd_event_unref((*w)->loop);
	free(*w);
}

struct world *world_new(void)
{
	struct failure failure = {""};
	struct world *w;

	world_enter();
	w = calloc(1, sizeof(*w));
	assert_non_null(w);
	if (rtnl_new(&w->rtnl, world_hear, w, &failure) < 0)
		fail_msg("%s", failure.text);
	return w;
}

void world_dump(struct world *w)
{
	struct failure failure = {""};

	if (rtnl_dump(w->rtnl, &failure) < 0)
		fail_msg("%s", failure.text);
}

void world_follow(struct world *w)
{
	struct failure failure = {""};

	world_dump(w);
	assert_true(sd_event_new(&w->loop) >= 0);
	if (rtnl_follow(w->rtnl, w->loop, &failure) < 0)
		fail_msg("%s", failure.text);
}

uint64_t world_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void world_run_for(struct world *w, uint64_t ms)
{
	for (uint64_t end = world_ms() + ms; world_ms() < end;)
		assert_true(sd_event_run(w->loop, 2000) >= 0);
}

struct addr world_addr(const char *text)
{
	struct addr a = {0};

	if (text)
		assert_int_equal(address_parse(text, &a), 0);
	return a;
}

const struct input_link *world_link(const struct world *w, const char *name)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->things[i].kind == INPUT_LINK && !strcmp(w->things[i].link.name, name))
			return &w->things[i].link;
	return NULL;
}

const struct input_address *world_address(const struct world *w, const char *text)
{
	struct addr a = world_addr(text);

	for (size_t i = 0; i < w->count; i++)
		if (w->things[i].kind == INPUT_ADDRESS &&
		    address_equal(&w->things[i].address.address, &a))
			return &w->things[i].address;
	return NULL;
}

const struct input_route *world_route(const struct world *w, enum route_kind kind,
				      const char *prefix)
{
	struct addr a = world_addr(prefix);

	for (size_t i = 0; i < w->count; i++)
		if (w->things[i].kind == INPUT_ROUTE && w->things[i].route.kind == kind &&
		    address_equal(&w->things[i].route.prefix, &a))
			return &w->things[i].route;
	return NULL;
}

bool world_has_gateway(const struct input_route *route, const char *text)
{
	struct addr a = world_addr(text);

	return route && address_equal(&route->gateway, &a);
}

size_t world_default_routes(const struct world *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->count; i++)
		n += w->things[i].kind == INPUT_ROUTE && w->things[i].route.kind == ROUTE_DEFAULT;
	return n;
}

bool world_told_exactly(const struct world *w, unsigned first, unsigned last)
{
	for (unsigned i = 0; i < WORLD_STORM; i++)
		if (w->told[i] != (i >= first && i < last))
			return false;
	return true;
}

pid_t world_batch(const char *format, unsigned first, unsigned last)
{
	pid_t pid = fork();
	FILE *lines;

	assert_true(pid >= 0);
	if (pid)
		return pid;
	lines = popen("ip -batch -", "w");
	if (!lines)
		_exit(1);
	for (unsigned i = first; i < last; i++) {
		fprintf(lines, format, i / 256, i % 256);
		fputc('\n', lines);
	}
	_exit(pclose(lines) != 0);
}

void world_run_batch(const char *format, unsigned first, unsigned last)
{
	int status = -1;

	assert_true(waitpid(world_batch(format, first, last), &status, 0) > 0);
	assert_int_equal(status, 0);
}

void world_set_forwarding(bool on)
{
	sh("echo %d >/proc/sys/net/ipv4/ip_forward", on);
	sh("echo %d >/proc/sys/net/ipv6/conf/all/forwarding", on);
}
