// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes a store as the daemon would: the founding incident, mended; one that is hostile in every
 * text; one of five minutes ago that is open. Usage: write_store FILE
 */
#include "sample.h"

#include "base/cleanup.h"
#include "cmd/stored.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define MINUTE (60 * SAMPLE_SECOND)

static const char host_before[] =
	"{\"schema\": \"synhole/1\", \"kind\": \"host\", \"addresses\": ["
	"{\"address\": \"127.0.0.1\", \"prefix_len\": 8, \"interface\": \"lo\", \"owned\": "
	"\"yes\"},"
	"{\"address\": \"198.51.100.2\", \"prefix_len\": 32, \"interface\": \"eth0\", \"owned\": "
	"\"yes\"}], \"routes\": [{\"kind\": \"default\", \"prefix\": \"0.0.0.0\", \"prefix_len\": "
	"0,"
	" \"interface\": \"eth0\", \"gateway\": \"203.0.113.1\"}], \"listeners\": [{\"address\": "
	"\"::\", \"port\": 993, \"service\": \"imaps\"}], \"names\": [{\"name\": "
	"\"imap.example.org\", \"status\": \"ok\", \"records\": [{\"type\": \"AAAA\", \"address\": "
	"\"2001:db8:1::2\", \"owned\": \"no\"}]}]}";

static const char host_after[] =
	"{\"kind\": \"host\", \"addresses\": [{\"address\": \"2001:db8:1::2\", \"prefix_len\": 64,"
	" \"interface\": \"eth0\", \"owned\": \"yes\"}], \"routes\": [{\"kind\": \"default\", "
	"\"prefix\": \"::\", \"interface\": \"eth0\", \"gateway\": \"fe80::1\"}]}";

static const char host_hostile[] =
	"{\"addresses\": [7, {\"address\": \"<img src=x onerror=alert(1)>\\u001b[31m\"}], "
	"\"routes\": \"none\", \"names\": [{\"name\": \"\\\"&'<\", \"records\": {}}], "
	"\"listeners\": [[[]]]}";

static struct incident in;
static struct failure failure;

/* Calls for half an hour, more and more, and answers at its end. */
static void count(struct store *store, uint64_t id, when_t began)
{
	for (unsigned i = 0; i < 32; i++)
		store_count(store, &(struct store_minute){.id = id,
							  .at = began + i * MINUTE,
							  .syns = i < 30 ? 2 + i % 7 * i / 3 : 1,
							  .answers = i >= 30});
}

static int write_founding(struct store *store)
{
	int r;

	sample_incident(&in, 1);
	count(store, 1, in.opened);
	r = stored_put(store, &in, &failure);
	r = r < 0 ? r : store_put_state(store, 1, STORE_OPENING, host_before, &failure);
	return r < 0 ? r : store_put_state(store, 1, STORE_CLOSE, host_after, &failure);
}

static int write_hostile(struct store *store)
{
	static const char *const names[] = {"<script>document.title='owned'</script>",
					    "ev\033[31mil\n\"'&;.example.org",
					    "javascript:alert(1)", "</svg></title><h1>x</h1>"};
	int r;

	sample_full(&in);
	in.id = 2;
	in.opened -= 3600 * SAMPLE_SECOND;
	in.closed -= 3600 * SAMPLE_SECOND;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		strcpy(in.names[i], names[i]);
		strcpy(in.events[i].text, names[i]);
	}
	strcpy(in.interface, "<b>eth0</b>");
	strcpy(in.tally.drops[0].reason, "<i>REASON</i>");
	strcpy(in.explanation.sentence, "<script>document.title='owned'</script>");
	strcpy(in.explanation.fix[0], "ip -6 addr add '\"><script>document.title='owned'</script>");
	count(store, 2, in.opened);
	r = stored_put(store, &in, &failure);
	return r < 0 ? r : store_put_state(store, 2, STORE_OPENING, host_hostile, &failure);
}

static int write_open(struct store *store)
{
	when_t began = ((when_t)time(NULL) - 300) * SAMPLE_SECOND;

	sample_incident(&in, 3);
	in.names[0][0] = '\0';
	in.name_count = 0;
	in.verdict = VERDICT_STRAY;
	in.severity = SEVERITY_WARNING;
	in.address.bytes[15] = 3;
	in.opened = in.first = in.first_client = began;
	in.last = in.last_client = began + 240 * SAMPLE_SECOND;
	in.closed = 0;
	in.end = END_NONE;
	in.event_count = 0;
	incident_note(&in, began, TIMELINE_OPENED, "stray");
	return stored_put(store, &in, &failure);
}

int main(int argc, char **argv)
{
	cleanup(store_close) struct store *store = NULL;
	int r = argc == 2 ? store_new(&store, &(struct store_settings){.path = argv[1]}) : -1;

	r = r < 0 ? r : write_founding(store);
	r = r < 0 ? r : write_hostile(store);
	r = r < 0 ? r : write_open(store);
	r = r < 0 ? r : store_flush(store, &failure);
	if (r < 0)
		fprintf(stderr, "write_store: %s\n", failure.text);
	return r < 0;
}
