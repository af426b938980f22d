// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The maps and settings that the programs share. */
#include "maps.h"

struct table_map table SEC(".maps");
struct known_map known SEC(".maps");
struct likely_map likely SEC(".maps");
struct events_map events SEC(".maps");
struct attempts_map attempts SEC(".maps");
struct copies_map copies SEC(".maps");
struct kept_map kept SEC(".maps");
struct rations_map rations SEC(".maps");

const volatile struct table_seed seed = {};
const volatile __u32 set_mask = 0;
const volatile __u32 regions = 0;
const volatile __u32 allowances[ALLOWANCES] = {};
const volatile __u32 link = PKT_LINK_ETHERNET;
const volatile bool keeping = false;
const volatile __u32 packet_rations[PACKET_CLASSES] = {};
__u32 epoch = 0;
struct counters counters[ABI_MAX_CPUS] = {};

char LICENSE[] SEC("license") = "Dual BSD/GPL";
