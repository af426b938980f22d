// SPDX-License-Identifier: GPL-2.0-only
/* synhole: a table of commands. */
#include "cmd/commands.h"
#include "cmd/text.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct command *const commands[] = {
	&command_capture, &command_check,  &command_explain, &command_verify,
	&command_watch,	  &command_status, &command_host,    &command_incidents,
	&command_show,	  &command_report, &command_replay,
};

#define COMMANDS (sizeof(commands) / sizeof(*commands))

static const char *nearest_command(const char *word)
{
	const char *names[COMMANDS + 1];

	for (size_t i = 0; i < COMMANDS; i++)
		names[i] = commands[i]->name;
	names[COMMANDS] = NULL;
	return options_nearest(word, names);
}

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static void print_help(FILE *out)
{
	fprintf(out,
		"synhole finds the addresses that DNS publishes and clients dial, but that this\n"
		"host does not answer for, and says why and how to mend it.\n\n"
		"Usage: synhole COMMAND [OPTION]...\n\nCommands:\n");
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
	fprintf(out, "\nsynhole COMMAND --help tells a command's options. Exit status: 0 ok, 1 "
		     "warning,\n"
		     "2 critical, 3 unknown (could not look).\n");
}

static void print_command_help(const struct command *command)
{
	printf("Usage: synhole %s%s%s [OPTION]...\n\n%s\n\nOptions:\n", command->name,
	       command->words ? " " : "", command->words ? command->words : "", command->about);
	options_print(command);
	printf("\nExamples:\n%s", command->examples);
}

static int finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	text_complain("cannot write the result: %s", strerror(errno));
	return EXIT_UNKNOWN;
}

static int libbpf_says(enum libbpf_print_level level, const char *format, va_list args)
{
	return vfprintf(stderr, format, args);
}

static int run(const struct command *command, int argc, char **argv)
{
	static struct options options;
	struct failure failure = {0};

	switch (options_parse(command, argc, argv, &options, &failure)) {
	case OPTIONS_HELP:
		print_command_help(command);
		return finish(EXIT_OK);
	case OPTIONS_VERSION:
		printf("synhole %s\n", SYNHOLE_VERSION);
		return finish(EXIT_OK);
	case OPTIONS_BAD:
		text_complain("%s", failure.text);
		return EXIT_UNKNOWN;
	default:
		libbpf_set_print(options.verbose ? libbpf_says : NULL);
		return finish(command->run(&options));
	}
}

int main(int argc, char **argv)
{
	const struct command *command;
	const char *word = argc > 1 ? argv[1] : "--help", *near;

	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
		print_help(argc > 1 ? stdout : stderr);
		return finish(argc > 1 ? EXIT_OK : EXIT_UNKNOWN);
	}
	if (strcmp(word, "--version") == 0) {
		printf("synhole %s\n", SYNHOLE_VERSION);
		return finish(EXIT_OK);
	}
	command = find(word);
	if (command)
		return run(command, argc - 1, argv + 1);
	near = nearest_command(word);
	text_complain("there is no command \"%.64s\"%s%s%s (synhole --help tells those there are)",
		      word, near ? ", did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	return EXIT_UNKNOWN;
}
