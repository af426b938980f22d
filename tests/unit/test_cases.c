// SPDX-License-Identifier: GPL-2.0-only
/* The verdict cases of tests/cases, each through the whole engine. See tests/cases/README. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/cleanup.h"
#include "cases/said.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>

#define FILES_MAX 256
#define CASES_MAX 1024
#define LINES_MAX 65536

/* A case is the lines below its title, up to the next. */
struct test_case {
	const char *title;
	const char *file;
	unsigned number; /* of the title's line */
	char **lines;
	size_t count;
};

static char *texts[FILES_MAX]; /* whole, and cut into lines */
static struct test_case cases[CASES_MAX];
static char *lines[LINES_MAX];
static size_t text_count, case_count, line_count;

static void fail_at(const struct test_case *test, unsigned number, const char *why)
{
	fail_msg("%s:%u: %s", test->file, number, why);
}

/* A line that is heard ends what had to be said before it. */
static void check_said(const struct test_case *test, struct said *said, struct heard *heard)
{
	static char report[32768];
	unsigned number = said->count ? said_check(said, heard, report, sizeof(report)) : 0;

	if (number)
		fail_at(test, number, report);
}

static void run_line(const struct test_case *test, unsigned number, const char *text,
		     struct said *said, struct heard *heard)
{
	struct line line;

	line_read(&line, text);
	if (!line.count)
		return;
	if (said_line(said, &line, number)) {
		if (line.wrong[0])
			fail_at(test, number, line.wrong);
		return;
	}
	check_said(test, said, heard);
	if (!heard_line(heard, &line))
		line_is_wrong(&line, "unknown word \"%s\"", line.words[0]);
	if (!line_is_good(&line))
		fail_at(test, number, line.wrong);
}

static void run_lines(const struct test_case *test, struct said *said, struct heard *heard)
{
	unsigned number = test->number;
	char why[256];

	for (size_t i = 0; i < test->count; i++)
		run_line(test, ++number, test->lines[i], said, heard);
	if (!said->count && !heard->claims)
		fail_at(test, number, "the case ends, and nothing must be said");
	check_said(test, said, heard);
	if (!heard_unasked(heard))
		return;
	snprintf(why, sizeof(why), "the engine never asked for \"%s\"", heard_unasked(heard));
	fail_at(test, number, why);
}

static struct heard heard;
static struct said said;

static int setup(void **state)
{
	(void)state;
	said.count = 0;
	heard_begin(&heard);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	heard_end(&heard);
	return 0;
}

static void test_case(void **state)
{
	run_lines(*state, &said, &heard);
}

static void __attribute__((noreturn)) give_up(const char *file, unsigned number, const char *why)
{
	fprintf(stderr, "%s:%u: %s\n", file, number, why);
	exit(1);
}

static char *read_whole(const char *path)
{
	cleanup(close_file) FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	if (!file || getdelim(&text, &size, '\0', file) <= 0)
		give_up(path, 0, "cannot be read, or is empty");
	if (text_count == FILES_MAX)
		give_up(path, 0, "there is no room for more files");
	return texts[text_count++] = text;
}

static void begin_case(const char *file, unsigned number, const char *title)
{
	if (case_count == CASES_MAX)
		give_up(file, number, "there is no room for more cases");
	cases[case_count++] = (struct test_case){title, file, number, &lines[line_count], 0};
}

static void find_cases(const char *file)
{
	char *at = read_whole(file), *line;
	size_t before = case_count;
	unsigned number = 0;

	while ((line = strsep(&at, "\n"))) {
		number++;
		if (strncmp(line, "case ", 5) == 0) {
			begin_case(file, number, line + 5);
		} else if (case_count > before) {
			if (line_count == LINES_MAX)
				give_up(file, number, "there is no room for more lines");
			lines[line_count++] = line;
			cases[case_count - 1].count++;
		} else if (*line && *line != '#') {
			give_up(file, number, "no case has begun: begin it with \"case TITLE\"");
		}
	}
	if (case_count == before)
		give_up(file, number, "there is no case in this file");
}

/* Those of the tree, or the files on the command line. */
int main(int argc, char **argv)
{
	static struct CMUnitTest tests[CASES_MAX];
	glob_t found = {0};
	int failed;

	if (argc < 2 && glob("tests/cases/*.case", 0, NULL, &found) != 0)
		give_up("tests/cases", 0, "no case here; run me where the sources are");
	for (size_t i = 0; i < found.gl_pathc; i++)
		find_cases(strdup(found.gl_pathv[i]));
	globfree(&found);
	for (int i = 1; i < argc; i++)
		find_cases(argv[i]);
	for (size_t i = 0; i < case_count; i++)
		tests[i] =
			(struct CMUnitTest){cases[i].title, test_case, setup, teardown, &cases[i]};
	failed = _cmocka_run_group_tests("cases", tests, case_count, NULL, NULL);
	for (size_t i = 0; i < text_count; i++)
		free(texts[i]);
	return failed;
}
