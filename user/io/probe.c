// SPDX-License-Identifier: GPL-2.0-only
/* The programs in the kernel: the maps that the instances share. */
#include "io/drops.h"
#include "io/pins.h"
#include "io/privilege.h"
#include "io/probe_parts.h"
#include "base/cleanup.h"
#include "pkt.h"
#include "synhole.skel.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/utsname.h>

int probe_load_failure(int r, struct failure *failure)
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
		return probe_load_failure(-errno, failure);
	settings_write(&p->settings, p->maps);
	r = probe_reuse_maps(p);
	if (r < 0)
		return probe_load_failure(r, failure);
	bpf_program__set_autoload(p->maps->progs.ingress_xdp, false);
	bpf_program__set_autoload(p->maps->progs.ingress_tc, false);
	bpf_program__set_autoload(p->maps->progs.egress_tc, false);
	r = synhole__load(p->maps);
	if (r < 0)
		return probe_load_failure(r, failure);
	p->settings.slots.fd = bpf_map__fd(p->maps->maps.table);
	p->settings.events = bpf_map__fd(p->maps->maps.events);
	p->settings.packets = bpf_map__fd(p->maps->maps.kept); /* negative where not kept */
	p->settings.rations = bpf_map__fd(p->maps->maps.rations);
	p->settings.attempts = bpf_map__fd(p->maps->maps.attempts);
	r = known_open(&p->settings.known, bpf_map__fd(p->maps->maps.known),
		       bpf_map__fd(p->maps->maps.likely));
	return r < 0 ? probe_load_failure(r, failure) : 0;
}

/* Of all that is needed the newest: who may not make one may do nothing with BPF. */
static int check_kernel(struct failure *failure)
{
	autoclose int fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, NULL, 0, 0, 4096, NULL);
	struct utsname kernel;

	if (fd >= 0)
		return 0;
	if (fd == -EPERM)
		return failure_set(failure, fd,
				   "this process may not use BPF though it has the capabilities: "
				   "is the bpf system call forbidden by the container or the "
				   "service it runs in?");
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
	if (settings->lasting && pins_open(&p->pins, &p->pins_failure) == -EBUSY)
		return failure_set(failure, -EBUSY, "%s", p->pins_failure.text);
	p->settings.pins = p->pins;
	probe_adopt(p);
	r = make_maps(p, failure);
	if (r < 0)
		return r;
	probe_keep_maps(p);
	*ret_probe = take_ptr(p);
	return 0;
}

void probe_free(struct probe **probe)
{
	struct probe *p = *probe;

	if (!p)
		return;
	if (!p->pins)
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
	if (p->layout > 0)
		close_fd(&p->layout);
	pins_close(&p->pins);
	free(p);
	*probe = NULL;
}

struct probe_table probe_table(const struct probe *p)
{
	size_t bytes = p->settings.slots.region * p->settings.slots.cpus;

	return (struct probe_table){bytes, bytes / sizeof(struct slot)};
}
