// SPDX-License-Identifier: GPL-2.0-only
/* Pages: texts cannot leave their place, and the picture's scales fit whatever was counted. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "cmd/page.h"
#include "cmd/page_scale.h"
#include "incidents/sample.h"

#include <stdlib.h>
#include <string.h>

#define MINUTE (60 * SAMPLE_SECOND)
#define DAY (1440 * MINUTE)

static struct stored stored;
static struct page_scale scale;

static void writes(const char *text, const char *wanted)
{
	char *written = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&written, &size);

	page_text(out, text);
	fclose(out);
	assert_string_equal(written, wanted);
	free(written);
}

static void test_text(void **state)
{
	writes("a<b>&amp;\"c'", "a&lt;b&gt;&amp;amp;&quot;c&#39;");
	writes("\033[31m\n\xc3\xa9", "\\027[31m\\010\\195\\169");
	writes("", "");
}

static void test_sheet(void **state)
{
	const struct sheet_column columns[] = {{"what", 0}, {"n", 1}, {NULL, 0}};
	struct sheet *s = sheet_new("<T>", columns);
	char *written = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&written, &size);

	sheet_row(s, "<b>", NULL);
	sheet_row(s, "\033", "2");
	sheet_note(s, "%s", "<i>");
	page_sheet(out, s, "id", true);
	sheet_print(s, out);
	fclose(out);
	assert_null(strstr(written, "<b>&"));
	assert_non_null(strstr(written, "<td>&lt;b&gt;</td><td class=\"n\">-</td>"));
	assert_non_null(strstr(written, "<td class=\"n\">2</td><td>\\027</td>"));
	assert_non_null(strstr(written, "&lt;i&gt;"));
	assert_non_null(strstr(written, "<T>\n  what  n\n  <b>   -\n  \\027  2\n  <i>\n"));
	for (int i = 0; i < 2 * SHEET_ROWS_MAX; i++)
		sheet_row(s, "", "");
	assert_int_equal(s->row_count, SHEET_ROWS_MAX);
	sheet_free(&s);
	free(written);
}

static void test_round(void **state)
{
	static const uint64_t wanted[][2] = {
		{0, 1},	  {1, 1},   {3, 4},   {5, 6},	 {7, 8},      {9, 10},	   {10, 10},
		{11, 20}, {56, 60}, {61, 80}, {81, 100}, {999, 1000}, {1001, 2000}};

	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		assert_int_equal(page_scale_round(wanted[i][0]), wanted[i][1]);
	assert_true(page_scale_round(1ULL << 50) >= 1ULL << 50);
	assert_true(page_scale_round(UINT64_MAX) > 0);
}

/* An incident that opened at the sample's beginning and closed later; one SYN in each minute. */
static void make(uint64_t length, size_t minutes)
{
	free(stored.minutes);
	memset(&stored, 0, sizeof(stored));
	stored.incident.id = 1;
	stored.incident.opened = SAMPLE_BEGAN;
	stored.incident.closed = SAMPLE_BEGAN + length;
	stored.minutes = calloc(minutes + 1, sizeof(*stored.minutes));
	for (stored.minute_count = 0; stored.minute_count < minutes; stored.minute_count++)
		stored.minutes[stored.minute_count] = (struct store_minute){
			.at = SAMPLE_BEGAN + stored.minute_count * MINUTE, .syns = 1};
	page_scale_make(&scale, &stored, 0);
}

static uint64_t all_syns(void)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < scale.bars; i++)
		sum += scale.syns[i];
	return sum;
}

static void fits(void)
{
	assert_in_range(scale.bars, 1, PAGE_BARS);
	assert_true(scale.step && scale.step % MINUTE == 0);
	assert_true(scale.to > scale.from && scale.to - scale.from == scale.bars * scale.step);
	assert_true(scale.top >= scale.most && scale.top > 0);
	assert_in_range(scale.tick_count, 1, PAGE_TICKS);
	for (size_t i = 0; i < scale.tick_count; i++)
		assert_in_range(scale.ticks[i], scale.from, scale.to);
}

static void test_scales(void **state)
{
	static const uint64_t lengths[] = {
		0,   1,	      MINUTE,	30 * MINUTE, 179 * MINUTE, 180 * MINUTE,
		DAY, 3 * DAY, 40 * DAY, 400 * DAY,   40000 * DAY};

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		size_t minutes = lengths[i] / MINUTE < 100000 ? lengths[i] / MINUTE : 100000;

		make(lengths[i], minutes);
		fits();
		assert_true(scale.from <= SAMPLE_BEGAN && scale.to > SAMPLE_BEGAN + lengths[i]);
		assert_int_equal(all_syns(), minutes);
	}
}

/* A record that was published for years does not flatten what happened today. */
static void test_long_before(void **state)
{
	make(30 * MINUTE, 30);
	incident_note(&stored.incident, SAMPLE_BEGAN - 400 * DAY, TIMELINE_PUBLISHED, "");
	incident_note(&stored.incident, SAMPLE_BEGAN - 5 * MINUTE, TIMELINE_ROUTE_LOST, "");
	page_scale_make(&scale, &stored, 0);
	fits();
	assert_int_equal(scale.from, SAMPLE_BEGAN - 5 * MINUTE);
}

static void draw(void)
{
	char *written = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&written, &size);

	page_incident(out, &stored, SAMPLE_BEGAN);
	fclose(out);
	assert_non_null(strstr(written, "</svg>"));
	for (size_t i = 0; i < size; i++)
		assert_true(written[i] == '\n' || (written[i] >= ' ' && written[i] <= '~'));
	assert_null(strstr(written, "nan"));
	assert_null(strstr(written, "inf"));
	free(written);
}

static void test_hostile_numbers(void **state)
{
	static const when_t times[] = {1, SAMPLE_BEGAN, INT64_MAX, UINT64_MAX};

	for (int i = 0; i < 64; i++) {
		make(MINUTE, 3);
		sample_full(&stored.incident);
		stored.incident.opened = times[i & 3];
		stored.incident.closed = times[i >> 2 & 3];
		stored.minutes[0].at = times[i >> 4 & 3];
		stored.minutes[1] = (struct store_minute){1, times[i & 3], INT64_MAX, INT64_MAX};
		draw();
	}
	free(stored.minutes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),	    cmocka_unit_test(test_sheet),
		cmocka_unit_test(test_round),	    cmocka_unit_test(test_scales),
		cmocka_unit_test(test_long_before), cmocka_unit_test(test_hostile_numbers),
	};

	return cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
