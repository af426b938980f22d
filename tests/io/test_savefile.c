// SPDX-License-Identifier: GPL-2.0-only
/* Recordings of both formats: times, interfaces, ways; and files that end or lie anywhere. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "fuzz/memory_file.h"
#include "io/savefile.h"

#include <errno.h>
#include <string.h>

/* A file in the making, in either byte order. */
struct file {
	uint8_t *bytes;
	size_t len;
	bool swapped;
};

static void put(struct file *f, const void *bytes, size_t len)
{
	f->bytes = realloc(f->bytes, f->len + len + 1);
	assert_non_null(f->bytes);
	memcpy(f->bytes + f->len, bytes, len);
	f->len += len;
}

static void put_16(struct file *f, uint16_t n)
{
	n = f->swapped ? __builtin_bswap16(n) : n;
	put(f, &n, sizeof(n));
}

static void put_32(struct file *f, uint32_t n)
{
	n = f->swapped ? __builtin_bswap32(n) : n;
	put(f, &n, sizeof(n));
}

static void drop(struct file *f)
{
	free(f->bytes);
}

static void pcap_begin(struct file *f, uint32_t magic, uint32_t link_type)
{
	put_32(f, magic);
	put_16(f, 2);
	put_16(f, 4);
	for (int i = 0; i < 3; i++)
		put_32(f, i == 2 ? 65535 : 0);
	put_32(f, link_type);
}

static void pcap_frame(struct file *f, uint32_t seconds, uint32_t part, const char *text)
{
	put_32(f, seconds);
	put_32(f, part);
	put_32(f, (uint32_t)strlen(text));
	put_32(f, (uint32_t)strlen(text) + 3);
	put(f, text, strlen(text));
}

/* A block's body is written between these two. */
static size_t block_begin(struct file *f, uint32_t type)
{
	put_32(f, type);
	put_32(f, 0);
	return f->len - 8;
}

static void block_end(struct file *f, size_t at)
{
	uint32_t len;

	put(f, "\0\0\0", -f->len & 3);
	len = (uint32_t)(f->len - at + 4);
	put_32(f, len);
	memcpy(f->bytes + at + 4, f->bytes + f->len - 4, 4);
}

static void option(struct file *f, uint16_t code, const void *value, uint16_t len)
{
	put_16(f, code);
	put_16(f, len);
	put(f, value, len);
	put(f, "\0\0\0", -f->len & 3);
}

static void section(struct file *f)
{
	size_t at = block_begin(f, 0x0a0d0d0a);

	put_32(f, 0x1a2b3c4d);
	put_16(f, 1);
	put_16(f, 0);
	put_32(f, UINT32_MAX);
	put_32(f, UINT32_MAX);
	block_end(f, at);
}

static void interface(struct file *f, uint16_t link_type, const char *name, int resolution)
{
	size_t at = block_begin(f, 1);
	uint8_t value = (uint8_t)resolution;

	put_16(f, link_type);
	put_16(f, 0);
	put_32(f, 5);
	option(f, 2, name, (uint16_t)strlen(name));
	if (resolution >= 0)
		option(f, 9, &value, 1);
	option(f, 0, "", 0);
	block_end(f, at);
}

static void packet(struct file *f, uint32_t on, uint64_t ticks, const char *text, uint32_t flags)
{
	size_t at = block_begin(f, 6);

	put_32(f, on);
	put_32(f, (uint32_t)(ticks >> 32));
	put_32(f, (uint32_t)ticks);
	put_32(f, (uint32_t)strlen(text));
	put_32(f, (uint32_t)strlen(text));
	put(f, text, strlen(text));
	put(f, "\0\0\0", -f->len & 3);
	option(f, 1, "a comment", 9);
	put_16(f, 2);
	put_16(f, 4);
	put_32(f, flags);
	option(f, 0, "", 0);
	block_end(f, at);
}

static int open_file(struct savefile **ret_savefile, const struct file *f, struct failure *failure)
{
	char path[32];
	autoclose int fd = memory_file(f->bytes, f->len, path);

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
		cleanup(drop) struct file f = {.swapped = i & 1};
		cleanup(savefile_free) struct savefile *s = NULL;
		const struct savefile_interface *all;
		struct failure failure = {0};
		size_t count;

		pcap_begin(&f, kinds[i / 2].magic, 0x10000071); /* with a length of FCS */
		pcap_frame(&f, 0x80000001, 999999, "one");
		pcap_frame(&f, 5, 0, "");
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
		cleanup(drop) struct file f = {.swapped = swapped};
		cleanup(savefile_free) struct savefile *s = NULL;
		const struct savefile_interface *all;
		struct failure failure = {0};
		size_t at, count;

		section(&f);
		interface(&f, 1, "eth0", 9);
		interface(&f, 101, "a name that is too long for us", 0x80 | 10);
		at = block_begin(&f, 0xbad); /* larger than what is kept of a file */
		for (int i = 0; i < 400000; i++)
			put_32(&f, 6);
		block_end(&f, at);
		packet(&f, 0, 1700000000000000001, "one", 2);
		packet(&f, 1, 1024 * 5 + 512, "two", 1);
		at = block_begin(&f, 3); /* no time, and the first interface's snapshot length */
		put_32(&f, 9);
		put(&f, "simple", 6);
		block_end(&f, at);
		f.swapped = !f.swapped;
		section(&f);
		interface(&f, 113, "", -1);
		packet(&f, 0, 7, "other", 0);
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
	cleanup(drop) struct file f = {0};
	cleanup(savefile_free) struct savefile *s = NULL;
	struct savefile_frame frame;
	struct failure failure = {0};

	(void)state;
	section(&f);
	interface(&f, 1, "eth0", 9);
	for (uint32_t i = 0; i < 3; i++)
		packet(&f, 0, 1, "odd", 0xfffffffc | i);
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
		cleanup(drop) struct file f = {0};
		cleanup(savefile_free) struct savefile *s = NULL;
		struct failure failure = {0};

		section(&f);
		interface(&f, 1, "eth0", times[i].resolution);
		packet(&f, 0, times[i].ticks, "x", 0);
		assert_int_equal(open_file(&s, &f, &failure), 0);
		expect(s, "x", times[i].time, 0);
	}
}

static void make(struct file *f, bool ng)
{
	if (ng) {
		section(f);
		interface(f, 1, "eth0", 9);
	} else {
		pcap_begin(f, 0xa1b2c3d4, 1);
	}
	for (uint32_t i = 0; i < 3; i++) {
		if (ng)
			packet(f, 0, i + 1, "frame", 1);
		else
			pcap_frame(f, i + 1, 0, "frame");
	}
}

/* Cut anywhere: what is whole is told, and then either the end or one sentence. */
static void test_cut(void **state)
{
	(void)state;
	for (int ng = 0; ng < 2; ng++) {
		cleanup(drop) struct file whole = {0};
		int before = 0;

		make(&whole, ng);
		for (size_t len = 0; len <= whole.len; len++) {
			const struct file cut = {.bytes = whole.bytes, .len = len};
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

/* A length that lies, wherever it stands. */
static void test_lies(void **state)
{
	static const uint32_t lies[] = {1, 11, 0x00ffffff, 0x7fffffff, 0xfffffff0, 0xffffffff};

	(void)state;
	for (int ng = 0; ng < 2; ng++) {
		cleanup(drop) struct file f = {0};

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
	cleanup(drop) struct file f = {0};
	cleanup(savefile_free) struct savefile *s = NULL;
	struct savefile_frame frame;
	struct failure failure = {0};

	(void)state;
	section(&f);
	for (int i = 0; i <= SAVEFILE_INTERFACES_MAX; i++) {
		interface(&f, 1, "eth", 9);
		if (i == SAVEFILE_INTERFACES_MAX - 1)
			packet(&f, (uint32_t)i, 1, "last", 0);
	}
	assert_int_equal(open_file(&s, &f, &failure), 0);
	expect(s, "last", 1, SAVEFILE_INTERFACES_MAX - 1);
	assert_int_equal(savefile_next(s, &frame, &failure), -E2BIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pcap),
		cmocka_unit_test(test_ng),
		cmocka_unit_test(test_ways),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_too_many_interfaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
