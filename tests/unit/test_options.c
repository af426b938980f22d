// SPDX-License-Identifier: GPL-2.0-only
/* Options: each one's good and bad values, and what a bad one is told. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "cmd/options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const struct command all = {.name = "capture", .takes = TAKES(OPTIONS) - 1};
static const struct command few = {
	.name = "check",
	.takes = TAKES(OPT_NAME) | TAKES(OPT_JSON) | TAKES(OPT_HELP),
};

static const struct command one_word = {
	.name = "explain",
	.words = "ADDRESS|NAME",
	.words_min = 1,
	.words_max = 1,
	.takes = TAKES(OPT_JSON),
};

static struct options options;
static struct failure failure;

/* Up to four words after the command's name. */
static enum options_outcome parse_words(const struct command *command, const char *a, const char *b,
					const char *c, const char *d)
{
	const char *words[] = {command->name, a, b, c, d, NULL};
	int argc = 1;

	while (words[argc])
		argc++;
	optind = 0; /* glibc begins anew */
	failure.text[0] = '\0';
	return options_parse(command, argc, (char **)words, &options, &failure);
}

static enum options_outcome parse(const char *a, const char *b)
{
	return parse_words(&all, a, b, NULL, NULL);
}

static void takes(const char *option, const char *value)
{
	if (parse(option, value) != OPTIONS_RUN)
		fail_msg("%s %s: %s", option, value, failure.text);
}

/* Refused with a sentence that names the option and the value. */
static void refuses(const char *option, const char *value)
{
	if (parse(option, value) != OPTIONS_BAD)
		fail_msg("%s %s was taken", option, value);
	if (!strstr(failure.text, option) || !strstr(failure.text, value))
		fail_msg("%s %s: \"%s\" names not both", option, value, failure.text);
}

static void test_defaults(void **state)
{
	assert_int_equal(parse(NULL, NULL), OPTIONS_RUN);
	assert_int_equal(options.limit, 50);
	assert_true(options.duration >= 10000000 && options.duration <= 10000001);
	assert_int_equal(options.attach, ATTACH_AUTO);
	assert_false(options.json || options.all || options.no_dns || options.verbose);
	assert_false(options.ports_given);
	assert_true(options_wants_port(&options, 0));
	assert_true(options_wants_port(&options, 65535));
	assert_int_equal(options.interface_count + options.question_count + options.dns_count +
				 options.elsewhere_count + options.alias_count,
			 0);
}

static void test_words(void **state)
{
	assert_int_equal(parse_words(&one_word, "2001:db8::2", "--json", NULL, NULL), OPTIONS_RUN);
	assert_true(options.json);
	assert_int_equal(options.word_count, 1);
	assert_string_equal(options.words[0], "2001:db8::2");
	assert_int_equal(parse_words(&one_word, "--json", "--", "-n", NULL), OPTIONS_RUN);
	assert_string_equal(options.words[0], "-n");
	assert_int_equal(parse_words(&one_word, "--json", NULL, NULL, NULL), OPTIONS_BAD);
	assert_non_null(strstr(failure.text, "synhole explain ADDRESS|NAME"));
	assert_int_equal(parse_words(&one_word, "a", "--json", "b", NULL), OPTIONS_BAD);
	assert_non_null(strstr(failure.text, "\"b\""));
	assert_int_equal(parse("word", NULL), OPTIONS_BAD);
	assert_non_null(strstr(failure.text, "takes no argument \"word\""));
	assert_int_equal(parse("-v", NULL), OPTIONS_RUN);
	assert_int_equal(options.word_count, 0);
}

static void test_interface(void **state)
{
	assert_int_equal(parse_words(&all, "-i", "eth0", "--interface=any", NULL), OPTIONS_RUN);
	assert_int_equal(options.interface_count, 2);
	assert_string_equal(options.interfaces[0], "eth0");
	assert_string_equal(options.interfaces[1], "any");
	takes("--interface", "fifteen-bytes-x");
	refuses("--interface", "sixteen-bytes-xx");
	assert_int_equal(parse("-i", ""), OPTIONS_BAD);
}

static void test_names(void **state)
{
	assert_int_equal(parse_words(&all, "-nimap.example.org", "--mx=example.org",
				     "--srv=_imaps._tcp.example.org", "--name=b.example.org"),
			 OPTIONS_RUN);
	assert_int_equal(options.question_count, 4);
	assert_int_equal(options.questions[0].kind, RESOLVE_NAME);
	assert_string_equal(options.questions[0].name, "imap.example.org");
	assert_int_equal(options.questions[1].kind, RESOLVE_MX);
	assert_string_equal(options.questions[1].name, "example.org");
	assert_int_equal(options.questions[2].kind, RESOLVE_SRV);
	assert_int_equal(options.questions[3].kind, RESOLVE_NAME);
}

static void test_dns(void **state)
{
	assert_int_equal(
		parse_words(&all, "--dns", "192.0.2.53", "--dns=[2001:db8::53]:5353", "--no-dns"),
		OPTIONS_RUN);
	assert_int_equal(options.dns_count, 2);
	assert_string_equal(options.dns[1], "[2001:db8::53]:5353");
	assert_true(options.no_dns);
}

static void test_elsewhere(void **state)
{
	assert_int_equal(
		parse_words(&all, "--elsewhere", "192.0.2.0/24", "--elsewhere=2001:db8::/32", NULL),
		OPTIONS_RUN);
	assert_int_equal(options.elsewhere_count, 2);
	assert_int_equal(options.elsewhere[0].len, 120);
	assert_int_equal(options.elsewhere[1].len, 32);
	takes("--elsewhere", "192.0.2.1");
	refuses("--elsewhere", "192.0.2.1/24");
	refuses("--elsewhere", "192.0.2.0/33");
	refuses("--elsewhere", "example.org");
	assert_int_equal(parse("--elsewhere", ""), OPTIONS_BAD);
}

static void test_alias(void **state)
{
	char text[ADDRESS_TEXT];

	takes("--alias", "203.0.113.7=10.0.0.7");
	assert_int_equal(options.alias_count, 1);
	assert_string_equal(address_format(&options.aliases[0].outside, text), "203.0.113.7");
	assert_string_equal(address_format(&options.aliases[0].inside, text), "10.0.0.7");
	refuses("--alias", "203.0.113.7");
	refuses("--alias", "203.0.113.7=");
	refuses("--alias", "=10.0.0.7");
	refuses("--alias", "203.0.113.7=10.0.0.7=10.0.0.8");
	refuses("--alias", "203.0.113.0/24=10.0.0.0/24");
	refuses("--alias", "2001:0db8:0000:0000:0000:0000:0000:000000000001=10.0.0.7");
	assert_int_equal(options.alias_count, 0);
}

static void test_attach(void **state)
{
	static const struct {
		const char *word;
		enum attach_mode mode;
	} modes[] = {
		{"auto", ATTACH_AUTO},
		{"native", ATTACH_NATIVE},
		{"generic", ATTACH_GENERIC},
		{"tc", ATTACH_TC},
	};

	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		takes("--attach", modes[i].word);
		assert_int_equal(options.attach, modes[i].mode);
	}
	refuses("--attach", "xdp");
	refuses("--attach", "nativ");
	refuses("--attach", "AUTO");
	assert_int_equal(parse("--attach", ""), OPTIONS_BAD);
}

static void test_duration(void **state)
{
	takes("--duration", "2.5");
	assert_true(options.duration >= 2500000 && options.duration <= 2500001);
	takes("-d", "0.001");
	assert_true(options.duration >= 1000 && options.duration <= 1001);
	takes("-d", "86400");
	refuses("--duration", "0");
	refuses("--duration", "-1");
	refuses("--duration", "10s");
	refuses("--duration", "ten");
	refuses("--duration", "1e10");
	refuses("--duration", "inf");
	refuses("--duration", "nan");
	assert_int_equal(parse("-d", ""), OPTIONS_BAD);
}

/* Exactly these ports, among all that there are. */
static void check_ports(const char *list, const char *wanted)
{
	takes("--ports", list);
	for (unsigned port = 0; port <= 65535; port++) {
		char word[16];
		bool want;

		snprintf(word, sizeof(word), " %u ", port);
		want = strstr(wanted, word);
		if (options_wants_port(&options, (uint16_t)port) != want)
			fail_msg("--ports %s: port %u", list, port);
	}
}

static void test_ports(void **state)
{
	static const char *const bad[] = {
		"0",	      "65536",	      "25,",
		",25",	      "25,,993",      "25-",
		"-25",	      "993-25",	      "25 ",
		" 25",	      "25x",	      "smtp",
		"25;993",     "+25",	      "25-26-27",
		"0-10",	      "25-65536",     "99999999999999999999",
		"4294967321", "1-4294967321",
	};

	check_ports("25", " 25 ");
	check_ports("1,65535", " 1  65535 ");
	check_ports("8-10,16,15", " 8  9  10  15  16 ");
	check_ports("993-993", " 993 ");
	takes("--ports", "1-65535");
	assert_true(options_wants_port(&options, 1) && options_wants_port(&options, 65535));
	assert_false(options_wants_port(&options, 0));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		refuses("--ports", bad[i]);
	assert_int_equal(parse("--ports", ""), OPTIONS_BAD);
}

static void test_limit(void **state)
{
	takes("--limit", "0");
	assert_int_equal(options.limit, 0);
	takes("--limit", "1000000000");
	assert_int_equal(options.limit, 1000000000);
	refuses("--limit", "-1");
	refuses("--limit", "1.5");
	refuses("--limit", "10x");
	refuses("--limit", "all");
	refuses("--limit", "1000000001");
	refuses("--limit", "99999999999999999999");
	assert_int_equal(parse("--limit", ""), OPTIONS_BAD);
}

static void test_table(void **state)
{
	static const char *const bad[] = {"0",
					  "-1",
					  "64m",
					  "1.5M",
					  "64MB",
					  "K",
					  "65G",
					  "1T",
					  "all",
					  "68719476737",
					  "99999999999999999999"};

	assert_int_equal(options.table, 0);
	takes("--table", "131072");
	assert_int_equal(options.table, 131072);
	takes("--table", "64K");
	assert_int_equal(options.table, 65536);
	takes("--table", "64M");
	assert_int_equal(options.table, 64 << 20);
	takes("--table", "64G");
	assert_true(options.table == (size_t)64 << 30);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		refuses("--table", bad[i]);
	assert_int_equal(parse("--table", ""), OPTIONS_BAD);
}

static void test_flags(void **state)
{
	assert_int_equal(parse_words(&all, "--all", "--json", "-v", NULL), OPTIONS_RUN);
	assert_true(options.all && options.json && options.verbose);
	assert_int_equal(parse("--verbose", NULL), OPTIONS_RUN);
	assert_true(options.verbose && !options.all && !options.json);
	assert_int_equal(parse("--json=yes", NULL), OPTIONS_BAD);
	assert_non_null(strstr(failure.text, "--json"));
}

static void test_help_and_version(void **state)
{
	assert_int_equal(parse("-h", NULL), OPTIONS_HELP);
	assert_int_equal(parse("--json", "--help"), OPTIONS_HELP);
	assert_int_equal(parse("--version", NULL), OPTIONS_VERSION);
	assert_int_equal(parse("--limit=x", "--help"), OPTIONS_BAD);
}

static void test_missing_value(void **state)
{
	static const char *const words[] = {"-i",	   "--name",  "--mx",	 "--srv",
					    "--dns",	   "--alias", "--ports", "--limit",
					    "--elsewhere", "-d",      "--attach"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		assert_int_equal(parse("--json", words[i]), OPTIONS_BAD);
		if (!strstr(failure.text, words[i]))
			fail_msg("%s: \"%s\" names it not", words[i], failure.text);
	}
}

static void test_no_argument(void **state)
{
	assert_int_equal(parse("imap.example.org", NULL), OPTIONS_BAD);
	assert_non_null(strstr(failure.text, "imap.example.org"));
	assert_int_equal(parse("--", "--json"), OPTIONS_BAD);
	assert_non_null(strstr(failure.text, "--json"));
}

static void check_unknown(const struct command *command, const char *word, const char *named,
			  const char *near)
{
	assert_int_equal(parse_words(command, word, NULL, NULL, NULL), OPTIONS_BAD);
	if (!strstr(failure.text, named) || !strstr(failure.text, command->name))
		fail_msg("%s: \"%s\" names not \"%s\"", word, failure.text, named);
	if (near ? !strstr(failure.text, near) : !!strstr(failure.text, "did you mean"))
		fail_msg("%s: \"%s\" should suggest %s", word, failure.text,
			 near ? near : "nothing");
}

static void test_unknown_option(void **state)
{
	check_unknown(&all, "--jsno", "--jsno", "did you mean \"--json\"");
	check_unknown(&all, "--interfaces=eth0", "--interfaces", "did you mean \"--interface\"");
	check_unknown(&all, "--duratoin", "--duratoin", "did you mean \"--duration\"");
	check_unknown(&all, "--completely-different", "--completely-different", NULL);
	check_unknown(&all, "-x", "\"-x\"", NULL);
	check_unknown(&all, "-vx", "\"-x\"", NULL);
	/* Ambiguous: --name, --no-dns. */
	check_unknown(&all, "--n", "--n", NULL);
}

/* What other commands take is no help here. */
static void test_option_of_another_command(void **state)
{
	check_unknown(&few, "--attach=tc", "--attach", NULL);
	check_unknown(&few, "--interface=eth0", "--interface", NULL);
	check_unknown(&few, "--jsn", "--jsn", "did you mean \"--json\"");
	check_unknown(&few, "-i", "\"-i\"", NULL);
}

/* No ASCII, and the word before it is none of its business. */
static void test_foreign_letter(void **state)
{
	assert_int_equal(parse_words(&all, "--json", "-\xc3\xa9", NULL, NULL), OPTIONS_BAD);
	if (strstr(failure.text, "--json\"") || !strstr(failure.text, "\xc3"))
		fail_msg("\"%s\" names the wrong word", failure.text);
}

#define test(fn) cmocka_unit_test(fn)

int main(void)
{
	const struct CMUnitTest tests[] = {test(test_defaults),
					   test(test_words),
					   test(test_interface),
					   test(test_names),
					   test(test_dns),
					   test(test_elsewhere),
					   test(test_alias),
					   test(test_attach),
					   test(test_duration),
					   test(test_ports),
					   test(test_limit),
					   test(test_table),
					   test(test_flags),
					   test(test_help_and_version),
					   test(test_missing_value),
					   test(test_no_argument),
					   test(test_unknown_option),
					   test(test_option_of_another_command),
					   test(test_foreign_letter)};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
