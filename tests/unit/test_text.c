// SPDX-License-Identifier: GPL-2.0-only
/* Text: hostile bytes made printable, and times. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "cmd/text.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_every_byte(void **state)
{
	for (int byte = 1; byte <= 0xff; byte++) {
		char text[] = {'a', (char)byte, 'z', '\0'}, safe[16], want[16];

		if (byte >= ' ' && byte <= '~')
			snprintf(want, sizeof(want), "a%cz", byte);
		else
			snprintf(want, sizeof(want), "a\\%03dz", byte);
		assert_string_equal(text_escape(text, safe, sizeof(safe)), want);
		assert_ptr_equal(text_escape(text, safe, sizeof(safe)), safe);
	}
}

static void test_many_bytes(void **state)
{
	char safe[64];

	assert_string_equal(text_escape("", safe, sizeof(safe)), "");
	assert_string_equal(text_escape("\x1b[31mred\x1b[0m", safe, sizeof(safe)),
			    "\\027[31mred\\027[0m");
	assert_string_equal(text_escape("b\xc3\xbc\xc2\x9b.example", safe, sizeof(safe)),
			    "b\\195\\188\\194\\155.example");
	assert_string_equal(text_escape("\r\n\t\x7f", safe, sizeof(safe)), "\\013\\010\\009\\127");
}

/* Whatever the room: it ends with a NUL inside, holds a beginning of the whole, and no half of an
 * escape. */
static void test_every_size(void **state)
{
	const char *text = "ab\x01\xff"
			   "c\n",
		   *whole = "ab\\001\\255c\\010";

	for (size_t size = 1; size <= 24; size++) {
		char *safe = malloc(size);
		size_t n;

		assert_non_null(safe);
		memset(safe, 'x', size);
		text_escape(text, safe, size);
		n = strnlen(safe, size);
		assert_true(n < size);
		assert_memory_equal(safe, whole, n);
		for (size_t i = 0; i < n; i++)
			if (safe[i] == '\\')
				assert_true(i + 3 < n);
		if (size > strlen(whole) + 4)
			assert_string_equal(safe, whole);
		free(safe);
	}
}

static void check_time(when_t when, const char *want)
{
	char text[TEXT_TIME];

	assert_string_equal(text_time(when, text), want);
	assert_ptr_equal(text_time(when, text), text);
}

static void test_time(void **state)
{
	setenv("TZ", "America/St_Johns", 1);
	check_time(0, "1970-01-01T00:00:00.000000Z");
	check_time(1, "1970-01-01T00:00:00.000000Z");
	check_time(999999999, "1970-01-01T00:00:00.999999Z");
	check_time(1000000000, "1970-01-01T00:00:01.000000Z");
	check_time(1000001000, "1970-01-01T00:00:01.000001Z");
	check_time(1795358821123456789, "2026-11-22T14:47:01.123456Z");
	check_time(1709164800000000000, "2024-02-29T00:00:00.000000Z");
	check_time(1735689599999999999, "2024-12-31T23:59:59.999999Z");
	check_time(4107542400000000000, "2100-03-01T00:00:00.000000Z");
	check_time(UINT64_MAX, "2554-07-21T23:34:33.709551Z");
}

static void check_span(uint64_t seconds, const char *want)
{
	char text[TEXT_SPAN];

	assert_string_equal(text_span(seconds * 1000000000, text), want);
}

static void test_words_of_time(void **state)
{
	char text[TEXT_TIME];

	check_span(0, "0 seconds");
	check_span(1, "1 second");
	check_span(59, "59 seconds");
	check_span(60, "1 minute");
	check_span(61, "1 minute 1 second");
	check_span(3600, "1 hour");
	check_span(11 * 3600 + 60, "11 hours 1 minute");
	check_span(3 * 86400 + 7200 + 60, "3 days 2 hours");
	check_span(18446744073, "213503 days 23 hours");
	assert_string_equal(text_clock(1795358821123456789, text), "2026-11-22 14:47:01");
	assert_string_equal(text_clock(0, text), "-");
}

static void reads(const char *text, when_t want)
{
	when_t when = 1;

	if (text_read_time(text, &when) < 0)
		fail_msg("\"%s\" was refused", text);
	assert_int_equal(when, want);
}

static void test_read_time(void **state)
{
	static const char *const bad[] = {
		"",
		"2026",
		"2026-11",
		"2026-13-01",
		"2026-00-01",
		"2026-02-29",
		"2026-11-31",
		"1969-12-31",
		"2600-01-01",
		"9999-12-31T23:59:59Z",
		"1970-01-01T00:00:00+00:01",
		"2026-11-22T14:47:01",
		"2026-11-22T14:47Z",
		"2026-11-22T24:00:00Z",
		"2026-11-22T14:60:01Z",
		"2026-11-22T14:47:01.Z",
		"2026-11-22T14:47:01Zz",
		"2026-11-22T14:47:01+0100",
		"2026-11-22T14:47:01+24:00",
		"+026-11-22",
		" 2026-11-22",
	};
	when_t when;

	setenv("TZ", "America/St_Johns", 1);
	reads("1970-01-01", 0);
	reads("2026-11-22", 1795305600000000000);
	reads("2026-11-22T14:47:01.123456Z", 1795358821123456000);
	reads("2026-11-22t14:47:01.1234567891z", 1795358821123456789);
	reads("2026-11-22 15:47:01+01:00", 1795358821000000000);
	reads("2026-11-22T09:17:01-05:30", 1795358821000000000);
	reads("2024-02-29T00:00:00Z", 1709164800000000000);
	reads("2554-07-21T23:34:32.999999Z", 18446744072999999000U);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (text_read_time(bad[i], &when) != -EINVAL)
			fail_msg("\"%s\" was taken", bad[i]);
}

static void test_service(void **state)
{
	assert_null(text_service(0));
	assert_null(text_service(65535));
	/* Without services(5) there are no names, and nothing to compare. */
	if (getservbyname("smtp", "tcp"))
		assert_string_equal(text_service(25), "smtp");
	else
		assert_null(text_service(25));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_byte), cmocka_unit_test(test_many_bytes),
		cmocka_unit_test(test_every_size), cmocka_unit_test(test_time),
		cmocka_unit_test(test_read_time),  cmocka_unit_test(test_words_of_time),
		cmocka_unit_test(test_service),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
