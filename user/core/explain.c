// SPDX-License-Identifier: GPL-2.0-only
/* Findings in words. */
#include "core/explain.h"

#include "base/address.h"
#include "base/plural.h"
#include "core/mend_forms.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void __attribute__((format(printf, 2, 3)))
say(struct explanation *x, const char *format, ...)
{
	size_t used = strlen(x->sentence);
	va_list args;

	va_start(args, format);
	vsnprintf(x->sentence + used, sizeof(x->sentence) - used, format, args);
	va_end(args);
}

/* "once", "twice", "3 times" */
static void say_times(struct explanation *x, uint64_t n)
{
	if (n == 1)
		say(x, "once");
	else if (n == 2)
		say(x, "twice");
	else
		say(x, "%" PRIu64 " times", n);
}

static void say_subject(struct explanation *x, const struct finding *f)
{
	char text[ADDRESS_TEXT];

	if (f->published_count)
		say(x, "%s", f->published[0].name->name);
	if (f->published_count > 1)
		say(x, " and %zu more", f->published_count - 1);
	if (f->published_count)
		say(x, f->published_count > 1 ? " publish " : " publishes ");
	if (f->published_count && !address_equal(&f->published[0].address, &f->address)) {
		say(x, "%s, which is translated to ",
		    address_format(&f->published[0].address, text));
	}
	say(x, "%s", address_format(&f->address, text));
}

static const struct input_count *busiest(const struct destination *called)
{
	const struct input_count *most = called->ports;

	for (size_t i = 1; i < called->count; i++)
		if (called->ports[i].syns > most->syns)
			most = &called->ports[i];
	return most;
}

/* Rows of the two kinds of frames may be of one port. */
static size_t count_ports(const struct destination *called)
{
	size_t n = 0;

	for (size_t i = 0; i < called->count; i++)
		n += !i || called->ports[i].port != called->ports[i - 1].port;
	return n;
}

static void say_ports(struct explanation *x, const struct finding *f)
{
	const struct input_count *most = busiest(&f->called);
	size_t n = count_ports(&f->called);

	if (!most->port) /* those that are not kept apart */
		say(x, " many ports");
	else if (n > 1)
		say(x, " port %u and %zu more", most->port, n - 1);
	else
		say(x, " port %u", most->port);
}

/* "12 SYNs to port 993 came in by eth0" */
static void say_syns(struct explanation *x, const struct finding *f)
{
	uint64_t syns = f->called.syns + f->called.foreign;

	say(x, "%" PRIu64 " SYN%s to", syns, plural(syns));
	say_ports(x, f);
	if (f->link)
		say(x, " came in by %s", f->link->name);
}

/* "2 clients tried port 993 3 times", where that is known, else what was counted. */
static void say_traffic(struct explanation *x, const struct finding *f)
{
	if (!f->called.count) {
		say(x, "it was asked for on %s ", f->link ? f->link->name : "a link");
		say_times(x, f->evidence.asked);
		return;
	}
	if (!f->flow_is_whole || !f->flow->clients) {
		say_syns(x, f);
		return;
	}
	say(x, "%" PRIu64 " client%s tried", f->flow->clients, plural(f->flow->clients));
	say_ports(x, f);
	say(x, " ");
	say_times(x, f->flow->attempts);
	if (f->link)
		say(x, " by %s", f->link->name);
}

static void say_routes(struct explanation *x, const struct finding *f)
{
	unsigned causes = f->judgement.causes;

	if (causes & CAUSE_NO_DEFAULT_ROUTE)
		say(x, ". This host has no %s default route either: answers could not leave",
		    address_family_name(&f->address));
	else if (causes & CAUSE_NO_RETURN_ROUTE)
		say(x, ". This host has no route back to them either: answers could not leave");
	if (causes & CAUSE_HAIRPIN)
		say(x, ". This host forwards packets, and sends these back to the router they came "
		       "from");
	if (causes & CAUSE_BLACKHOLE_ROUTE)
		say(x, ". A route of this host discards them");
	if (causes & CAUSE_NOT_ROUTED_HERE)
		say(x,
		    ". The router takes the address for one on the link, and sends nothing until "
		    "somebody answers for it");
	if (causes & CAUSE_NAME_STALE)
		say(x,
		    ". The name's own servers no longer have this address: what is left is in the "
		    "memory of resolvers, and goes by itself within %" PRIu32 " s",
		    f->published[0].record->ttl);
}

/* Where nothing is known of the host that has it, or has not. */
static const char *missing_words(const struct finding *f)
{
	if (f->facts.owned == OWNED_UNKNOWN)
		return f->published_count ? ", which does not answer" : " does not answer";
	return f->published_count ? ", which no interface of this host has"
				  : " is on no interface of this host";
}

static void say_missing(struct explanation *x, const struct finding *f)
{
	say_subject(x, f);
	say(x, "%s", missing_words(f));
	if (f->facts.syns || f->facts.asked) {
		say(x, ": ");
		say_traffic(x, f);
		say(x, " and heard nothing");
	} else {
		say(x, ": whoever tries it will hang");
	}
	say_routes(x, f);
}

static void say_unusable(struct explanation *x, const struct finding *f)
{
	say_subject(x, f);
	if (f->facts.owned == OWNED_DADFAILED)
		say(x, ", but another host on the link has that address (duplicate address "
		       "detection failed): this host does not serve it");
	else if (f->facts.owned == OWNED_LINK_DOWN)
		say(x, ", but the link that has the address is down");
	else
		say(x,
		    ", but duplicate address detection has not ended after %u s: this host does "
		    "not serve it",
		    (unsigned)(f->facts.tentative / 1000000000));
	if (f->called.count) {
		say(x, "; ");
		say_traffic(x, f);
	}
	if (f->judgement.causes & CAUSE_NO_DEFAULT_ROUTE)
		say_routes(x, f);
}

static void say_mute(struct explanation *x, const struct finding *f)
{
	unsigned causes = f->judgement.causes;
	char text[ADDRESS_TEXT];

	say_subject(x, f);
	say(x, ", and this host has it: ");
	say_traffic(x, f);
	say(x, " and heard nothing");
	if (causes & (CAUSE_NO_RETURN_ROUTE | CAUSE_NO_DEFAULT_ROUTE))
		say(x, ". There is no route back to %s: answers cannot leave",
		    address_format(engine_sample(&f->called), text));
	if (causes & CAUSE_FILTERED)
		say(x, ". A firewall of this host drops what they send");
	if (causes & CAUSE_BACKLOG_FULL)
		say(x, ". The listener's queue is full: the server does not take what comes");
}

/* "ADDRESS answers: ...", "NAME publishes ADDRESS, which answers: ..." */
static void say_called(struct explanation *x, const struct finding *f, const char *judgement)
{
	say_subject(x, f);
	say(x, "%s %s", f->published_count ? ", which" : "", judgement);
	if (!f->called.count) /* by an interface that is not watched */
		return;
	say(x, ": ");
	say_syns(x, f);
}

static void say_pending(struct explanation *x, const struct finding *f)
{
	say_subject(x, f);
	if (f->facts.owned == OWNED_TENTATIVE)
		say(x,
		    ": duplicate address detection is not done yet, look again in a few seconds");
	else if (f->facts.owned == OWNED_UNKNOWN && f->facts.age >= VERDICT_ANSWER_NS)
		say(x, " was called, and nothing tells whether it answered");
	else
		say(x, ": called less than a second ago, an answer may still come");
}

static void explain_sentence(const struct finding *f, struct explanation *x)
{
	switch (f->judgement.verdict) {
	case VERDICT_BLACKHOLE:
	case VERDICT_LATENT:
		say_missing(x, f);
		break;
	case VERDICT_UNUSABLE:
		say_unusable(x, f);
		break;
	case VERDICT_MUTE:
		say_mute(x, f);
		break;
	case VERDICT_STRAY:
		say_missing(x, f);
		say(x, ". No name known here points to it");
		break;
	case VERDICT_SCAN:
		say_called(x, f,
			   f->facts.owned == OWNED_UNKNOWN
				   ? "is published by no name known here"
				   : "is neither on this host nor published by a name known here");
		break;
	case VERDICT_FILTERED:
		say_called(x, f, "is on this host and did not answer");
		break;
	case VERDICT_REFUSED:
		say_called(x, f, "refuses connections");
		break;
	case VERDICT_SERVED:
		say_called(x, f, f->facts.watched == FACT_YES ? "answers" : "is on this host");
		break;
	case VERDICT_FORWARDED:
		say_called(x, f, "is routed on to another host");
		break;
	case VERDICT_FOREIGN:
		say_called(x, f, "was called at another host's MAC address");
		break;
	case VERDICT_PENDING:
		say_pending(x, f);
		break;
	default:
		say_subject(x, f);
		if (f->facts.owned == OWNED_NO && !f->published_count)
			say(x, " is on no interface of this host, nobody was seen to call it, and "
			       "no name known here points to it");
		else if (!f->judgement.causes)
			say(x, f->published_count ? ", and this host has it" : " is on this host");
		if (f->judgement.causes & CAUSE_NO_DEFAULT_ROUTE)
			say(x,
			    ": this host has the address but no %s default route, so it can answer "
			    "only clients on its own links",
			    address_family_name(&f->address));
		break;
	}
	say(x, ".");
}

static void explain_fix(const struct finding *f, struct explanation *x)
{
	static const struct mend_place now = {.form = MEND_IPROUTE2};
	struct mend_text text;

	mend_write(&f->mend, &now, &text);
	for (; x->fixes < text.count && x->fixes < EXPLAIN_FIXES; x->fixes++)
		memcpy(x->fix[x->fixes], text.lines[x->fixes], sizeof(x->fix[0]));
}

void explain(const struct finding *f, struct explanation *ret_explanation)
{
	*ret_explanation = (struct explanation){0};
	explain_sentence(f, ret_explanation);
	explain_fix(f, ret_explanation);
}
