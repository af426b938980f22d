// SPDX-License-Identifier: GPL-2.0-only
/* synhole check: what DNS publishes against what this host owns, without looking at traffic. */
#include "cmd/commands.h"
#include "cmd/report.h"
#include "cmd/session_authority.h"
#include "cmd/session_parts.h"
#include "cmd/text.h"
#include "io/intended.h"

#include <errno.h>
#include <string.h>

/* What the host is to own comes from a file; of its routes and listeners nothing is known. */
static int open_against(struct session *s, struct failure *failure)
{
	int r = session_begin(s, s->options, failure);

	if (r < 0)
		return r;
	s->engine->policy.routes_unknown = true;
	r = intended_read(s->options->against, session_hear, s, failure);
	if (r == 0)
		text_complain("judged by the addresses in %s alone: routes, and what listens, are "
			      "not known",
			      s->options->against);
	return r;
}

static int check(struct session *s, struct failure *failure)
{
	int r;

	if (!s->options->question_count)
		return failure_set(failure, -EINVAL,
				   "there is nothing to check: name what should be served here, "
				   "like -n imap.example.org");
	if (s->options->no_dns)
		return failure_set(failure, -EINVAL,
				   "check is a question to DNS: it cannot do with --no-dns");
	r = s->options->against ? open_against(s, failure) : session_open(s, s->options, failure);
	r = r < 0 ? r : session_ask(s, failure);
	if (r < 0)
		return r;
	r = session_wait_for_names(s);
	s->ended = session_now();
	if (r < 0)
		return failure_set(failure, r, "the event loop failed: %s", strerror(-r));
	if (!s->options->against)
		session_look(s);
	session_ask_authorities(s);
	return 0;
}

static int run(const struct options *options)
{
	static struct session session;
	struct failure failure = {0};
	int status = EXIT_UNKNOWN;

	session.options = options;
	if (check(&session, &failure) == 0)
		status = report(&session, "check");
	else
		text_complain("%s", failure.text);
	session_close(&session);
	return status;
}

const struct command command_check = {
	.name = "check",
	.summary = "compare what DNS publishes with what this host owns",
	.about = "Asks DNS for the names given and compares their addresses with those of this\n"
		 "host. Looks at no traffic and needs no root: fit for a deploy script. Exit "
		 "status\n"
		 "1: an address is published and not on this host; 2: it is here, but the kernel\n"
		 "does not serve it; 3: DNS or the kernel could not be asked. With --against it\n"
		 "looks at a file instead of the host: fit for a build, before anything is "
		 "deployed.",
	.examples = "  synhole check -n imap.example.org -n www.example.org\n"
		    "  synhole check --mx example.org --dns 192.0.2.53 --json\n"
		    "  synhole check -n imap.example.org --against intended-addresses\n",
	.takes = TAKES(OPT_AGAINST) | TAKES(OPT_NAME) | TAKES(OPT_MX) | TAKES(OPT_SRV) |
		 TAKES(OPT_DNS) | TAKES(OPT_NO_DNS) | TAKES(OPT_ELSEWHERE) | TAKES(OPT_ALIAS) |
		 TAKES(OPT_ALL) | TAKES(OPT_LIMIT) | TAKES(OPT_JSON) | TAKES(OPT_VERBOSE) |
		 TAKES(OPT_HELP) | TAKES(OPT_VERSION),
	.run = run,
};
