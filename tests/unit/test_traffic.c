// SPDX-License-Identifier: GPL-2.0-only
/* Recorded frames: which way they went, and what is made of them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "core/traffic.h"
#include "frames/frames.h"

#include <string.h>

#define IFINDEX 3

/* What one frame has led to. */
struct heard {
	struct engine *engine;
	uint64_t counts[SLOT_DROP + 1];
	uint64_t events;
	bool watched;
	struct addr dst;
	uint16_t port;
};

static void hear(void *data, const struct input *in)
{
	struct heard *h = data;

	h->events += in->kind == INPUT_SYN;
	if (in->kind == INPUT_COUNTS_BEGIN)
		h->watched = in->answers_watched;
	if (in->kind != INPUT_COUNT)
		return;
	h->counts[in->count.kind] += in->count.syns;
	h->dst = in->count.dst;
	h->port = in->count.port;
}

struct world {
	struct engine *engine;
	struct traffic *traffic;
	struct traffic_interface on;
	struct heard heard;
};

static void end(struct world *w)
{
	traffic_free(&w->traffic);
	engine_free(&w->engine);
}

static void begin(struct world *w, bool host_unknown)
{
	static const struct table_seed seed = {.set = {1, 2, 3, 4, 5, 6, 7},
					       .tag = {1, 3, 5, 7, 9, 11, 13}};
	const struct engine_policy policy = {.host_unknown = host_unknown};

	*w = (struct world){.on = {.link_type = FRAMING_ETHERNET, .ifindex = IFINDEX}};
	assert_int_equal(engine_new(&w->engine, &policy), 0);
	assert_int_equal(traffic_new(&w->traffic, w->engine, &seed, hear, &w->heard), 0);
}

/* This address is delivered here. */
static void own(struct world *w, const struct addr *a)
{
	struct input in = {.kind = INPUT_ROUTE};

	in.route = (struct input_route){
		.kind = ROUTE_LOCAL, .prefix = *a, .prefix_len = 128, .table = 255, .oif = IFINDEX};
	engine_feed(w->engine, &in);
}

static void publish(struct world *w, const struct addr *a)
{
	const struct record record = {.address = *a, .ttl = 1};
	struct input in = {.kind = INPUT_NAME};

	in.name = (struct input_name){.name = "a.example", .records = &record, .count = 1};
	engine_feed(w->engine, &in);
}

static void play(struct world *w, const struct frame *f, enum framing_way way)
{
	const struct traffic_frame frame = {.time = 1, .data = f->bytes, .len = f->len, .way = way};

	w->on.link_type = f->link == PKT_LINK_RAW ? 101 : FRAMING_ETHERNET;
	traffic_frame(w->traffic, &w->on, &frame);
	traffic_tell(w->traffic, 2, hear, &w->heard);
}

static const struct frame *named(const char *name)
{
	for (size_t i = 0; i < frames_count; i++)
		if (strcmp(frames[i].name, name) == 0)
			return &frames[i];
	fail_msg("there is no frame %s", name);
	return NULL;
}

static uint64_t answers(const struct heard *h)
{
	return h->counts[SLOT_SYN_ACK] + h->counts[SLOT_RST] + h->counts[SLOT_ICMP];
}

/* Whoever recorded says which way: then each vector is what it is to the programs. */
static void test_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < frames_count; i++) {
		const struct frame *f = &frames[i];
		bool in = f->want == PKT_WANT_CALLS;
		cleanup(end) struct world w;

		if (strstr(f->name, "hop-by-hop leaves"))
			continue; /* answers that egress does not look for */
		begin(&w, false);
		play(&w, f, in ? FRAMING_IN : FRAMING_OUT);
		if (in && w.on.counters.syns != (f->kind == PKT_SYN))
			fail_msg("%s: %llu SYNs", f->name, w.on.counters.syns);
		if (in && w.on.counters.unparsed != (f->kind == PKT_SHORT || f->kind == PKT_BROKEN))
			fail_msg("%s: %llu unparsed", f->name, w.on.counters.unparsed);
		if (!in && answers(&w.heard) != (f->kind == PKT_SYN_ACK || f->kind == PKT_RST ||
						 f->kind == PKT_ICMP))
			fail_msg("%s: %llu answers", f->name,
				 (unsigned long long)answers(&w.heard));
		assert_int_equal(w.on.counters.frames, 1);
		assert_int_equal(w.heard.watched, !in);
		assert_int_equal(w.heard.events, w.on.counters.syns);
	}
}

/* Answers are those of the address that was called, to the other way round nobody listens. */
static void test_answer_of_whom(void **state)
{
	const struct frame *f = named("v4 syn-ack leaves");
	cleanup(end) struct world out, in;

	(void)state;
	begin(&out, false);
	play(&out, f, FRAMING_OUT);
	assert_memory_equal(&out.heard.dst, &f->pkt.src, sizeof(f->pkt.src));
	assert_int_equal(out.heard.port, f->pkt.sport);
	begin(&in, false);
	play(&in, f, FRAMING_IN);
	assert_int_equal(answers(&in.heard), 0);
	assert_false(in.heard.watched);
}

static void test_by_mac(void **state)
{
	const struct frame *call = named("v4"), *answer = named("v4 syn-ack leaves");
	cleanup(end) struct world ours, other, back;

	(void)state;
	begin(&ours, false);
	ours.on.has_mac = true;
	ours.on.macs[0] = wire_mac(call->pkt.dst_mac);
	play(&ours, call, FRAMING_UNTOLD);
	assert_int_equal(ours.heard.counts[SLOT_SYN], 1);
	begin(&other, false);
	other.on.has_mac = true;
	other.on.macs[0] = 0x0200deadbeef;
	play(&other, call, FRAMING_UNTOLD);
	assert_int_equal(other.heard.counts[SLOT_FOREIGN], 1);
	assert_int_equal(other.heard.events, 0);
	begin(&back, false);
	back.on.has_mac = true;
	back.on.macs[1] = wire_mac(answer->pkt.src_mac);
	play(&back, answer, FRAMING_UNTOLD);
	assert_int_equal(back.heard.counts[SLOT_SYN_ACK], 1);
	assert_true(back.heard.watched && back.on.ours == 1);
}

/* Without MAC addresses: a SYN from here is none to here, and an answer to here is not ours. */
static void test_by_owner(void **state)
{
	const struct frame *call = named("raw v4"), *answer = named("raw v4 syn-ack leaves");
	cleanup(end) struct world caller, called, asker, nobody;

	(void)state;
	begin(&caller, false);
	own(&caller, &call->pkt.src);
	play(&caller, call, FRAMING_UNTOLD);
	assert_int_equal(caller.on.counters.syns, 0);
	assert_true(caller.heard.watched);
	begin(&called, false);
	own(&called, &call->pkt.dst);
	play(&called, call, FRAMING_UNTOLD);
	assert_int_equal(called.heard.counts[SLOT_SYN], 1);
	assert_false(called.heard.watched);
	begin(&asker, false);
	own(&asker, &answer->pkt.dst);
	play(&asker, answer, FRAMING_UNTOLD);
	assert_int_equal(answers(&asker.heard), 0);
	begin(&nobody, true);
	play(&nobody, answer, FRAMING_UNTOLD);
	assert_int_equal(answers(&nobody.heard), 1);
}

/* A SYN that leaves is a hairpin only if its like came in, and it was not made here. */
static void test_hairpin(void **state)
{
	const struct frame *f = named("v4");
	cleanup(end) struct world w, made;

	(void)state;
	begin(&w, false);
	play(&w, f, FRAMING_OUT);
	assert_int_equal(w.heard.counts[SLOT_HAIRPIN], 0);
	play(&w, f, FRAMING_IN);
	memset(w.heard.counts, 0, sizeof(w.heard.counts));
	play(&w, f, FRAMING_OUT);
	assert_int_equal(w.heard.counts[SLOT_HAIRPIN], 1);
	assert_int_equal(w.heard.counts[SLOT_SYN], 1);
	begin(&made, false);
	own(&made, &f->pkt.src);
	play(&made, f, FRAMING_IN);
	play(&made, f, FRAMING_OUT);
	assert_int_equal(made.heard.counts[SLOT_HAIRPIN], 0);
}

static void test_asking(void **state)
{
	const struct frame *f = named("v6 solicitation");
	cleanup(end) struct world wanted, owned, nobody, unknown;

	(void)state;
	begin(&wanted, false);
	publish(&wanted, &f->pkt.dst);
	play(&wanted, f, FRAMING_IN);
	assert_int_equal(wanted.heard.counts[SLOT_ASKED], 1);
	begin(&owned, false);
	publish(&owned, &f->pkt.dst);
	own(&owned, &f->pkt.dst);
	play(&owned, f, FRAMING_IN);
	assert_int_equal(owned.heard.counts[SLOT_ASKED], 0);
	begin(&nobody, false);
	play(&nobody, f, FRAMING_IN);
	assert_int_equal(nobody.heard.counts[SLOT_ASKED], 0);
	begin(&unknown, true);
	publish(&unknown, &f->pkt.dst);
	play(&unknown, f, FRAMING_IN);
	assert_int_equal(unknown.heard.counts[SLOT_ASKED], 0);
}

/* Cut by the recorder a SYN is one as long as its window is there; what was sent so short is not.
 */
static void test_cut(void **state)
{
	const struct frame *f = named("v4");
	const size_t tcp = sizeof(struct wire_eth) + sizeof(struct wire_ipv4);

	(void)state;
	for (size_t len = 0; len <= f->len; len++) {
		for (int cut = 0; cut < 2; cut++) {
			autofree uint8_t *exactly = malloc(len + 1);
			const struct traffic_frame frame = {.time = 1,
							    .data = exactly,
							    .len = len,
							    .cut = cut,
							    .way = FRAMING_IN};
			const size_t least = tcp + (cut ? 16 : sizeof(struct wire_tcp));
			cleanup(end) struct world w;

			memcpy(exactly, f->bytes, len);
			begin(&w, false);
			traffic_frame(w.traffic, &w.on, &frame);
			assert_int_equal(w.on.counters.syns, len >= least);
			assert_int_equal(w.on.counters.unparsed, len < least);
		}
	}
}

/* Every kind of link before the same packet, at even and odd addresses. */
static void test_links(void **state)
{
	static const uint8_t sll[] = {0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 9, 0, 0, 8, 0};
	static const uint8_t sll2[] = {8, 0, 0, 0, 0, 0, 0, 7, 0, 1, 0, 6, 2, 0, 0, 0, 0, 9, 0, 0};
	static const uint8_t null[] = {2, 0, 0, 0}, loop[] = {0, 0, 0, 2};
	static const struct {
		uint32_t type;
		const uint8_t *head;
		size_t len;
	} links[] = {{101, NULL, 0},  {228, NULL, 0}, {113, sll, 16},
		     {276, sll2, 20}, {0, null, 4},   {108, loop, 4}};
	const struct frame *f = named("raw v4");

	(void)state;
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++) {
		for (size_t odd = 0; odd < 2; odd++) {
			_Alignas(2) uint8_t bytes[FRAME_BYTES + 32];
			struct traffic_frame frame = {.time = 1, .data = bytes + odd};
			cleanup(end) struct world w;

			memcpy(bytes + odd, links[i].head ? links[i].head : bytes, links[i].len);
			memcpy(bytes + odd + links[i].len, f->bytes, f->len);
			frame.len = links[i].len + f->len;
			begin(&w, false);
			w.on.link_type = links[i].type;
			assert_true(framing_knows(links[i].type));
			traffic_frame(w.traffic, &w.on, &frame);
			traffic_tell(w.traffic, 2, hear, &w.heard);
			assert_int_equal(w.heard.counts[SLOT_SYN], 1);
			assert_memory_equal(&w.heard.dst, &f->pkt.dst, sizeof(f->pkt.dst));
		}
	}
	assert_false(framing_knows(147));
}

/* What Linux says of a cooked frame: to us, to all, to a group, to another host, from us. */
static void test_cooked_ways(void **state)
{
	static const uint64_t calls[] = {1, 1, 1, 0, 0}, foreign[] = {0, 0, 0, 1, 0};
	const struct frame *f = named("raw v4");

	(void)state;
	for (uint8_t way = 0; way < 5; way++) {
		_Alignas(2) uint8_t bytes[FRAME_BYTES + 16] = {0, way, 0, 1, 0, 6, [14] = 8};
		const struct traffic_frame frame = {.time = 1, .data = bytes, .len = f->len + 16};
		cleanup(end) struct world w;

		memcpy(bytes + 16, f->bytes, f->len);
		begin(&w, false);
		w.on.link_type = 113;
		traffic_frame(w.traffic, &w.on, &frame);
		traffic_tell(w.traffic, 2, hear, &w.heard);
		assert_int_equal(w.heard.counts[SLOT_SYN], calls[way]);
		assert_int_equal(w.heard.counts[SLOT_FOREIGN], foreign[way]);
		assert_int_equal(w.heard.watched, way == 4);
	}
}

static int setup(void **state)
{
	(void)state;
	frames_build();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),	    cmocka_unit_test(test_answer_of_whom),
		cmocka_unit_test(test_by_mac),	    cmocka_unit_test(test_by_owner),
		cmocka_unit_test(test_hairpin),	    cmocka_unit_test(test_asking),
		cmocka_unit_test(test_cut),	    cmocka_unit_test(test_links),
		cmocka_unit_test(test_cooked_ways),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
