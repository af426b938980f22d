// SPDX-License-Identifier: GPL-2.0-only
/* All that is to be said of one address, gathered. */
#include "cmd/advice.h"

#include "base/address.h"
#include "base/cleanup.h"
#include "io/main_cf.h"
#include "io/manager.h"
#include "io/nftables.h"

#include <string.h>

static struct advice_step *add_step(struct advice *x, const char *why)
{
	struct advice_step *step = &x->steps[x->step_count++];

	step->why = why;
	return step;
}

bool advice_mends(const struct advice *x)
{
	const struct mend *m = &x->finding.mend;

	return m->link && (m->add_address || m->add_route);
}

/* Who asks about an address that nobody publishes and nobody calls wants it to be here. */
static void look_at_finding(struct advice *x, const struct addr *a)
{
	const struct engine *e = x->session->engine;
	const struct record record = {.address = *a};
	struct finding *f = &x->finding;

	judge_record(e, x->session->ended, &record, f);
	if (!f->ifindex && f->mend.link && !address_is_special(a))
		rtnl_ask_path(x->session->rtnl, a, &(struct addr){0}, f->mend.link->ifindex);
	explain(f, &x->explanation);
	account_of(e, f, x->session->probe, &x->account);
	if (f->judgement.verdict != VERDICT_NONE || f->facts.owned != OWNED_NO ||
	    address_is_special(a) || engine_is_elsewhere(e, a))
		return;
	x->unasked_for = true;
	f->mend.add_address = true;
	f->mend.add_route = !f->facts.default_route;
}

/* What was wrong, as it was kept; of the host what is true now. */
static void look_at_incident(struct advice *x)
{
	const struct incident *in = x->incident;
	struct finding *f = &x->finding;

	x->unasked_for = false;
	x->explanation = in->explanation;
	f->judgement = (struct judgement){in->verdict, in->severity, in->causes,
					  verdict_rule_of(in->verdict)};
	x->account.count = 0;
	account_add_incident(in, &x->account);
	account_tell_host(x->session->engine, f, &x->account);
}

/* A preferred lifetime of 0 keeps connections where they are only if they have somewhere to be. */
static void look_at_source(struct advice *x)
{
	struct mend *m = &x->finding.mend;

	x->source = source_choose(x->session->engine->host, &m->address, m->prefix_len, m->link,
				  m->has_gateway ? &m->gateway : NULL);
	m->avoid_as_source = m->add_address && !address_is_v4(&m->address) &&
			     x->source.choice != SOURCE_NEVER &&
			     x->source.deprecated == SOURCE_NEVER;
}

static void look_at_listeners(struct advice *x)
{
	const struct mend *m = &x->finding.mend;
	uint32_t inodes[EXPOSURE_MAX];

	x->exposed_count = exposure_list(x->session->engine, &m->address, m->link->ifindex,
					 x->exposed, &x->exposed_more);
	for (size_t i = 0; i < x->exposed_count; i++) {
		inodes[i] = x->exposed[i].listener->inode;
		x->mail_served |= x->exposed[i].listener->port == 25;
	}
	process_holding(inodes, x->exposed_count, x->holders);
}

static void look_at_firewall(struct advice *x)
{
	cleanup(firewall_free) struct firewall *firewall = NULL;
	const struct mend *m = &x->finding.mend;

	x->firewall_legacy = nftables_has_legacy();
	if (nftables_read(&firewall, &x->firewall_failure) < 0)
		return;
	x->firewall_found = firewall_has_chains(firewall);
	for (size_t i = 0; i < x->exposed_count; i++)
		x->firewall[i] = firewall_ask(firewall, &m->address, x->exposed[i].listener->port,
					      m->link->name);
}

static void look_at_postfix(struct advice *x)
{
	x->postfix_found = main_cf_read(&x->postfix, x->main_cf) == 0;
	if (x->postfix_found)
		x->postfix_sends = postfix_sends_from(&x->postfix, &x->finding.mend.address);
}

/* The mail domains of this host: those of the names that were given or point here, and those that
 * Postfix sends for. */
static void find_domains(struct advice *x, char domains[STANDING_DOMAINS_MAX][SPF_NAME],
			 size_t *count)
{
	struct session *s = x->session;

	standing_find_domains(s, domains, count);
	for (size_t i = 0; i < x->finding.published_count && i < STANDING_DOMAINS_MAX; i++)
		standing_add_domains(s, x->finding.published[i].name->name, domains, count);
	if (x->postfix_found && x->postfix.mydomain[0])
		standing_add_domains(s, x->postfix.mydomain, domains, count);
	if (x->postfix_found && x->postfix.myhostname[0])
		standing_add_domains(s, x->postfix.myhostname, domains, count);
}

/* A DNS that does not answer is not asked on and on. */
static void look_at_standing(struct advice *x)
{
	char domains[STANDING_DOMAINS_MAX][SPF_NAME];
	const struct addr *a = &x->finding.address;
	size_t count = 0;

	if (x->session->options->no_dns)
		return;
	x->standing_asked = true;
	standing_ask(x->session, a, domains, 0, &x->standing);
	if (standing_reverse_failed(&x->standing))
		return;
	find_domains(x, domains, &count);
	standing_ask(x->session, a, domains, count, &x->standing);
}

/* Would others take mail from the address as they take it from a well-kept mail host? */
static bool stands_well(const struct advice *x)
{
	if (!x->standing_asked || !standing_is_named(&x->standing))
		return false;
	for (size_t i = 0; i < x->standing.domain_count; i++)
		if (x->standing.domains[i].spf.result != SPF_PASS &&
		    x->standing.domains[i].spf.result != SPF_NONE)
			return false;
	return true;
}

/* Before the address is there, the mail that would leave from it must have been told not to. */
static void plan_mail(struct advice *x)
{
	bool v4 = address_is_v4(&x->finding.mend.address);
	struct advice_step *step;

	if (!x->postfix_found || x->postfix_sends != POSTFIX_AS_CHOSEN ||
	    x->source.choice == SOURCE_NEVER || x->finding.mend.avoid_as_source || stands_well(x))
		return;
	step = add_step(x, "keep outgoing mail where it is: Postfix would send from the address");
	snprintf(step->lines[step->count++], MEND_LINE, "postconf -e smtp_address_preference=%s",
		 v4 ? "ipv6" : "ipv4");
	snprintf(step->lines[step->count++], MEND_LINE, "postfix reload");
}

/* One step for each line of the mend as it is done now. */
static void plan_mend(struct advice *x)
{
	static const struct mend_place now = {.form = MEND_IPROUTE2};
	const struct mend *m = &x->finding.mend;
	struct mend_text text;

	mend_write(m, &now, &text);
	for (size_t i = 0; i < text.count && x->step_count < ADVICE_STEPS; i++) {
		struct advice_step *step =
			add_step(x, i == 0 && m->add_address
					    ? "give this host the address (until it boots again)"
					    : "give its answers a way out (until it boots again)");

		memcpy(step->lines[step->count++], text.lines[i], MEND_LINE);
	}
}

static void look_at_mend(struct advice *x)
{
	const struct options *o = x->session->options;

	/* Guesses are called so here, as they are not in a mere list of lines. */
	x->finding.mend.has_gateway |= x->finding.mend.gateway_from == MEND_FROM_MAC;
	look_at_source(x);
	look_at_listeners(x);
	look_at_firewall(x);
	look_at_postfix(x);
	look_at_standing(x);
	plan_mail(x);
	plan_mend(x);
	manager_of("", x->finding.mend.link, o->as_given ? &o->as : NULL, &x->place);
	if (x->place.form != MEND_IPROUTE2)
		mend_write(&x->finding.mend, &x->place, &x->lasting);
}

void advice_make(struct session *s, const struct addr *a, const struct incident *incident,
		 struct advice *ret_advice)
{
	*ret_advice = (struct advice){.session = s, .incident = incident};
	look_at_finding(ret_advice, a);
	if (incident)
		look_at_incident(ret_advice);
	if (advice_mends(ret_advice))
		look_at_mend(ret_advice);
}
