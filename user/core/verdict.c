// SPDX-License-Identifier: GPL-2.0-only
/* Verdicts: the rules. */
#include "core/verdict.h"

typedef bool holds_fn(const struct facts *f);

static bool only_foreign(const struct facts *f)
{
	return f->foreign && !f->syns;
}

static bool answered_by_listener(const struct facts *f)
{
	return f->answered == ANSWERED_SYN_ACK && !f->clients_unheard;
}

static bool answered_by_refusal(const struct facts *f)
{
	return (f->answered == ANSWERED_RST || f->answered == ANSWERED_ICMP) && !f->clients_unheard;
}

static bool cannot_be_served(const struct facts *f)
{
	return f->owned == OWNED_DADFAILED || f->owned == OWNED_LINK_DOWN ||
	       (f->owned == OWNED_TENTATIVE && f->tentative > VERDICT_TENTATIVE_NS);
}

static bool still_tentative(const struct facts *f)
{
	return f->owned == OWNED_TENTATIVE;
}

/* What the kernel says of this very packet is nearer the truth than any table. */
static bool delivered(const struct facts *f)
{
	return f->path_known == FACT_YES ? f->path == PATH_LOCAL : f->owned == OWNED_YES;
}

static bool idle(const struct facts *f)
{
	return delivered(f) && !f->syns;
}

static bool within_window(const struct facts *f)
{
	return f->age < VERDICT_ANSWER_NS;
}

static bool too_early_for_an_answer(const struct facts *f)
{
	return delivered(f) && within_window(f) && f->return_route != FACT_NO;
}

/* Without a way back nobody needs to be watched waiting. */
static bool unheard(const struct facts *f)
{
	return delivered(f) && f->listener != FACT_NO &&
	       (f->clients_unheard || f->return_route == FACT_NO);
}

/* Where what leaves is not watched, an address that is owned, and can answer, counts as served. */
static bool presumed_served(const struct facts *f)
{
	return delivered(f) && f->watched != FACT_YES;
}

/* To another host, whether that one answers or not. */
static bool routed_on(const struct facts *f)
{
	return f->path_known == FACT_YES && f->path == PATH_FORWARD;
}

static bool lost_for_certain(const struct facts *f)
{
	return f->syns && (f->dropped || f->returned);
}

/* Of a host of which nothing is known, silence alone proves nothing: whoever recorded it may have
 * recorded no answers. */
static bool silence_tells(const struct facts *f)
{
	return f->owned != OWNED_UNKNOWN || f->watched == FACT_YES || f->clients;
}

/* Published, not owned, and wanted. */
static bool lost_published(const struct facts *f)
{
	return f->published && (f->syns || f->asked) &&
	       (lost_for_certain(f) || (!within_window(f) && silence_tells(f)));
}

static bool perhaps_lost_published(const struct facts *f)
{
	return f->published && (f->syns || f->asked);
}

static bool published(const struct facts *f)
{
	return f->published && f->owned != OWNED_UNKNOWN;
}

static bool lost_stranger(const struct facts *f)
{
	return f->clients && (lost_for_certain(f) || !within_window(f));
}

static bool called(const struct facts *f)
{
	return f->syns;
}

/* The first that holds wins. The last column is the severity of what is published. */
static const struct rule {
	holds_fn *holds;
	enum verdict verdict;
	enum severity severity, severity_published;
	const char *words; /* as docs/verdicts.md has them */
} rules[VERDICT_RULES] = {
	{only_foreign, VERDICT_FOREIGN, SEVERITY_OK, SEVERITY_OK,
	 "SYNs came only for other MAC addresses"},
	{routed_on, VERDICT_FORWARDED, SEVERITY_OK, SEVERITY_OK,
	 "path: out of another interface, whether an answer comes or not"},
	{answered_by_listener, VERDICT_SERVED, SEVERITY_OK, SEVERITY_OK,
	 "answered by SYN-ACK, and nobody waits unheard"},
	{answered_by_refusal, VERDICT_REFUSED, SEVERITY_OK, SEVERITY_OK,
	 "answered by a reset or ICMP, and nobody waits unheard"},
	{cannot_be_served, VERDICT_UNUSABLE, SEVERITY_WARNING, SEVERITY_CRITICAL,
	 "on an interface, but not delivered: dadfailed, or its link is down, or tentative for "
	 "more than 5 s"},
	{still_tentative, VERDICT_PENDING, SEVERITY_OK, SEVERITY_OK,
	 "on an interface, tentative, for 5 s at most"},
	{idle, VERDICT_NONE, SEVERITY_OK, SEVERITY_OK, "delivered, not called: nothing to say"},
	{unheard, VERDICT_MUTE, SEVERITY_WARNING, SEVERITY_CRITICAL,
	 "delivered, called, a listener is or may be there; and somebody waits unheard, or there "
	 "is no way back"},
	{presumed_served, VERDICT_SERVED, SEVERITY_OK, SEVERITY_OK,
	 "delivered, and what leaves was not watched: presumed"},
	{too_early_for_an_answer, VERDICT_PENDING, SEVERITY_OK, SEVERITY_OK,
	 "delivered, within the answer window"},
	{delivered, VERDICT_FILTERED, SEVERITY_OK, SEVERITY_OK, "delivered, and nothing answered"},
	{lost_published, VERDICT_BLACKHOLE, SEVERITY_CRITICAL, SEVERITY_CRITICAL,
	 "published, called or asked for; and lost for certain, or past the answer window"},
	{perhaps_lost_published, VERDICT_PENDING, SEVERITY_OK, SEVERITY_OK,
	 "published, called or asked for, and too early to say"},
	{published, VERDICT_LATENT, SEVERITY_WARNING, SEVERITY_WARNING, "published"},
	{lost_stranger, VERDICT_STRAY, SEVERITY_WARNING, SEVERITY_WARNING,
	 "real clients wait; and lost for certain, or past the answer window"},
	{called, VERDICT_SCAN, SEVERITY_OK, SEVERITY_OK, "called"},
};

static unsigned causes_of_owned(enum owned owned)
{
	switch (owned) {
	case OWNED_NO:
		return CAUSE_ADDRESS_MISSING;
	case OWNED_TENTATIVE:
		return CAUSE_ADDRESS_TENTATIVE;
	case OWNED_DADFAILED:
		return CAUSE_ADDRESS_DADFAILED;
	case OWNED_LINK_DOWN:
		return CAUSE_LINK_DOWN;
	default:
		return 0;
	}
}

static unsigned causes_of_path(const struct facts *f)
{
	unsigned all = f->returned ? CAUSE_HAIRPIN : 0;

	if (f->path_known == FACT_YES && f->path == PATH_HAIRPIN)
		all |= CAUSE_HAIRPIN;
	if (f->path_known == FACT_YES && f->path == PATH_BLACKHOLE)
		all |= CAUSE_BLACKHOLE_ROUTE;
	if (f->asked && !f->syns)
		all |= CAUSE_NOT_ROUTED_HERE;
	return all;
}

static unsigned causes_of_silence(const struct facts *f)
{
	return (f->filtered ? CAUSE_FILTERED : 0) | (f->backlog_full ? CAUSE_BACKLOG_FULL : 0);
}

static unsigned causes_of_routes(const struct facts *f, enum verdict verdict)
{
	unsigned all = 0;

	if (!f->default_route && f->return_route != FACT_YES)
		all |= CAUSE_NO_DEFAULT_ROUTE;
	if (f->return_route == FACT_NO && (f->default_route || verdict == VERDICT_MUTE))
		all |= CAUSE_NO_RETURN_ROUTE;
	return all;
}

/* Every fault that would have to be mended, not only the first one. */
static unsigned causes(const struct facts *f, enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_BLACKHOLE:
	case VERDICT_LATENT:
	case VERDICT_STRAY:
		return causes_of_owned(f->owned) | causes_of_path(f) |
		       causes_of_routes(f, verdict) | (f->stale ? CAUSE_NAME_STALE : 0);
	case VERDICT_UNUSABLE:
	case VERDICT_PENDING:
		return f->owned == OWNED_NO
			       ? 0
			       : causes_of_owned(f->owned) | causes_of_routes(f, verdict);
	case VERDICT_MUTE:
		return causes_of_silence(f) | causes_of_routes(f, verdict);
	case VERDICT_NONE: /* owned and not called: what would be wrong if it were */
		return f->default_route || !f->published ? 0 : CAUSE_NO_DEFAULT_ROUTE;
	default:
		return 0;
	}
}

struct judgement verdict_judge(const struct facts *f)
{
	struct judgement j = {VERDICT_NONE, SEVERITY_OK, 0, 0};

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		if (!rules[i].holds(f))
			continue;
		j.verdict = rules[i].verdict;
		j.severity = f->published ? rules[i].severity_published : rules[i].severity;
		j.causes = causes(f, j.verdict);
		j.rule = (unsigned)i + 1;
		break;
	}
	return j;
}

const char *verdict_rule_words(unsigned rule)
{
	return rule ? rules[rule - 1].words : "no rule holds";
}

unsigned verdict_rule_of(enum verdict verdict)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (rules[i].verdict == verdict)
			return (unsigned)i + 1;
	return 0;
}

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[VERDICTS] = {
		[VERDICT_BLACKHOLE] = "blackhole", [VERDICT_UNUSABLE] = "unusable",
		[VERDICT_MUTE] = "mute",	   [VERDICT_STRAY] = "stray",
		[VERDICT_LATENT] = "latent",	   [VERDICT_SCAN] = "scan",
		[VERDICT_FILTERED] = "filtered",   [VERDICT_REFUSED] = "refused",
		[VERDICT_SERVED] = "served",	   [VERDICT_FORWARDED] = "forwarded",
		[VERDICT_FOREIGN] = "foreign",	   [VERDICT_PENDING] = "pending",
	};

	return names[verdict];
}

const char *verdict_severity_name(enum severity severity)
{
	static const char *const names[] = {
		[SEVERITY_OK] = "ok",
		[SEVERITY_WARNING] = "warning",
		[SEVERITY_UNKNOWN] = "unknown",
		[SEVERITY_CRITICAL] = "critical",
	};

	return names[severity];
}

const char *verdict_cause_name(enum cause cause)
{
	static const char *const names[CAUSES] = {
		"address-missing", "address-tentative", "address-dadfailed", "link-down",
		"no-return-route", "no-default-route",	"hairpin",	     "blackhole-route",
		"filtered",	   "backlog-full",	"not-routed-here",   "name-stale",
	};

	return names[__builtin_ctz(cause)];
}

const char *verdict_path_name(enum path_kind path)
{
	static const char *const names[] = {
		[PATH_LOCAL] = "local", [PATH_FORWARD] = "forward",	[PATH_HAIRPIN] = "hairpin",
		[PATH_NONE] = "none",	[PATH_BLACKHOLE] = "blackhole",
	};

	return names[path];
}

const char *verdict_answered_name(enum answered answered)
{
	static const char *const names[] = {
		[ANSWERED_NO] = "no",
		[ANSWERED_SYN_ACK] = "syn-ack",
		[ANSWERED_RST] = "rst",
		[ANSWERED_ICMP] = "icmp",
	};

	return names[answered];
}

const char *verdict_owned_name(enum owned owned)
{
	static const char *const names[] = {
		[OWNED_NO] = "no",
		[OWNED_YES] = "yes",
		[OWNED_TENTATIVE] = "tentative",
		[OWNED_DADFAILED] = "dadfailed",
		[OWNED_LINK_DOWN] = "link-down",
		[OWNED_UNKNOWN] = NULL,
	};

	return names[owned];
}
