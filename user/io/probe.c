// SPDX-License-Identifier: GPL-2.0-only
/* The programs in the kernel: the shared maps and one instance of the programs per interface. */
#include "io/probe.h"

#include "base/cleanup.h"
#include "io/drops.h"
#include "io/instance.h"
#include "io/privilege.h"
#include "pkt.h"
#include "synhole.skel.h"
#include "wire.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/if_arp.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>

/* Names of interfaces that were dropped whose counts are kept apart. */
#define PROBE_PAST_MAX 64

struct probe {
	input_fn *hear;
	void *data;
	struct synhole *maps; /* holds the maps that the instances share */
	struct drops *drops;  /* NULL: not watched */
	struct ring_buffer *events;
	sd_event_source *source;
	struct settings settings;
	struct instance *instances;
	size_t count;
	struct counters dropped; /* of the instances that are no more, and by name */
	struct {
		char name[16];
		struct counters counters;
	} past[PROBE_PAST_MAX];
	size_t past_count;
};

const char *probe_hook_name(enum probe_hook hook)
{
	static const char *const names[] = {
		[HOOK_XDP_NATIVE] = "xdp-native",
		[HOOK_XDP_GENERIC] = "xdp-generic",
		[HOOK_TCX] = "tcx",
		[HOOK_CLSACT] = "clsact",
	};

	return names[hook];
}

static when_t clock_now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (when_t)t.tv_sec * 1000000000 + (when_t)t.tv_nsec;
}

static when_t realtime(void)
{
	return clock_now(CLOCK_REALTIME);
}

static int load_failure(int r, struct failure *failure)
{
	struct utsname kernel;

	if (r == -EPERM || r == -EACCES) {
		int missing = privilege_check(failure);

		if (missing < 0)
			return missing;
	}
	uname(&kernel);
	return failure_set(
		failure, r,
		"cannot load the programs into kernel %s: %s; synhole needs Linux 5.10 or "
		"newer with BPF (--verbose shows what the kernel says)",
		kernel.release, strerror(-r));
}

static int make_maps(struct probe *p, struct failure *failure)
{
	int r;

	p->maps = synhole__open();
	if (!p->maps)
		return load_failure(-errno, failure);
	settings_write(&p->settings, p->maps);
	bpf_program__set_autoload(p->maps->progs.ingress_xdp, false);
	bpf_program__set_autoload(p->maps->progs.ingress_tc, false);
	bpf_program__set_autoload(p->maps->progs.egress_tc, false);
	r = synhole__load(p->maps);
	if (r < 0)
		return load_failure(r, failure);
	p->settings.slots.fd = bpf_map__fd(p->maps->maps.table);
	p->settings.events = bpf_map__fd(p->maps->maps.events);
	p->settings.packets = bpf_map__fd(p->maps->maps.kept); /* negative where not kept */
	p->settings.rations = bpf_map__fd(p->maps->maps.rations);
	p->settings.attempts = bpf_map__fd(p->maps->maps.attempts);
	r = known_open(&p->settings.known, bpf_map__fd(p->maps->maps.known),
		       bpf_map__fd(p->maps->maps.likely));
	return r < 0 ? load_failure(r, failure) : 0;
}

static int check_kernel(struct failure *failure)
{
	struct utsname kernel;

	if (libbpf_probe_bpf_map_type(BPF_MAP_TYPE_RINGBUF, NULL) != 0)
		return 0;
	uname(&kernel);
	return failure_set(failure, -EOPNOTSUPP,
			   "kernel %s has no BPF ring buffer: synhole needs Linux 5.10 or newer",
			   kernel.release);
}

/* One that was asked for stays mapped: whoever wants a large one wants it read fast. */
static int set_table(struct probe *p, size_t bytes, struct failure *failure)
{
	struct slots *slots = &p->settings.slots;

	slots->region =
		bytes ? slots_region_of(bytes, slots->cpus) : slots_region_bytes(slots->cpus);
	slots->stays = bytes != 0;
	if (slots->region)
		return 0;
	return failure_set(failure, -EINVAL,
			   "--table %zu is too small: each of the %u processors that this machine "
			   "may have needs 64 KiB, so give at least %zuK",
			   bytes, slots->cpus, (size_t)64 * slots->cpus);
}

int probe_new(struct probe **ret_probe, const struct probe_settings *settings, input_fn *hear,
	      void *data, struct failure *failure)
{
	cleanup(probe_free) struct probe *p = calloc(1, sizeof(*p));
	int r, cpus = libbpf_num_possible_cpus();

	if (!p)
		return failure_set(failure, -ENOMEM, "out of memory");
	r = privilege_check(failure);
	if (r < 0)
		return r;
	r = check_kernel(failure);
	if (r < 0)
		return r;
	if (cpus <= 0 || cpus > ABI_MAX_CPUS)
		return failure_set(
			failure, -E2BIG,
			"this machine may have %d processors, synhole counts on at most %d", cpus,
			ABI_MAX_CPUS);
	if (getrandom(&p->settings.slots.seed, sizeof(p->settings.slots.seed), 0) !=
	    (ssize_t)sizeof(p->settings.slots.seed))
		return failure_set(failure, -EIO, "the kernel gives no random numbers");
	p->hear = hear;
	p->data = data;
	p->settings.slots.cpus = (unsigned)cpus;
	r = set_table(p, settings->table, failure);
	if (r < 0)
		return r;
	p->settings.xdp_frags =
		libbpf_probe_bpf_helper(BPF_PROG_TYPE_XDP, BPF_FUNC_xdp_load_bytes, NULL) == 1;
	p->settings.keep = settings->keep;
	settings_set_limits(&p->settings);
	r = make_maps(p, failure);
	if (r < 0)
		return r;
	*ret_probe = take_ptr(p);
	return 0;
}

void probe_free(struct probe **probe)
{
	struct probe *p = *probe;

	if (!p)
		return;
	probe_detach(p);
	for (size_t i = 0; i < p->count; i++)
		instance_free(&p->instances[i]);
	free(p->instances);
	sd_event_source_unref(p->source);
	ring_buffer__free(p->events);
	drops_free(&p->drops);
	known_close(&p->settings.known);
	slots_close(&p->settings.slots);
	synhole__destroy(p->maps);
	free(p);
	*probe = NULL;
}

struct probe_table probe_table(const struct probe *p)
{
	size_t bytes = p->settings.slots.region * p->settings.slots.cpus;

	return (struct probe_table){bytes, bytes / sizeof(struct slot)};
}

static struct instance *find(const struct probe *p, uint32_t ifindex)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->instances[i].ifindex == ifindex)
			return &p->instances[i];
	return NULL;
}

static int try_hook(struct probe *p, const struct input_link *link, enum probe_hook kind)
{
	struct instance *instances = realloc(p->instances, (p->count + 1) * sizeof(*instances));
	int r;

	if (!instances)
		return -ENOMEM;
	p->instances = instances;
	r = instance_attach(&p->settings, link, kind, &p->instances[p->count]);
	if (r == 0)
		p->count++;
	return r;
}

void probe_set_macs(struct probe *p, const struct input_link *link, const struct input_link *master)
{
	uint64_t macs[ABI_MACS] = {0};

	if (link->type == ARPHRD_ETHER)
		macs[0] = wire_mac(link->mac);
	if (macs[0] && master)
		macs[1] = wire_mac(master->mac);
	for (size_t i = 0; i < p->count; i++)
		if (p->instances[i].ifindex == link->ifindex)
			instance_set_macs(&p->instances[i], macs);
}

int probe_watch_drops(struct probe *p, struct failure *failure)
{
	return drops_watch(&p->drops, &p->settings, failure);
}

/* Where native XDP can be attached without the link noticing; docs/hooks.md has the evidence. */
static bool native_is_harmless(const char *driver)
{
	static const char *const drivers[] = {"sfc", "sfc_siena"};

	for (size_t i = 0; i < sizeof(drivers) / sizeof(*drivers); i++)
		if (strcmp(driver, drivers[i]) == 0)
			return true;
	return false;
}

/* The hooks to try, in order; returns how many. */
static int plan(const struct input_link *link, enum attach_mode mode, enum probe_hook hooks[2])
{
	int n = 0;

	if (mode == ATTACH_NATIVE || (mode == ATTACH_AUTO && native_is_harmless(link->driver)))
		hooks[n++] = HOOK_XDP_NATIVE;
	if (mode == ATTACH_GENERIC)
		hooks[n++] = HOOK_XDP_GENERIC;
	if (mode == ATTACH_AUTO || mode == ATTACH_TC)
		hooks[n++] = HOOK_TCX;
	if (mode == ATTACH_CLSACT)
		hooks[n++] = HOOK_CLSACT;
	return n;
}

static int attach_failure(int r, const struct input_link *link, enum probe_hook kind,
			  struct failure *failure)
{
	const char *way = probe_hook_name(kind);
	char name[16];
	uint32_t id;

	switch (r) {
	case -EBUSY:
	case -EEXIST:
		id = hook_xdp_occupant(link->ifindex, name);
		return failure_set(
			failure, r,
			"cannot attach to %s by %s: the XDP program \"%s\" (id %u) is there; "
			"detach it, or use --attach tc, which shares",
			link->name, way, name, id);
	case -EOPNOTSUPP:
	case -EINVAL:
	case -ERANGE:
	case -EMSGSIZE:
		return failure_set(
			failure, r,
			"cannot attach to %s by %s: its driver (%s) or this kernel does not "
			"take it as things are set up now (%s)%s",
			link->name, way, link->driver[0] ? link->driver : "unknown", strerror(-r),
			kind == HOOK_XDP_NATIVE || kind == HOOK_XDP_GENERIC ? "; use --attach tc"
									    : "");
	case -ENODEV:
		return failure_set(failure, r, "cannot attach to %s: the interface is gone",
				   link->name);
	default:
		return load_failure(r, failure);
	}
}

int probe_attach(struct probe *p, const struct input_link *link, enum attach_mode mode,
		 struct failure *failure)
{
	enum probe_hook hooks[2];
	int n = plan(link, mode, hooks), r = -EOPNOTSUPP;

	if (!instance_reads(link))
		return failure_set(
			failure, -EPROTONOSUPPORT,
			"cannot watch %s: its frames are of a kind (%u) that synhole does "
			"not read; Ethernet and plain IP links are",
			link->name, link->type);

	for (int i = 0; i < n; i++) {
		r = try_hook(p, link, hooks[i]);
		if (r == 0)
			return 0;
		attach_failure(r, link, hooks[i], failure);
	}
	return r;
}

/* A program that another CPU had begun to run is done when all CPUs have passed a quiet point. */
void probe_detach(struct probe *p)
{
	for (size_t i = 0; i < p->count; i++)
		instance_release(&p->instances[i]);
	if (p->drops)
		drops_release(p->drops);
	if (p->count)
		syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
}

/* The time of a SYN is that of its coming, not of its being read. */
static when_t time_of(uint64_t monotonic)
{
	return realtime() - (clock_now(CLOCK_MONOTONIC) - monotonic);
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
	const struct instance *instance = find(p, ifindex);

	if (instance)
		describe(p, instance, ret_interface);
	return instance;
}

/* By name, because it may come back; when there are too many the first one gives way. */
static void keep_counters(struct probe *p, const struct instance *instance)
{
	struct counters counters = instance_counters(instance, p->settings.slots.cpus);
	size_t i = 0;

	settings_add(&p->dropped, &counters);
	while (i < p->past_count && strcmp(p->past[i].name, instance->name) != 0)
		i++;
	if (i == PROBE_PAST_MAX)
		i = 0;
	if (i == p->past_count || strcmp(p->past[i].name, instance->name) != 0)
		memset(&p->past[i], 0, sizeof(p->past[i]));
	p->past_count += i == p->past_count;
	snprintf(p->past[i].name, sizeof(p->past[i].name), "%s", instance->name);
	settings_add(&p->past[i].counters, &counters);
}

void probe_drop(struct probe *p, uint32_t ifindex)
{
	struct instance *instance = find(p, ifindex);

	if (!instance)
		return;
	instance_release(instance);
	keep_counters(p, instance);
	instance_free(instance);
	p->count--;
	memmove(instance, instance + 1,
		(size_t)(p->instances + p->count - instance) * sizeof(*instance));
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
