// SPDX-License-Identifier: GPL-2.0-only
/* What all programs have in common: how their counters add up. */
#include "io/settings.h"

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
