// SPDX-License-Identifier: GPL-2.0-only
/* Metrics: the text that Prometheus reads, with names as hostile as DNS can make them. */
#include "base/address.h"
#include "cmd/metrics.h"
#include "cmd/metrics_text.h"
#include "core/judge.h"
#include "samples/parsed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <uthash.h>

#include <cmocka.h>

#define NOW 1795358821123456789ULL

static struct session session;
static struct daemon_counters counters;

static void hear_name(const char *name, enum name_status status, size_t count,
		      const char *const *addresses)
{
	struct record records[8];

	for (size_t i = 0; i < count; i++)
		records[i] = (struct record){.address = parsed(addresses[i]), .ttl = 300};
	engine_feed(session.engine, &(struct input){
					    .kind = INPUT_NAME,
					    .now = NOW,
					    .name = {.name = name,
						     .status = status,
						     .error = status ? "no" : NULL,
						     .records = records,
						     .count = count},
				    });
}

static void hear(enum input_kind kind)
{
	engine_feed(session.engine, &(struct input){.kind = kind, .now = NOW});
}

static void hear_count(uint32_t ifindex, const char *to, uint16_t port, uint64_t syns)
{
	engine_feed(session.engine, &(struct input){.kind = INPUT_COUNT,
						    .now = NOW,
						    .count = {.kind = SLOT_SYN,
							      .ifindex = ifindex,
							      .dst = parsed(to),
							      .src = parsed("192.0.2.9"),
							      .port = port,
							      .syns = syns,
							      .first = NOW - 10,
							      .last = NOW - 5}});
}

static void own(const char *address)
{
	engine_feed(session.engine, &(struct input){.kind = INPUT_ROUTE,
						    .now = NOW,
						    .route = {.kind = ROUTE_LOCAL,
							      .prefix = parsed(address),
							      .prefix_len = 128,
							      .table = 255,
							      .oif = 1}});
}

static int set_up(void **state)
{
	session = (struct session){0};
	counters = (struct daemon_counters){0};
	return engine_new(&session.engine, &(struct engine_policy){0});
}

static int tear_down(void **state)
{
	engine_free(&session.engine);
	return 0;
}

static char *text(void)
{
	const struct metrics m = {.session = &session, .counters = &counters};
	static char buffer[1 << 16];
	FILE *out = fmemopen(buffer, sizeof(buffer), "w");

	metrics_write(out, &m);
	fclose(out);
	return buffer;
}

static void check_has(const char *said, const char *line)
{
	char wanted[1024];

	snprintf(wanted, sizeof(wanted), "\n%s\n", line);
	if (!strstr(said, wanted))
		fail_msg("\"%s\" is missing in:\n%s", line, said);
}

static void check_lacks(const char *said, const char *part)
{
	if (strstr(said, part))
		fail_msg("\"%s\" stands in:\n%s", part, said);
}

struct line {
	UT_hash_handle hh;
	char series[4096];
};

/* No series twice, and each line is a comment or ends with a number. */
static void check_format(char *said)
{
	struct line *lines = NULL, *line, *next;
	char *rest = said;

	for (char *at; (at = strsep(&rest, "\n"));) {
		char *space = strrchr(at, ' '), *end;

		if (!*at || strncmp(at, "# HELP ", 7) == 0 || strncmp(at, "# TYPE ", 7) == 0)
			continue;
		assert_non_null(space);
		strtod(space + 1, &end);
		assert_int_equal(*end, '\0');
		*space = '\0';
		HASH_FIND_STR(lines, at, line);
		if (line)
			fail_msg("series %s comes twice", at);
		line = calloc(1, sizeof(*line));
		snprintf(line->series, sizeof(line->series), "%s", at);
		HASH_ADD_STR(lines, series, line);
	}
	HASH_ITER (hh, lines, line, next) {
		HASH_DEL(lines, line);
		free(line);
	}
}

static void test_nothing_heard(void **state)
{
	char *said = text();

	check_has(said, "synhole_build_info{version=\"" SYNHOLE_VERSION "\"} 1");
	check_has(said, "synhole_incidents_open{verdict=\"blackhole\"} 0");
	check_has(said, "synhole_incidents_total{verdict=\"stray\"} 0");
	check_has(said, "# TYPE synhole_frames_total counter");
	check_has(said, "synhole_store_errors_total 0");
	check_lacks(said, "synhole_address_owned{");
	assert_non_null(strstr(said, "\nprocess_resident_memory_bytes "));
	assert_null(strstr(said, "\nprocess_resident_memory_bytes 0\n"));
	check_format(said);
}

static void test_names(void **state)
{
	const char *both[] = {"2001:db8::1", "198.51.100.2"};
	char *said;

	own("198.51.100.2");
	hear_name("imap.example.org", NAME_OK, 2, both);
	hear_name("gone.example.org", NAME_NXDOMAIN, 0, NULL);
	hear_name("gone.example.org", NAME_NXDOMAIN, 0, NULL);
	hear_name("mute.example.org", NAME_TIMEOUT, 0, NULL);
	said = text();
#define NAME "{name=\"imap.example.org\",type=\""
	check_has(said, "synhole_address_owned" NAME "AAAA\",address=\"2001:db8::1\"} 0");
	check_has(said, "synhole_address_owned" NAME "A\",address=\"198.51.100.2\"} 1");
	check_has(said, "synhole_address_verdict" NAME
			"AAAA\",address=\"2001:db8::1\",verdict=\"latent\"} 1");
	check_lacks(said, "synhole_address_verdict" NAME "A\"");
	check_has(said, "synhole_dns_failures_total{name=\"gone.example.org\",status=\"nxdomain\"} "
			"2");
	check_has(said, "synhole_dns_last_success_timestamp_seconds{name=\"mute.example.org\"} 0");
	check_lacks(said,
		    "synhole_dns_last_success_timestamp_seconds{name=\"imap.example.org\"} 0");
	check_format(said);
}

/* Counts are since the start, over all interfaces, whatever windows there were; strangers never
 * become series. */
static void test_counts(void **state)
{
	const char *one[] = {"2001:db8::1"};
	char *said;

	hear_name("imap.example.org", NAME_OK, 1, one);
	hear(INPUT_COUNTS_BEGIN);
	hear_count(2, "2001:db8::1", 993, 5);
	hear_count(3, "2001:db8::1", 993, 2);
	hear_count(3, "2001:db8::9", 22, 77);
	hear(INPUT_COUNTS_END);
	engine_rotate(session.engine);
	hear(INPUT_COUNTS_BEGIN);
	hear_count(2, "2001:db8::1", 993, 9);
	hear_count(2, "2001:db8::1", 0, 3);
	hear_count(3, "2001:db8::1", 993, 2);
	hear_count(3, "2001:db8::9", 22, 78);
	hear(INPUT_COUNTS_END);
	counters.strangers = 1;
	counters.stranger_syns = 78;
	said = text();
#define SYNS "synhole_published_syns_total{name=\"imap.example.org\",address=\"2001:db8::1\",port="
	check_has(said, SYNS "\"993\"} 11");
	check_has(said, SYNS "\"other\"} 3");
	check_has(said, "synhole_stranger_syns_total 78");
	check_lacks(said, "2001:db8::9");
	check_format(said);
}

/* Names that look alike once they are printable, and records that come twice. */
static void test_hostile_names(void **state)
{
	const char *twice[] = {"2001:db8::1", "2001:db8::1"};
	char *said;

	hear_name("a\001.example", NAME_OK, 2, twice);
	hear_name("a\\001.example", NAME_OK, 2, twice);
	hear_name("q\"} 1\n# x.example", NAME_OK, 1, twice);
	said = text();
	check_has(said, "synhole_address_owned{name=\"a\\\\001.example\",type=\"AAAA\","
			"address=\"2001:db8::1\"} 0");
	check_has(said, "synhole_address_owned{name=\"q\\\"} 1\\\\010# x.example\",type=\"AAAA\","
			"address=\"2001:db8::1\"} 0");
	check_format(said);
}

static void test_labels(void **state)
{
	for (size_t size = 16; size < 40; size++) {
		char *labels = calloc(1, size);

		metrics_label(labels, size, "key", "\"\\\001\"\"\"\"\"\"\"\"\"\"\"\"");
		assert_true(strlen(labels) < size);
		assert_int_equal(labels[strlen(labels) - 1], '"');
		free(labels);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_nothing_heard, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_hostile_names, set_up, tear_down),
		cmocka_unit_test(test_labels),
	};

	return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
