// SPDX-License-Identifier: GPL-2.0-only
/* Loads a program, runs it, and compares all that it left behind with what the frame demands. */
#include "instance.h"

#include "base/cleanup.h"
#include "core/packets.h"
#include "io/known.h"
#include "synhole.skel.h"

#include <bpf/bpf.h>
#include <linux/pkt_cls.h>
#include <string.h>
#include <sys/mman.h>

#define SETS 16

static int on_event(void *data, void *record, size_t size)
{
	struct instance *instance = data;

	assert_int_equal(size, sizeof(instance->event));
	memcpy(&instance->event, record, size);
	instance->event_count++;
	return 0;
}

static int on_packet(void *data, void *record, size_t size)
{
	struct instance *instance = data;

	assert_int_equal(size, sizeof(instance->packet));
	memcpy(&instance->packet, record, size);
	instance->packet_count++;
	return 0;
}

static void publish(const struct synhole *programs)
{
	struct known known;

	assert_int_equal(known_open(&known, bpf_map__fd(programs->maps.known),
				    bpf_map__fd(programs->maps.likely)),
			 0);
	for (size_t i = 0; i < frames_count; i++)
		assert_int_equal(known_tell(&known, &frames[i].pkt.dst, KNOWN_PUBLISHED), 0);
	known_close(&known);
}

static void configure(struct instance *instance, enum pkt_link link, int cpus)
{
	struct synhole *programs = instance->programs;

	for (int i = 0; i <= TABLE_WORDS; i++) {
		programs->rodata->seed.set[i] = 0x9e3779b97f4a7c15ULL * (2U * i + 1);
		programs->rodata->seed.tag[i] = 0xc2b2ae3d27d4eb4fULL * (2U * i + 1);
	}
	programs->rodata->regions = cpus;
	programs->rodata->set_mask = SETS - 1;
	programs->rodata->link = link;
	for (int i = 0; i < ALLOWANCES; i++)
		programs->rodata->allowances[i] = 1000;
	programs->rodata->keeping = true;
	for (int i = 0; i < PACKET_CLASSES; i++)
		programs->rodata->packet_rations[i] = 1000;
	programs->rodata->xdp_frags = instance->frags;
	if (instance->frags)
		bpf_program__set_flags(programs->progs.ingress_xdp, BPF_F_XDP_HAS_FRAGS);
	/* No room, so that a vector that is run again is not known again. */
	bpf_map__set_max_entries(programs->maps.attempts, 1);
	bpf_map__set_max_entries(programs->maps.table, cpus * SETS);
}

static struct bpf_program *program_of(const struct instance *instance)
{
	switch (instance->which) {
	case WHICH_XDP:
		return instance->programs->progs.ingress_xdp;
	case WHICH_TC:
		return instance->programs->progs.ingress_tc;
	default:
		return instance->programs->progs.egress_tc;
	}
}

static void load_only(const struct instance *instance)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, instance->programs->obj)
		bpf_program__set_autoload(program, program == program_of(instance));
	assert_int_equal(synhole__load(instance->programs), 0);
}

void instance_load(struct instance *instance, const char *name, enum which which,
		   enum pkt_link link)
{
	int cpus = libbpf_num_possible_cpus();
	struct synhole *programs = synhole__open();

	assert_non_null(programs);
	*instance = (struct instance){
		.name = name,
		.which = which,
		.frags = libbpf_probe_bpf_helper(BPF_PROG_TYPE_XDP, BPF_FUNC_xdp_load_bytes,
						 NULL) == 1,
		.programs = programs,
		.slots = (size_t)cpus * SETS * ABI_WAYS,
	};
	configure(instance, link, cpus);
	load_only(instance);
	instance->table = mmap(NULL, instance->slots * sizeof(struct slot), PROT_READ | PROT_WRITE,
			       MAP_SHARED, bpf_map__fd(programs->maps.table), 0);
	assert_ptr_not_equal(instance->table, MAP_FAILED);
	instance->events =
		ring_buffer__new(bpf_map__fd(programs->maps.events), on_event, instance, NULL);
	assert_non_null(instance->events);
	assert_int_equal(ring_buffer__add(instance->events, bpf_map__fd(programs->maps.kept),
					  on_packet, instance),
			 0);
	publish(programs);
}

void instance_unload(struct instance *instance)
{
	ring_buffer__free(instance->events);
	munmap(instance->table, instance->slots * sizeof(struct slot));
	synhole__destroy(instance->programs);
}

int instance_program(const struct instance *instance)
{
	return bpf_program__fd(program_of(instance));
}

struct counters instance_counters(const struct instance *instance)
{
	struct counters sum = {0};

	for (int cpu = 0; cpu < ABI_MAX_CPUS; cpu++) {
		const volatile struct counters *c = &instance->programs->bss->counters[cpu];

		sum.frames += c->frames;
		sum.syns += c->syns;
		sum.unparsed += c->unparsed;
		sum.unattributed += c->unattributed;
		sum.forgotten += c->forgotten;
		sum.events_lost += c->events_lost;
		sum.events_held += c->events_held;
		sum.drops_held += c->drops_held;
	}
	return sum;
}

/* Of a map that has one value for each CPU. */
static void clear(const struct bpf_map *map, size_t size)
{
	autofree __u8 *values = calloc((size_t)libbpf_num_possible_cpus(), size);
	__u32 zero = 0;

	assert_non_null(values);
	assert_int_equal(bpf_map_update_elem(bpf_map__fd(map), &zero, values, BPF_ANY), 0);
}

void instance_reset(struct instance *instance)
{
	clear(instance->programs->maps.copies, PKT_COPY_ROOM);
	memset(instance->programs->bss->shares, 0, sizeof(instance->programs->bss->shares));
	memset(instance->table, 0, instance->slots * sizeof(struct slot));
	memset(instance->programs->bss->counters, 0, sizeof(instance->programs->bss->counters));
	ring_buffer__consume(instance->events);
	instance->event_count = 0;
	instance->packet_count = 0;
}

/* What a frame is counted under, and as sent by whom. False: under nothing. */
static bool counted_as(const struct instance *instance, const struct frame *frame,
		       enum pkt_kind kind, __u32 ifindex, struct slot_key *ret_key,
		       struct addr *ret_src)
{
	static const __u16 kinds[] = {
		[PKT_SYN] = SLOT_SYN, [PKT_ASKED] = SLOT_ASKED, [PKT_SYN_ACK] = SLOT_SYN_ACK,
		[PKT_RST] = SLOT_RST, [PKT_ICMP] = SLOT_ICMP,
	};
	const struct pkt *pkt = &frame->pkt;
	bool out = instance->which == WHICH_EGRESS, back = kind == PKT_SYN_ACK || kind == PKT_RST;

	if (kind == PKT_OTHER || kind == PKT_SHORT || kind == PKT_BROKEN ||
	    (out && kind == PKT_SYN))
		return false;
	*ret_key = (struct slot_key){
		.dst = back ? pkt->src : pkt->dst,
		.ifindex = out ? 0 : ifindex,
		.port = kind == PKT_ASKED ? 0
			: back		  ? pkt->sport
					  : pkt->dport,
		.kind = kinds[kind],
	};
	*ret_src = back ? pkt->dst : pkt->src;
	return true;
}

static void check_slot(const struct instance *instance, const struct slot *slot,
		       const struct slot_key *key, const struct addr *src)
{
	assert_memory_equal(&slot->key, key, sizeof(*key));
	assert_memory_equal(&slot->src, src, sizeof(*src));
	assert_int_equal(table_count(slot), 1);
	assert_int_equal(slot->tagged & ~ABI_COUNT_MASK,
			 table_tag(&instance->programs->rodata->seed, key));
	assert_int_equal(slot->known, KNOWN_PUBLISHED);
	assert_int_not_equal(slot->first, 0);
	assert_int_equal(slot->first, slot->last);
}

/* Exactly one slot is taken by what is counted, none by anything else. */
static void check_table(const struct instance *instance, const struct frame *frame,
			enum pkt_kind kind, __u32 ifindex)
{
	struct slot_key key;
	struct addr src;
	bool counted = counted_as(instance, frame, kind, ifindex, &key, &src);
	size_t taken = 0;

	for (size_t i = 0; i < instance->slots; i++)
		taken += instance->table[i].tagged != 0;
	if (taken != counted)
		fail_msg("%s, %s: %zu slots are taken", instance->name, frame->name, taken);
	for (size_t i = 0; i < instance->slots; i++)
		if (instance->table[i].tagged)
			check_slot(instance, &instance->table[i], &key, &src);
}

static void check_event(struct instance *instance, const struct frame *frame, bool syn,
			__u32 ifindex)
{
	const struct pkt *pkt = &frame->pkt;
	struct syn_event want = {
		.dst = pkt->dst,
		.src = pkt->src,
		.ifindex = ifindex,
		.seq = pkt->seq,
		.timestamp = pkt->timestamp,
		.sport = pkt->sport,
		.dport = pkt->dport,
		.ip_id = pkt->ip_id,
		.known = KNOWN_PUBLISHED,
		.hop_limit = pkt->hop_limit,
		.header = pkt->header,
	};

	ring_buffer__consume(instance->events);
	want.time = instance->event.time;
	memcpy(want.src_mac, pkt->src_mac, sizeof(want.src_mac));
	if (instance->event_count != syn)
		fail_msg("%s, %s: %d events", instance->name, frame->name, instance->event_count);
	if (syn && memcmp(&instance->event, &want, sizeof(want)))
		fail_msg("%s, %s: the event tells another SYN", instance->name, frame->name);
}

/* What is counted is kept, from the first byte on, and as much as says the same once more. */
static void check_packet(const struct instance *instance, const struct frame *frame,
			 enum pkt_kind kind, __u32 ifindex)
{
	const struct packet_event *packet = &instance->packet;
	struct slot_key key;
	struct addr src;
	struct pkt pkt;
	size_t headers;
	bool kept = counted_as(instance, frame, kind, ifindex, &key, &src);

	if (instance->packet_count != kept)
		fail_msg("%s, %s: %d packets kept", instance->name, frame->name,
			 instance->packet_count);
	if (!kept)
		return;
	if (packet->ifindex != ifindex || packet->link != frame->link ||
	    packet->hook != (instance->which == WHICH_EGRESS ? PACKET_OUT : PACKET_IN) ||
	    packet->class != (instance->which == WHICH_EGRESS ? PACKET_ANSWER : PACKET_LOST))
		fail_msg("%s, %s: what is kept says another thing", instance->name, frame->name);
	if (packet->kept > packet->length || packet->length < frame->len ||
	    packet->kept < (frame->len < 34 ? frame->len : 34) ||
	    memcmp(packet->bytes, frame->bytes,
		   packet->kept < frame->len ? packet->kept : frame->len) ||
	    (frame->len <= PKT_COPY &&
	     packets_parse(packet->bytes, packet->kept, frame->link,
			   instance->which == WHICH_EGRESS, &pkt, &headers) != kind))
		fail_msg("%s, %s: other bytes are kept", instance->name, frame->name);
}

/* Of what leaves nothing is counted but in the table. */
void instance_check(struct instance *instance, const struct frame *frame, enum pkt_kind kind,
		    __u32 ifindex)
{
	bool in = instance->which != WHICH_EGRESS, syn = in && kind == PKT_SYN;
	struct counters c = instance_counters(instance);
	struct counters want = {
		.frames = in,
		.syns = syn,
		.unparsed = in && (kind == PKT_SHORT || kind == PKT_BROKEN),
	};

	if (memcmp(&c, &want, sizeof(c)))
		fail_msg("%s, %s: frames %llu, syns %llu, unparsed %llu, unattributed %llu, "
			 "forgotten %llu, events lost %llu, held %llu",
			 instance->name, frame->name, c.frames, c.syns, c.unparsed, c.unattributed,
			 c.forgotten, c.events_lost, c.events_held);
	check_table(instance, frame, kind, ifindex);
	check_event(instance, frame, syn, ifindex);
	check_packet(instance, frame, kind, ifindex);
}

int instance_run(const struct instance *instance, const void *bytes, __u32 len, __u32 linear)
{
	static __u8 out[INSTANCE_LARGEST];
	struct xdp_md ctx = {.data_end = linear};
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = bytes, .data_size_in = len, .data_out = out,
		    .data_size_out = sizeof(out));
	int r;

	if (linear) {
		opts.ctx_in = &ctx;
		opts.ctx_size_in = sizeof(ctx);
	}
	r = bpf_prog_test_run_opts(instance_program(instance), &opts);
	if (r < 0)
		return r;
	assert_int_equal(opts.retval,
			 instance->which == WHICH_XDP ? XDP_PASS : (__u32)TC_ACT_UNSPEC);
	assert_int_equal(opts.data_size_out, len);
	assert_memory_equal(out, bytes, len);
	return 0;
}

void instance_check_copied(const struct instance *instance, const struct frame *frame)
{
	int cpus = libbpf_num_possible_cpus(), fd = bpf_map__fd(instance->programs->maps.copies);
	autofree __u8 *copies = calloc((size_t)cpus, PKT_COPY_ROOM);
	__u32 zero = 0, len = frame->len < PKT_COPY ? frame->len : PKT_COPY;

	assert_non_null(copies);
	assert_int_equal(bpf_map_lookup_elem(fd, &zero, copies), 0);
	for (int cpu = 0; cpu < cpus; cpu++)
		if (!memcmp(copies + cpu * PKT_COPY_ROOM, frame->bytes, len))
			return;
	fail_msg("%s, %s: the frame was in one piece", instance->name, frame->name);
}
