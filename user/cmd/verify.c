// SPDX-License-Identifier: GPL-2.0-only
/* synhole verify: after a mend, is the address in order, step by step? */
#include "cmd/verify.h"
#include "base/address.h"
#include "base/clock.h"
#include "cmd/commands.h"
#include "cmd/session_records.h"
#include "cmd/text.h"
#include "io/privilege.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Between two rounds of --wait. */
#define PAUSE_USEC 1000000
#define TENTATIVE_STEP_USEC 50000

/* Who may not watch is told so at the steps that need it. */
static void begin_watch(struct verify *v)
{
	struct session *s = v->session;

	if (s->options->no_watch)
		failure_set(&v->blind, 0, "what arrives was not watched (--no-watch)");
	else if (privilege_check(&v->blind) == 0 && session_attach(s, &v->blind) < 0 &&
		 !v->blind.text[0])
		failure_set(&v->blind, 0, "no interface could be watched");
}

static void add_target(struct verify *v, const struct addr *published)
{
	struct verify_target *t = &v->targets[v->target_count];

	for (size_t i = 0; i < v->target_count; i++)
		if (address_equal(&v->targets[i].published, published))
			return;
	if (v->target_count == VERIFY_TARGETS_MAX) {
		v->session->trouble = true;
		return;
	}
	v->target_count++;
	t->published = *published;
	t->address = *engine_inside(v->session->engine, published);
	t->elsewhere = engine_is_elsewhere(v->session->engine, published);
}

static void add_targets(struct verify *v, const struct addr *address)
{
	const struct published_name *n;

	if (address)
		add_target(v, address);
	for (size_t i = 0; (n = published_name(v->session->engine->published, i)); i++)
		for (size_t k = 0; v->name && strcmp(n->name, v->name) == 0 && k < n->count; k++)
			add_target(v, &n->records[k].address);
}

static bool any_tentative(const struct verify *v)
{
	for (size_t i = 0; i < v->target_count; i++)
		if (hostaddr_owned(v->session->engine->host, &v->targets[i].address, NULL) ==
		    OWNED_TENTATIVE)
			return true;
	return false;
}

/* An address that was just added is looked for on the link first (RFC 4862, 5.4). */
static void await_addresses(struct verify *v)
{
	struct session *s = v->session;

	for (unsigned usec = 0;
	     any_tentative(v) && usec < VERDICT_TENTATIVE_NS / 1000 && !s->interrupted;
	     usec += TENTATIVE_STEP_USEC) {
		session_run(s, TENTATIVE_STEP_USEC);
	}
}

static void find_domains(struct verify *v)
{
	if (!v->session->options->no_dns)
		standing_find_domains(v->session, v->domains, &v->domain_count);
}

static int listen_to_names(struct verify *v, const struct addr *address, struct failure *failure)
{
	struct session *s = v->session;
	int r = session_open(s, s->options, failure);

	if (r < 0)
		return r;
	begin_watch(v);
	r = session_ask(s, failure);
	if (r == 0 && address)
		r = session_ask_reverse(s, address, failure);
	r = r < 0 ? r : session_wait_for_names(s);
	if (r < 0)
		return failure->text[0] ? r : failure_set(failure, r, "the event loop failed");
	return 0;
}

static int look(struct verify *v, const struct addr *address, struct failure *failure)
{
	struct session *s = v->session;
	int r = listen_to_names(v, address, failure);

	if (r < 0)
		return r;
	add_targets(v, address);
	await_addresses(v);
	for (size_t i = 0; i < v->target_count; i++)
		verify_find_ports(v, &v->targets[i]);
	verify_call(v);
	if (s->probe && !s->interrupted)
		session_run(s, s->options->duration);
	if (s->probe)
		probe_detach(s->probe);
	s->ended = session_now();
	session_look(s);
	find_domains(v);
	for (size_t i = 0; i < v->target_count; i++) {
		struct verify_target *t = &v->targets[i];

		if (t->elsewhere)
			continue;
		verify_look_at_host(v, t);
		verify_look_at_answers(v, t);
		verify_look_at_mail(v, t);
		verify_look_at_incidents(v, t);
	}
	return 0;
}

static uint64_t now_usec(void)
{
	return clock_ns(CLOCK_MONOTONIC) / 1000;
}

static void close_round(struct verify *v)
{
	session_close(v->session);
	memset(v->session, 0, sizeof(*v->session));
}

/* Each round looks at everything anew: what the host is, what DNS says, what arrives. */
static int look_until_in_order(struct verify *v, const struct options *o,
			       const struct addr *address, struct failure *failure)
{
	uint64_t end = now_usec() + o->wait;

	for (;;) {
		struct session *s = v->session;
		int r;

		*v = (struct verify){.session = s, .name = address ? NULL : o->words[0]};
		s->options = o;
		r = look(v, address, failure);
		if (r < 0 || verify_worst(v) == SEVERITY_OK || s->interrupted || now_usec() >= end)
			return r;
		if (session_run(s, PAUSE_USEC) < 0 || s->interrupted)
			return 0;
		close_round(v);
	}
}

static int run(const struct options *options)
{
	static struct session session;
	static struct options own;
	static struct verify v;
	struct failure failure = {0};
	int status = EXIT_UNKNOWN;
	struct addr address;
	bool is_address;

	v.session = &session;
	if (options_ask_about(options, &own, &address, &is_address, &failure) == 0 &&
	    look_until_in_order(&v, &own, is_address ? &address : NULL, &failure) == 0)
		status = verify_report(&v);
	else if (failure.text[0])
		text_complain("%s", failure.text);
	session_close(&session);
	return status;
}

const struct command command_verify = {
	.name = "verify",
	.summary = "see after a mend whether an address is in order, step by step",
	.about =
		"Looks whether an address, or each address of a name, is published, owned, routed\n"
		"and nobody else's; whether something listens, no firewall stands before it, and\n"
		"calls are answered: those that come from outside, and one that synhole makes "
		"from\n"
		"a network namespace of its own; and what other mail hosts will think of it.\n"
		"Nothing on the host is changed; the namespace goes when the command ends. "
		"Without\n"
		"root it cannot see who answers, and says so. Exit status 0: all is in order.",
	.examples = "  synhole verify imap.example.org\n"
		    "  synhole verify 2001:db8::2 -n imap.example.org --port 993 --port 25\n"
		    "  synhole verify imap.example.org --wait 60 --json\n",
	.words = "ADDRESS|NAME",
	.words_min = 1,
	.words_max = 1,
	.takes = TAKES(OPT_STORE) | TAKES(OPT_CONFIG) | TAKES(OPT_PORT) | TAKES(OPT_WAIT) |
		 TAKES(OPT_INTERFACE) | TAKES(OPT_NAME) | TAKES(OPT_MX) | TAKES(OPT_SRV) |
		 TAKES(OPT_DNS) | TAKES(OPT_NO_DNS) | TAKES(OPT_NO_PTR) | TAKES(OPT_ELSEWHERE) |
		 TAKES(OPT_ALIAS) | TAKES(OPT_ATTACH) | TAKES(OPT_DURATION) | TAKES(OPT_NO_WATCH) |
		 TAKES(OPT_JSON) | TAKES(OPT_VERBOSE) | TAKES(OPT_HELP) | TAKES(OPT_VERSION),
	.duration = 1,
	.run = run,
};
