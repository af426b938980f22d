// SPDX-License-Identifier: GPL-2.0-only
/* What a look has found, and the exit status that it makes. */
#include "cmd/report.h"

bool report_wants(const struct options *o, const struct finding *f)
{
	if (!o->all && f->judgement.severity == SEVERITY_OK)
		return false;
	if (!o->ports_given || !f->called.count)
		return true;
	for (size_t i = 0; i < f->called.count; i++)
		if (options_wants_port(o, f->called.ports[i].port))
			return true;
	return false;
}

static bool wants(void *data, const struct finding *f)
{
	const struct report *r = data;

	return report_wants(r->session->options, f);
}

static const struct report_form *form_of(const struct report *r)
{
	return r->session->options->json ? &report_json : &report_text;
}

static void tell(void *data, const struct finding *f)
{
	struct report *r = data;

	form_of(r)->finding(r, f);
	r->told++;
}

/* Could everything be looked at? A name without an answer is one that was not. */
static bool all_looked_at(const struct session *s)
{
	const struct published_name *name;

	for (size_t i = 0; (name = published_name(s->engine->published, i)); i++)
		if (name->status != NAME_OK)
			return false;
	return !s->trouble;
}

int report_exit_status(enum severity severity)
{
	static const int statuses[] = {
		[SEVERITY_OK] = EXIT_OK,
		[SEVERITY_WARNING] = EXIT_WARNING,
		[SEVERITY_UNKNOWN] = EXIT_UNKNOWN,
		[SEVERITY_CRITICAL] = EXIT_CRITICAL,
	};

	return statuses[severity];
}

int report_end(struct report *r, const struct report_form *form)
{
	r->status = r->summary.worst;
	if (r->status < SEVERITY_UNKNOWN && !all_looked_at(r->session))
		r->status = SEVERITY_UNKNOWN;
	if (form)
		form->end(r);
	return report_exit_status(r->status);
}

int report(struct session *s, const char *kind)
{
	struct report r = {.session = s, .kind = kind, .out = stdout};

	form_of(&r)->begin(&r);
	r.summary = judge_all(s->engine, s->ended, s->options->limit, wants, tell, &r);
	return report_end(&r, form_of(&r));
}

struct counters report_counters(const struct session *s)
{
	struct counters total = {0};

	if (s->probe)
		total = probe_counters(s->probe);
	if (s->replayed)
		total = session_recorded(s);
	total.unattributed += s->engine->counts.dropped;
	return total;
}
