// SPDX-License-Identifier: GPL-2.0-only
/* The interfaces: how each is attached to, and let go. */
#include "io/drops.h"
#include "io/probe_parts.h"
#include "wire.h"

#include <errno.h>
#include <linux/if_arp.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

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

struct instance *probe_instance(const struct probe *p, uint32_t ifindex)
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
	int r = drops_watch(&p->drops, &p->settings, failure);

	if (r == 0)
		probe_keep_drops(p, drops_link(p->drops));
	return r;
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
		return probe_load_failure(r, failure);
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
	struct instance *instance = probe_instance(p, ifindex);

	if (!instance)
		return;
	instance_release(instance);
	keep_counters(p, instance);
	instance_free(instance);
	p->count--;
	memmove(instance, instance + 1,
		(size_t)(p->instances + p->count - instance) * sizeof(*instance));
}

bool probe_holds(const struct probe *p, uint32_t ifindex)
{
	const struct instance *instance = probe_instance(p, ifindex);

	return instance && instance_holds(instance);
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
