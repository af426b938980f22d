// SPDX-License-Identifier: GPL-2.0-only
/* One name's way through DNS, from the question to the INPUT_NAME. */
#include "io/dns_lookup.h"
#include "base/cleanup.h"
#include "base/clock.h"

#include <arpa/nameser.h>
#include <stdio.h>
#include <string.h>

static const struct {
	enum name_status status;
	const char *words;
} meanings[] = {
	[DNS_FOUND] = {NAME_OK, NULL},
	[DNS_EMPTY] = {NAME_NODATA, "the name has no A or AAAA record"},
	[DNS_NONE] = {NAME_NODATA, "it says that there is none (target \".\")"},
	[DNS_NXDOMAIN] = {NAME_NXDOMAIN, "the name does not exist"},
	[DNS_FORMERR] = {NAME_SERVFAIL, "the server does not understand the question (FORMERR)"},
	[DNS_SERVFAIL] = {NAME_SERVFAIL, "the server failed (SERVFAIL)"},
	[DNS_NOTIMP] = {NAME_SERVFAIL, "the server does not answer such questions (NOTIMP)"},
	[DNS_REFUSED] = {NAME_REFUSED, "the server refuses to answer for this name"},
	[DNS_REFERRAL] = {NAME_REFUSED, "the server does not know this name and asks no other"},
	[DNS_OTHER] = {NAME_SERVFAIL, "the server failed with an unknown error"},
	[DNS_TRUNCATED] = {NAME_TIMEOUT, "no answer by TCP, and by UDP it is too long"},
	[DNS_LOOP] = {NAME_SERVFAIL, "its CNAMEs form a loop or a chain of more than 8"},
	[DNS_MALFORMED] = {NAME_SERVFAIL, "the server's answer is malformed"},
	[DNS_NO_MEMORY] = {NAME_SERVFAIL, "out of memory"},
	[DNS_TIMEOUT] = {NAME_TIMEOUT, NULL},
	[DNS_UNREACHABLE] = {NAME_TIMEOUT, NULL},
};

static bool failed(enum dns_outcome outcome)
{
	return outcome > DNS_CNAME;
}

void dns_lookup_free(struct dns_lookup **lookup)
{
	struct dns_lookup *l = *lookup;

	if (!l)
		return;
	for (unsigned i = 0; i < l->n_asks; i++) {
		dns_query_drop(&l->asks[i].query);
		dns_answer_free(&l->asks[i].answer);
	}
	free(l->name);
	free(l->via);
	free(l);
	*lookup = NULL;
}

static bool add_ask(struct dns_lookup *l, uint16_t type, const char *text)
{
	struct dns_ask *ask = &l->asks[l->n_asks];
	char *name = strdup(text);

	if (!name)
		return false;
	*ask = (struct dns_ask){.lookup = l, .type = type, .outcome = DNS_TIMEOUT};
	dns_answer_init(&ask->answer, name);
	l->n_asks++;
	return true;
}

struct dns_lookup *dns_lookup_new(struct dns_servers *servers, uint16_t type, const char *name,
				  const char *text, const char *via)
{
	cleanup(dns_lookup_free) struct dns_lookup *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->servers = servers;
	l->name = strdup(name);
	l->via = via ? strdup(via) : NULL;
	if (!l->name || (via && !l->via) || !add_ask(l, type, text) ||
	    (type == ns_t_a && !add_ask(l, ns_t_aaaa, text)))
		return NULL;
	return take_ptr(l);
}

struct dns_lookup *dns_lookup_new_records(struct dns_servers *servers, uint16_t type,
					  const char *text, dns_records_fn *hear, void *data)
{
	cleanup(dns_lookup_free) struct dns_lookup *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->servers = servers;
	l->hear = hear;
	l->data = data;
	return add_ask(l, type, text) ? take_ptr(l) : NULL;
}

/* Called by c-ares, which must not be asked anew from here: only notes what has come. */
static void on_reply(void *data, enum dns_outcome outcome, const uint8_t *reply, size_t size)
{
	struct dns_ask *ask = data;

	if (outcome == DNS_FOUND)
		outcome = dns_answer_read(&ask->answer, ask->type, reply, size);
	if (ask->way == DNS_UDP || !failed(outcome))
		ask->outcome = outcome;
	sd_event_source_set_enabled(ask->lookup->servers->settle, SD_EVENT_ONESHOT);
}

static void send_ask(struct dns_ask *ask)
{
	struct dns_servers *servers = ask->lookup->servers;

	dns_channel_ask(servers->ways[ask->way], ask->answer.name, ask->type, !ask->plain, on_reply,
			ask, &ask->query);
}

void dns_lookup_start(struct dns_lookup *l)
{
	for (unsigned i = 0; i < l->n_asks; i++)
		send_ask(&l->asks[i]);
}

/* The next way to ask the same; false if there is none. An answer by UDP that makes no sense may be
 * a cut one. What was said first stays, unless a later way finds more. */
static bool take_next_way(struct dns_ask *ask)
{
	bool cut = ask->outcome == DNS_TRUNCATED || ask->outcome == DNS_MALFORMED;

	if (ask->way == DNS_UDP && cut)
		ask->way = DNS_TCP;
	else if (ask->way != DNS_OTHERS && ask->lookup->servers->ways[DNS_OTHERS])
		ask->way = DNS_OTHERS;
	else
		return false;
	return true;
}

/* Asks for the target of a CNAME, or again if c-ares gave up early, or otherwise; or is done. */
static void advance(struct dns_ask *ask)
{
	if (ask->query || ask->done)
		return;
	if (ask->outcome == DNS_CNAME || ask->outcome == DNS_TIMEOUT) {
		ask->outcome = DNS_TIMEOUT;
		ask->way = DNS_UDP;
	} else if (ask->outcome == DNS_FORMERR && !ask->plain) {
		ask->plain = true;
	} else if (!failed(ask->outcome) || !take_next_way(ask)) {
		ask->done = true;
		return;
	}
	send_ask(ask);
}

/* No MX: the name's own addresses count (RFC 5321, 5.1). The same lookup goes on with them. */
static bool turn_to_addresses(struct dns_lookup *l)
{
	cleanup(dns_answer_free) struct dns_answer mx = l->asks[0].answer;

	l->asks[0].answer = (struct dns_answer){0};
	l->n_asks = 0;
	if (!add_ask(l, ns_t_a, mx.name) || !add_ask(l, ns_t_aaaa, mx.name)) {
		l->asks[0].outcome = DNS_NO_MEMORY;
		return false;
	}
	for (unsigned i = 0; i < l->n_asks; i++) {
		l->asks[i].answer.hops = mx.hops;
		l->asks[i].answer.ttl = mx.ttl;
	}
	dns_lookup_start(l);
	return true;
}

bool dns_lookup_advance(struct dns_lookup *l)
{
	bool done = true;

	for (unsigned i = 0; i < l->n_asks; i++) {
		advance(&l->asks[i]);
		done = done && l->asks[i].done;
	}
	if (done && !l->hear && l->asks[0].type == ns_t_mx && l->asks[0].outcome == DNS_EMPTY)
		return !turn_to_addresses(l);
	return done;
}

void dns_lookup_give_up(struct dns_lookup *l)
{
	for (unsigned i = 0; i < l->n_asks; i++) {
		dns_query_drop(&l->asks[i].query);
		l->asks[i].done = true;
		if (l->asks[i].outcome == DNS_CNAME)
			l->asks[i].outcome = DNS_TIMEOUT;
	}
}

const struct dns_answer *dns_lookup_targets(const struct dns_lookup *l)
{
	return &l->asks[0].answer;
}

/* Failures first; then addresses, even if the name does not exist for the other family (broken
 * servers say so: RFC 4074, 4.2). */
static int weight(const struct dns_ask *ask)
{
	switch (meanings[ask->outcome].status) {
	case NAME_NODATA:
		return 0;
	case NAME_NXDOMAIN:
		return 1;
	case NAME_OK:
		return 2;
	default:
		return 3;
	}
}

static const struct dns_ask *decisive(const struct dns_lookup *l)
{
	return &l->asks[l->n_asks > 1 && weight(&l->asks[1]) > weight(&l->asks[0])];
}

static const char *words_of(const struct dns_ask *ask)
{
	if (ask->outcome == DNS_TIMEOUT)
		return ask->lookup->servers->no_answer;
	if (ask->outcome == DNS_UNREACHABLE)
		return ask->lookup->servers->no_way;
	if (ask->outcome == DNS_EMPTY && ask->type == ns_t_srv)
		return "the name has no SRV record";
	return meanings[ask->outcome].words;
}

static const char *type_of(const struct dns_ask *ask)
{
	switch (ask->type) {
	case ns_t_a:
		return "A";
	case ns_t_aaaa:
		return "AAAA";
	default:
		return ask->type == ns_t_mx ? "MX" : ask->type == ns_t_srv ? "SRV" : "PTR";
	}
}

/* The clause for a status; which type, if the other one ended otherwise; which name, if CNAMEs led
 * to another one. */
static const char *describe(const struct dns_ask *ask, char *text, size_t size)
{
	const struct dns_lookup *l = ask->lookup;
	bool all = l->n_asks > 1 && l->asks[0].outcome == l->asks[1].outcome;
	bool led = ask->answer.hops > 0 && ask->outcome != DNS_LOOP;

	if (ask->outcome == DNS_FOUND || (!led && (all || !failed(ask->outcome))))
		return words_of(ask);
	snprintf(text, size, "%s, asked for %s%s%s", words_of(ask),
		 all ? "addresses" : type_of(ask), led ? " of " : "", led ? ask->answer.name : "");
	return text;
}

/* At most DNS_MAX_RECORDS, of which each family has half if it needs it: neither crowds out the
 * other. */
static size_t merge(const struct dns_lookup *l, struct record records[static DNS_MAX_RECORDS])
{
	size_t count = 0, half = DNS_MAX_RECORDS / 2;

	for (unsigned i = 0; i < l->n_asks; i++) {
		const struct dns_answer *own = &l->asks[i].answer;
		size_t other = l->n_asks > 1 ? l->asks[!i].answer.n_records : 0;
		size_t room = DNS_MAX_RECORDS - (other < half ? other : half);

		if (room > DNS_MAX_RECORDS - count)
			room = DNS_MAX_RECORDS - count;
		for (size_t k = 0; k < own->n_records && k < room; k++)
			records[count++] = own->records[k];
	}
	return count;
}

void dns_lookup_tell(const struct dns_lookup *l, input_fn *hear, void *data)
{
	const struct dns_ask *ask = decisive(l);
	struct record records[DNS_MAX_RECORDS];
	char error[NS_MAXDNAME + 192];
	struct input input = {.kind = INPUT_NAME};

	if (l->hear) {
		l->hear(l->data, meanings[ask->outcome].status, &ask->answer);
		return;
	}
	input.now = clock_ns(CLOCK_REALTIME);
	input.name = (struct input_name){
		.name = l->name,
		.status = meanings[ask->outcome].status,
		.error = describe(ask, error, sizeof(error)),
		.server = *l->servers->address ? l->servers->address : NULL,
		.via = l->via,
		.records = records,
		.count = merge(l, records),
	};
	hear(data, &input);
}
