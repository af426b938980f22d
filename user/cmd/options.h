/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands and their options, as data.
 *
 * A command is one `const struct command`; it names the options that it takes, which all commands
 * share, and finds them filled in here.
 */
#ifndef SYNHOLE_CMD_OPTIONS_H
#define SYNHOLE_CMD_OPTIONS_H

#include "base/failure.h"
#include "core/mend_forms.h"
#include "io/probe.h"
#include "io/resolver.h"

#define OPTIONS_NAMES_MAX 2048
#define OPTIONS_LIST_MAX 64

struct question {
	enum resolver_question kind;
	const char *name;
};

struct options {
	const char *const *words; /* what stands beside the options */
	size_t word_count;
	const char *interfaces[OPTIONS_LIST_MAX];
	size_t interface_count;
	struct question questions[OPTIONS_NAMES_MAX];
	size_t question_count;
	const char *dns[OPTIONS_LIST_MAX];
	size_t dns_count;
	bool no_dns;
	bool no_ptr;
	bool detach_all;
	struct engine_prefix elsewhere[OPTIONS_LIST_MAX];
	size_t elsewhere_count;
	struct engine_alias aliases[OPTIONS_LIST_MAX];
	size_t alias_count;
	const char *host; /* of a replay: a file, "none", NULL: this one */
	const char *zone; /* NULL: DNS is asked */
	enum attach_mode attach;
	const char *config; /* the file, NULL: the usual one */
	const char *socket; /* NULL: what the configuration says */
	uint64_t duration;  /* microseconds */
	size_t table;	    /* bytes, 0: the usual size */
	uint64_t wait;	    /* microseconds */
	const char *write;  /* the file that packets go to, NULL: none */
	bool write_all;
	bool ports_given;
	uint8_t ports[65536 / 8]; /* a bit for each port that was asked for */
	size_t limit;
	bool all;
	bool as_given;
	enum mend_form as; /* with as_given */
	bool no_watch;
	const char *incident; /* its number, as given; NULL: none */
	const char *store;    /* the file, NULL: the configuration's */
	when_t since, until;  /* 0: any time */
	bool open;
	const char *of_name; /* NULL: any */
	bool address_given;
	struct addr address;
	const char *verdict; /* NULL: any */
	const char *output;  /* the file of a page */
	bool json;
	const char *against; /* a file, NULL: this host */
	bool verbose;
};

/* Which options a command takes: a bit for each entry of the table in option_rows.c. */
enum option_id {
	OPT_INTERFACE,
	OPT_NAME,
	OPT_MX,
	OPT_SRV,
	OPT_DNS,
	OPT_NO_DNS,
	OPT_NO_PTR,
	OPT_ELSEWHERE,
	OPT_ALIAS,
	OPT_HOST,
	OPT_ZONE,
	OPT_ATTACH,
	OPT_CONFIG,
	OPT_DETACH_ALL,
	OPT_SOCKET,
	OPT_DURATION,
	OPT_WAIT,
	OPT_NO_WATCH,
	OPT_AS,
	OPT_INCIDENT,
	OPT_TABLE,
	OPT_WRITE,
	OPT_WRITE_ALL,
	OPT_PORTS,
	OPT_PORT,
	OPT_ALL,
	OPT_LIMIT,
	OPT_STORE,
	OPT_NEW_STORE, /* --store for those that write one */
	OPT_SINCE,
	OPT_UNTIL,
	OPT_OPEN,
	OPT_OF_NAME, /* -n for those that do not ask DNS */
	OPT_ADDRESS,
	OPT_VERDICT,
	OPT_OUTPUT,
	OPT_JSON,
	OPT_AGAINST,
	OPT_VERBOSE,
	OPT_HELP,
	OPT_VERSION,
	OPTIONS,
};

#define TAKES(option) (1ULL << (option))

struct command {
	const char *name;
	const char *summary; /* one line of `synhole --help` */
	const char *about;   /* a paragraph of `synhole COMMAND --help` */
	const char *examples;
	const char *words; /* what it takes beside options, like "ADDRESS|NAME"; NULL: nothing */
	size_t words_min, words_max;
	uint64_t takes;
	unsigned duration; /* of --duration, in seconds; 0: 10 */
	/* Returns the exit status. */
	int (*run)(const struct options *options);
};

/* The exit statuses are those of the monitoring plugins. */
enum { EXIT_OK, EXIT_WARNING, EXIT_CRITICAL, EXIT_UNKNOWN };

enum options_outcome {
	OPTIONS_RUN,
	OPTIONS_HELP, /* --help or --version stands there: print it and exit with 0 */
	OPTIONS_VERSION,
	OPTIONS_BAD,
};

/* Reads the words after the command's name. `ret_options` keeps pointers into `argv`. */
enum options_outcome options_parse(const struct command *command, int argc, char **argv,
				   struct options *ret_options, struct failure *failure);

/* The options of one command, for its help. */
void options_print(const struct command *command);

/* The name that looks most like `word`, NULL if none does. NULL ends the names. */
const char *options_nearest(const char *word, const char *const *names);

/* Puts a name before the other questions; where there is no room, the last one goes. */
void options_ask_first(struct options *options, const char *name);

/*
 * Of a command whose word is ADDRESS|NAME: `ret_own` are its options, where the name is the first
 * of the questions, so that its answer is the first of the names. `ret_address` is set if the word
 * is an address. -EINVAL and a sentence for a name with --no-dns.
 */
int options_ask_about(const struct options *options, struct options *ret_own,
		      struct addr *ret_address, bool *ret_is_address, struct failure *failure);

bool options_wants_port(const struct options *options, uint16_t port);

#endif
