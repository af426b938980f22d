// SPDX-License-Identifier: GPL-2.0-only
/* synhole incidents: what the store keeps, a line for each. */
#include "base/address.h"
#include "base/cleanup.h"
#include "cmd/commands.h"
#include "cmd/incident_json.h"
#include "cmd/incident_row.h"
#include "cmd/report_json.h"
#include "cmd/session.h"
#include "cmd/stored.h"
#include "cmd/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

struct listing {
	const struct options *options;
	when_t now;
	size_t told, open;
	bool more;
};

static void print_object(const struct listing *l, const struct incident *in)
{
	json_t *o = incident_json(in);

	fputs(l->told ? ",\n  " : "\n  ", stdout);
	json_dumpf(o, stdout, JSON_COMPACT);
	json_decref(o);
}

/* The one behind the limit only says that it is there. */
static bool tell(void *data, const struct incident *in)
{
	struct listing *l = data;

	if (l->options->limit && l->told == l->options->limit) {
		l->more = true;
		return false;
	}
	if (l->options->json)
		print_object(l, in);
	else
		incident_row(stdout, in, l->now, !l->told);
	l->told++;
	l->open += !in->closed;
	return true;
}

static void begin_json(void)
{
	struct utsname host;
	json_t *name;

	uname(&host);
	name = json_text(host.nodename);
	printf("{\"schema\": \"synhole/1\", \"kind\": \"incidents\", \"version\": \"%s\", "
	       "\"host\": ",
	       SYNHOLE_VERSION);
	json_dumpf(name, stdout, JSON_ENCODE_ANY);
	json_decref(name);
	printf(",\n \"incidents\": [");
}

static void end(const struct listing *l, int r)
{
	if (l->options->json)
		printf("],\n \"more\": %s}\n", l->more ? "true" : "false");
	else if (l->told)
		printf("%zu incident%s, %zu of them open%s.\n", l->told, l->told == 1 ? "" : "s",
		       l->open, l->more ? "; there are more, which --limit 0 shows" : "");
	else if (r == 0)
		printf("No incidents.\n");
}

static int run(const struct options *options)
{
	cleanup(store_close) struct store *store = NULL;
	struct listing l = {.options = options};
	struct failure failure = {0};
	char text[STORED_TEXT];
	const struct store_filter filter = stored_filter(options, text);
	int r = stored_open(&store, options, &failure);

	if (r == 0) {
		l.now = stored_until(store);
		if (options->json)
			begin_json();
		r = stored_list(store, &filter, tell, &l, &failure);
		end(&l, r);
	}
	if (r < 0)
		text_complain("%s", failure.text);
	return r < 0 ? EXIT_UNKNOWN : EXIT_OK;
}

const struct command command_incidents = {
	.name = "incidents",
	.summary = "list the incidents that the daemon has kept",
	.about = "Lists what \"synhole watch\" has kept in its store, the newest first: when each\n"
		 "incident opened, how long it lasted, who called in vain, and about how many\n"
		 "connections failed. Needs to be allowed to read the store: its group may.",
	.examples = "  synhole incidents --open\n  synhole incidents --since 2d --name "
		    "imap.example.org\n  synhole incidents --json | jq '.incidents[].address'\n",
	.takes = TAKES(OPT_CONFIG) | TAKES(OPT_STORE) | TAKES(OPT_SINCE) | TAKES(OPT_UNTIL) |
		 TAKES(OPT_OPEN) | TAKES(OPT_OF_NAME) | TAKES(OPT_ADDRESS) | TAKES(OPT_VERDICT) |
		 TAKES(OPT_LIMIT) | TAKES(OPT_JSON) | TAKES(OPT_HELP) | TAKES(OPT_VERSION),
	.run = run,
};
