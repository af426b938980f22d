// SPDX-License-Identifier: GPL-2.0-only
/* Addresses: their text (RFC 5952), prefixes at every length, and which are never a finding. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "samples/parsed.h"

#include <errno.h>
#include <string.h>

static void test_text(void **state)
{
	static const char *const pairs[][2] = {
		{"192.0.2.1", "192.0.2.1"},
		{"0.0.0.0", "0.0.0.0"},
		{"255.255.255.255", "255.255.255.255"},
		{"::ffff:192.0.2.1", "192.0.2.1"},
		{"::FFFF:C000:0201", "192.0.2.1"},
		{"::", "::"},
		{"0:0:0:0:0:0:0:1", "::1"},
		{"1:0:0:0:0:0:0:0", "1::"},
		{"2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"},
		/* 4.2.2: one group of zeros is not shortened */
		{"2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
		/* 4.2.3: the longest run, and of two the first */
		{"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
		{"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
		/* 4.3: lower case */
		{"2001:DB8::ABCD:EF01", "2001:db8::abcd:ef01"},
		{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		 "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
	};
	char text[ADDRESS_TEXT];

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct addr a = parsed(pairs[i][0]);

		assert_string_equal(address_format(&a, text), pairs[i][1]);
		assert_ptr_equal(address_format(&a, text), text);
		a = parsed(text);
		assert_string_equal(address_format(&a, text), pairs[i][1]);
	}
}

static void test_no_address(void **state)
{
	static const char *const texts[] = {
		"",
		" 192.0.2.1",
		"192.0.2.1 ",
		"192.0.2",
		"192.0.2.1.1",
		"192.0.2.256",
		"192.0.2.01",
		"0x7f.0.0.1",
		"3221225985",
		"192.0.2.1/32",
		"[::1]",
		"fe80::1%eth0",
		"1:2:3:4:5:6:7",
		"1:2:3:4:5:6:7:8:9",
		":::",
		"1::2::3",
		"12345::",
		"g::",
		"example.org",
	};
	struct addr a, before;

	memset(&a, 0xa5, sizeof(a));
	before = a;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (address_parse(texts[i], &a) != -EINVAL)
			fail_msg("\"%s\" was taken for an address", texts[i]);
		assert_memory_equal(&a, &before, sizeof(a));
	}
}

static void test_prefix(void **state)
{
	static const struct {
		const char *text, *address;
		uint8_t len;
	} good[] = {
		{"192.0.2.0/24", "192.0.2.0", 120},
		{"192.0.2.1", "192.0.2.1", 128},
		{"192.0.2.1/32", "192.0.2.1", 128},
		{"0.0.0.0/0", "0.0.0.0", 96},
		{"128.0.0.0/1", "128.0.0.0", 97},
		{"192.0.2.254/31", "192.0.2.254", 127},
		{"::/0", "::", 0},
		{"8000::/1", "8000::", 1},
		{"2001:db8::/32", "2001:db8::", 32},
		{"2001:db8::1", "2001:db8::1", 128},
		{"2001:db8::/128", "2001:db8::", 128},
		{"::ffff:192.0.2.0/24", "192.0.2.0", 120},
		{"2001:db8:0:8000::/49", "2001:db8:0:8000::", 49},
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct addr a, want = parsed(good[i].address);
		uint8_t len = 0;

		assert_int_equal(address_parse_prefix(good[i].text, &a, &len), 0);
		assert_true(address_equal(&a, &want));
		assert_int_equal(len, good[i].len);
	}
}

static void test_no_prefix(void **state)
{
	static const char *const texts[] = {
		"",
		"/",
		"/24",
		"192.0.2.0/",
		"192.0.2.0//24",
		"192.0.2.0/24/24",
		"192.0.2.0/24 ",
		"192.0.2.0/ 24",
		"192.0.2.0/+24",
		"192.0.2.0/-8",
		"192.0.2.0/24x",
		"192.0.2.0/0x18",
		"192.0.2.0/33",
		"192.0.2.0/280",
		"192.0.2.0/4294967320",
		"192.0.2.0/18446744073709551640",
		"192.0.2.0/255.255.255.0",
		"192.0.2.1/24",
		"192.0.2.1/31",
		"128.0.0.0/0",
		"::1/127",
		"2001:db8::/129",
		"2001:db8::1/64",
		"2001:db8::/28",
		"8000::/0",
		"example.org/24",
		"2001:0db8:0000:0000:0000:0000:0000:00010000000000/128",
	};
	struct addr a, before;
	uint8_t len = 77;

	memset(&a, 0xa5, sizeof(a));
	before = a;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (address_parse_prefix(texts[i], &a, &len) != -EINVAL)
			fail_msg("\"%s\" was taken for a prefix", texts[i]);
		assert_memory_equal(&a, &before, sizeof(a));
		assert_int_equal(len, 77);
	}
}

/* Of any address: the bit before the end of a prefix matters, the bit behind does not. */
static void test_every_length(void **state)
{
	const struct addr a = parsed("a5a5:5a5a:3c3c:c3c3:ff00:ff:8001:7ffe");

	for (unsigned len = 0; len <= 128; len++) {
		struct addr masked = address_masked(&a, (uint8_t)len);
		struct addr inside = a, outside = a;

		assert_true(address_in_prefix(&a, &masked, (uint8_t)len));
		for (unsigned bit = 0; bit < 128; bit++) {
			int want = bit < len ? a.bytes[bit / 8] >> (7 - bit % 8) & 1 : 0;

			assert_int_equal(masked.bytes[bit / 8] >> (7 - bit % 8) & 1, want);
		}
		if (len < 128) {
			inside.bytes[len / 8] ^= (uint8_t)(0x80 >> len % 8);
			assert_true(address_in_prefix(&inside, &a, (uint8_t)len));
		}
		if (len) {
			outside.bytes[(len - 1) / 8] ^= (uint8_t)(0x80 >> (len - 1) % 8);
			assert_false(address_in_prefix(&outside, &a, (uint8_t)len));
		}
	}
}

static void test_special(void **state)
{
	static const char *const special[] = {
		"0.0.0.0",	   "0.1.2.3",	      "127.0.0.1", "127.255.255.255",
		"169.254.0.0",	   "169.254.255.255", "224.0.0.1", "239.1.2.3",
		"255.255.255.255", "240.0.0.1",	      "::",	   "::1",
		"fe80::1",	   "febf:ffff::1",    "ff00::",	   "ff02::1",
		"ffff::",
	};
	static const char *const common[] = {
		"1.0.0.1",     "126.255.255.255", "128.0.0.1",	     "169.253.255.255",
		"169.255.0.0", "10.0.0.7",	  "192.168.1.1",     "223.255.255.255",
		"::2",	       "::100",		  "::100:1",	     "::1:1",
		"::1:0:1",     "fec0::1",	  "fe7f:ffff::1",    "fd00::1",
		"feff::1",     "2001:db8::1",	  "64:ff9b::7f00:1",
	};

	for (size_t i = 0; i < sizeof(special) / sizeof(*special); i++) {
		struct addr a = parsed(special[i]);

		if (!address_is_special(&a))
			fail_msg("%s is special", special[i]);
	}
	for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++) {
		struct addr a = parsed(common[i]);

		if (address_is_special(&a))
			fail_msg("%s is not special", common[i]);
	}
}

static void test_families(void **state)
{
	struct addr v4 = parsed("192.0.2.1"), v6 = parsed("::fffe:c000:201"), zero = parsed("::");
	struct addr v4_zero = parsed("0.0.0.0");

	assert_int_equal(address_family(&v4), AF_INET);
	assert_int_equal(address_family(&v4_zero), AF_INET);
	assert_int_equal(address_family(&v6), AF_INET6);
	assert_int_equal(address_family(&zero), AF_INET6);
	assert_true(address_is_zero(&zero));
	assert_false(address_is_zero(&v4_zero));
	assert_false(address_is_zero(&v6));
}

/* Every bit counts, and the order is that of the wire, not of the machine. */
static void test_compare(void **state)
{
	const struct addr a = parsed("2001:db8::1");

	assert_int_equal(address_compare(&a, &a), 0);
	assert_true(address_equal(&a, &a));
	for (int bit = 0; bit < 128; bit++) {
		struct addr b = a;

		b.bytes[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		assert_false(address_equal(&a, &b));
		assert_int_equal(address_compare(&a, &b) < 0,
				 (b.bytes[bit / 8] & 0x80 >> bit % 8) != 0);
		assert_int_equal(address_compare(&a, &b) < 0, address_compare(&b, &a) > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),	     cmocka_unit_test(test_no_address),
		cmocka_unit_test(test_prefix),	     cmocka_unit_test(test_no_prefix),
		cmocka_unit_test(test_every_length), cmocka_unit_test(test_special),
		cmocka_unit_test(test_families),     cmocka_unit_test(test_compare),
	};

	return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
