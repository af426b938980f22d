// SPDX-License-Identifier: GPL-2.0-only
/* How long a snapshot of the counting table takes, and how much memory its slots and regions. */
#include "rig.h"
#include "samples.h"

#include "bench.skel.h"
#include "io/slots.h"
#include "synhole.skel.h"

#include <err.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define REPEATS 4 /* strangers for each slot, so that all of them are taken */

struct told {
	__u64 slots, syns;
};

static void hear(void *data, const struct input *in)
{
	struct told *told = data;

	if (in->kind != INPUT_COUNT)
		return;
	told->slots++;
	told->syns += in->count.syns;
}

static double milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Kernel memory of a map in bytes, as the kernel accounts for it. */
static double map_memory(const struct bpf_map *map)
{
	char path[64], line[128];
	double bytes = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", bpf_map__fd(map));
	file = fopen(path, "r");
	if (!file)
		err(1, "cannot read %s", path);
	while (fgets(line, sizeof(line), file))
		sscanf(line, "memlock: %lf", &bytes);
	fclose(file);
	if (bytes < 0)
		errx(1, "the kernel does not say how much memory a map takes");
	return bytes;
}

/* Strangers on every CPU in turn; returns how many. */
static __u64 fill(struct rig *rig)
{
	int cpus = libbpf_num_possible_cpus();
	__u32 each = (__u32)rig->slots * REPEATS;

	rig_aim(rig, 0);
	for (int cpu = 0; cpu < cpus; cpu++) {
		rig_pin(cpu);
		rig_run(rig, rig_frame("v6 linux"), true, false, each);
	}
	return (__u64)each * (__u64)cpus;
}

static void check(const struct rig *rig, const struct told *told, __u64 sent)
{
	struct rig_counts counts = rig_counts(rig);

	if (told->syns + counts.lost != sent || counts.syns != sent)
		errx(1, "of %llu SYNs %llu were told and %llu unattributed", sent, told->syns,
		     counts.lost);
	if (told->slots < counts.taken || told->slots < rig->slots)
		errx(1, "%llu slots were told of %llu", told->slots, counts.taken);
}

static void snapshot(size_t total)
{
	const unsigned cpus = (unsigned)libbpf_num_possible_cpus();
	struct tick_clock clock = {.jiffies = 1, .now = 1, .tick = 4000000};
	struct samples took;
	struct slots slots = {.stays = true}; /* as one that was asked for */
	struct rig rig;
	__u64 sent;

	rig_load(&rig, RIG_OURS_XDP, true,
		 &(struct rig_setup){.region = total / cpus * sizeof(struct slot)});
	sent = fill(&rig);
	slots.fd = bpf_map__fd(rig.ours->maps.table);
	slots.cpus = cpus;
	slots.region = rig.slots * sizeof(struct slot);
	memcpy(&slots.seed, (const void *)&rig.ours->rodata->seed, sizeof(slots.seed));
	for (int i = 0; i < SAMPLES_ROUNDS; i++) {
		struct told told = {0};
		double start = milliseconds();

		if (slots_tell(&slots, &clock, NULL, hear, &told) < 0)
			errx(1, "the table could not be read");
		took.values[i] = milliseconds() - start;
		check(&rig, &told, sent);
	}
	samples_sort(&took);
	printf("%8zu slots, all taken: ms %7.2f %7.2f %7.2f  %.1f ns and %.1f bytes a slot", total,
	       samples_least(&took), samples_median(&took), samples_most(&took),
	       samples_median(&took) * 1e6 / (double)total,
	       map_memory(rig.ours->maps.table) / (double)total);
	if (total >= 1 << 20)
		printf("  at most 10 ms: %s",
		       samples_median(&took) <= 10 ? "holds" : "DOES NOT HOLD");
	printf("\n");
	slots_close(&slots);
	rig_unload(&rig);
}

static void tell_peers(void)
{
	struct rig rig;

	rig_load(&rig, RIG_PERCPU, true, &(struct rig_setup){0});
	printf("%8d entries of a per-CPU hash: %.1f bytes each\n", BENCH_PEER_ENTRIES,
	       map_memory(rig.bench->maps.percpu) / BENCH_PEER_ENTRIES);
	printf("%8d entries of an LRU hash: %.1f bytes each\n", BENCH_PEER_ENTRIES,
	       map_memory(rig.bench->maps.lru) / BENCH_PEER_ENTRIES);
	rig_unload(&rig);
}

static void tell_regions(void)
{
	static const unsigned cpus[] = {1, 2, 8, 32, 64, 128, 1024};

	printf("\nthe table's default size\n");
	for (size_t i = 0; i < sizeof(cpus) / sizeof(*cpus); i++) {
		size_t region = slots_region_bytes(cpus[i]);

		printf("%8u CPUs: %5zu KiB and %6zu slots each, %3zu MiB in all\n", cpus[i],
		       region >> 10, region / sizeof(struct slot), region * cpus[i] >> 20);
	}
}

int main(void)
{
	printf("snapshot of the table (least, median, most)\n");
	snapshot(64 << 10);
	snapshot(1 << 20);
	tell_peers();
	tell_regions();
	return 0;
}
