// SPDX-License-Identifier: GPL-2.0-only
/* synhole explain: what is wrong with one address or name, what mends it, what that exposes. */
#include "base/address.h"
#include "base/cleanup.h"
#include "cmd/advice.h"
#include "cmd/commands.h"
#include "cmd/report_json.h"
#include "cmd/session_authority.h"
#include "cmd/stored.h"
#include "cmd/text.h"
#include "io/privilege.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Who may not watch is told so, and gets the rest; so is who asked for what cannot be watched. */
static void begin_watch(struct session *s)
{
	struct failure why = {0};

	if (s->options->no_watch)
		return;
	if (privilege_check(&why) < 0) {
		text_complain("what arrives is not watched: %s", why.text);
	} else if (session_attach(s, &why) < 0) {
		s->trouble = true;
		text_complain("what arrives is not watched%s%s", why.text[0] ? ": " : "", why.text);
		probe_free(&s->probe);
	}
}

static int watch(struct session *s)
{
	int r;

	if (!s->probe)
		return 0;
	if (isatty(STDERR_FILENO))
		text_complain("watching for %.0f s what arrives; Ctrl-C ends that, --no-watch "
			      "leaves it out",
			      (double)s->options->duration / 1e6);
	r = session_run(s, s->options->duration);
	session_self_test(s);
	probe_detach(s->probe);
	return r;
}

/* `a` is set if the word is an address, else the name is among the questions. */
static int look(struct session *s, const struct addr *a, struct failure *failure)
{
	int r = session_open(s, s->options, failure);

	if (r == 0)
		begin_watch(s);
	r = r < 0 ? r : session_ask(s, failure);
	if (r == 0 && a)
		r = session_ask_reverse(s, a, failure);
	if (r < 0)
		return r;
	r = watch(s);
	s->ended = session_now();
	r = r < 0 ? r : session_wait_for_names(s);
	if (r < 0)
		return failure_set(failure, r, "the event loop failed: %s", strerror(-r));
	s->ended = s->probe ? s->ended : session_now();
	session_look(s);
	session_ask_authorities(s);
	return 0;
}

/* Only what was asked for is told; the sum of the others' SYNs is wanted all the same. */
static bool wants_none(void *data, const struct finding *f)
{
	return false;
}

/* `in` is NULL but for an incident. */
static void tell(struct report *r, const struct addr *a, const struct incident *in)
{
	static struct advice advice;
	enum severity severity;

	advice_make(r->session, a, in, &advice);
	severity = in && in->closed ? SEVERITY_OK : advice.finding.judgement.severity;
	r->summary.worst = severity > r->summary.worst ? severity : r->summary.worst;
	r->summary.findings++;
	if (r->session->options->json) {
		fputs(r->told ? ",\n  " : "\n  ", r->out);
		report_json_write(r, advice_json(&advice));
	} else {
		fputs(r->told ? "\n" : "", r->out);
		advice_print(&advice, r->out);
	}
	r->told++;
}

static void tell_name(struct report *r, const struct published_name *n)
{
	char safe[1024];

	for (size_t i = 0; i < n->count; i++)
		tell(r, engine_inside(r->session->engine, &n->records[i].address), NULL);
	if (n->status != NAME_OK && !r->session->options->json)
		fprintf(r->out, "%s has no address that could be looked at: DNS says %s\n",
			text_escape(n->name, safe, sizeof(safe)), name_status_name(n->status));
}

/* What is to be explained: an address, an incident of one, or else the first of the questions, so
 * that its answer is the first of the names. */
struct subject {
	struct options options;
	bool is_address;
	struct addr address;
	struct stored *stored; /* NULL: it is of now */
};

static int write_report(struct session *s, const struct subject *subject)
{
	struct report r = {.session = s, .kind = "explain", .out = stdout};
	const struct published_name *n = published_name(s->engine->published, 0);
	const struct addr *a = &subject->address;

	if (s->options->json)
		report_json.begin(&r);
	r.summary = judge_all(s->engine, s->ended, 0, wants_none, NULL, NULL);
	if (subject->stored)
		tell(&r, a, &subject->stored->incident);
	else if (subject->is_address)
		tell(&r, engine_inside(s->engine, a), NULL);
	else if (n)
		tell_name(&r, n);
	return report_end(&r, s->options->json ? &report_json : NULL);
}

/* Where the names of the incident point now is asked; nothing is watched. */
static int take_incident(struct subject *x, struct failure *failure)
{
	cleanup(store_close) struct store *store = NULL;
	const struct incident *in;
	uint64_t id;
	int r = stored_read_id(x->options.incident, &id, failure);

	r = r < 0 ? r : stored_open(&store, &x->options, failure);
	r = r < 0 ? r : stored_get(store, id, &x->stored, failure);
	if (r < 0)
		return r;
	in = &x->stored->incident;
	if (x->is_address && !address_equal(&x->address, &in->address))
		return failure_set(failure, -EINVAL, "incident %s is of another address than %.64s",
				   x->options.incident, x->options.words[0]);
	x->is_address = true;
	x->address = in->address;
	x->options.no_watch = true;
	for (size_t i = 0; i < in->name_count; i++)
		options_ask_first(&x->options, in->names[i]);
	return 0;
}

static int prepare(const struct options *options, struct subject *x, struct failure *failure)
{
	const char *word = options->word_count ? options->words[0] : NULL;

	x->options = *options;
	x->is_address = word && address_parse(word, &x->address) == 0;
	if (options->incident)
		return take_incident(x, failure);
	if (!word)
		return failure_set(
			failure, -EINVAL,
			"explain needs to be told what: an address, a name, or --incident "
			"ID (see synhole explain --help)");
	return options_ask_about(options, &x->options, &x->address, &x->is_address, failure);
}

static int run(const struct options *options)
{
	static struct session session;
	static struct subject subject;
	struct failure failure = {0};
	int status = EXIT_UNKNOWN, r;

	r = prepare(options, &subject, &failure);
	session.options = &subject.options;
	r = r < 0 ? r : look(&session, subject.is_address ? &subject.address : NULL, &failure);
	if (r == 0)
		status = write_report(&session, &subject);
	else if (failure.text[0])
		text_complain("%s", failure.text);
	session_close(&session);
	stored_free(&subject.stored);
	return status;
}

const struct command command_explain = {
	.name = "explain",
	.summary = "say what is wrong with one address, and what mends it",
	.about = "Says of one address, or of each address of a name, what is wrong, by which\n"
		 "evidence and rule, which commands mend it, in which order, and in the form "
		 "that\n"
		 "this host is configured in; and what the mend exposes: the programs that "
		 "become\n"
		 "reachable, and whether the host's own connections would leave from the "
		 "address.\n"
		 "Changes nothing. Without root it does not watch what arrives, and says so.",
	.examples = "  synhole explain imap.example.org\n"
		    "  synhole explain 2001:db8::2 -n imap.example.org --as netplan\n"
		    "  synhole explain 2001:db8::2 --no-watch --json\n"
		    "  synhole explain --incident 7\n",
	.words = "ADDRESS|NAME",
	.words_max = 1,
	.takes = TAKES(OPT_AS) | TAKES(OPT_INCIDENT) | TAKES(OPT_STORE) | TAKES(OPT_CONFIG) |
		 TAKES(OPT_INTERFACE) | TAKES(OPT_NAME) | TAKES(OPT_MX) | TAKES(OPT_SRV) |
		 TAKES(OPT_DNS) | TAKES(OPT_NO_DNS) | TAKES(OPT_NO_PTR) | TAKES(OPT_ELSEWHERE) |
		 TAKES(OPT_ALIAS) | TAKES(OPT_ATTACH) | TAKES(OPT_DURATION) | TAKES(OPT_NO_WATCH) |
		 TAKES(OPT_JSON) | TAKES(OPT_VERBOSE) | TAKES(OPT_HELP) | TAKES(OPT_VERSION),
	.run = run,
};
