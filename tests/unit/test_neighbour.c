// SPDX-License-Identifier: GPL-2.0-only
/* Who has an address: the questions as bytes, and which frames are answers. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "io/neighbour.h"
#include "samples/parsed.h"

#include <stdio.h>
#include <string.h>

static const uint8_t own[6] = {2, 0, 0, 0, 0, 9}, other[6] = {2, 0, 0, 0, 0, 1};

/* Byte for byte as the RFCs have them; the checksum by hand: the sum of all words is 0. */
static void test_solicitation(void **state)
{
	static const uint8_t head[] = {0x33, 0x33, 0xff, 0x12, 0x12, 0x34, 2, 0, 0,  0,	 0,
				       9,    0x86, 0xdd, 0x60, 0,    0,	   0, 0, 24, 58, 255};
	struct addr a = parsed("2001:db8::12:1234");
	uint8_t frame[NEIGHBOUR_FRAME], zero[16] = {0};
	uint32_t sum = 24 + 58;

	assert_int_equal(neighbour_write(frame, own, &a), 78);
	assert_memory_equal(frame, head, sizeof(head));
	assert_memory_equal(frame + 22, zero, 16);
	assert_int_equal(frame[54], 135);
	assert_memory_equal(frame + 62, a.bytes, 16);
	for (size_t i = 22; i < 78; i += 2)
		sum += (uint32_t)frame[i] << 8 | frame[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	assert_int_equal(sum, 0xffff);
}

static void test_probe(void **state)
{
	struct addr a = parsed("192.0.2.1");
	uint8_t frame[NEIGHBOUR_FRAME], mac[6], zero[6] = {0};

	assert_int_equal(neighbour_write(frame, own, &a), 42);
	assert_memory_equal(frame + 28, zero, 4); /* the sender says no address (RFC 5227, 2.1.1) */
	assert_memory_equal(frame + 38, a.bytes + 12, 4);
	assert_false(neighbour_read(frame, 42, &a, mac)); /* its own question is no answer */
}

static size_t read_seed(const char *name, uint8_t frame[static 256])
{
	char path[128];
	FILE *file;
	size_t n;

	snprintf(path, sizeof(path), "tests/fuzz/corpus/neighbour/%s", name);
	file = fopen(path, "re");
	assert_non_null(file);
	n = fread(frame, 1, 256, file);
	fclose(file);
	return n;
}

static void test_answers(void **state)
{
	static const struct {
		const char *seed, *target;
		bool answers;
	} cases[] = {
		{"arp", "192.0.2.1", true},
		{"arp", "192.0.2.2", false},
		{"arp", "2001:db8::1", false},
		{"arp-cut", "192.0.2.1", false},
		{"advertisement", "2001:db8::1", true},
		{"advertisement", "2001:db8::2", false},
		{"advertisement", "192.0.2.1", false},
		{"cut", "2001:db8::1", false},
		{"taking", "2001:db8::1", true},  /* at the same time as we */
		{"asking", "2001:db8::1", false}, /* a neighbour that only wants to talk to it */
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct addr a = parsed(cases[i].target);
		uint8_t frame[256], mac[6];
		size_t n = read_seed(cases[i].seed, frame);

		assert_int_equal(neighbour_read(frame, n, &a, mac), cases[i].answers);
		if (cases[i].answers)
			assert_memory_equal(mac, other, 6);
	}
}

/* From beyond the link nobody can claim an address (RFC 4861, 7.1.2). */
static void test_from_afar(void **state)
{
	struct addr a = parsed("2001:db8::1");
	uint8_t frame[256], mac[6];
	size_t n = read_seed("advertisement", frame);

	frame[21] = 254;
	assert_false(neighbour_read(frame, n, &a, mac));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_solicitation),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_from_afar),
	};

	return cmocka_run_group_tests_name("neighbour", tests, NULL, NULL);
}
