// SPDX-License-Identifier: GPL-2.0-only
/* SPF: the zones and tests of tests/spf, whose README has the words. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "core/spf.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define RECORDS_MAX 512
#define FOUND_MAX 64
#define LINE_MAX_BYTES 8192

struct zone_record {
	char name[300], type[8], *value;
};

static struct zone_record records[RECORDS_MAX];
static size_t record_count;

/* What an answer points to lives until the check is over. */
static struct found {
	struct addr addresses[FOUND_MAX];
	const char *texts[FOUND_MAX];
} founds[256];
static size_t found_count;
static unsigned questions;

static void forget_zone(void)
{
	while (record_count)
		free(records[--record_count].value);
}

/* "\DDD" as the byte; a zero byte, which no text holds, as the resolver tells it. */
static char *unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (*from != '\\') {
			*to++ = *from;
			continue;
		}
		*to = (char)((from[1] - '0') * 100 + (from[2] - '0') * 10 + from[3] - '0');
		*to = *to ? *to : '\001';
		to++;
		from += 3;
	}
	*to = '\0';
	return text;
}

static void add_record(char *rest)
{
	struct zone_record *r = &records[record_count++];
	char *name = strsep(&rest, " "), *type = strsep(&rest, " ");

	assert_true(record_count < RECORDS_MAX && type);
	snprintf(r->name, sizeof(r->name), "%s", unescape(name));
	snprintf(r->type, sizeof(r->type), "%s", type);
	r->value = strdup(rest ? unescape(rest) : "");
}

static const char *type_of(enum spf_asked asked)
{
	static const char *const types[] = {
		[SPF_ASK_TXT] = "TXT", [SPF_ASK_A] = "A",     [SPF_ASK_AAAA] = "AAAA",
		[SPF_ASK_MX] = "MX",   [SPF_ASK_PTR] = "PTR",
	};

	return types[asked];
}

static void find(struct spf_answer *answer, struct found *found, enum spf_asked asked,
		 const char *name, unsigned hops)
{
	for (size_t i = 0; i < record_count; i++) {
		const struct zone_record *r = &records[i];

		if (strcasecmp(r->name, name) != 0)
			continue;
		if (strcmp(r->type, "TIMEOUT") == 0) {
			answer->failed = !answer->count;
			return;
		}
		if (strcmp(r->type, "CNAME") == 0 && hops < 10)
			find(answer, found, asked, r->value, hops + 1);
		if (strcmp(r->type, type_of(asked)) != 0)
			continue;
		assert_true(answer->count < FOUND_MAX);
		if (asked == SPF_ASK_A || asked == SPF_ASK_AAAA)
			assert_int_equal(address_parse(r->value, &found->addresses[answer->count]),
					 0);
		found->texts[answer->count++] = r->value;
	}
}

static struct spf_answer ask(void *data, enum spf_asked asked, const char *name)
{
	struct found *found = &founds[found_count++];
	struct spf_answer answer = {0};

	questions++;
	assert_true(found_count < sizeof(founds) / sizeof(*founds));
	assert_true(*name && strlen(name) < SPF_NAME);
	find(&answer, found, asked, name, 0);
	answer.addresses = found->addresses;
	answer.texts = found->texts;
	return answer;
}

struct test {
	char title[128], client[64], sender[512], helo[300];
};

static void run(const struct test *t, const char *results)
{
	char sender[1024], all[256];
	struct spf_identity who = {.helo = t->helo, .sender = sender};
	struct spf_said said;
	const char *name;

	found_count = 0;
	questions = 0;
	snprintf(sender, sizeof(sender), "%s%s", *t->sender ? t->sender : "postmaster@",
		 *t->sender ? "" : t->helo);
	assert_int_equal(address_parse(t->client, &who.client), 0);
	said = spf_check(&who, ask, NULL);
	name = spf_result_name(said.result);
	snprintf(all, sizeof(all), " %s ", results);
	if (!strstr(all, name))
		fail_msg("%s: %s is said, by \"%s\" of %s (%s), and not %s", t->title, name,
			 said.term, said.domain, said.problem ? said.problem : "", results);
	assert_int_equal(said.problem != NULL,
			 said.result == SPF_TEMPERROR || said.result == SPF_PERMERROR);
}

static char *after(char *line, const char *word)
{
	size_t n = strlen(word);

	line += strspn(line, " ");
	if (strncmp(line, word, n) != 0 || (line[n] && line[n] != ' '))
		return NULL;
	return line[n] ? line + n + 1 : line + n;
}

static void read_line(char *line, struct test *t, unsigned *count)
{
	char *rest;

	if ((rest = after(line, "zone")))
		forget_zone();
	else if ((rest = after(line, "record")))
		add_record(rest);
	else if ((rest = after(line, "test")))
		snprintf(t->title, sizeof(t->title), "%s", rest);
	else if ((rest = after(line, "client")))
		snprintf(t->client, sizeof(t->client), "%s", rest);
	else if ((rest = after(line, "sender")))
		snprintf(t->sender, sizeof(t->sender), "%s", unescape(rest));
	else if ((rest = after(line, "helo")))
		snprintf(t->helo, sizeof(t->helo), "%s", unescape(rest));
	else if ((rest = after(line, "result")))
		run(t, rest), (*count)++;
	else if (*line && *line != '#')
		fail_msg("what is \"%s\"?", line);
}

static unsigned run_file(const char *path)
{
	static char line[LINE_MAX_BYTES];
	struct test t = {0};
	unsigned count = 0;
	FILE *file = fopen(path, "re");

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		read_line(line, &t, &count);
	}
	fclose(file);
	forget_zone();
	return count;
}

static void test_openspf(void **state)
{
	assert_int_equal(run_file("tests/spf/openspf.spf"), 203);
}

static void test_examples(void **state)
{
	assert_int_equal(run_file("tests/spf/rfc7208.spf"), 37);
}

/* However a record is made, its questions are bounded: 10 terms, each of at most 11, and the names
 * of the client, asked for by each. */
static void test_questions_are_bounded(void **state)
{
	struct test t = {"bounds", "192.0.2.1", "x@a.example", "x.example"};
	char text[] = "a.example TXT v=spf1 mx ptr mx ptr mx ptr mx ptr mx include:a.example -all";
	char target[64];

	add_record(text);
	for (int i = 0; i < 10; i++) {
		snprintf(target, sizeof(target), "a.example MX m%d.a.example", i);
		add_record(target);
		snprintf(target, sizeof(target), "1.2.0.192.in-addr.arpa PTR n%d.a.example", i);
		add_record(target);
	}
	run(&t, "permerror");
	assert_in_range(questions, 100, 1 + 10 * 11);
	forget_zone();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_openspf),
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_questions_are_bounded),
	};

	return cmocka_run_group_tests_name("spf", tests, NULL, NULL);
}
