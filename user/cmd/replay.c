// SPDX-License-Identifier: GPL-2.0-only
/* synhole replay: recordings through the same engine as live frames. */
#include "cmd/replay.h"

#include "base/cleanup.h"
#include "cmd/commands.h"
#include "cmd/report.h"
#include "cmd/session_parts.h"
#include "cmd/text.h"
#include "io/dns_zone.h"
#include "io/store.h"

#include <errno.h>
#include <string.h>

/* Every name of the zone that has an address, where none was asked for. */
static int ask_all_of_zone(struct replay *r, const struct dns_zone *zone, struct failure *failure)
{
	const char *name;
	size_t at = 0;
	int e = 0;

	while (e == 0 && (name = dns_zone_next_name(zone, &at)))
		e = dns_zone_ask(zone, RESOLVE_NAME, name, 0, session_hear, &r->session, failure);
	return e;
}

static int ask_zone(struct replay *r, struct failure *failure)
{
	const struct options *o = r->session.options;
	cleanup(dns_zone_free) struct dns_zone *zone = NULL;
	int e = dns_zone_read(&zone, o->zone, failure);

	if (e == 0 && !o->question_count)
		return ask_all_of_zone(r, zone, failure);
	for (size_t i = 0; e == 0 && i < o->question_count; i++)
		e = dns_zone_ask(zone, o->questions[i].kind, o->questions[i].name, 0, session_hear,
				 &r->session, failure);
	return e;
}

static int ask_names(struct replay *r, struct failure *failure)
{
	int e;

	if (r->session.options->zone)
		return ask_zone(r, failure);
	e = session_ask(&r->session, failure);
	return e < 0 ? e : session_wait_for_names(&r->session);
}

static int replay(struct replay *r, struct failure *failure)
{
	struct session *s = &r->session;
	int e = replay_incidents_begin(r);

	if (e < 0)
		return failure_set(failure, e, "out of memory");
	e = replay_store_begin(r, failure);
	e = e < 0 ? e : replay_open_host(r, failure);
	e = e < 0 ? e : ask_names(r, failure);
	e = e < 0 ? e : replay_files(r, failure);
	if (e < 0)
		return e;
	s->attached = r->first;
	s->ended = r->last;
	replay_incidents_end(r);
	replay_look(r);
	if (!s->options->zone)
		session_ask_back(s);
	return replay_store_end(r, failure);
}

static int run(const struct options *options)
{
	static struct replay r;
	struct failure failure = {0};
	int status = EXIT_UNKNOWN;

	r.session.options = options;
	if (replay(&r, &failure) == 0)
		status = report(&r.session, "replay");
	else
		text_complain("%s", failure.text);
	replay_incidents_free(&r);
	store_close(&r.store);
	traffic_free(&r.traffic);
	host_file_free(&r.host);
	fib_free(&r.fib);
	free(r.ways);
	session_close(&r.session);
	return status;
}

const struct command command_replay = {
	.name = "replay",
	.summary = "judge a recording: pcap or pcapng",
	.about = "Reads what was recorded (by tcpdump, Wireshark or synhole capture -w; - is "
		 "standard\n"
		 "input; zipped with gzip or not; several files are merged by time) and judges it "
		 "as\n"
		 "capture judges what it sees, with the times of the frames. What the host owned\n"
		 "comes from synhole host --json as it was then, and so do the names, or they are\n"
		 "asked of DNS now, or read from a zone file. Needs no root. Exit status: as "
		 "capture.",
	.examples = "  synhole replay old.pcap --host host.json -n imap.example.org\n"
		    "  synhole replay old.pcap.gz --host none --zone that-day.zone --json\n"
		    "  tcpdump -w - -i eth0 tcp | synhole replay -\n"
		    "  synhole replay old.pcap --store old.db; synhole report --store old.db -o "
		    "old.html\n",
	.words = "FILE...",
	.words_min = 1,
	.words_max = 256,
	.takes = TAKES(OPT_HOST) | TAKES(OPT_INTERFACE) | TAKES(OPT_NAME) | TAKES(OPT_MX) |
		 TAKES(OPT_SRV) | TAKES(OPT_ZONE) | TAKES(OPT_DNS) | TAKES(OPT_NO_DNS) |
		 TAKES(OPT_NO_PTR) | TAKES(OPT_ELSEWHERE) | TAKES(OPT_ALIAS) | TAKES(OPT_PORTS) |
		 TAKES(OPT_NEW_STORE) | TAKES(OPT_ALL) | TAKES(OPT_LIMIT) | TAKES(OPT_JSON) |
		 TAKES(OPT_VERBOSE) | TAKES(OPT_HELP) | TAKES(OPT_VERSION),
	.run = run,
};
