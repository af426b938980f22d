/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The programs in the kernel: loaded, attached to interfaces, their counts and events read.
 *
 * One instance of the programs is loaded for each interface; all share the counting table, the
 * set of known addresses and the events. A hook is held by a file descriptor, so that it goes
 * when this process does, however it ends.
 */
#ifndef SYNHOLE_IO_PROBE_H
#define SYNHOLE_IO_PROBE_H

#include "base/failure.h"
#include "core/input.h"

#include <systemd/sd-event.h>

enum attach_mode {
	ATTACH_AUTO,
	ATTACH_NATIVE,
	ATTACH_GENERIC,
	ATTACH_TC,
	ATTACH_CLSACT, /* what ATTACH_TC falls back to where the kernel has no tcx */
};

enum probe_hook {
	HOOK_XDP_NATIVE,
	HOOK_XDP_GENERIC,
	HOOK_TCX,
	HOOK_CLSACT,
};

/* As in JSON: "xdp-native", "xdp-generic", "tcx", "clsact". */
const char *probe_hook_name(enum probe_hook hook);

struct probe;

struct probe_settings {
	size_t table; /* bytes of the counting table in all, 0: slots_region_bytes() each CPU */
	bool lasting; /* programs and counts outlive the process, for the next one to take over */
	bool keep;    /* what is counted is told packet by packet, too, as far as there is room */
};

/* Checks what this process may and this kernel can, and makes the maps. */
int probe_new(struct probe **ret_probe, const struct probe_settings *settings, input_fn *hear,
	      void *data, struct failure *failure);
void probe_free(struct probe **probe);

/* Why nothing can outlive this process though it should, in a sentence; NULL: it does. */
const char *probe_pins_ail(const struct probe *probe);

/* Whether counting goes on where an earlier run has stopped; and a number that is another one for
 * each table that was begun with. */
bool probe_adopted(const struct probe *probe);
uint64_t probe_generation(const struct probe *probe);

/* What an earlier run has left on interfaces that are not attached to now. */
void probe_forget_others(struct probe *probe);

/* Removes all that a daemon has left in this network namespace, and tells of each thing. -EBUSY: it
 * runs. */
int probe_remove_all(void (*tell)(void *data, const char *what), void *data,
		     struct failure *failure);

/* Whether the programs are still hooked to the interface: somebody may have taken them off. */
bool probe_holds(const struct probe *probe, uint32_t ifindex);

/* The counting table: bytes of kernel memory and slots, over all CPUs. */
struct probe_table {
	size_t bytes, slots;
};

struct probe_table probe_table(const struct probe *probe);

/* Loads an instance and hooks it to the interface, which is counted from then on. */
int probe_attach(struct probe *probe, const struct input_link *link, enum attach_mode mode,
		 struct failure *failure);

/* Unhooks one interface, or forgets one that is gone. What it has counted stays in
 * probe_counters(). */
void probe_drop(struct probe *probe, uint32_t ifindex);

/* Says by which MAC addresses this host is called on a link: its own, and its master's (NULL: it
 * has none). A SYN for another is foreign. To be called again when they change. */
void probe_set_macs(struct probe *probe, const struct input_link *link,
		    const struct input_link *master);

/* Counts the SYNs that the kernel drops in this network namespace, with their reasons. Needs the
 * running kernel's BTF and Linux 5.17; without, the sentence says what will be missing. */
int probe_watch_drops(struct probe *probe, struct failure *failure);

/* Unhooks all, and returns once no program runs any more: counts are final. */
void probe_detach(struct probe *probe);

/* Events are heard on the loop, as INPUT_SYN and INPUT_LOST; packets, where they are kept, as
 * INPUT_PACKET. */
int probe_follow(struct probe *probe, sd_event *loop, struct failure *failure);

/* Tells the programs what an address is (enum known_flags), 0 to forget it. Takes effect for new
 * counters at once, for those there are after probe_know_done(). */
int probe_know(struct probe *probe, const struct addr *a, uint32_t flags);
void probe_know_done(struct probe *probe);

/* Asks `flags_of` anew about every address that the programs were told of. */
void probe_know_again(struct probe *probe, uint32_t (*flags_of)(void *data, const struct addr *a),
		      void *data);

/* One snapshot of the counting table: INPUT_COUNTS_BEGIN, INPUT_COUNT..., INPUT_COUNTS_END; of one
 * destination if `only` is not NULL, which may be asked for while an event is heard. */
int probe_snapshot(struct probe *probe, const struct addr *only);

/* Packets that should have been kept and were not, since there was no room for them. */
uint64_t probe_packets_lost(const struct probe *probe);

/* The counters of all programs, summed: of the interfaces, and of the tracepoint, which counts in
 * the same table and so may take the place of others there. */
struct counters probe_counters(const struct probe *probe);

struct probe_interface {
	uint32_t ifindex;
	const char *name;
	enum probe_hook hook;
	struct counters counters; /* summed over the CPUs */
};

/* The interfaces in the order of their attaching; false at the end. What was counted on one of this
 * name that was dropped is counted with it. */
bool probe_interface(const struct probe *probe, size_t i, struct probe_interface *ret_interface);

/* The same of one interface; false: nothing is attached there. */
bool probe_interface_of(const struct probe *probe, uint32_t ifindex,
			struct probe_interface *ret_interface);

#endif
