// SPDX-License-Identifier: GPL-2.0-only
/* synhole capture: attach, watch for a while, join, print, detach. */
#include "base/cleanup.h"
#include "base/resident.h"
#include "cmd/capture_packets.h"
#include "cmd/commands.h"
#include "cmd/live.h"
#include "cmd/report.h"
#include "cmd/session_authority.h"
#include "cmd/text.h"

#include <string.h>

static int capture(struct session *s, struct failure *failure)
{
	cleanup(live_end) struct live *live = NULL;
	int r = session_open(s, s->options, failure);

	r = r < 0 ? r : capture_packets_begin(s, failure);
	r = r < 0 ? r : session_attach(s, failure);
	r = r < 0 ? r : session_ask(s, failure);
	if (r < 0)
		return r;
	resident_trim(); /* a capture may be long, too */
	live = live_begin(s);
	r = session_run(s, s->options->duration);
	s->ended = session_now();
	session_self_test(s);
	probe_detach(s->probe);
	r = r < 0 ? r : session_wait_for_names(s);
	live_end(&live);
	if (r < 0)
		return failure_set(failure, r, "the event loop failed: %s", strerror(-r));
	session_look(s);
	session_ask_back(s);
	session_ask_authorities(s);
	capture_packets_write(s);
	return 0;
}

static int run(const struct options *options)
{
	static struct session session;
	struct failure failure = {0};
	int status = EXIT_UNKNOWN;

	session.options = options;
	if (capture(&session, &failure) == 0)
		status = report(&session, "capture");
	else if (failure.text[0])
		text_complain("%s", failure.text);
	session_close(&session);
	return status;
}

const struct command command_capture = {
	.name = "capture",
	.summary = "watch for a while what arrives, and judge it",
	.about =
		"Counts the TCP connection attempts (SYNs) that arrive for each address and port,\n"
		"compares them with the addresses and routes of this host and with what DNS\n"
		"publishes for the names given, prints what is wrong, and detaches. Needs root,\n"
		"or CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN. Ctrl-C ends it early and prints what\n"
		"was seen.",
	.examples = "  synhole capture -n imap.example.org\n"
		    "  synhole capture -i eth0 -d 60 -n www.example.org --mx example.org --json\n",
	.takes = TAKES(OPT_INTERFACE) | TAKES(OPT_NAME) | TAKES(OPT_MX) | TAKES(OPT_SRV) |
		 TAKES(OPT_DNS) | TAKES(OPT_NO_DNS) | TAKES(OPT_NO_PTR) | TAKES(OPT_ELSEWHERE) |
		 TAKES(OPT_ALIAS) | TAKES(OPT_ATTACH) | TAKES(OPT_DURATION) | TAKES(OPT_TABLE) |
		 TAKES(OPT_WRITE) | TAKES(OPT_WRITE_ALL) | TAKES(OPT_PORTS) | TAKES(OPT_ALL) |
		 TAKES(OPT_LIMIT) | TAKES(OPT_JSON) | TAKES(OPT_VERBOSE) | TAKES(OPT_HELP) |
		 TAKES(OPT_VERSION),
	.run = run,
};
