/* SPDX-License-Identifier: GPL-2.0-only */
/* What all programs have in common: the maps that they share, and their settings. */
#ifndef SYNHOLE_IO_SETTINGS_H
#define SYNHOLE_IO_SETTINGS_H

#include "io/known.h"
#include "io/slots.h"

#include <string.h>

struct pins;

struct settings {
	const struct pins *pins; /* NULL: nothing outlives the process */
	bool adopted;		 /* the maps are those of an earlier run */
	struct slots slots;	 /* the counting table */
	struct known known;
	int events, attempts; /* the maps, borrowed */
	int packets, rations; /* the same; there only where packets are kept: */
	bool keep;
	uint32_t packet_rations[PACKET_CLASSES]; /* a CPU and a tick */
	bool xdp_frags;				 /* the kernel has XDP frames of several buffers */
	uint32_t allowances[ALLOWANCES];	 /* a CPU and a tick */
	uint32_t attempt_shift, attempt_unit;	 /* see bpf/attempts.h */
	uint32_t epoch;				 /* of `known` */
};

/* The table, over all CPUs. */
static inline uint32_t settings_sets(const struct settings *settings)
{
	return (uint32_t)(settings->slots.region / sizeof(struct slot_set));
}

/* Writes them into a skeleton that is open and not loaded: any of ours has these members. */
#define settings_write(settings, skeleton)                                                         \
	do {                                                                                       \
		(skeleton)->rodata->seed = (settings)->slots.seed;                                 \
		(skeleton)->rodata->regions = (settings)->slots.cpus;                              \
		(skeleton)->rodata->set_mask = settings_sets(settings) - 1;                        \
		memcpy((void *)(skeleton)->rodata->allowances, (settings)->allowances,             \
		       sizeof((settings)->allowances));                                            \
		(skeleton)->rodata->keeping = (settings)->keep;                                    \
		memcpy((void *)(skeleton)->rodata->packet_rations, (settings)->packet_rations,     \
		       sizeof((settings)->packet_rations));                                        \
		bpf_map__set_autocreate((skeleton)->maps.kept, (settings)->keep);                  \
		bpf_map__set_autocreate((skeleton)->maps.rations, (settings)->keep);               \
		(skeleton)->bss->epoch = (settings)->epoch;                                        \
		bpf_map__set_max_entries((skeleton)->maps.table,                                   \
					 (settings)->slots.cpus *settings_sets(settings));         \
	} while (0)

/* Makes a skeleton use the maps that all share. Returns 0 or -errno. */
#define settings_share(settings, skeleton)                                                         \
	({                                                                                         \
		int r_ = bpf_map__reuse_fd((skeleton)->maps.table, (settings)->slots.fd);          \
		r_ = r_ ? r_ : bpf_map__reuse_fd((skeleton)->maps.known, (settings)->known.map);   \
		r_ = r_ ? r_                                                                       \
			: bpf_map__reuse_fd((skeleton)->maps.likely, (settings)->known.likely);    \
		r_ = r_ ? r_ : bpf_map__reuse_fd((skeleton)->maps.events, (settings)->events);     \
		r_ = r_ ? r_ : bpf_map__reuse_fd((skeleton)->maps.attempts, (settings)->attempts); \
		if (!r_ && (settings)->keep)                                                       \
			r_ = bpf_map__reuse_fd((skeleton)->maps.kept, (settings)->packets);        \
		if (!r_ && (settings)->keep)                                                       \
			r_ = bpf_map__reuse_fd((skeleton)->maps.rations, (settings)->rations);     \
		r_;                                                                                \
	})

/* Nanoseconds of a tick: what the kernel's coarse clocks are made of, and so their resolution. */
uint64_t settings_tick(void);

/* Sets the allowances and the rations. */
void settings_set_limits(struct settings *settings);

void settings_add(struct counters *into, const struct counters *counters);

/* The counters in one skeleton's memory, over all CPUs, while it counts. */
struct counters settings_sum(const struct counters *counters, unsigned cpus);

#endif
