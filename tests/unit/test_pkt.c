// SPDX-License-Identifier: GPL-2.0-only
/* The packet parser over the shared vectors, in both shapes of memory, and cut at every length. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "frames/frames.h"

#include <string.h>

static enum pkt_kind parse_direct(const void *data, __u64 len, const struct frame *frame,
				  struct pkt *ret_pkt)
{
	struct pkt_buf buf = {
		.shape = PKT_SHAPE_DIRECT, .data = data, .end = (const __u8 *)data + len};

	return pkt_parse(&buf, frame->link, frame->want, ret_pkt);
}

static enum pkt_kind parse_copy(const void *data, __u64 len, const struct frame *frame,
				struct pkt *ret_pkt)
{
	struct pkt_buf buf = {.shape = PKT_SHAPE_COPY, .data = data, .len = len};

	return pkt_parse(&buf, frame->link, frame->want, ret_pkt);
}

/* In memory of exactly that length, so that valgrind and ASan see the byte read behind it. */
static __u8 *exactly(const void *bytes, size_t len)
{
	__u8 *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	return copy;
}

static bool is_filled(enum pkt_kind kind)
{
	return kind != PKT_OTHER && kind != PKT_SHORT && kind != PKT_BROKEN;
}

/* What was in `ret_pkt` before must not show. */
static void check_pkt(const struct frame *frame, const void *data, __u64 len)
{
	struct pkt pkt;

	for (int before = 0; before <= 0xff; before += 0xff) {
		memset(&pkt, before, sizeof(pkt));
		if (parse_direct(data, len, frame, &pkt) != frame->kind ||
		    !frame_same(frame->kind, &pkt, &frame->pkt))
			fail_msg("%s: what it says is read wrong", frame->name);
	}
}

static void check_kind(const struct frame *frame, enum pkt_kind kind, enum pkt_kind want)
{
	if (kind != want)
		fail_msg("%s: kind %d instead of %d", frame->name, kind, want);
}

static void test_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < frames_count; i++) {
		const struct frame *frame = &frames[i];
		autofree __u8 *bytes = exactly(frame->bytes, frame->len);
		struct pkt pkt;

		check_kind(frame, parse_direct(bytes, frame->len, frame, &pkt), frame->kind);
		if (is_filled(frame->kind))
			check_pkt(frame, bytes, frame->len);
	}
}

/* Who wants both hears of a call what who wants calls hears, and of an answer the same
 * (and more: it walks extension headers, which answers alone do without). */
static void test_all_is_both(void **state)
{
	(void)state;
	for (size_t i = 0; i < frames_count; i++) {
		struct frame frame = frames[i];
		enum pkt_kind calls, answers, all;
		struct pkt pkt;

		frame.want = PKT_WANT_CALLS;
		calls = parse_direct(frame.bytes, frame.len, &frame, &pkt);
		frame.want = PKT_WANT_ANSWERS;
		answers = parse_direct(frame.bytes, frame.len, &frame, &pkt);
		frame.want = PKT_WANT_ALL;
		all = parse_direct(frame.bytes, frame.len, &frame, &pkt);
		if (calls != PKT_OTHER || answers != PKT_OTHER)
			check_kind(&frame, all, calls != PKT_OTHER ? calls : answers);
	}
}

/* A copy of a frame says what the frame's first PKT_COPY bytes say. */
static void test_copy_is_direct(void **state)
{
	(void)state;
	for (size_t i = 0; i < frames_count; i++) {
		const struct frame *frame = &frames[i];
		__u32 len = frame->len < PKT_COPY ? frame->len : PKT_COPY;
		struct pkt direct, copy;
		enum pkt_kind kind = parse_direct(frame->bytes, len, frame, &direct);

		check_kind(frame, parse_copy(frame->bytes, len, frame, &copy), kind);
		check_kind(frame, parse_copy(frame->bytes, frame->len, frame, &copy), kind);
		if (is_filled(kind))
			assert_true(frame_same(kind, &direct, &copy));
	}
}

/* What an error quotes may be cut off like its sender's quote: then it says nothing. And the
 * timestamp is a gift: where it is cut off there is none. */
static void check_cut(const struct frame *frame, enum pkt_kind kind, const struct pkt *pkt)
{
	struct pkt want = frame->pkt;

	if (kind == PKT_OTHER && frame->kind == PKT_ICMP)
		return;
	check_kind(frame, kind, frame->kind);
	if (!pkt->timestamp)
		want.timestamp = 0;
	if (is_filled(kind) && !frame_same(kind, pkt, &want))
		fail_msg("%s: what it says is read wrong where it was cut", frame->name);
}

/* A frame that was cut is too short to tell, or what it was when it was whole. */
static void test_cut_anywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < frames_count; i++) {
		const struct frame *frame = &frames[i];

		for (__u32 len = 0; len < frame->len; len++) {
			autofree __u8 *bytes = exactly(frame->bytes, len);
			struct pkt direct = {}, copy;
			enum pkt_kind kind = parse_direct(bytes, len, frame, &direct);

			if (len <= PKT_COPY)
				check_kind(frame, parse_copy(bytes, len, frame, &copy), kind);
			if (kind != PKT_SHORT)
				check_cut(frame, kind, &direct);
		}
	}
}

static const struct frame *frame_named(const char *name)
{
	for (size_t i = 0; i < frames_count; i++)
		if (!strcmp(frames[i].name, name))
			return &frames[i];
	fail_msg("no vector is named %s", name);
	return NULL;
}

/* One byte of a vector at each of its 256 values. */
static enum pkt_kind with_byte(const struct frame *frame, size_t at, int value)
{
	autofree __u8 *bytes = exactly(frame->bytes, frame->len);
	struct pkt pkt;

	bytes[at] = (__u8)value;
	return parse_direct(bytes, frame->len, frame, &pkt);
}

static void test_every_flags(void **state)
{
	const struct frame *v4 = frame_named("v4"), *v6 = frame_named("v6");

	(void)state;
	for (int flags = 0; flags <= 0xff; flags++) {
		int seen = flags & (WIRE_SYN | WIRE_ACK | WIRE_RST | WIRE_FIN);
		enum pkt_kind want = seen == WIRE_SYN ? PKT_SYN : PKT_OTHER;

		assert_int_equal(with_byte(v4, 14 + 20 + 13, flags), want);
		assert_int_equal(with_byte(v6, 14 + 40 + 13, flags), want);
	}
}

static void test_every_offset(void **state)
{
	const struct frame *frame = frame_named("v4 tcp options");

	(void)state;
	for (int byte = 0; byte <= 0xff; byte++) {
		int words = byte >> 4;
		enum pkt_kind want = words >= 5 && words <= 10 ? PKT_SYN : PKT_BROKEN;

		assert_int_equal(with_byte(frame, 14 + 20 + 12, byte), want);
	}
}

/* Version and IHL: with 40 bytes of options each IHL stays in the packet, but finds no SYN there.
 */
static void test_every_version(void **state)
{
	const struct frame *v4 = frame_named("v4 options 40"), *v6 = frame_named("v6");

	(void)state;
	for (int byte = 0; byte <= 0xff; byte++) {
		enum pkt_kind want = byte < 0x45 || byte > 0x4f ? PKT_BROKEN : PKT_OTHER;

		if (byte == 0x4f)
			want = PKT_SYN;
		assert_int_equal(with_byte(v4, 14, byte), want);
		assert_int_equal(with_byte(v6, 14, byte), byte >> 4 == 6 ? PKT_SYN : PKT_BROKEN);
	}
}

/* The next header: TCP, what the walk follows (into the TCP header, to no good), all else. */
static void test_every_next_header(void **state)
{
	const struct frame *frame = frame_named("v6");

	(void)state;
	for (int next = 0; next <= 0xff; next++) {
		enum pkt_kind kind = with_byte(frame, 14 + 6, next);

		if (next == WIRE_TCP)
			assert_int_equal(kind, PKT_SYN);
		else if (next == 0 || next == 43 || next == 44 || next == 51 || next == 60)
			assert_int_not_equal(kind, PKT_SYN);
		else
			assert_int_equal(kind, PKT_OTHER);
	}
}

static void test_every_ethertype(void **state)
{
	const struct frame *frame = frame_named("v4");
	autofree __u8 *bytes = exactly(frame->bytes, frame->len);
	struct pkt pkt;

	(void)state;
	for (int type = 0; type <= 0xffff; type++) {
		enum pkt_kind kind;

		bytes[12] = (__u8)(type >> 8);
		bytes[13] = (__u8)type;
		kind = parse_direct(bytes, frame->len, frame, &pkt);
		if (type == 0x0800)
			assert_int_equal(kind, PKT_SYN);
		else if (type == 0x86dd)
			assert_int_equal(kind, PKT_BROKEN);
		else
			assert_int_equal(kind, PKT_OTHER);
	}
}

/* IPv4's total length: what reaches to the end of the TCP header is enough, 0 is nothing. */
static void test_every_length(void **state)
{
	const struct frame *frame = frame_named("v4 tcp options");
	autofree __u8 *bytes = exactly(frame->bytes, frame->len);
	struct pkt pkt;

	(void)state;
	for (int length = 0; length <= 0xffff; length++) {
		bytes[16] = (__u8)(length >> 8);
		bytes[17] = (__u8)length;
		assert_int_equal(parse_direct(bytes, frame->len, frame, &pkt),
				 length < 60 ? PKT_BROKEN : PKT_SYN);
	}
}

/* The vectors themselves: names are for finding one, and each kind has its share. */
static void test_vectors_are_distinct(void **state)
{
	int kinds[PKT_BROKEN + 1] = {};

	(void)state;
	for (size_t i = 0; i < frames_count; i++) {
		kinds[frames[i].kind]++;
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(frames[i].name, frames[j].name);
	}
	for (int kind = 0; kind <= PKT_BROKEN; kind++)
		assert_true(kinds[kind] >= 2);
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
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_all_is_both),
		cmocka_unit_test(test_copy_is_direct),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_every_flags),
		cmocka_unit_test(test_every_offset),
		cmocka_unit_test(test_every_version),
		cmocka_unit_test(test_every_next_header),
		cmocka_unit_test(test_every_ethertype),
		cmocka_unit_test(test_every_length),
		cmocka_unit_test(test_vectors_are_distinct),
	};

	return cmocka_run_group_tests_name("pkt", tests, setup, NULL);
}
