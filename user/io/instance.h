/* SPDX-License-Identifier: GPL-2.0-only */
/* One instance of the programs: loaded for one interface, and hooked to it. */
#ifndef SYNHOLE_IO_INSTANCE_H
#define SYNHOLE_IO_INSTANCE_H

#include "core/input.h"
#include "io/hook.h"
#include "io/probe.h"
#include "io/settings.h"

struct synhole;

struct instance {
	struct synhole *programs;
	struct hook ingress, egress; /* clsact holds both in the first */
	enum probe_hook kind;
	uint32_t ifindex;
	char name[16];
	const struct pins *pins; /* that hold the hooks, too; NULL: none */
	bool left_clsact;	 /* hangs by clsact_leave() */
};

/* Whether synhole can read the frames of this link. */
bool instance_reads(const struct input_link *link);

/* Loads and hooks; HOOK_TCX becomes HOOK_CLSACT where the kernel has no tcx. -errno as of hook.h,
 * or of the load. */
int instance_attach(const struct settings *settings, const struct input_link *link,
		    enum probe_hook kind, struct instance *ret_instance);

/* Takes the programs off the interface; the counters stay readable. */
void instance_release(struct instance *instance);

/* Whether the programs are still hooked: somebody may have taken them off. */
bool instance_holds(const struct instance *instance);

/* Of an interface's pins, for which nothing may be running any more. True: there were some. */
bool instance_remove_pins(const struct pins *pins, uint32_t ifindex);

/* Where there are pins the programs go on without us. */
void instance_free(struct instance *instance);

/* By which MAC addresses (wire_mac()) the host is called on this link; all 0: by any. */
void instance_set_macs(struct instance *instance, const uint64_t macs[ABI_MACS]);

void instance_set_epoch(struct instance *instance, uint32_t epoch);

/* Over all CPUs. */
struct counters instance_counters(const struct instance *instance, unsigned cpus);

#endif
