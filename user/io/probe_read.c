// SPDX-License-Identifier: GPL-2.0-only
/* What the programs tell: events, counters, the table; and what they are told of addresses. */
#include "base/cleanup.h"
#include "base/clock.h"
#include "io/drops.h"
#include "io/probe_parts.h"
#include "pkt.h"
#include "synhole.skel.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

static when_t realtime(void)
{
	return clock_ns(CLOCK_REALTIME);
}

/* The time of a SYN is that of its coming, not of its being read. */
static when_t time_of(uint64_t monotonic)
{
	return realtime() - (clock_ns(CLOCK_MONOTONIC) - monotonic);
}

static int hear_event(void *data, void *record, size_t size)
{
	const struct probe *p = data;
	const struct syn_event *event = record;
	struct input in = {.kind = INPUT_SYN, .syn.event = event};

	if (size < sizeof(*event))
		return 0;
	if (event->fate != SLOT_SYN)
		in.kind = INPUT_LOST;
	in.now = time_of(event->time);
	p->hear(p->data, &in);
	return 0;
}

static int hear_packet(void *data, void *record, size_t size)
{
	const struct probe *p = data;
	const struct packet_event *event = record;
	struct input in = {.kind = INPUT_PACKET, .packet.event = event};

	if (size < sizeof(*event))
		return 0;
	in.now = time_of(event->time);
	p->hear(p->data, &in);
	return 0;
}

static int on_events(sd_event_source *source, int fd, uint32_t revents, void *data)
{
	struct probe *p = data;

	ring_buffer__consume(p->events);
	return 0;
}

int probe_follow(struct probe *p, sd_event *loop, struct failure *failure)
{
	int r;

	p->events = ring_buffer__new(bpf_map__fd(p->maps->maps.events), hear_event, p, NULL);
	if (p->events && p->settings.keep &&
	    ring_buffer__add(p->events, p->settings.packets, hear_packet, p) < 0) {
		ring_buffer__free(p->events);
		p->events = NULL;
	}
	if (!p->events)
		return failure_set(failure, -errno, "cannot read the programs' events: %s",
				   strerror(errno));
	r = sd_event_add_io(loop, &p->source, ring_buffer__epoll_fd(p->events), EPOLLIN, on_events,
			    p);
	if (r < 0)
		return failure_set(failure, r, "cannot wait for the programs' events: %s",
				   strerror(-r));
	return 0;
}

int probe_know(struct probe *p, const struct addr *a, uint32_t flags)
{
	return known_tell(&p->settings.known, a, flags);
}

void probe_know_again(struct probe *p, uint32_t (*flags_of)(void *data, const struct addr *a),
		      void *data)
{
	known_again(&p->settings.known, flags_of, data);
}

void probe_know_done(struct probe *p)
{
	p->settings.epoch++;
	for (size_t i = 0; i < p->count; i++)
		instance_set_epoch(&p->instances[i], p->settings.epoch);
	if (p->drops)
		drops_set_epoch(p->drops, p->settings.epoch);
	probe_keep_epoch(p);
}

static int read_clock(struct probe *p, struct tick_clock *ret_clock)
{
	char frame[64] = {0};
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = frame, .data_size_in = sizeof(frame));
	int r = bpf_prog_test_run_opts(bpf_program__fd(p->maps->progs.calibrate), &run);

	if (r < 0)
		return r;
	*ret_clock = (struct tick_clock){
		.jiffies = p->maps->bss->clock_jiffies,
		.now = realtime(),
		.tick = settings_tick(),
	};
	return 0;
}

int probe_snapshot(struct probe *p, const struct addr *only)
{
	struct tick_clock clock;
	int r = read_clock(p, &clock);

	if (p->events && !only)
		ring_buffer__consume(p->events); /* those that were not worth waking us */
	return r < 0 ? r : slots_tell(&p->settings.slots, &clock, only, p->hear, p->data);
}

static void describe(const struct probe *p, const struct instance *instance,
		     struct probe_interface *ret_interface)
{
	*ret_interface = (struct probe_interface){
		.ifindex = instance->ifindex,
		.name = instance->name,
		.hook = instance->kind,
		.counters = instance_counters(instance, p->settings.slots.cpus),
	};
	for (size_t i = 0; i < p->past_count; i++)
		if (strcmp(p->past[i].name, instance->name) == 0)
			settings_add(&ret_interface->counters, &p->past[i].counters);
}

bool probe_interface(const struct probe *p, size_t i, struct probe_interface *ret_interface)
{
	if (i >= p->count)
		return false;
	describe(p, &p->instances[i], ret_interface);
	return true;
}

bool probe_interface_of(const struct probe *p, uint32_t ifindex,
			struct probe_interface *ret_interface)
{
	const struct instance *instance = probe_instance(p, ifindex);

	if (instance)
		describe(p, instance, ret_interface);
	return instance;
}

struct counters probe_counters(const struct probe *p)
{
	const unsigned cpus = p->settings.slots.cpus;
	struct counters total = p->dropped, one;

	for (size_t i = 0; i < p->count; i++) {
		one = instance_counters(&p->instances[i], cpus);
		settings_add(&total, &one);
	}
	if (p->drops) {
		one = drops_counters(p->drops, cpus);
		settings_add(&total, &one);
	}
	return total;
}

uint64_t probe_packets_lost(const struct probe *p)
{
	autofree struct ration *rations = calloc(p->settings.slots.cpus, sizeof(*rations));
	uint64_t lost = 0;
	uint32_t zero = 0;

	if (!rations || !p->settings.keep ||
	    bpf_map_lookup_elem(p->settings.rations, &zero, rations) < 0)
		return 0;
	for (unsigned cpu = 0; cpu < p->settings.slots.cpus; cpu++)
		lost += rations[cpu].lost;
	return lost;
}
