// SPDX-License-Identifier: GPL-2.0-only
/* What all programs have in common: how their counters add up, and what they may do. */
#include "io/settings.h"

#include <time.h>

void settings_add(struct counters *into, const struct counters *counters)
{
	const volatile struct counters *c = counters; /* a program may be counting */

	into->frames += c->frames;
	into->syns += c->syns;
	into->unparsed += c->unparsed;
	into->unattributed += c->unattributed;
	into->forgotten += c->forgotten;
	into->events_lost += c->events_lost;
	into->events_held += c->events_held;
	into->drops_held += c->drops_held;
}

struct counters settings_sum(const struct counters *counters, unsigned cpus)
{
	struct counters total = {0};

	for (unsigned cpu = 0; cpu < cpus; cpu++)
		settings_add(&total, &counters[cpu]);
	return total;
}

uint64_t settings_tick(void)
{
	struct timespec tick = {0};

	clock_getres(CLOCK_MONOTONIC_COARSE, &tick);
	return tick.tv_nsec ? (uint64_t)tick.tv_nsec : 4000000;
}

/* What each CPU may do in a tick: its share of so many a second, but a burst at least. */
struct limit {
	uint32_t a_second, burst;
};

static void set_shares(const struct limit *limits, size_t n, uint32_t *ret_shares)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t share = (uint32_t)(limits[i].a_second * settings_tick() / 1000000000);

		ret_shares[i] = share > limits[i].burst ? share : limits[i].burst;
	}
}

static void set_allowances(struct settings *s)
{
	static const struct limit limits[ALLOWANCES] = {
		[ALLOW_LOST] = {32000, 128},	[ALLOW_REPEAT] = {16000, 64},
		[ALLOW_COPY] = {16000, 128},	[ALLOW_OTHER] = {1000, 1},
		[ALLOW_STRANGER] = {32000, 32}, [ALLOW_ATTEMPT] = {192000, 192},
		[ALLOW_DROP] = {4000, 4},
	};

	set_shares(limits, ALLOWANCES, s->allowances);
}

/* More of what is in order, too: it was asked for. A loop makes a hundred copies at once. */
static void set_rations(struct settings *s)
{
	static const struct limit limits[PACKET_CLASSES] = {
		[PACKET_LOST] = {32000, 256},  [PACKET_REPEAT] = {16000, 256},
		[PACKET_COPY] = {8000, 512},   [PACKET_OTHER] = {8000, 256},
		[PACKET_ANSWER] = {8000, 128}, [PACKET_DROPPED] = {32000, 256},
	};

	set_shares(limits, PACKET_CLASSES, s->packet_rations);
}

/* Units of about 32 ms, of which 11 bits hold a minute. */
static void set_attempt_units(struct settings *s)
{
	const uint64_t most = 32000000, tick = settings_tick();

	while (tick << (s->attempt_shift + 1) <= most)
		s->attempt_shift++;
	s->attempt_unit = (uint32_t)((tick << s->attempt_shift) / 1000000);
}

void settings_set_limits(struct settings *s)
{
	set_attempt_units(s);
	set_allowances(s);
	set_rations(s);
}
