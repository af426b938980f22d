// SPDX-License-Identifier: GPL-2.0-only
/* The resolver against a real server: what is asked, followed and told. */
#include "dns_ear.h"
#include "nsd.h"

#include <arpa/nameser.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct nsd nsd;

static void open_nsd(struct ear *ear, const char *address)
{
	char server[32];

	snprintf(server, sizeof(server), "%s:%u", address, nsd.port);
	ear_open(ear, server, NULL);
}

static const struct input_name *look(struct ear *ear, enum resolver_question question,
				     const char *name)
{
	ear_ask(ear, question, name);
	ear_listen(ear, 6);
	return ear_heard(ear, name, NULL);
}

static void test_addresses(void **state)
{
	const struct input_name *name;
	struct ear ear;

	(void)state;
	open_nsd(&ear, "127.0.0.1");
	name = look(&ear, RESOLVE_NAME, "imap.example.org");
	assert_int_equal(name->status, NAME_OK);
	assert_null(name->error);
	assert_null(name->via);
	assert_string_equal(name->server, "127.0.0.1");
	assert_int_equal(name->count, 2);
	ear_has(name, "192.0.2.1", 300);
	ear_has(name, "2001:db8::1", 60);
	name = look(&ear, RESOLVE_NAME, "IMAP.example.ORG.");
	assert_int_equal(name->count, 2);
	name = look(&ear, RESOLVE_NAME, "mail.example.org");
	assert_int_equal(name->status, NAME_OK);
	assert_int_equal(name->count, 1);
	ear_close(&ear);
}

static void test_over_ipv6(void **state)
{
	struct ear ear;

	(void)state;
	open_nsd(&ear, "[::1]");
	assert_string_equal(look(&ear, RESOLVE_NAME, "imap.example.org")->server, "::1");
	assert_int_equal(ear.heard[0].name.count, 2);
	ear_close(&ear);
}

static void test_cnames(void **state)
{
	const struct input_name *name;
	struct ear ear;

	(void)state;
	open_nsd(&ear, "127.0.0.1");
	name = look(&ear, RESOLVE_NAME, "www.example.org");
	ear_has(name, "192.0.2.1", 30);
	ear_has(name, "2001:db8::1", 30);
	ear_has(look(&ear, RESOLVE_NAME, "far.example.org"), "192.0.2.2", 20);
	name = look(&ear, RESOLVE_NAME, "c1.example.org"); /* exactly 8 */
	assert_int_equal(name->status, NAME_OK);
	assert_int_equal(name->count, 2);
	ear_close(&ear);
}

static void test_failures(void **state)
{
	static const struct {
		const char *name;
		enum name_status status;
		const char *error;
	} cases[] = {
		{"nope.example.org", NAME_NXDOMAIN, "the name does not exist"},
		{"text.example.org", NAME_NODATA, "the name has no A or AAAA record"},
		{"www.example.com", NAME_REFUSED, "the server refuses to answer for this name"},
		{"a.broken.example", NAME_SERVFAIL, "the server failed (SERVFAIL)"},
		{"x.sub.example.org", NAME_REFUSED,
		 "the server does not know this name and asks no other"},
		{"c0.example.org", NAME_SERVFAIL,
		 "its CNAMEs form a loop or a chain of more than 8"},
		{"gone.example.org", NAME_NXDOMAIN,
		 "the name does not exist, asked for addresses of nothing.example.net"},
		{"out.example.org", NAME_REFUSED,
		 "the server refuses to answer for this name, asked for addresses of "
		 "www.example.com"},
	};
	struct ear ear;

	(void)state;
	open_nsd(&ear, "127.0.0.1");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ear_ask(&ear, RESOLVE_NAME, cases[i].name);
	ear_ask(&ear, RESOLVE_NAME, "loop1.example.org");
	ear_listen(&ear, 6);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct input_name *name = ear_heard(&ear, cases[i].name, NULL);

		assert_int_equal(name->status, cases[i].status);
		assert_string_equal(name->error, cases[i].error);
		assert_int_equal(name->count, 0);
	}
	assert_int_equal(ear_heard(&ear, "loop1.example.org", NULL)->status, NAME_SERVFAIL);
	assert_true(ear.heard[ear.count - 1].after < 2);
	ear_close(&ear);
}

static void test_mx(void **state)
{
	const struct input_name *name;
	struct ear ear;

	(void)state;
	open_nsd(&ear, "127.0.0.1");
	ear_ask(&ear, RESOLVE_MX, "example.org");
	ear_ask(&ear, RESOLVE_NAME, "mail.example.org");
	ear_listen(&ear, 6);
	assert_int_equal(ear.count, 3);
	name = ear_heard(&ear, "mail.example.org", "mx example.org");
	ear_has(name, "192.0.2.25", 300);
	name = ear_heard(&ear, "mx.example.net", "mx example.org");
	ear_has(name, "2001:db8::27", 500);
	name = look(&ear, RESOLVE_MX, "nullmx.example.org");
	assert_int_equal(name->status, NAME_NODATA);
	assert_string_equal(name->error, "it says that there is none (target \".\")");
	assert_string_equal(name->via, "mx nullmx.example.org");
	name = look(&ear, RESOLVE_MX, "nomx.example.org");
	assert_int_equal(name->status, NAME_OK);
	assert_string_equal(name->via, "mx nomx.example.org");
	ear_has(name, "192.0.2.26", 300);
	ear_has(look(&ear, RESOLVE_MX, "alias.example.org"), "192.0.2.26", 40);
	assert_int_equal(look(&ear, RESOLVE_MX, "nope.example.org")->status, NAME_NXDOMAIN);
	assert_int_equal(look(&ear, RESOLVE_MX, "example.com")->status, NAME_REFUSED);
	ear_close(&ear);
}

static void test_srv(void **state)
{
	const struct input_name *name;
	struct ear ear;

	(void)state;
	open_nsd(&ear, "127.0.0.1");
	ear_ask(&ear, RESOLVE_SRV, "_imaps._tcp.example.org");
	ear_listen(&ear, 6);
	assert_int_equal(ear.count, 1);
	name = ear_heard(&ear, "imap.example.org", "srv _imaps._tcp.example.org");
	assert_int_equal(name->count, 2);
	name = look(&ear, RESOLVE_SRV, "_none._tcp.example.org");
	assert_int_equal(name->status, NAME_NODATA);
	name = look(&ear, RESOLVE_SRV, "text.example.org");
	assert_int_equal(name->status, NAME_NODATA);
	assert_string_equal(name->error, "the name has no SRV record");
	assert_string_equal(name->via, "srv text.example.org");
	ear_close(&ear);
}

/* 200 records do not fit into UDP: this goes over TCP. */
static void test_many_records(void **state)
{
	const struct input_name *name;
	struct ear ear;

	(void)state;
	open_nsd(&ear, "127.0.0.1");
	name = look(&ear, RESOLVE_NAME, "many.example.org");
	assert_int_equal(name->status, NAME_OK);
	assert_int_equal(name->count, 64);
	ear_has(name, "2001:db8::2", 300);
	ear_close(&ear);
}

static void test_many_names(void **state)
{
	struct failure failure = {""};
	char name[64];
	struct ear ear;

	(void)state;
	open_nsd(&ear, "127.0.0.1");
	for (int i = 0; i < RESOLVER_MAX_PENDING; i++) {
		snprintf(name, sizeof(name), "n%d.wild.example.org", i);
		ear_ask(&ear, RESOLVE_NAME, name);
	}
	assert_int_equal(resolver_ask(ear.resolver, RESOLVE_NAME, "one.more", &failure), -ENOBUFS);
	assert_string_equal(failure.text, "more than 1024 names at once are too many");
	assert_int_equal(resolver_pending(ear.resolver), RESOLVER_MAX_PENDING);
	ear_listen(&ear, 6);
	assert_int_equal(ear.count, RESOLVER_MAX_PENDING);
	for (size_t i = 0; i < ear.count; i++) {
		assert_int_equal(ear.heard[i].name.status, NAME_OK);
		ear_has(&ear.heard[i].name, "192.0.2.9", 300);
	}
	assert_true(ear.longest_gap < 2);
	ear_close(&ear);
}

static void test_synthetic_is_skipped(void **state)
{
	const struct input_name *name;
	struct ear ear;

	(void)state;
	open_nsd(&ear, "127.0.0.1");
	name = look(&ear, RESOLVE_NAME, "synthetic.example.org");
	assert_int_equal(name->count, 1);
	ear_has(name, "192.0.2.64", 300);
	ear_close(&ear);
}

/* Bytes as a zone may hold them: told in escapes, asked as bytes. */
static void test_strange_bytes(void **state)
{
	static const char strange[] = "a\\010\\255\\.b.example.org";
	struct ear ear;

	(void)state;
	open_nsd(&ear, "127.0.0.1");
	ear_has(look(&ear, RESOLVE_NAME, strange), "192.0.2.8", 300);
	ear_has(look(&ear, RESOLVE_NAME, "evil.example.org"), "192.0.2.8", 300);
	ear_ask(&ear, RESOLVE_MX, "evil2.example.org");
	ear_listen(&ear, 6);
	ear_has(ear_heard(&ear, strange, "mx evil2.example.org"), "192.0.2.8", 300);
	ear_close(&ear);
}

static void test_ask_from_hear(void **state)
{
	struct ear ear;

	(void)state;
	open_nsd(&ear, "127.0.0.1");
	ear.ask_on = "mail.example.org";
	look(&ear, RESOLVE_NAME, "imap.example.org");
	assert_int_equal(ear.count, 2);
	ear_has(ear_heard(&ear, "mail.example.org", NULL), "192.0.2.25", 300);
	ear_close(&ear);
}

struct records {
	unsigned heard;
	enum name_status status;
	size_t addresses, count;
	char all[256]; /* the first texts, each behind a bar */
};

static void hear_records(void *data, enum name_status status, const struct dns_answer *answer)
{
	struct records *r = data;

	r->heard++;
	r->status = status;
	r->addresses = answer->n_records;
	r->count = answer->n_targets;
	for (size_t i = 0; i < r->count && i < 3; i++) {
		strcat(r->all, "|");
		strcat(r->all, answer->targets[i]);
	}
}

static struct records look_at(struct ear *ear, uint16_t type, const char *name)
{
	struct records records = {0};
	struct failure failure;

	assert_int_equal(
		resolver_ask_records(ear->resolver, type, name, hear_records, &records, &failure),
		0);
	ear_listen(ear, 6);
	assert_int_equal(records.heard, 1);
	assert_int_equal(ear->count, 0); /* no INPUT_NAME */
	return records;
}

/* Records as they stand: no MX is followed, none is made up, and texts keep their bytes. */
static void test_records(void **state)
{
	struct records r;
	struct ear ear;

	(void)state;
	open_nsd(&ear, "127.0.0.1");
	r = look_at(&ear, ns_t_txt, "spf.example.org");
	assert_int_equal(r.status, NAME_OK);
	assert_int_equal(r.count, 2);
	assert_non_null(strstr(r.all, "|v=spf1 mx -all"));
	assert_non_null(strstr(r.all, "|a\001\xff"));
	assert_int_equal(look_at(&ear, ns_t_txt, "spfto.example.org").count, 2);
	assert_int_equal(look_at(&ear, ns_t_txt, "texts.example.org").count, DNS_MAX_TEXTS);
	r = look_at(&ear, ns_t_mx, "example.org");
	assert_int_equal(r.count, 2);
	assert_non_null(strstr(r.all, "|mail.example.org"));
	assert_non_null(strstr(r.all, "|mx.example.net"));
	assert_int_equal(look_at(&ear, ns_t_mx, "nomx.example.org").status, NAME_NODATA);
	assert_int_equal(look_at(&ear, ns_t_mx, "nullmx.example.org").status, NAME_NODATA);
	assert_int_equal(look_at(&ear, ns_t_aaaa, "imap.example.org").addresses, 1);
	assert_int_equal(look_at(&ear, ns_t_aaaa, "mail.example.org").status, NAME_NODATA);
	assert_int_equal(look_at(&ear, ns_t_txt, "not.example.org").status, NAME_NXDOMAIN);
	assert_int_equal(look_at(&ear, ns_t_txt, "a.broken.example").status, NAME_SERVFAIL);
	ear_close(&ear);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_over_ipv6),
		cmocka_unit_test(test_cnames),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_mx),
		cmocka_unit_test(test_srv),
		cmocka_unit_test(test_many_records),
		cmocka_unit_test(test_many_names),
		cmocka_unit_test(test_synthetic_is_skipped),
		cmocka_unit_test(test_strange_bytes),
		cmocka_unit_test(test_ask_from_hear),
		cmocka_unit_test(test_records),
	};

	int r = nsd_start(&nsd);

	if (r == -ENOENT) {
		printf("1..0 # SKIP the package nsd is not installed\n");
		return 0;
	}
	if (r < 0) {
		printf("Bail out! nsd does not start: %s\n", strerror(-r));
		return 1;
	}
	r = cmocka_run_group_tests(tests, NULL, NULL);
	nsd_stop(&nsd);
	return r;
}
