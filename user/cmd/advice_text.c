// SPDX-License-Identifier: GPL-2.0-only
/* Advice for people. */
#include "base/address.h"
#include "cmd/advice.h"
#include "cmd/text.h"

#include <stdarg.h>
#include <string.h>

/* One line, escaped whatever is in it. */
static void __attribute__((format(printf, 2, 3))) put(FILE *out, const char *format, ...)
{
	char text[2048], safe[8192];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fprintf(out, "%s\n", text_escape(text, safe, sizeof(safe)));
}

static void put_heading(FILE *out, const char *text)
{
	fprintf(out, "\n%s\n", text);
}

static void print_incident(const struct incident *in, FILE *out)
{
	char opened[TEXT_TIME], closed[TEXT_TIME];

	if (in->closed)
		put(out, "Incident %llu, from %s to %s (%s)", (unsigned long long)in->id,
		    text_time(in->opened, opened), text_time(in->closed, closed),
		    incident_end_name(in->end));
	else
		put(out, "Incident %llu, since %s, open", (unsigned long long)in->id,
		    text_time(in->opened, opened));
}

static void print_events(const struct incident *in, FILE *out)
{
	char at[TEXT_TIME];

	put_heading(out, "WHAT HAPPENED");
	for (size_t i = 0; i < in->event_count; i++)
		put(out, "  %s  %s", text_time(in->events[i].at, at), in->events[i].text);
	if (in->more_events)
		put(out, "  and %llu times more", (unsigned long long)in->more_events);
}

static void print_cause(enum cause cause, FILE *out)
{
	const char *remedy = account_remedy(cause);

	put(out, "  %s: %s", verdict_cause_name(cause), account_cause(cause));
	if (remedy)
		put(out, "      mended by: %s", remedy);
}

static void print_verdict(const struct advice *x, FILE *out)
{
	const struct judgement *j = &x->finding.judgement;
	const char *verdict = verdict_name(j->verdict);
	char text[ADDRESS_TEXT];

	if (verdict)
		put(out, "%s: %s (%s)", address_format(&x->finding.address, text), verdict,
		    verdict_severity_name(j->severity));
	else
		put(out, "%s: %s", address_format(&x->finding.address, text),
		    x->unasked_for ? "not on this host" : "nothing to find fault with");
	put(out, "  %s", x->explanation.sentence);
	if (j->causes)
		put_heading(out, "CAUSES (each has to be mended)");
	for (unsigned i = 0; i < CAUSES; i++)
		if (j->causes & 1U << i)
			print_cause(1U << i, out);
}

static void print_account(const struct advice *x, FILE *out)
{
	const struct judgement *j = &x->finding.judgement;

	if (x->incident)
		print_events(x->incident, out);
	put_heading(out, x->incident ? "EVIDENCE, and what holds now" : "EVIDENCE");
	for (size_t i = 0; i < x->account.count; i++)
		put(out, "  %s", x->account.facts[i].text);
	put_heading(out, "RULE");
	if (j->rule)
		put(out, "  row %u of the table of verdicts (%s): %s", j->rule,
		    verdict_name(j->verdict) ? verdict_name(j->verdict) : "none",
		    verdict_rule_words(j->rule));
	else
		put(out, "  none of the table of verdicts holds");
}

static void print_derived(const struct advice *x, FILE *out)
{
	const struct mend *m = &x->finding.mend;
	char text[ADDRESS_TEXT], near[ADDRESS_TEXT];

	put(out, "  How the parts of it are known:");
	put(out, "      interface %s: %s", m->link->name, mend_from_words(m->link_from));
	if (m->add_address && m->prefix_from == MEND_FROM_NEAR)
		put(out, "      length /%u: that of %s on the same interface", m->prefix_len,
		    address_format(&m->near->address, near));
	else if (m->add_address)
		put(out, "      length /%u: %s", m->prefix_len, mend_from_words(m->prefix_from));
	if (m->add_route && m->has_gateway)
		put(out, "      router %s: %s", address_format(&m->gateway, text),
		    mend_from_words(m->gateway_from));
	else if (m->add_route)
		put(out, "      ROUTER: not known, put in its place what your hoster says");
}

static void print_lasting(const struct advice *x, FILE *out)
{
	const struct mend_text *t = &x->lasting;

	if (!t->count && x->session->options->as_given)
		return;
	if (!t->count) {
		put(out,
		    "  To keep it beyond the next boot: what configures %s here is not known; "
		    "--as networkd, nixos, netplan, ifupdown or nmcli shows its form.",
		    x->finding.mend.link->name);
		return;
	}
	put(out, "  To keep it beyond the next boot, in the form of %s%s%s:",
	    mend_form_names[x->place.form], t->file[0] ? ", in " : "", t->file);
	for (size_t i = 0; i < t->count; i++)
		put(out, "      %s", t->lines[i]);
	if (t->apply[0])
		put(out, "    and then: %s", t->apply);
	if (t->note[0])
		put(out, "    (%s)", t->note);
}

static size_t count_new(const struct advice *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->exposed_count; i++)
		n += x->exposed[i].newly;
	return n;
}

static void print_steps(const struct advice *x, FILE *out)
{
	put_heading(out,
		    x->unasked_for ? "MEND (only if the address is meant to be here)" : "MEND");
	if (count_new(x))
		put(out, "  Before you begin: %zu port%s become%s reachable by it, see below.",
		    count_new(x), count_new(x) == 1 ? "" : "s", count_new(x) == 1 ? "s" : "");
	for (size_t i = 0; i < x->step_count; i++) {
		put(out, "  %zu. %s", i + 1, x->steps[i].why);
		for (size_t k = 0; k < x->steps[i].count; k++)
			put(out, "      %s", x->steps[i].lines[k]);
	}
	print_lasting(x, out);
	print_derived(x, out);
}

static void print_no_mend(const struct advice *x, FILE *out)
{
	const struct mend *m = &x->finding.mend;

	if (!m->link && (m->add_address || m->add_route))
		put_heading(out, "MEND\n  none: this host has no interface that is up");
	else if (x->incident)
		put_heading(out, "MEND\n  no address and no route is lacking now");
}

static void print_withdrawal(const struct advice *x, FILE *out)
{
	const struct finding *f = &x->finding;
	char text[ADDRESS_TEXT];

	if (!f->published_count || !f->mend.add_address)
		return;
	put_heading(out, "OR WITHDRAW THE RECORD, if the address was never meant to be here");
	for (size_t i = 0; i < f->published_count; i++) {
		const struct publication *p = &f->published[i];

		put(out, "  take %s. %s %s out of DNS; resolvers keep it for up to %u s",
		    p->name->name, address_is_v4(&p->address) ? "A" : "AAAA",
		    address_format(&p->address, text), p->record->ttl);
	}
}

static const char *newness(const struct exposed *e, bool v4)
{
	if (e->newly_by_family)
		return v4 ? "until now not reachable over IPv4"
			  : "until now not reachable over IPv6";
	return e->newly ? "until now not reachable" : "already reachable at another address";
}

static void print_exposed(const struct advice *x, size_t i, FILE *out)
{
	static const char *const says[] = {
		[FIREWALL_UNKNOWN] = "",
		[FIREWALL_ACCEPTS] = "; the firewall lets everybody in",
		[FIREWALL_DROPS] = "; the firewall lets nobody in",
		[FIREWALL_DEPENDS] = "; for the firewall it depends on who calls",
	};
	const struct exposed *e = &x->exposed[i];
	const struct process *holder = &x->holders[i];
	const char *service = text_service(e->listener->port);
	char who[64] = "a program that only root can see";

	if (holder->pid)
		snprintf(who, sizeof(who), "%s (pid %d)", holder->name, holder->pid);
	put(out, "  %s port %u%s%s%s, %s: %s%s", e->newly ? "!" : " ", e->listener->port,
	    service ? " (" : "", service ? service : "", service ? ")" : "", who,
	    newness(e, address_is_v4(&x->finding.address)),
	    x->firewall_found ? says[x->firewall[i]] : "");
}

static void print_firewall(const struct advice *x, FILE *out)
{
	if (x->firewall_failure.text[0])
		put(out, "  What the firewall lets through is not known: %s",
		    x->firewall_failure.text);
	else if (!x->firewall_found)
		put(out, "  nftables filters nothing that comes in.");
	if (x->firewall_legacy)
		put(out, "  iptables-legacy has rules of its own, which were not looked at.");
}

static void print_exposure(const struct advice *x, FILE *out)
{
	put_heading(out, "WHAT THE MEND EXPOSES: who can reach the address reaches these");
	if (!x->exposed_count)
		put(out, "    nothing: no program listens there");
	for (size_t i = 0; i < x->exposed_count; i++)
		print_exposed(x, i, out);
	if (x->exposed_more)
		put(out, "    and more than could be listed");
	if (x->exposed_count)
		print_firewall(x, out);
}

static void print_source(const struct advice *x, FILE *out)
{
	const struct source *s = &x->source;
	char rival[ADDRESS_TEXT];

	put_heading(out, "WHERE THIS HOST'S OWN CONNECTIONS LEAVE FROM");
	address_format(&s->rival, rival);
	if (s->choice == SOURCE_NEVER)
		put(out, "  not from this address: they go on to leave from %s", rival);
	else if (address_is_zero(&s->rival))
		put(out,
		    "  from this address, as there is no other one of its family: other servers "
		    "will see it. A preferred lifetime of 0 would not change that; programs can "
		    "be told to use another address or family");
	else if (x->finding.mend.avoid_as_source)
		put(out,
		    "  %sfrom this address, but for \"preferred_lft 0\" in the mend: with that "
		    "they go on to leave from %s",
		    s->choice == SOURCE_SOMETIMES ? "for some destinations " : "", rival);
	else
		put(out,
		    "  %sfrom this address: other servers will see it; a default route with "
		    "\"src %s\" keeps them where they are",
		    s->choice == SOURCE_SOMETIMES ? "for some destinations " : "", rival);
}

static void print_postfix(const struct advice *x, FILE *out)
{
	static const char *const sends[] = {
		[POSTFIX_NEVER] = "sends no mail from this address",
		[POSTFIX_FALLS_BACK] = "prefers the other family, and uses this one where it must",
		[POSTFIX_AS_CHOSEN] = "leaves the choice to the kernel (see above)",
		[POSTFIX_ALWAYS] = "is told to send mail from this address",
	};
	const struct postfix *p = &x->postfix;
	const char *bind =
		address_is_v4(&x->finding.address) ? p->smtp_bind_address : p->smtp_bind_address6;

	if (!x->postfix_found)
		return;
	put(out, "  Postfix (%s): smtp_address_preference = %s, smtp_bind_address%s = %s: it %s",
	    x->main_cf, p->smtp_address_preference[0] ? p->smtp_address_preference : "(not set)",
	    address_is_v4(&x->finding.address) ? "" : "6", bind[0] ? bind : "(not set)",
	    sends[x->postfix_sends]);
}

static void print_standing(const struct advice *x, FILE *out)
{
	char words[STANDING_WORDS];

	put(out, "  %s", standing_reverse_words(&x->standing, words));
	for (size_t i = 0; i < x->standing.domain_count; i++)
		put(out, "  %s", standing_spf_words(&x->standing, &x->standing.domains[i], words));
}

static void print_mail(const struct advice *x, FILE *out)
{
	if (!x->postfix_found && !x->mail_served && !x->standing_asked)
		return;
	put_heading(out, "MAIL, should any leave from the address");
	if (x->standing_asked)
		print_standing(x, out);
	print_postfix(x, out);
	if (x->mail_served && !x->postfix_found)
		put(out, "  a mail server listens on port 25, and it is not Postfix: see for "
			 "yourself from which address it sends");
}

void advice_print(const struct advice *x, FILE *out)
{
	if (x->incident)
		print_incident(x->incident, out);
	print_verdict(x, out);
	print_account(x, out);
	if (!advice_mends(x)) {
		print_no_mend(x, out);
		return;
	}
	print_steps(x, out);
	print_withdrawal(x, out);
	print_exposure(x, out);
	print_source(x, out);
	print_mail(x, out);
}
