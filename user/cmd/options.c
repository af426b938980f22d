// SPDX-License-Identifier: GPL-2.0-only
/* Reading the command line, and printing what may stand there. */
#include "cmd/options.h"

#include "base/address.h"

#include "cmd/option_rows.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

/* getopt's tables of the options that this command takes. */
static void prepare(const struct command *command, struct option longs[OPTIONS + 1],
		    char shorts[2 * OPTIONS + 2])
{
	size_t n = 0, s = 0;

	shorts[s++] = ':'; /* a missing value is told from an unknown option */
	for (int i = 0; i < OPTIONS; i++) {
		const struct option_row *row = &option_rows[i];

		if (!(command->takes & TAKES(i)))
			continue;
		longs[n++] = (struct option){
			row->name, row->value ? required_argument : no_argument, NULL, 256 + i};
		if (row->letter)
			shorts[s++] = row->letter;
		if (row->letter && row->value)
			shorts[s++] = ':';
	}
	longs[n] = (struct option){0};
	shorts[s] = '\0';
}

static int row_of(const struct command *command, int c)
{
	if (c >= 256)
		return c - 256;
	for (int i = 0; i < OPTIONS; i++)
		if (option_rows[i].letter == c && command->takes & TAKES(i))
			return i;
	return -1;
}

static const char *nearest_option(const struct command *command, const char *word)
{
	const char *names[OPTIONS + 1];
	size_t n = 0;

	for (int i = 0; i < OPTIONS; i++)
		if (command->takes & TAKES(i))
			names[n++] = option_rows[i].name;
	names[n] = NULL;
	return options_nearest(word, names);
}

static int unknown_option(const struct command *command, const char *word, struct failure *failure)
{
	char name[64];
	const char *near;

	if (word[0] != '-' || word[1] != '-')
		return failure_set(failure, -EINVAL,
				   "%s has no option \"%.32s\"; see synhole %s --help",
				   command->name, word, command->name);
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word + 2, "="), word + 2);
	near = nearest_option(command, name);
	return failure_set(failure, -EINVAL,
			   "%s has no option \"--%s\"%s%s%s (synhole %s --help tells those it has)",
			   command->name, name, near ? ", did you mean \"--" : "", near ? near : "",
			   near ? "\"?" : "", command->name);
}

static int bad_option(const struct command *command, int c, char **argv, struct failure *failure)
{
	char letter[3] = {'-', (char)optopt, '\0'};
	const char *word = optopt && optopt < 256 ? letter : argv[optind - 1];

	if (c == ':')
		return failure_set(failure, -EINVAL, "option \"%.64s\" needs a value: %s",
				   argv[optind - 1], option_rows[row_of(command, optopt)].help);
	if (optopt >= 256)
		return failure_set(failure, -EINVAL, "option \"--%s\" takes no value",
				   option_rows[optopt - 256].name);
	return unknown_option(command, word, failure);
}

static int check_words(const struct command *command, const struct options *o,
		       struct failure *failure)
{
	const char *name = command->name;

	if (o->word_count < command->words_min)
		return failure_set(failure, -EINVAL,
				   "%s needs to be told %s: synhole %s %s (see synhole %s --help)",
				   name, command->words, name, command->words, name);
	if (o->word_count > command->words_max)
		return failure_set(failure, -EINVAL,
				   "%s takes no %sargument \"%.64s\"; see synhole %s --help", name,
				   command->words_max ? "further " : "",
				   o->words[command->words_max], name);
	return 0;
}

enum options_outcome options_parse(const struct command *command, int argc, char **argv,
				   struct options *ret_options, struct failure *failure)
{
	struct options *o = ret_options;
	struct option longs[OPTIONS + 1];
	char shorts[2 * OPTIONS + 2];
	int c, row;

	*o = (struct options){.duration = (command->duration ? command->duration : 10) * 1000000ULL,
			      .limit = 50};
	prepare(command, longs, shorts);
	opterr = 0;
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (c == '?' || c == ':') {
			bad_option(command, c, argv, failure);
			return OPTIONS_BAD;
		}
		row = row_of(command, c);
		if (row == OPT_HELP)
			return OPTIONS_HELP;
		if (row == OPT_VERSION)
			return OPTIONS_VERSION;
		if (option_rows[row].read(o, optarg, failure) < 0)
			return OPTIONS_BAD;
	}
	o->words = (const char *const *)argv + optind;
	o->word_count = (size_t)(argc - optind);
	return check_words(command, o, failure) < 0 ? OPTIONS_BAD : OPTIONS_RUN;
}

/* The help text in a column of its own, broken at spaces. */
static void print_wrapped(const char *text)
{
	const int margin = 32, width = 46;

	while ((int)strlen(text) > width) {
		int n = width;

		while (n && text[n] != ' ')
			n--;
		printf("%.*s\n%*s", n, text, margin, "");
		text += n + 1;
	}
	printf("%s\n", text);
}

void options_print(const struct command *command)
{
	for (int i = 0; i < OPTIONS; i++) {
		const struct option_row *row = &option_rows[i];
		char left[64];

		if (!(command->takes & TAKES(i)))
			continue;
		snprintf(left, sizeof(left), "%c%c%s--%s%s%s", row->letter ? '-' : ' ',
			 row->letter ? row->letter : ' ', row->letter ? ", " : "  ", row->name,
			 row->value ? " " : "", row->value ? row->value : "");
		printf("  %-29s ", left);
		print_wrapped(row->help);
	}
}

/* Levenshtein's distance, of words short enough for one row. */
static size_t distance(const char *a, const char *b)
{
	size_t row[64], n = strlen(b);

	if (n >= 64)
		return SIZE_MAX;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < n; j++) {
			size_t best = diagonal + (a[i] != b[j]);

			diagonal = row[j + 1];
			best = row[j] + 1 < best ? row[j] + 1 : best;
			row[j + 1] = row[j + 1] + 1 < best ? row[j + 1] + 1 : best;
		}
	}
	return row[n];
}

const char *options_nearest(const char *word, const char *const *names)
{
	const char *best = NULL;
	size_t best_distance = strlen(word) / 2 + 2;

	for (; *names; names++) {
		size_t d = distance(word, *names);

		if (d < best_distance) {
			best_distance = d;
			best = *names;
		}
	}
	return best;
}

void options_ask_first(struct options *o, const char *name)
{
	if (o->question_count == OPTIONS_NAMES_MAX)
		o->question_count--;
	memmove(o->questions + 1, o->questions, o->question_count * sizeof(o->questions[0]));
	o->questions[0] = (struct question){RESOLVE_NAME, name};
	o->question_count++;
}

int options_ask_about(const struct options *options, struct options *own, struct addr *a,
		      bool *ret_is_address, struct failure *failure)
{
	*own = *options;
	*ret_is_address = address_parse(options->words[0], a) == 0;
	if (*ret_is_address)
		return 0;
	if (options->no_dns)
		return failure_set(failure, -EINVAL,
				   "\"%.64s\" is no address, and --no-dns forbids to ask for it",
				   options->words[0]);
	options_ask_first(own, options->words[0]);
	return 0;
}

bool options_wants_port(const struct options *o, uint16_t port)
{
	return !o->ports_given || o->ports[port / 8] >> port % 8 & 1;
}
