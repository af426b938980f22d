// SPDX-License-Identifier: GPL-2.0-only
/* Loads the programs to be measured, runs them, and reads what they have counted. */
#include "rig.h"

#include "bench.skel.h"
#include "io/known.h"
#include "synhole.skel.h"

#include <bpf/bpf.h>
#include <err.h>
#include <linux/pkt_cls.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>

#define INGRESS_IFINDEX 1 /* BPF_PROG_TEST_RUN comes in by the loopback interface */

/* As user space sets them on a kernel of 250 ticks a second. */
static const __u32 allowances[ALLOWANCES] = {
	[ALLOW_LOST] = 128,	[ALLOW_REPEAT] = 64,   [ALLOW_COPY] = 128, [ALLOW_OTHER] = 4,
	[ALLOW_STRANGER] = 128, [ALLOW_ATTEMPT] = 768, [ALLOW_DROP] = 16,
};

void rig_pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) < 0)
		err(1, "cannot stay on CPU %d", cpu);
}

const struct frame *rig_frame(const char *name)
{
	frames_build();
	for (size_t i = 0; i < frames_count; i++)
		if (strcmp(frames[i].name, name) == 0)
			return &frames[i];
	errx(1, "no frame is called \"%s\"", name);
}

static bool is_ours(const struct rig *rig)
{
	return rig->program <= RIG_OURS_EGRESS;
}

static bool is_xdp(const struct rig *rig)
{
	return rig->program != RIG_OURS_TC && rig->program != RIG_OURS_EGRESS;
}

static struct bpf_program *target_of(const struct rig *rig)
{
	switch (rig->program) {
	case RIG_OURS_XDP:
		return rig->ours->progs.ingress_xdp;
	case RIG_OURS_TC:
		return rig->ours->progs.ingress_tc;
	case RIG_OURS_EGRESS:
		return rig->ours->progs.egress_tc;
	case RIG_PERCPU:
		return rig->bench->progs.peer_percpu;
	default:
		return rig->bench->progs.peer_lru;
	}
}

static struct bpf_program *aim_of(const struct rig *rig)
{
	if (rig->program == RIG_OURS_TC)
		return rig->v6 ? rig->bench->progs.aim_tc6 : rig->bench->progs.aim_tc4;
	if (rig->program == RIG_OURS_EGRESS)
		return rig->v6 ? rig->bench->progs.aim_egress6 : rig->bench->progs.aim_egress4;
	return rig->v6 ? rig->bench->progs.aim_xdp6 : rig->bench->progs.aim_xdp4;
}

static struct bpf_program *empty_of(const struct rig *rig)
{
	return is_xdp(rig) ? rig->bench->progs.empty_xdp : rig->bench->progs.empty_tc;
}

/* Programs that take frames of several buffers and such that do not are not called by another. */
static void load_bench(struct rig *rig, bool frags)
{
	struct bpf_program *program;

	rig->bench = bench__open();
	if (!rig->bench)
		err(1, "cannot open the benchmark's programs");
	bpf_object__for_each_program(program,
				     rig->bench->obj) if (frags && bpf_program__type(program) ==
									   BPF_PROG_TYPE_XDP)
		bpf_program__set_flags(program, BPF_F_XDP_HAS_FRAGS);
	if (bench__load(rig->bench))
		err(1, "cannot load the benchmark's programs");
	rig->bench->bss->aim.random = 1;
}

/* 198.18.0.0/15 is there for benchmarks (RFC 2544, appendix C.2.2). */
static __u32 base_of(const struct rig *rig)
{
	return rig->v6 ? 0 : 198U << 24 | 18U << 16;
}

static struct addr known_address(const struct rig *rig, __u32 i)
{
	struct addr a = rig_frame(rig->v6 ? "v6" : "v4")->pkt.dst;

	a.words[3] = wire_32(base_of(rig) | i);
	return a;
}

static void own(const struct rig *rig)
{
	struct known known;

	if (known_open(&known, bpf_map__fd(rig->ours->maps.known),
		       bpf_map__fd(rig->ours->maps.likely)))
		err(1, "cannot map the known addresses");
	for (__u32 i = 0; i < rig->known; i++) {
		struct addr a = known_address(rig, i);

		if (known_tell(&known, &a, KNOWN_OWNED))
			err(1, "cannot make address %u known", i);
	}
	known_close(&known);
}

static enum rig_keeping keeps;

void rig_keep(enum rig_keeping keeping)
{
	keeps = keeping;
}

/* The ring has room for all of a sample, and is read between them. */
static void set_keeping(struct synhole *ours)
{
	ours->rodata->keeping = keeps != RIG_KEEPS_NONE;
	for (int i = 0; i < PACKET_CLASSES; i++)
		((__u32 *)ours->rodata->packet_rations)[i] =
			keeps == RIG_KEEPS_ALL ? UINT32_MAX : 0;
	bpf_map__set_autocreate(ours->maps.kept, keeps != RIG_KEEPS_NONE);
	bpf_map__set_autocreate(ours->maps.rations, keeps != RIG_KEEPS_NONE);
	bpf_map__set_max_entries(ours->maps.kept, 64 << 20);
}

static void load_ours(struct rig *rig, const struct rig_setup *setup, bool frags)
{
	static const __u8 mac[6] = FRAME_DST_MAC;
	int cpus = libbpf_num_possible_cpus();
	struct synhole *ours = synhole__open();
	struct bpf_program *program;

	if (!ours)
		err(1, "cannot open the programs");
	rig->ours = ours;
	rig->slots = setup->region / sizeof(struct slot);
	if (getrandom((void *)&ours->rodata->seed, sizeof(ours->rodata->seed), 0) < 0)
		err(1, "no random numbers");
	ours->rodata->regions = (__u32)cpus;
	ours->rodata->set_mask = rig->slots / ABI_WAYS - 1;
	ours->rodata->xdp_frags = frags;
	ours->rodata->attempt_shift = 3;
	ours->rodata->attempt_unit = 32;
	memcpy((void *)ours->rodata->allowances, allowances, sizeof(allowances));
	if (!setup->rationed)
		((__u32 *)ours->rodata->allowances)[ALLOW_STRANGER] = UINT32_MAX;
	set_keeping(ours);
	ours->bss->macs[0] = wire_mac(mac);
	bpf_map__set_max_entries(ours->maps.table, (__u32)cpus * (__u32)(rig->slots / ABI_WAYS));
	if (frags)
		bpf_program__set_flags(ours->progs.ingress_xdp, BPF_F_XDP_HAS_FRAGS);
	bpf_object__for_each_program(program, ours->obj)
		bpf_program__set_autoload(program, program == target_of(rig));
	if (synhole__load(ours))
		err(1, "cannot load the programs");
	rig->table = mmap(NULL, setup->region * (size_t)cpus, PROT_READ, MAP_SHARED,
			  bpf_map__fd(ours->maps.table), 0);
	if (rig->table == MAP_FAILED)
		err(1, "cannot map the table");
	own(rig);
}

static int ignore(void *data, void *record, size_t size)
{
	return 0;
}

void rig_load(struct rig *rig, enum rig_program program, bool v6, const struct rig_setup *setup)
{
	bool frags = libbpf_probe_bpf_helper(BPF_PROG_TYPE_XDP, BPF_FUNC_xdp_load_bytes, NULL) == 1;

	*rig = (struct rig){.program = program,
			    .v6 = v6,
			    .known = setup->known > RIG_KNOWN ? setup->known : RIG_KNOWN};
	load_bench(rig, frags);
	if (!is_ours(rig))
		return;
	load_ours(rig, setup, frags);
	rig->events = ring_buffer__new(bpf_map__fd(rig->ours->maps.events), ignore, NULL, NULL);
	if (!rig->events ||
	    (keeps &&
	     ring_buffer__add(rig->events, bpf_map__fd(rig->ours->maps.kept), ignore, NULL)))
		err(1, "cannot read the events");
}

void rig_unload(struct rig *rig)
{
	if (is_ours(rig)) {
		ring_buffer__free(rig->events);
		munmap(rig->table,
		       rig->slots * sizeof(struct slot) * (size_t)libbpf_num_possible_cpus());
		synhole__destroy(rig->ours);
	}
	bench__destroy(rig->bench);
}

void rig_aim(struct rig *rig, __u32 keys)
{
	rig->bench->bss->aim.choose = 0;
	rig->bench->bss->aim.base = keys ? base_of(rig) : 0;
	rig->bench->bss->aim.mask = keys - 1;
}

void rig_choose(struct rig *rig, const struct frame *frame, bool one_set)
{
	struct bench_aim *aim = &rig->bench->bss->aim;
	struct slot_key key = {
		.dst = frame->pkt.dst, .ifindex = INGRESS_IFINDEX, .port = frame->pkt.dport};
	struct table_seed seed;
	__u32 word = base_of(rig) + rig->known, sets = (__u32)(rig->slots / ABI_WAYS);

	memcpy(&seed, (const void *)&rig->ours->rodata->seed, sizeof(seed));
	for (__u32 i = 0; i < BENCH_CHOSEN; word++) {
		key.dst.words[3] = wire_32(word);
		if (!one_set || table_set(&seed, &key, sets - 1) == 0)
			aim->chosen[i++] = word;
	}
	aim->choose = 1;
}

static void set_target(const struct rig *rig, bool empty)
{
	int array =
		bpf_map__fd(is_xdp(rig) ? rig->bench->maps.xdp_target : rig->bench->maps.tc_target);
	int target = bpf_program__fd(empty ? empty_of(rig) : target_of(rig));
	__u32 zero = 0;

	if (bpf_map_update_elem(array, &zero, &target, BPF_ANY))
		err(1, "cannot aim at the program");
}

double rig_run(struct rig *rig, const struct frame *frame, bool aimed, bool empty, __u32 repeat)
{
	struct bpf_program *program = aimed ? aim_of(rig) : empty ? empty_of(rig) : target_of(rig);
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame->bytes, .data_size_in = frame->len,
		    .repeat = (int)repeat);
	__u32 pass = is_xdp(rig) ? XDP_PASS : (__u32)TC_ACT_UNSPEC;

	if (aimed)
		set_target(rig, empty);
	if (bpf_prog_test_run_opts(bpf_program__fd(program), &opts))
		err(1, "cannot run the program on \"%s\"", frame->name);
	if (opts.retval != pass)
		errx(1, "the frame \"%s\" did not pass: %u", frame->name, opts.retval);
	if (rig->events)
		ring_buffer__consume(rig->events);
	return opts.duration;
}

static void count_slots(const struct rig *rig, struct rig_counts *counts)
{
	size_t all = rig->slots * (size_t)libbpf_num_possible_cpus();

	for (size_t i = 0; i < all; i += ABI_WAYS) {
		__u64 taken = 0;

		for (size_t way = 0; way < ABI_WAYS; way++) {
			taken += rig->table[i + way].tagged != 0;
			counts->counted += table_count(&rig->table[i + way]);
		}
		counts->taken += taken;
		counts->sets += taken != 0;
	}
}

static void count_entries(const struct rig *rig, struct rig_counts *counts)
{
	const struct bpf_map *map =
		rig->program == RIG_LRU ? rig->bench->maps.lru : rig->bench->maps.percpu;
	__u64 values[ABI_MAX_CPUS];
	struct slot_key key, *at = NULL;

	for (; bpf_map_get_next_key(bpf_map__fd(map), at, &key) == 0; at = &key) {
		memset(values, 0, sizeof(values));
		if (bpf_map_lookup_elem(bpf_map__fd(map), &key, values))
			continue;
		counts->taken++;
		for (int i = 0; i < libbpf_num_possible_cpus(); i++)
			counts->counted += values[i];
	}
}

struct rig_counts rig_counts(const struct rig *rig)
{
	struct rig_counts counts = {0};

	if (!is_ours(rig)) {
		counts.lost = rig->bench->bss->peer_full;
		count_entries(rig, &counts);
		return counts;
	}
	for (int cpu = 0; cpu < ABI_MAX_CPUS; cpu++) {
		const struct counters *c = &rig->ours->bss->counters[cpu];

		counts.frames += c->frames;
		counts.syns += c->syns;
		counts.lost += c->unattributed + c->forgotten;
	}
	count_slots(rig, &counts);
	return counts;
}
