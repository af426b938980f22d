// SPDX-License-Identifier: GPL-2.0-only
/* The configuration: what it may say, and the sentence for what it may not, with file and line. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "cmd/config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct config *config;
static struct failure failure;
static char path[] = "/tmp/test_config.XXXXXX";

static int read_text(const char *text)
{
	cleanup(close_file) FILE *file = fopen(path, "we");

	assert_non_null(file);
	fputs(text, file);
	fclose(take_ptr(file));
	config_free(&config);
	failure.text[0] = '\0';
	return config_read(&config, path, &failure);
}

static void takes(const char *text)
{
	if (read_text(text) != 0)
		fail_msg("%s", failure.text);
}

/* Refused with a sentence that has the file, the line and these words. */
static void refuses(const char *text, unsigned line, const char *words)
{
	char place[128];

	if (read_text(text) != -EINVAL)
		fail_msg("taken: %s", text);
	snprintf(place, sizeof(place), "%s:%u: ", path, line);
	if (strncmp(failure.text, place, strlen(place)) != 0 || !strstr(failure.text, words))
		fail_msg("%s", failure.text);
}

static void test_defaults(void **state)
{
	(void)state;
	takes("");
	assert_int_equal(config->refresh, 60);
	assert_int_equal(config->keep, 90);
	assert_int_equal(config->quiet, 300);
	assert_string_equal(config->store, CONFIG_STORE);
	assert_string_equal(config->exec, "");
	assert_int_equal(config->listen_count, 2);
	assert_string_equal(config->listen[0], CONFIG_LISTEN_TCP);
	assert_string_equal(config->listen[1], CONFIG_LISTEN_UNIX);
	assert_int_equal(config->options.interface_count, 0);
	assert_int_equal(config->options.attach, ATTACH_AUTO);
	assert_int_equal(config->options.table, 0);
	assert_false(config->options.no_ptr);
}

static void test_everything(void **state)
{
	const struct options *o;

	(void)state;
	takes("# a comment\n"
	      "interfaces = {\"eth0\", \"eth1\"}\n"
	      "attach = tc\n"
	      "table = 8M\n"
	      "dns = {\"192.0.2.53\"}\n"
	      "name \"imap.example.org\" {}\n"
	      "name \"example.org\" { mx = true }\n"
	      "elsewhere = {\"192.0.2.0/24\"}\n"
	      "alias = {\"203.0.113.7=10.0.0.7\"}\n"
	      "ptr = false\n"
	      "refresh = 30\nstore = \"/tmp/s.db\"\nkeep = 7\n"
	      "listen = {\"127.0.0.1:9470\"}\n"
	      "alertmanager = {\"http://127.0.0.1:9093\"}\n"
	      "exec = \"/bin/true\"\nquiet = 60\n");
	o = &config->options;
	assert_int_equal(o->interface_count, 2);
	assert_string_equal(o->interfaces[1], "eth1");
	assert_int_equal(o->attach, ATTACH_TC);
	assert_int_equal(o->table, 8 << 20);
	assert_string_equal(o->dns[0], "192.0.2.53");
	assert_int_equal(o->question_count, 3);
	assert_string_equal(o->questions[0].name, "imap.example.org");
	assert_int_equal(o->questions[1].kind, RESOLVE_NAME);
	assert_int_equal(o->questions[2].kind, RESOLVE_MX);
	assert_string_equal(o->questions[2].name, "example.org");
	assert_int_equal(o->elsewhere_count, 1);
	assert_int_equal(o->alias_count, 1);
	assert_true(o->no_ptr);
	assert_int_equal(config->refresh, 30);
	assert_string_equal(config->store, "/tmp/s.db");
	assert_int_equal(config->keep, 7);
	assert_int_equal(config->listen_count, 1);
	assert_string_equal(config->alertmanagers[0], "http://127.0.0.1:9093");
	assert_string_equal(config->exec, "/bin/true");
	assert_int_equal(config->quiet, 60);
}

static void test_refused(void **state)
{
	(void)state;
	refuses("\nfoo = 1\n", 2, "foo");
	refuses("attach = best\n", 1, "attach \"best\"");
	refuses("table = large\n", 1, "table \"large\"");
	refuses("quiet = 60\nquiet = soon\n", 2, "quiet");
	refuses("quiet = 0\n", 1, "quiet = 0");
	refuses("keep = 213504\n", 1, "keep = 213504 is not from 1 to 36500");
	refuses("keep = -1\n", 1, "keep");
	refuses("interfaces = {\"\"}\n", 1, "interface");
	refuses("interfaces = {\"eth0\",\n\"much-too-long-for-an-interface\"}\n", 2,
		"much-too-long");
	refuses("elsewhere = {\"192.0.2.1/24\"}\n", 1, "192.0.2.1/24");
	refuses("alias = {\"203.0.113.7\"}\n", 1, "PUBLIC=PRIVATE");
	refuses("listen = {\"9469\"}\n", 1, "listen \"9469\"");
	refuses("listen = {\"127.0.0.1:70000\"}\n", 1, "listen");
	refuses("alertmanager = {\"ftp://192.0.2.1\"}\n", 1, "alertmanager");
	refuses("exec = \"on-incident\"\n", 1, "exec");
	refuses("name \"a..b\" {}\n", 1, "a..b");
	refuses("name \"example.org\" { mx = perhaps }\n", 1, "mx");
	refuses("name \"example.org\" {}\nname \"example.org\" {}\n", 2, "example.org");
	refuses("store = \"unended\n", 2, "");
}

static void test_hasty_refresh(void **state)
{
	(void)state;
	takes("refresh = 1\n");
	assert_int_equal(config->refresh, CONFIG_REFRESH_MIN);
}

static void test_no_file(void **state)
{
	(void)state;
	config_free(&config);
	assert_int_equal(config_read(&config, "/nonexistent/synhole.conf", &failure), -ENOENT);
	assert_non_null(strstr(failure.text, "/nonexistent/synhole.conf"));
	assert_int_equal(config_read(&config, "/tmp", &failure), -EISDIR);
	assert_non_null(strstr(failure.text, "/tmp"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults), cmocka_unit_test(test_everything),
		cmocka_unit_test(test_refused),	 cmocka_unit_test(test_hasty_refresh),
		cmocka_unit_test(test_no_file),
	};
	int fd = mkstemp(path), failed;

	if (fd < 0)
		return 1;
	close(fd);
	failed = cmocka_run_group_tests_name("config", tests, NULL, NULL);
	config_free(&config);
	unlink(path);
	return failed;
}
