// SPDX-License-Identifier: GPL-2.0-only
/* Commands and their options, as data. */
#include "cmd/options.h"

#include "base/address.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int read_fn(struct options *o, const char *value, struct failure *failure);

static int full(const char *what, size_t most, struct failure *failure)
{
	return failure_set(failure, -E2BIG, "more than %zu %s", most, what);
}

static int read_interface(struct options *o, const char *value, struct failure *failure)
{
	if (o->interface_count == OPTIONS_LIST_MAX)
		return full("interfaces", OPTIONS_LIST_MAX, failure);
	if (!*value || strlen(value) >= IF_NAMESIZE)
		return failure_set(
			failure, -EINVAL,
			"--interface \"%.32s\" cannot be an interface: names have 1 to %d "
			"bytes",
			value, IF_NAMESIZE - 1);
	o->interfaces[o->interface_count++] = value;
	return 0;
}

static int add_question(struct options *o, enum resolver_question kind, const char *value,
			struct failure *failure)
{
	if (o->question_count == OPTIONS_NAMES_MAX)
		return full("names", OPTIONS_NAMES_MAX, failure);
	o->questions[o->question_count++] = (struct question){kind, value};
	return 0;
}

static int read_name(struct options *o, const char *value, struct failure *failure)
{
	return add_question(o, RESOLVE_NAME, value, failure);
}

static int read_mx(struct options *o, const char *value, struct failure *failure)
{
	return add_question(o, RESOLVE_MX, value, failure);
}

static int read_srv(struct options *o, const char *value, struct failure *failure)
{
	return add_question(o, RESOLVE_SRV, value, failure);
}

static int read_dns(struct options *o, const char *value, struct failure *failure)
{
	if (o->dns_count == OPTIONS_LIST_MAX)
		return full("DNS servers", OPTIONS_LIST_MAX, failure);
	o->dns[o->dns_count++] = value;
	return 0;
}

static int read_no_dns(struct options *o, const char *value, struct failure *failure)
{
	o->no_dns = true;
	return 0;
}

static int read_no_ptr(struct options *o, const char *value, struct failure *failure)
{
	o->no_ptr = true;
	return 0;
}

static int read_elsewhere(struct options *o, const char *value, struct failure *failure)
{
	struct engine_prefix *p = &o->elsewhere[o->elsewhere_count];

	if (o->elsewhere_count == OPTIONS_LIST_MAX)
		return full("--elsewhere prefixes", OPTIONS_LIST_MAX, failure);
	if (address_parse_prefix(value, &p->prefix, &p->len) < 0)
		return failure_set(
			failure, -EINVAL,
			"--elsewhere \"%.64s\" is no prefix: give ADDRESS/LENGTH without "
			"bits beyond the length, like 192.0.2.0/24",
			value);
	o->elsewhere_count++;
	return 0;
}

static int read_alias(struct options *o, const char *value, struct failure *failure)
{
	struct engine_alias *alias = &o->aliases[o->alias_count];
	const char *equals = strchr(value, '=');
	char outside[ADDRESS_TEXT];

	if (o->alias_count == OPTIONS_LIST_MAX)
		return full("aliases", OPTIONS_LIST_MAX, failure);
	if (equals && (size_t)(equals - value) < sizeof(outside)) {
		memcpy(outside, value, (size_t)(equals - value));
		outside[equals - value] = '\0';
		if (address_parse(outside, &alias->outside) == 0 &&
		    address_parse(equals + 1, &alias->inside) == 0) {
			o->alias_count++;
			return 0;
		}
	}
	return failure_set(failure, -EINVAL,
			   "--alias \"%.64s\" is no pair of addresses: give PUBLIC=PRIVATE, like "
			   "203.0.113.7=10.0.0.7",
			   value);
}

static int read_attach(struct options *o, const char *value, struct failure *failure)
{
	static const char *const modes[] = {
		[ATTACH_AUTO] = "auto", [ATTACH_NATIVE] = "native", [ATTACH_GENERIC] = "generic",
		[ATTACH_TC] = "tc",	[ATTACH_CLSACT] = "clsact",
	};

	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		if (strcmp(value, modes[i]) == 0) {
			o->attach = (enum attach_mode)i;
			return 0;
		}
	}
	return failure_set(failure, -EINVAL,
			   "--attach \"%.32s\" is none of auto, native, generic, tc and clsact",
			   value);
}

static int read_duration(struct options *o, const char *value, struct failure *failure)
{
	const double most = 1e9;
	char *end;
	double seconds = strtod(value, &end);

	if (end == value || *end || !(seconds > 0) || seconds > most || !isfinite(seconds))
		return failure_set(failure, -EINVAL,
				   "--duration \"%.32s\" is no number of seconds above 0", value);
	o->duration = (uint64_t)(seconds * 1e6) + 1;
	return 0;
}

/* A whole decimal number up to `most`, and nothing but digits. Moves `text` behind it. */
static bool read_number(const char **text, unsigned long most, unsigned long *ret_number)
{
	char *end;

	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	*ret_number = strtoul(*text, &end, 10);
	*text = end;
	return !errno && *ret_number <= most;
}

static int read_ports(struct options *o, const char *value, struct failure *failure)
{
	const char *at = value;
	unsigned long low, high;

	for (;;) {
		bool ok = read_number(&at, 65535, &low);

		high = low;
		if (ok && *at == '-') {
			at++;
			ok = read_number(&at, 65535, &high);
		}
		if (!ok || low < 1 || high < low || (*at && *at != ','))
			return failure_set(
				failure, -EINVAL,
				"--ports \"%.64s\" is no list of ports: give numbers and "
				"ranges from 1 to 65535, like 25,993,8000-8100",
				value);
		for (unsigned long port = low; port <= high; port++)
			o->ports[port / 8] |= (uint8_t)(1 << port % 8);
		if (!*at++)
			break;
	}
	o->ports_given = true;
	return 0;
}

static int read_all(struct options *o, const char *value, struct failure *failure)
{
	o->all = true;
	return 0;
}

static int read_limit(struct options *o, const char *value, struct failure *failure)
{
	const char *at = value;
	unsigned long limit;

	if (!read_number(&at, 1000000000, &limit) || *at)
		return failure_set(failure, -EINVAL,
				   "--limit \"%.32s\" is no number of rows (0: all of them)",
				   value);
	o->limit = limit;
	return 0;
}

static int read_json(struct options *o, const char *value, struct failure *failure)
{
	o->json = true;
	return 0;
}

static int read_verbose(struct options *o, const char *value, struct failure *failure)
{
	o->verbose = true;
	return 0;
}

static const struct option_row {
	const char *name;
	char letter;
	const char *value; /* NULL: takes none */
	const char *help;
	read_fn *read;
} rows[OPTIONS] = {
	[OPT_INTERFACE] = {"interface", 'i', "IF",
			   "watch this interface; may be given again; \"any\" is every one that is "
			   "up but lo (default: those with a default route, else any)",
			   read_interface},
	[OPT_NAME] = {"name", 'n', "NAME",
		      "a name whose A and AAAA records should be served here; may be given again",
		      read_name},
	[OPT_MX] = {"mx", 0, "NAME", "the same for the mail exchangers of NAME", read_mx},
	[OPT_SRV] = {"srv", 0, "NAME", "the same for the SRV targets of NAME", read_srv},
	[OPT_DNS] = {"dns", 0, "ADDRESS[:PORT]",
		     "ask this DNS server; may be given again (default: the system's)", read_dns},
	[OPT_NO_DNS] = {"no-dns", 0, NULL, "ask DNS nothing", read_no_dns},
	[OPT_NO_PTR] = {"no-ptr", 0, NULL,
			"do not ask which names an address has that clients call in vain",
			read_no_ptr},
	[OPT_ELSEWHERE] = {"elsewhere", 0, "PREFIX",
			   "published addresses in PREFIX belong to other hosts", read_elsewhere},
	[OPT_ALIAS] = {"alias", 0, "PUBLIC=PRIVATE",
		       "the published address PUBLIC reaches this host as PRIVATE (1:1 NAT)",
		       read_alias},
	[OPT_ATTACH] = {"attach", 0, "HOW",
			"auto, native, generic, tc or clsact (default auto: native XDP where the "
			"driver takes it without disturbing the link, else tc)",
			read_attach},
	[OPT_DURATION] = {"duration", 'd', "SECONDS", "how long to watch (default 10)",
			  read_duration},
	[OPT_PORTS] = {"ports", 0, "LIST",
		       "only destinations that were called on these ports, like 25,993,8000-8100",
		       read_ports},
	[OPT_ALL] = {"all", 0, NULL, "show destinations that are in order, too", read_all},
	[OPT_LIMIT] = {"limit", 0, "N", "show at most N destinations, 0 for all (default 50)",
		       read_limit},
	[OPT_JSON] = {"json", 0, NULL, "print one JSON document", read_json},
	[OPT_VERBOSE] = {"verbose", 'v', NULL, "show what libbpf and the kernel say", read_verbose},
	[OPT_HELP] = {"help", 'h', NULL, "print this help", NULL},
	[OPT_VERSION] = {"version", 0, NULL, "print the version", NULL},
};

/* getopt's tables of the options that this command takes. */
static void prepare(const struct command *command, struct option longs[OPTIONS + 1],
		    char shorts[2 * OPTIONS + 2])
{
	size_t n = 0, s = 0;

	shorts[s++] = ':'; /* a missing value is told from an unknown option */
	for (int i = 0; i < OPTIONS; i++) {
		const struct option_row *row = &rows[i];

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

static int row_of(int c)
{
	if (c >= 256)
		return c - 256;
	for (int i = 0; i < OPTIONS; i++)
		if (rows[i].letter == c)
			return i;
	return -1;
}

static const char *nearest_option(const struct command *command, const char *word)
{
	const char *names[OPTIONS + 1];
	size_t n = 0;

	for (int i = 0; i < OPTIONS; i++)
		if (command->takes & TAKES(i))
			names[n++] = rows[i].name;
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
				   argv[optind - 1], rows[row_of(optopt)].help);
	if (optopt >= 256)
		return failure_set(failure, -EINVAL, "option \"--%s\" takes no value",
				   rows[optopt - 256].name);
	return unknown_option(command, word, failure);
}

enum options_outcome options_parse(const struct command *command, int argc, char **argv,
				   struct options *ret_options, struct failure *failure)
{
	struct options *o = ret_options;
	struct option longs[OPTIONS + 1];
	char shorts[2 * OPTIONS + 2];
	int c, row;

	*o = (struct options){.duration = 10000000, .limit = 50};
	prepare(command, longs, shorts);
	opterr = 0;
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (c == '?' || c == ':') {
			bad_option(command, c, argv, failure);
			return OPTIONS_BAD;
		}
		row = row_of(c);
		if (row == OPT_HELP)
			return OPTIONS_HELP;
		if (row == OPT_VERSION)
			return OPTIONS_VERSION;
		if (rows[row].read(o, optarg, failure) < 0)
			return OPTIONS_BAD;
	}
	if (optind == argc)
		return OPTIONS_RUN;
	failure_set(failure, -EINVAL, "%s takes no argument \"%.64s\"; see synhole %s --help",
		    command->name, argv[optind], command->name);
	return OPTIONS_BAD;
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
		const struct option_row *row = &rows[i];
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

bool options_wants_port(const struct options *o, uint16_t port)
{
	return !o->ports_given || o->ports[port / 8] >> port % 8 & 1;
}
