// SPDX-License-Identifier: GPL-2.0-only
/* Recordings of both formats: times, interfaces, ways; and files that end or lie anywhere. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "fuzz/memory_file.h"
#include "io/make_savefile.h"
#include "io/savefile.h"

#include <errno.h>
#include <string.h>

static int open_file(struct savefile **ret_savefile, const struct make_file *f,
		     struct failure *failure)
{
	char path[32];
	autoclose int fd = -1;

	fd = memory_file(f->bytes, f->len, path);

	return savefile_open(ret_savefile, path, failure);
}

/* The next frame is this one. */
static void expect(struct savefile *s, const char *text, when_t time, uint32_t on)
{
	struct savefile_frame frame;
	struct failure failure = {0};

	if (savefile_next(s, &frame, &failure) != 1)
		fail_msg("\"%s\" does not come: %s", text, failure.text);
	assert_int_equal(frame.len, strlen(text));
	assert_memory_equal(frame.data, text, frame.len);
	assert_int_equal(frame.interface, on);
	if (frame.time != time)
		fail_msg("\"%s\" comes at %llu", text, (unsigned long long)frame.time);
}

static void expect_end(struct savefile *s)
{
	struct savefile_frame frame;
	struct failure failure = {0};

	assert_int_equal(savefile_next(s, &frame, &failure), 0);
}

static void test_pcap(void **state)
{
	static const struct {
		uint32_t magic;
		uint32_t part; /* nanoseconds */
	} kinds[] = {{0xa1b2c3d4, 1000}, {0xa1b23c4d, 1}};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		cleanup(make_drop) struct make_file f = {.swapped = i & 1};
		cleanup(savefile_free) struct savefile *s = NULL;
		const struct savefile_interface *all;
		struct failure failure = {0};
		size_t count;

		make_pcap_begin(&f, kinds[i / 2].magic, 0x10000071); /* with a length of FCS */
		make_pcap_frame(&f, 0x80000001, 999999, "one");
		make_pcap_frame(&f, 5, 0, "");
		assert_int_equal(open_file(&s, &f, &failure), 0);
		expect(s, "one", 0x80000001 * 1000000000ULL + 999999ULL * kinds[i / 2].part, 0);
		expect(s, "", 5000000000, 0);
		expect_end(s);
		all = savefile_interfaces(s, &count);
		assert_int_equal(count, 1);
		assert_int_equal(all->link_type, 0x71);
	}
}

static void test_ng(void **state)
{
	(void)state;
	for (int swapped = 0; swapped < 2; swapped++) {
		cleanup(make_drop) struct make_file f = {.swapped = swapped};
		cleanup(savefile_free) struct savefile *s = NULL;
		const struct savefile_interface *all;
		struct failure failure = {0};
		size_t at, count;

		make_section(&f);
		make_interface(&f, 1, "eth0", 9);
		make_interface(&f, 101, "a name that is too long for us", 0x80 | 10);
		at = make_block_begin(&f, 0xbad); /* larger than what is kept of a file */
		for (int i = 0; i < 400000; i++)
			make_put_32(&f, 6);
		make_block_end(&f, at);
		make_packet(&f, 0, 1700000000000000001, "one", 2);
		make_packet(&f, 1, 1024 * 5 + 512, "two", 1);
		at = make_block_begin(&f,
				      3); /* no time, and the first interface's snapshot length */
		make_put_32(&f, 9);
		make_put(&f, "simple", 6);
		make_block_end(&f, at);
		f.swapped = !f.swapped;
		make_section(&f);
		make_interface(&f, 113, "", -1);
		make_packet(&f, 0, 7, "other", 0);
		assert_int_equal(open_file(&s, &f, &failure), 0);
		expect(s, "one", 1700000000000000001, 0);
		expect(s, "two", 5500000000, 1);
		expect(s, "simpl", 0, 0);
		expect(s, "other", 7000, 2);
		expect_end(s);
		all = savefile_interfaces(s, &count);
		assert_int_equal(count, 3);
		assert_string_equal(all[0].name, "eth0");
		assert_string_equal(all[1].name, "a name that is ");
		assert_string_equal(all[2].name, "");
		assert_int_equal(all[2].link_type, 113);
	}
}

static void test_ways(void **state)
{
	static const enum savefile_way ways[] = {SAVEFILE_UNTOLD, SAVEFILE_IN, SAVEFILE_OUT};
	cleanup(make_drop) struct make_file f = {0};
	cleanup(savefile_free) struct savefile *s = NULL;
	struct savefile_frame frame;
	struct failure failure = {0};

	(void)state;
	make_section(&f);
	make_interface(&f, 1, "eth0", 9);
	for (uint32_t i = 0; i < 3; i++)
		make_packet(&f, 0, 1, "odd", 0xfffffffc | i);
	assert_int_equal(open_file(&s, &f, &failure), 0);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(savefile_next(s, &frame, &failure), 1);
		assert_int_equal(frame.way, ways[i]);
		assert_int_equal(frame.comment_len, 9);
		assert_memory_equal(frame.comment, "a comment", 9);
	}
}

/* Times beyond all reason are times all the same, and never "not told". */
static void test_times(void **state)
{
	static const struct {
		int resolution;
		uint64_t ticks;
		when_t time;
	} times[] = {
		{-1, 1, 1000},
		{0, 3, 3000000000},
		{0, UINT64_MAX, INT64_MAX},
		{12, 5000, 5},
		{12, 1, 1},
		{127, UINT64_MAX, 1},
		{0x80, 4, 4000000000},
		{0xff, UINT64_MAX, 1999999999},
		{9, 0, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		cleanup(make_drop) struct make_file f = {0};
		cleanup(savefile_free) struct savefile *s = NULL;
		struct failure failure = {0};

		make_section(&f);
		make_interface(&f, 1, "eth0", times[i].resolution);
		make_packet(&f, 0, times[i].ticks, "x", 0);
		assert_int_equal(open_file(&s, &f, &failure), 0);
		expect(s, "x", times[i].time, 0);
	}
}

static void make(struct make_file *f, bool ng)
{
	if (ng) {
		make_section(f);
		make_interface(f, 1, "eth0", 9);
	} else {
		make_pcap_begin(f, 0xa1b2c3d4, 1);
	}
	for (uint32_t i = 0; i < 3; i++) {
		if (ng)
			make_packet(f, 0, i + 1, "frame", 1);
		else
			make_pcap_frame(f, i + 1, 0, "frame");
	}
}

/* Cut anywhere: what is whole is told, and then either the end or one sentence. */
static void test_cut(void **state)
{
	(void)state;
	for (int ng = 0; ng < 2; ng++) {
		cleanup(make_drop) struct make_file whole = {0};
		int before = 0;

		make(&whole, ng);
		for (size_t len = 0; len <= whole.len; len++) {
			const struct make_file cut = {.bytes = whole.bytes, .len = len};
			cleanup(savefile_free) struct savefile *s = NULL;
			struct savefile_frame frame;
			struct failure failure = {0};
			int frames = 0, r = open_file(&s, &cut, &failure);

			while (r >= 0 && (r = savefile_next(s, &frame, &failure)) == 1)
				frames++;
			assert_int_equal(r < 0, failure.text[0] != '\0');
			assert_in_range(frames, before, before + 1);
			before = frames;
		}
		assert_int_equal(before, 3);
	}
}

/* The same within a block that is larger than what is kept of the file. */
static void test_cut_large(void **state)
{
	cleanup(make_drop) struct make_file f = {0};
	cleanup(savefile_free) struct savefile *s = NULL;
	struct savefile_frame frame;
	struct failure failure = {0};
	size_t at;

	(void)state;
	make_section(&f);
	at = make_block_begin(&f, 0xbad);
	for (int i = 0; i < 400000; i++)
		make_put_32(&f, 6);
	make_block_end(&f, at);
	f.len -= 8;
	assert_int_equal(open_file(&s, &f, &failure), 0);
	assert_int_equal(savefile_next(s, &frame, &failure), -EBADMSG);
}

/* A length that lies, wherever it stands. */
static void test_lies(void **state)
{
	static const uint32_t lies[] = {1, 11, 0x00ffffff, 0x7fffffff, 0xfffffff0, 0xffffffff};

	(void)state;
	for (int ng = 0; ng < 2; ng++) {
		cleanup(make_drop) struct make_file f = {0};

		make(&f, ng);
		for (size_t at = 4; at + 4 <= f.len; at++) {
			for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
				cleanup(savefile_free) struct savefile *s = NULL;
				struct savefile_frame frame;
				struct failure failure = {0};
				uint32_t was;
				int r;

				memcpy(&was, f.bytes + at, 4);
				memcpy(f.bytes + at, &lies[i], 4);
				r = open_file(&s, &f, &failure);
				while (r >= 0 && (r = savefile_next(s, &frame, &failure)) == 1)
					assert_true(frame.len <= f.len);
				assert_int_equal(r < 0, failure.text[0] != '\0');
				memcpy(f.bytes + at, &was, 4);
			}
		}
	}
}

static void test_too_many_interfaces(void **state)
{
	cleanup(make_drop) struct make_file f = {0};
	cleanup(savefile_free) struct savefile *s = NULL;
	struct savefile_frame frame;
	struct failure failure = {0};

	(void)state;
	make_section(&f);
	for (int i = 0; i <= SAVEFILE_INTERFACES_MAX; i++) {
		make_interface(&f, 1, "eth", 9);
		if (i == SAVEFILE_INTERFACES_MAX - 1)
			make_packet(&f, (uint32_t)i, 1, "last", 0);
	}
	assert_int_equal(open_file(&s, &f, &failure), 0);
	expect(s, "last", 1, SAVEFILE_INTERFACES_MAX - 1);
	assert_int_equal(savefile_next(s, &frame, &failure), -E2BIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pcap), cmocka_unit_test(test_ng),
		cmocka_unit_test(test_ways), cmocka_unit_test(test_times),
		cmocka_unit_test(test_cut),  cmocka_unit_test(test_cut_large),
		cmocka_unit_test(test_lies), cmocka_unit_test(test_too_many_interfaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
