// SPDX-License-Identifier: GPL-2.0-only
/* Host files: what is told of the host that they describe, and what is said of wrong ones. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "base/cleanup.h"
#include "core/engine.h"
#include "core/fib.h"
#include "fuzz/memory_file.h"
#include "io/host_file.h"
#include "samples/parsed.h"

#include <errno.h>
#include <string.h>

static const char host_text[] =
	"{\"kind\": \"host\", \"host\": \"mail\", \"kernel\": \"6.1\", "
	"\"started\": \"2026-01-02T03:04:05.000006Z\", \"links\": ["
	"{\"name\": \"eth0\", \"index\": 2, \"type\": 1, \"master\": \"br0\", \"up\": true, "
	"\"running\": true, \"loopback\": false, \"forwards\": {\"ipv4\": true, \"ipv6\": false}, "
	"\"driver\": \"veth\", \"mac\": \"02:00:00:00:00:0a\"},"
	"{\"name\": \"br0\", \"index\": 9, \"up\": true, \"running\": false, \"loopback\": false}],"
	"\"addresses\": [{\"address\": \"192.0.2.1\", \"prefix_len\": 24, \"interface\": \"eth0\", "
	"\"flags\": 128, \"created\": null},"
	"{\"address\": \"2001:db8::1\", \"prefix_len\": 64, \"interface\": \"br0\", \"flags\": 0}],"
	"\"routes\": [{\"kind\": \"local\", \"prefix\": \"192.0.2.1\", \"prefix_len\": 32, "
	"\"table\": 255, \"interface\": \"eth0\", \"gateway\": null, \"metric\": 0},"
	"{\"kind\": \"default\", \"prefix\": \"0.0.0.0\", \"prefix_len\": 0, \"table\": 254, "
	"\"interface\": \"eth0\", \"gateway\": \"192.0.2.254\", \"metric\": 100},"
	"{\"kind\": \"blackhole\", \"prefix\": \"198.51.100.0\", \"prefix_len\": 24, \"table\": "
	"254, "
	"\"interface\": null, \"gateway\": null, \"metric\": 0},"
	"{\"kind\": \"of a later version\", \"prefix\": \"::\", \"prefix_len\": 0}],"
	"\"listeners\": [{\"address\": \"::\", \"port\": 993, \"v6only\": true, \"interface\": "
	"null, "
	"\"backlog\": 5, \"queued\": 1}],"
	"\"neighbours\": [{\"address\": \"192.0.2.254\", \"interface\": \"eth0\", "
	"\"mac\": \"02:00:00:00:00:0b\", \"router\": true}],"
	"\"names\": [{\"name\": \"a.example\", \"via\": null, \"status\": \"ok\", \"error\": null, "
	"\"records\": [{\"type\": \"A\", \"address\": \"192.0.2.7\", \"ttl\": 60}]}]}";

static void hear(void *data, const struct input *in)
{
	engine_feed(data, in);
}

static struct engine *new_engine(void)
{
	static const struct engine_policy policy;
	struct engine *e = NULL;

	assert_int_equal(engine_new(&e, &policy), 0);
	return e;
}

static int read_text(struct host_file *ret_file, const char *text, bool names, struct engine *e,
		     struct failure *failure)
{
	char path[32];
	autoclose int fd = -1;

	fd = memory_file((const uint8_t *)text, strlen(text), path);

	return host_file_read(ret_file, path, names, hear, e, failure);
}

static void test_whole(void **state)
{
	cleanup(engine_free) struct engine *e = new_engine();
	cleanup(host_file_free) struct host_file file = {0};
	const struct addr here = parsed("192.0.2.1"), down = parsed("2001:db8::1"),
			  called = parsed("192.0.2.7");
	const uint8_t mac[] = {2, 0, 0, 0, 0, 0xa};
	const struct input_link *link;
	struct failure failure = {0};
	size_t count;

	(void)state;
	if (read_text(&file, host_text, true, e, &failure) < 0)
		fail_msg("%s", failure.text);
	assert_string_equal(file.host, "mail");
	assert_true(file.taken == 1767323045000006000);
	assert_true(file.has_names);
	assert_int_equal(file.link_count, 2);
	assert_true(file.links[0].told && file.links[0].v4 && !file.links[0].v6);
	assert_false(file.links[1].told);
	link = hostaddr_link_named(e->host, "eth0");
	assert_non_null(link);
	assert_int_equal(link->master, 9);
	assert_memory_equal(link->mac, mac, sizeof(mac));
	assert_int_equal(hostaddr_owned(e->host, &here, NULL), OWNED_YES);
	assert_int_equal(hostaddr_owned(e->host, &down, NULL), OWNED_LINK_DOWN);
	assert_int_equal(hostaddr_covering(e->host, &called, 2)->prefix_len, 120);
	assert_int_equal(hostaddr_default(e->host, AF_INET, 0)->oif, 2);
	assert_null(hostaddr_default(e->host, AF_INET6, 0));
	assert_int_equal(engine_listens(e, &down, 993, 0, NULL), FACT_YES);
	assert_int_equal(engine_listens(e, &here, 993, 0, NULL), FACT_NO);
	assert_non_null(routing_neighbour(e->routing, 0));
	assert_non_null(engine_publications(e, &called, &count));
}

static void hear_routes(void *data, const struct input *in)
{
	fib_feed(data, in);
}

static void test_routes(void **state)
{
	cleanup(fib_free) struct fib *fib = NULL;
	cleanup(host_file_free) struct host_file file = {0};
	const struct addr refused = parsed("198.51.100.9"), other = parsed("203.0.113.1");
	struct failure failure = {0};
	autoclose int fd = -1;
	char path[32];

	(void)state;
	assert_int_equal(fib_new(&fib), 0);
	fd = memory_file((const uint8_t *)host_text, strlen(host_text), path);
	assert_int_equal(host_file_read(&file, path, false, hear_routes, fib, &failure), 0);
	assert_false(file.cut);
	assert_true(fib_is_whole(fib));
	assert_int_equal(fib_find(fib, &refused, 254)->kind, ROUTE_BLACKHOLE);
	assert_int_equal(fib_find(fib, &other, 254)->kind, ROUTE_DEFAULT);
	assert_int_equal(fib_find(fib, &other, 254)->oif, 2);
}

static void test_without_names(void **state)
{
	cleanup(engine_free) struct engine *e = new_engine();
	cleanup(host_file_free) struct host_file file = {0};
	const struct addr called = parsed("192.0.2.7");
	struct failure failure = {0};
	size_t count;

	(void)state;
	assert_int_equal(read_text(&file, host_text, false, e, &failure), 0);
	assert_null(engine_publications(e, &called, &count));
}

/* The same text with one piece in place of another. */
static char *with(const char *piece, const char *other)
{
	const char *at = strstr(host_text, piece);
	char *text = NULL;

	assert_non_null(at);
	assert_true(asprintf(&text, "%.*s%s%s", (int)(at - host_text), host_text, other,
			     at + strlen(piece)) > 0);
	return text;
}

static void test_wrong(void **state)
{
	static const struct {
		const char *piece, *other, *said;
	} wrongs[] = {
		{"\"index\": 2", "\"index\": -2", "entry 1 of \"links\" has no right \"index\""},
		{"\"index\": 9", "\"index\": \"9\"", "entry 2 of \"links\" has no right \"index\""},
		{"\"up\": true", "\"up\": 1", "\"up\""},
		{"02:00:00:00:00:0a", "02:00:00:00:00", "\"mac\""},
		{"\"prefix_len\": 24", "\"prefix_len\": 33",
		 "entry 1 of \"addresses\" has no right \"prefix_len\""},
		{"\"192.0.2.1\"", "\"192.0.2.999\"", "\"address\""},
		{"\"interface\": \"br0\"", "\"interface\": \"br1\"",
		 "entry 2 of \"addresses\" has no right \"interface\""},
		{"\"port\": 993", "\"port\": 65536",
		 "entry 1 of \"listeners\" has no right \"port\""},
		{"\"status\": \"ok\"", "\"status\": \"well\"",
		 "entry 1 of \"names\" has no right \"status\""},
		{"05.000006Z", "05Z", "\"started\""},
		{"\"routes\"", "\"rotues\"", "no list \"routes\""},
		{"\"kind\": \"host\"", "\"kind\": \"capture\"", "is no host file"},
		{"\"links\": [", "\"links\": ", "is no JSON"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrongs) / sizeof(*wrongs); i++) {
		cleanup(engine_free) struct engine *e = new_engine();
		autofree char *text = with(wrongs[i].piece, wrongs[i].other);
		struct host_file file = {0};
		struct failure failure = {0};

		assert_int_equal(read_text(&file, text, true, e, &failure), -EINVAL);
		assert_null(file.links);
		if (!strstr(failure.text, wrongs[i].said))
			fail_msg("%s: %s", wrongs[i].other, failure.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_without_names),
		cmocka_unit_test(test_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
