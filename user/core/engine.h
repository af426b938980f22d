/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The engine: everything heard goes in here, and is remembered for judge.h to judge.
 *
 * engine_feed() is the whole pipeline in reading order. The engine does no input or output of its
 * own, and knows no time but that of its inputs.
 */
#ifndef SYNHOLE_CORE_ENGINE_H
#define SYNHOLE_CORE_ENGINE_H

#include "core/counts.h"
#include "core/flows.h"
#include "core/hostaddr.h"
#include "core/published.h"
#include "core/reasons.h"
#include "core/routing.h"
#include "core/strangers.h"
#include "core/verdict.h"

#define ENGINE_LISTENERS_MAX 4096

/* What the administrator declares. Both arrays are borrowed for the engine's life. */
struct engine_policy {
	const struct engine_prefix {
		struct addr prefix;
		uint8_t len; /* of the mapped form */
	} * elsewhere;	     /* published addresses in there belong to other hosts */
	size_t elsewhere_count;
	const struct engine_alias {
		struct addr outside, inside;
	} * aliases; /* a published address that is translated 1:1 before it gets here */
	size_t alias_count;
	bool routes_unknown; /* only what the host owns is told: that no route is says nothing */
	bool host_unknown; /* nobody can tell what the host owns: a recording of who knows where */
	/* Counts of strangers whom no real client calls are only summed: a host that is watched for
	 * years has no room for all of them. */
	bool strangers_summed;
};

struct engine {
	struct engine_policy policy;
	struct hostaddr *host;
	struct published *published;
	struct routing *routing;
	struct flows *flows;
	struct counts counts;
	/* Of the last snapshot, where strangers are only summed. */
	struct strangers strangers;
	struct reasons reasons;
	struct input_listener listeners[ENGINE_LISTENERS_MAX];
	size_t listener_count;
	bool listeners_known;
	when_t host_changed; /* when what is owned or its routes did last; 0: not since the first
				dump */
	enum fact answers_watched;  /* counts tell what left, too */
	uint64_t listeners_dropped; /* of the last that were told */
};

int engine_new(struct engine **ret_engine, const struct engine_policy *policy);
void engine_free(struct engine **engine);

/* Returns true if what is owned or published may have changed. */
bool engine_feed(struct engine *engine, const struct input *in);

/* Begins a new window: what was counted and seen of callers is from now on. What is known of the
 * host and of names stays. */
void engine_rotate(struct engine *engine);

/* A way that the kernel should be asked for before judging: what it does with a packet from `src`
 * to `dst` by `ifindex`, and whether it can answer. What is known comes first. `cursor` starts at
 * 0; false: no more. */
struct engine_question {
	struct addr dst, src;
	uint32_t ifindex;
};
bool engine_question(const struct engine *engine, size_t *cursor,
		     struct engine_question *ret_question);

/* What synhole knows of an address, as enum known_flags. */
uint32_t engine_known(const struct engine *engine, const struct addr *a);

/* Where packets to a published address arrive here: itself, or what an alias says. */
const struct addr *engine_inside(const struct engine *engine, const struct addr *published);

/* Whether the policy says that a published address belongs to another host. */
bool engine_is_elsewhere(const struct engine *engine, const struct addr *a);

/* Who publishes an address that packets arrive at, under its own form or an alias's outside one;
 * `ret_count` of them, NULL for none. Valid until the engine is fed again. */
const struct publication *engine_publications(const struct engine *engine, const struct addr *a,
					      size_t *ret_count);

/* Whether what connects to the address finds this listener: by the address, or a wildcard. */
bool engine_listens_on(const struct input_listener *listener, const struct addr *a);

/* A listener for this address and port, for calls that come in by `ifindex` (0: by whatever link);
 * unknown until listeners were told. `ret_listener` (may be NULL) is set where it is known. */
enum fact engine_listens(const struct engine *engine, const struct addr *a, uint16_t port,
			 uint32_t ifindex, const struct input_listener **ret_listener);

/* NULL: there are no more. */
const struct input_listener *engine_listener(const struct engine *engine, size_t i);

/* The source of the destination's last SYN: the sample that the kernel is asked with. */
const struct addr *engine_sample(const struct destination *destination);

/* Everything that found no room since the start, in any table. */
uint64_t engine_dropped(const struct engine *engine);

#endif
