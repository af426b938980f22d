/* SPDX-License-Identifier: GPL-2.0-only */
/* A network namespace, rtnl in it, and a memory like the core's of what was told there. */
#ifndef SYNHOLE_TESTS_IO_RTNL_WORLD_H
#define SYNHOLE_TESTS_IO_RTNL_WORLD_H

#include "base/cleanup.h"
#include "io/rtnl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/types.h>
/* after those */
#include <cmocka.h>

#define WORLD_THINGS 512
#define WORLD_STORM 10000

struct world {
	struct rtnl *rtnl;
	sd_event *loop;
	struct input things[WORLD_THINGS]; /* links, addresses and routes: told, not taken back */
	bool seen[WORLD_THINGS];	   /* since the last INPUT_HOST_BEGIN */
	size_t count;
	unsigned begins, ends;
	struct input last; /* INPUT_PATH, INPUT_RETURN */
	/* Addresses 10.0.0.0 and following, apart from the things: so that there can be many. */
	bool told[WORLD_STORM], repeated[WORLD_STORM];
};

/* The tests in namespaces of their own; without the right to make one, all skipped. */
#define world_run(tests)                                                                           \
	(world_is_allowed() ? cmocka_run_group_tests((tests), NULL, NULL) : EXIT_SUCCESS)
bool world_is_allowed(void);

/* A new namespace, with lo, e0 (the way to the world) and e1 (to somebody's guests), both up. */
void world_enter(void);

/* The same and rtnl in it, but nothing dumped yet. */
struct world *world_new(void);
void world_free(struct world **world);

#define autoworld cleanup(world_free) struct world *

void world_hear(void *data, const struct input *input);
void world_dump(struct world *world);
void world_follow(struct world *world); /* dumps first */
void world_run_for(struct world *world, uint64_t ms);
uint64_t world_ms(void);

/* True within a second, and still true when all is at rest. */
#define assert_eventually(world, condition)                                                        \
	do {                                                                                       \
		uint64_t end_ = world_ms() + 1000;                                                 \
		while (!(condition) && world_ms() < end_)                                          \
			world_run_for((world), 2);                                                 \
		assert_true(condition);                                                            \
		world_run_for((world), 100);                                                       \
		assert_true(condition);                                                            \
	} while (0)

/* What is known of it, or NULL. A default route is one to "0.0.0.0" or "::". */
const struct input_link *world_link(const struct world *world, const char *name);
const struct input_address *world_address(const struct world *world, const char *text);
const struct input_route *world_route(const struct world *world, enum route_kind kind,
				      const char *prefix);
size_t world_default_routes(const struct world *world);
bool world_has_gateway(const struct input_route *route, const char *text);
bool world_told_exactly(const struct world *world, unsigned first, unsigned last);

struct addr world_addr(const char *text);

/* Commands that must succeed. */
void sh(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* `ip -batch` of the lines: `format` is given the last two bytes of an address, from number `first`
 * up to but not `last`. As a process of its own, or to its end. */
pid_t world_batch(const char *format, unsigned first, unsigned last);
void world_run_batch(const char *format, unsigned first, unsigned last);

/* Of both families. */
void world_set_forwarding(bool on);

/* The kernel puts an IPv6 address into the local table some time after it was added. */
#define WORLD_WAIT_LOCAL(address)                                                                  \
	"for i in $(seq 500); do ip -6 route show table local | grep -q '" address                 \
	" ' && break; sleep 0.01; done;"

/* Settings of many tests. */
#define WORLD_ADDRESSES                                                                            \
	"ip addr add 192.0.2.2/24 dev e0; ip addr add 198.51.100.1/24 dev e1;"                     \
	"ip -6 addr add 2001:db8:1::2/64 dev e0 nodad;"                                            \
	"ip -6 addr add 2001:db8:2::1/64 dev e1 nodad;" WORLD_WAIT_LOCAL("2001:db8:1::2")          \
		WORLD_WAIT_LOCAL("2001:db8:2::1")
#define WORLD_DEFAULTS                                                                             \
	WORLD_ADDRESSES                                                                            \
	"ip route add default via 192.0.2.1; ip -6 route add default via 2001:db8:1::1;"

#endif
