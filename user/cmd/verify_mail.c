// SPDX-License-Identifier: GPL-2.0-only
/* Verify: what other mail hosts think of the address, if mail leaves from it. */
#include "base/address.h"
#include "cmd/verify.h"
#include "io/main_cf.h"
#include "io/outgoing.h"

#include <stdio.h>

#define SMTP_PORT 25

static bool is_mail_host(const struct session *s)
{
	for (size_t i = 0; i < s->engine->listener_count; i++)
		if (s->engine->listeners[i].port == SMTP_PORT)
			return true;
	return false;
}

/* The kernel's choice, as for any program that names no source. */
static bool is_source(const struct verify *v, const struct verify_target *t)
{
	struct addr root = verify_root(&t->address), source;

	return outgoing_source(&root, &source) == 0 && address_equal(&source, &t->address);
}

/* What is to be added to a fault: either why it does not matter for this address, or what would do
 * instead. */
struct remark {
	bool indifferent;
	const char *words;
};

static struct remark remark_on_postfix(const struct verify *v, const struct verify_target *t,
				       const struct postfix *postfix)
{
	switch (postfix_sends_from(postfix, &t->address)) {
	case POSTFIX_NEVER:
		return (struct remark){true, "; but Postfix sends no mail from it"};
	case POSTFIX_FALLS_BACK:
		return (struct remark){true, "; but Postfix prefers the other family for mail"};
	case POSTFIX_ALWAYS:
		return (struct remark){false, "; and Postfix is told to send from it"};
	default:
		break;
	}
	if (!is_source(v, t))
		return (struct remark){true, "; but this host calls others from another address"};
	return (struct remark){false,
			       address_is_v4(&t->address)
				       ? ""
				       : " (postconf -e smtp_address_preference=ipv4 would keep "
					 "Postfix from sending from it)"};
}

static struct remark remark(const struct verify *v, const struct verify_target *t)
{
	struct postfix postfix;
	char path[256];

	if (main_cf_read(&postfix, path) == 0)
		return remark_on_postfix(v, t, &postfix);
	if (!is_mail_host(v->session))
		return (struct remark){true, "; but no mail server is known to be on this host"};
	if (!is_source(v, t))
		return (struct remark){true, "; but this host calls others from another address"};
	return (struct remark){false, ""};
}

/* A fault is a note where nobody minds. */
static void say(struct verify_target *t, enum check_step step, enum check_state state,
		const char *words, const struct remark *about)
{
	bool fault = state != CHECK_OK;

	if (fault && about->indifferent)
		state = CHECK_NOTE;
	checklist_say(&t->list, step, 0, state, "%s%s", words, fault ? about->words : "");
}

static void look_at_name(struct verify_target *t, const struct remark *about)
{
	enum check_state state = standing_reverse_failed(&t->standing) ? CHECK_UNKNOWN
				 : standing_is_named(&t->standing)     ? CHECK_OK
								       : CHECK_WARNING;
	char words[STANDING_WORDS];

	say(t, CHECK_NAMED, state, standing_reverse_words(&t->standing, words), about);
}

static void look_at_domain(struct verify_target *t, const struct standing_domain *d,
			   const struct remark *about)
{
	static const enum check_state states[] = {
		[SPF_NONE] = CHECK_OK,		 [SPF_NEUTRAL] = CHECK_WARNING,
		[SPF_PASS] = CHECK_OK,		 [SPF_FAIL] = CHECK_WARNING,
		[SPF_SOFTFAIL] = CHECK_WARNING,	 [SPF_TEMPERROR] = CHECK_UNKNOWN,
		[SPF_PERMERROR] = CHECK_WARNING,
	};
	char words[STANDING_WORDS];

	say(t, CHECK_SPF, states[d->spf.result], standing_spf_words(&t->standing, d, words), about);
}

void verify_look_at_mail(struct verify *v, struct verify_target *t)
{
	struct remark about = remark(v, t);

	if (v->session->options->no_dns) {
		checklist_say(&t->list, CHECK_NAMED, 0, CHECK_NOTE, "DNS was not asked (--no-dns)");
		return;
	}
	standing_ask(v->session, &t->published, v->domains, v->domain_count, &t->standing);
	t->has_standing = true;
	look_at_name(t, &about);
	for (size_t i = 0; i < t->standing.domain_count; i++)
		look_at_domain(t, &t->standing.domains[i], &about);
	if (!t->standing.domain_count)
		checklist_say(&t->list, CHECK_SPF, 0, CHECK_NOTE,
			      "no mail domain of this host is known (--mx NAME)");
}
