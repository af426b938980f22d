// SPDX-License-Identifier: GPL-2.0-only
/* synhole capture: attach, watch for a while, join, print, detach. */
#include "base/address.h"
#include "base/cleanup.h"
#include "cmd/commands.h"
#include "cmd/report.h"
#include "cmd/text.h"

#include <string.h>
#include <unistd.h>

/* A published address that nobody owns is being called: worth a line at once on a terminal. */
static void say_syn(struct session *s, const struct syn_event *event)
{
	const struct input_link *link = hostaddr_link(s->engine->host, event->ifindex);
	char to[ADDRESS_TEXT], from[ADDRESS_TEXT];

	if (event->known != KNOWN_PUBLISHED)
		return;
	fprintf(stderr,
		"\r\033[Kcalled, published and not on this host: %s port %u from %s by %s\n",
		address_format(&event->dst, to), event->dport, address_format(&event->src, from),
		link ? link->name : "?");
}

static int on_progress(sd_event_source *source, uint64_t usec, void *data)
{
	struct session *s = data;
	struct counters c = report_counters(s);
	double done = (double)(session_now() - s->attached) / 1e9;

	fprintf(stderr, "\r\033[K%.0f of %.0f s: %llu frames, %llu SYNs", done,
		(double)s->options->duration / 1e6, c.frames, c.syns);
	sd_event_source_set_time_relative(source, 1000000);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static void show_progress(struct session *s)
{
	if (s->options->json || !isatty(STDOUT_FILENO) || !isatty(STDERR_FILENO))
		return;
	s->on_syn = say_syn;
	sd_event_add_time_relative(s->loop, NULL, CLOCK_MONOTONIC, 1000000, 0, on_progress, s);
}

static void end_progress(const struct session *s)
{
	if (s->on_syn)
		fprintf(stderr, "\r\033[K");
}

static int capture(struct session *s, struct failure *failure)
{
	int r = session_open(s, s->options, failure);

	r = r < 0 ? r : session_attach(s, failure);
	r = r < 0 ? r : session_ask(s, failure);
	if (r < 0)
		return r;
	show_progress(s);
	r = session_run(s, s->options->duration);
	s->ended = session_now();
	session_self_test(s);
	probe_detach(s->probe);
	r = r < 0 ? r : session_wait_for_names(s);
	end_progress(s);
	if (r < 0)
		return failure_set(failure, r, "the event loop failed: %s", strerror(-r));
	session_look(s);
	session_ask_back(s);
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
		"publishes for the names given, prints what is wrong, and detaches. Needs root, "
		"or\n"
		"CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN. Ctrl-C ends it early and prints what was "
		"seen.",
	.examples = "  synhole capture -n imap.example.org\n"
		    "  synhole capture -i eth0 -d 60 -n www.example.org --mx example.org --json\n",
	.takes = TAKES(OPT_INTERFACE) | TAKES(OPT_NAME) | TAKES(OPT_MX) | TAKES(OPT_SRV) |
		 TAKES(OPT_DNS) | TAKES(OPT_NO_DNS) | TAKES(OPT_NO_PTR) | TAKES(OPT_ELSEWHERE) |
		 TAKES(OPT_ALIAS) | TAKES(OPT_ATTACH) | TAKES(OPT_DURATION) | TAKES(OPT_PORTS) |
		 TAKES(OPT_ALL) | TAKES(OPT_LIMIT) | TAKES(OPT_JSON) | TAKES(OPT_VERBOSE) |
		 TAKES(OPT_HELP) | TAKES(OPT_VERSION),
	.run = run,
};
