// SPDX-License-Identifier: GPL-2.0-only
/* Packets in memory: how they are cut, in which order they come out, and which give way. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "core/packets.h"
#include "frames/frames.h"

#include <stdio.h>
#include <string.h>

#define START 1800000000000000000ULL

static const struct frame *frame_named(const char *name)
{
	for (size_t i = 0; i < frames_count; i++)
		if (strcmp(frames[i].name, name) == 0)
			return &frames[i];
	fail_msg("no vector is called %s", name);
	return NULL;
}

static struct packet_event event_of(const struct frame *frame, enum packet_class class)
{
	struct packet_event event = {
		.ifindex = 3,
		.length = frame->len + 1000,
		.kept = (uint16_t)(frame->len < PKT_COPY ? frame->len : PKT_COPY),
		.hook = frame->want == PKT_WANT_ANSWERS ? PACKET_OUT : PACKET_IN,
		.class = (uint8_t) class,
		.link = (uint8_t)frame->link,
	};

	memcpy(event.bytes, frame->bytes, event.kept);
	return event;
}

static void feed(struct packets *packets, const struct packet_event *event, uint64_t ns)
{
	struct input in = {.kind = INPUT_PACKET, .now = START + ns, .packet = {event}};

	packets_feed(packets, &in);
}

static int setup(void **state)
{
	struct packets *packets;

	frames_build();
	assert_int_equal(packets_new(&packets, 64 * 1024, false), 0);
	*state = packets;
	return 0;
}

static int teardown(void **state)
{
	packets_free((struct packets **)state);
	return 0;
}

static size_t count(const struct packets *packets)
{
	struct packets_cursor cursor = {0};
	size_t n = 0;

	while (packets_next(packets, &cursor))
		n++;
	return n;
}

static const struct packet *only(const struct packets *packets)
{
	struct packets_cursor cursor = {0};
	const struct packet *packet = packets_next(packets, &cursor);

	assert_non_null(packet);
	assert_null(packets_next(packets, &cursor));
	return packet;
}

/* Where TCP stands in what was kept: its length behind the ports that the frame has. */
static void check_end_of_tcp(const struct frame *frame, const struct packet *packet)
{
	const uint8_t *bytes = packet->bytes;

	for (size_t at = 0; at + 20 <= packet->kept; at += 2)
		if (bytes[at] == frame->pkt.sport >> 8 &&
		    bytes[at + 1] == (frame->pkt.sport & 255) &&
		    bytes[at + 2] == frame->pkt.dport >> 8 &&
		    bytes[at + 3] == (frame->pkt.dport & 255) &&
		    at + (bytes[at + 12] >> 4) * 4U == packet->kept)
			return;
	if (packet->kept < PKT_COPY && packet->kept < frame->len)
		fail_msg("%s: %u bytes kept do not end with a TCP header", frame->name,
			 packet->kept);
}

/* Of each vector as much is kept as its headers are long, and what it is about. */
static void test_vectors(void **state)
{
	size_t kept = 0;

	for (size_t i = 0; i < frames_count; i++) {
		const struct packet_event event = event_of(&frames[i], PACKET_OTHER);
		struct packets *packets;
		struct pkt pkt;
		struct pkt_buf buf = {
			.shape = PKT_SHAPE_COPY, .data = event.bytes, .len = event.kept};
		enum pkt_kind kind = pkt_parse(&buf, frames[i].link, frames[i].want, &pkt);

		assert_int_equal(packets_new(&packets, 1 << 20, false), 0);
		feed(packets, &event, 0);
		if (kind == PKT_OTHER || kind == PKT_SHORT || kind == PKT_BROKEN) {
			assert_int_equal(count(packets), 0);
		} else {
			const struct packet *packet = only(packets);

			assert_int_equal(packet->kind, kind);
			assert_int_equal(packet->length, frames[i].len + 1000);
			assert_memory_equal(packet->bytes, frames[i].bytes, packet->kept);
			assert_true(address_equal(&packet->called,
						  kind == PKT_SYN_ACK || kind == PKT_RST
							  ? &frames[i].pkt.src
							  : &frames[i].pkt.dst));
			if (kind != PKT_ASKED)
				check_end_of_tcp(&frames[i], packet);
			kept++;
		}
		packets_free(&packets);
	}
	assert_in_range(kept, 30, frames_count);
}

static void test_payload(void **state)
{
	const struct frame *frame = frame_named("v4 fast open");
	const struct packet_event event = event_of(frame, PACKET_LOST);
	struct packets *packets;

	assert_int_equal(packets_new(&packets, 1 << 20, true), 0);
	feed(packets, &event, 0);
	assert_int_equal(only(packets)->kept, frame->len);
	packets_free(&packets);
	feed(*state, &event, 0);
	assert_in_range(only(*state)->kept, 54, frame->len - 1);
}

/* By class, by time, and from a CPU that told a bit late. */
static void test_order(void **state)
{
	static const struct {
		enum packet_class class;
		uint64_t time;
	} told[] = {{PACKET_LOST, 10},	 {PACKET_OTHER, 5},  {PACKET_LOST, 30},	 {PACKET_LOST, 20},
		    {PACKET_ANSWER, 25}, {PACKET_OTHER, 40}, {PACKET_REPEAT, 1}, {PACKET_LOST, 2}};
	struct packets_cursor cursor = {0};
	const struct packet *packet;
	when_t last = 0;
	size_t n = 0;

	for (size_t i = 0; i < sizeof(told) / sizeof(*told); i++) {
		struct packet_event event = event_of(frame_named("v6"), told[i].class);

		feed(*state, &event, told[i].time);
	}
	for (; (packet = packets_next(*state, &cursor)); n++) {
		assert_true(packet->time > last);
		last = packet->time;
	}
	assert_int_equal(n, sizeof(told) / sizeof(*told));
	assert_int_equal(last, START + 40);
}

/* The reason belongs to the last SYN that is the same, and to no other. */
static void test_drop(void **state)
{
	const struct frame *frame = frame_named("v6");
	struct packet_event first = event_of(frame, PACKET_LOST), other = first, drop = first;
	struct packets_cursor cursor = {0};
	const struct packet *packet;

	other.bytes[frame->len - 20 + 7]++; /* another sequence number */
	drop.hook = PACKET_DROP;
	drop.class = PACKET_DROPPED;
	drop.link = PKT_LINK_RAW;
	drop.kept -= 14;
	drop.reason = 77;
	memmove(drop.bytes, drop.bytes + 14, drop.kept);
	feed(*state, &drop, 0); /* of what never was there */
	feed(*state, &first, 1);
	feed(*state, &first, 2);
	feed(*state, &other, 3);
	feed(*state, &drop, 4);
	for (int i = 0; i < 20000; i++) { /* of others, some of which fall into the same place */
		drop.reason = 78;
		memcpy(drop.bytes + drop.kept - 20 + 4, &i, sizeof(i));
		feed(*state, &drop, 5);
	}
	for (int i = 0; (packet = packets_next(*state, &cursor)); i++) {
		assert_int_equal(packet->dropped, i == 1);
		assert_int_equal(packet->reason, i == 1 ? 77 : 0);
	}
	assert_int_equal(count(*state), 3);
}

/* A flood of one class takes nothing from the others, and of its own the newest stay. */
static void test_bound(void **state)
{
	struct packet_event lost = event_of(frame_named("v6"), PACKET_LOST);
	struct packet_event other = event_of(frame_named("v6"), PACKET_OTHER);
	struct packet_event drop = lost;
	struct packets_cursor cursor = {0};
	const struct packet *packet;
	size_t others = 0;

	feed(*state, &lost, 0);
	for (int i = 1; i <= 10000; i++)
		feed(*state, &other, (uint64_t)i);
	packet = packets_next(*state, &cursor);
	assert_int_equal(packet->class, PACKET_LOST);
	while ((packet = packets_next(*state, &cursor))) {
		others++;
		assert_int_equal(packet->time, START + packets_lost(*state) + others);
	}
	assert_int_equal(others + packets_lost(*state), 10000);
	assert_in_range(others * (lost.kept + sizeof(*packet)), 8 * 1024, 16 * 1024);
	drop.hook = PACKET_DROP; /* of one that gave way or not: nothing is touched that is gone */
	feed(*state, &drop, 20000);
}

static void test_forget(void **state)
{
	struct packet_event event = event_of(frame_named("v6"), PACKET_LOST);
	struct packet_event other = event_of(frame_named("v4"), PACKET_LOST);
	const struct addr called = frame_named("v6")->pkt.dst;

	feed(*state, &event, 1);
	feed(*state, &other, 2);
	feed(*state, &event, 3);
	packets_forget(*state, &called, START + 2);
	assert_int_equal(count(*state), 2);
	packets_forget(*state, &called, START + 3);
	assert_int_equal(only(*state)->time, START + 2);
	assert_int_equal(packets_lost(*state), 0);
}

static void test_hostile(void **state)
{
	struct packet_event event = event_of(frame_named("v6"), PACKET_CLASSES);

	feed(*state, &event, 0);
	event.class = PACKET_LOST;
	event.kept = ABI_PACKET_BYTES + 1;
	feed(*state, &event, 0);
	event.kept = 0;
	feed(*state, &event, 0);
	assert_int_equal(count(*state), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_vectors, setup, teardown),
		cmocka_unit_test_setup_teardown(test_payload, setup, teardown),
		cmocka_unit_test_setup_teardown(test_order, setup, teardown),
		cmocka_unit_test_setup_teardown(test_drop, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bound, setup, teardown),
		cmocka_unit_test_setup_teardown(test_forget, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hostile, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
