/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The maps and settings that the programs share; they stand in maps.bpf.c. */
#ifndef SYNHOLE_MAPS_H
#define SYNHOLE_MAPS_H

#include "vmlinux.h"
#include "abi.h"
#include "pkt.h"
#include "table.h"

#include <bpf/bpf_helpers.h>

/* The counting table (see abi.h). User space sets max_entries: CPUs times sets per CPU. */
struct table_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct slot_set);
};

/* The addresses that matter: owned by this host or published, a mask of enum known_flags. Not
 * preallocated: a host has ten of them, a large one thousands. */
struct known_map {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, struct addr);
	__type(value, __u32);
};

/* The same, at a glance. User space writes it through its mapping. */
struct likely_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct likely);
};

/* struct syn_event, as they happen. */
struct events_map {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
};

/* Attempts of strangers (see attempts.h). */
struct attempts_map {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, ABI_ATTEMPT_SETS);
	__type(key, __u32);
	__type(value, struct attempt_set);
};

/* Where headers are put together that lie outside a frame's linear part. */
struct copy {
	__u8 bytes[PKT_COPY_ROOM];
};

struct copies_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct copy);
};

/* struct packet_event. This map and the next are there only where `keeping` is set. */
struct kept_map {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 * 1024 * 1024);
};

struct rations_map {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ration);
};

extern struct table_map table SEC(".maps");
extern struct known_map known SEC(".maps");
extern struct likely_map likely SEC(".maps");
extern struct events_map events SEC(".maps");
extern struct attempts_map attempts SEC(".maps");
extern struct copies_map copies SEC(".maps");
extern struct kept_map kept SEC(".maps");
extern struct rations_map rations SEC(".maps");

extern const volatile struct table_seed seed;
extern const volatile __u32 set_mask; /* sets in one CPU's region, less one */
extern const volatile __u32 regions;  /* CPUs that have a region */
extern const volatile __u32 allowances[ALLOWANCES];
extern const volatile __u32 link; /* enum pkt_link of the interface */

/* Packets are kept, so many of each class a CPU and a tick. Where not, the verifier removes all
 * that would do it. */
extern const volatile bool keeping;
extern const volatile __u32 packet_rations[PACKET_CLASSES];

/* User space adds one after each change of `known`, so that slots look again. */
extern __u32 epoch;

extern struct counters counters[ABI_MAX_CPUS];

#endif
