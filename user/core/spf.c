// SPDX-License-Identifier: GPL-2.0-only
/* SPF's check_host() (RFC 7208, 4 and 5). */
#include "core/spf.h"
#include "base/address.h"
#include "core/spf_record.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* RFC 7208, 4.6.4: terms that ask DNS, of them those that find nothing, names of one of them. */
#define TERMS_THAT_ASK 10
#define TERMS_IN_VAIN 2
#define NAMES_OF_A_TERM 10
#define LABEL 63

static const struct spf_text nothing = {"", 0};

struct check {
	const struct spf_identity *who;
	spf_ask_fn *ask;
	void *data;
	unsigned asked, in_vain;
	struct spf_said *said;
};

enum outcome { NO_MATCH, MATCH, TEMPORARY, PERMANENT };

static enum spf_result check_host(struct check *c, const char *domain);

static enum spf_result say(struct check *c, enum spf_result result, const char *domain,
			   struct spf_text term, const char *problem)
{
	struct spf_said *said = c->said;

	said->result = result;
	snprintf(said->domain, sizeof(said->domain), "%s", domain);
	snprintf(said->term, sizeof(said->term), "%.*s", (int)term.size, term.start);
	said->problem = problem;
	return result;
}

/* Labels of 1 to 63 bytes: macros, and names that DNS gave, may be anything. */
static bool can_be_asked(const char *name)
{
	if (strlen(name) >= SPF_NAME)
		return false;
	for (;;) {
		size_t n = strcspn(name, ".");

		if (!n || n > LABEL)
			return false;
		if (!name[n])
			return true;
		name += n + 1;
	}
}

static struct spf_answer ask(struct check *c, enum spf_asked asked, const char *name)
{
	struct spf_answer none = {0};

	return can_be_asked(name) ? c->ask(c->data, asked, name) : none;
}

static enum spf_asked own_family(const struct check *c)
{
	return address_is_v4(&c->who->client) ? SPF_ASK_A : SPF_ASK_AAAA;
}

static bool holds(const struct check *c, const struct spf_answer *answer, uint8_t len)
{
	for (size_t i = 0; i < answer->count; i++)
		if (address_is_v4(&answer->addresses[i]) == address_is_v4(&c->who->client) &&
		    address_in_prefix(&c->who->client, &answer->addresses[i], len))
			return true;
	return false;
}

/* A prefix length of the mapped form. */
static uint8_t length_for(const struct check *c, const struct spf_term *t)
{
	return address_is_v4(&c->who->client) ? (uint8_t)(t->len4 + 96) : t->len6;
}

/* Too many of what the limits bound are the record's own fault. */
static bool is_in_vain(struct check *c, const struct spf_answer *answer)
{
	return !answer->failed && !answer->count && ++c->in_vain > TERMS_IN_VAIN;
}

static enum outcome match_a(struct check *c, const struct spf_term *t, const char *name)
{
	struct spf_answer answer = ask(c, own_family(c), name);

	if (answer.failed)
		return TEMPORARY;
	if (is_in_vain(c, &answer))
		return PERMANENT;
	return holds(c, &answer, length_for(c, t)) ? MATCH : NO_MATCH;
}

static enum outcome match_mx(struct check *c, const struct spf_term *t, const char *name)
{
	struct spf_answer mx = ask(c, SPF_ASK_MX, name);

	if (mx.failed)
		return TEMPORARY;
	if (is_in_vain(c, &mx) || mx.count > NAMES_OF_A_TERM)
		return PERMANENT;
	for (size_t i = 0; i < mx.count; i++) {
		struct spf_answer answer = ask(c, own_family(c), mx.texts[i]);

		if (answer.failed)
			return TEMPORARY;
		if (holds(c, &answer, length_for(c, t)))
			return MATCH;
	}
	return NO_MATCH;
}

static enum outcome match_exists(struct check *c, const char *name)
{
	struct spf_answer answer = ask(c, SPF_ASK_A, name);

	if (answer.failed)
		return TEMPORARY;
	if (is_in_vain(c, &answer))
		return PERMANENT;
	return answer.count ? MATCH : NO_MATCH;
}

static bool is_below(const char *name, const char *domain)
{
	size_t n = strlen(name), d = strlen(domain);

	return n >= d && strcasecmp(name + n - d, domain) == 0 &&
	       (n == d || name[n - d - 1] == '.');
}

static bool points_back(struct check *c, const char *name)
{
	struct spf_answer answer = ask(c, own_family(c), name);

	return holds(c, &answer, 128);
}

static struct spf_answer ask_names(struct check *c)
{
	char reverse[ADDRESS_REVERSE];
	struct spf_answer names = ask(c, SPF_ASK_PTR, address_reverse(&c->who->client, reverse));

	if (names.count > NAMES_OF_A_TERM)
		names.count = NAMES_OF_A_TERM;
	return names;
}

/* Failures of DNS do not fail the mechanism (RFC 7208, 5.5). */
static enum outcome match_ptr(struct check *c, const char *domain)
{
	struct spf_answer names = ask_names(c);

	if (is_in_vain(c, &names))
		return PERMANENT;
	for (size_t i = 0; !names.failed && i < names.count; i++)
		if (is_below(names.texts[i], domain) && points_back(c, names.texts[i]))
			return MATCH;
	return NO_MATCH;
}

/* %{p}: the domain itself, else a name below it, else any that points back (RFC 7208, 7.3). */
static const char *validated_name(struct check *c, const char *domain)
{
	struct spf_answer names = ask_names(c);
	const char *best = "unknown";
	int best_rank = 0;

	for (size_t i = 0; !names.failed && i < names.count; i++) {
		const char *name = names.texts[i];
		int rank = strcasecmp(name, domain) == 0 ? 3 : is_below(name, domain) ? 2 : 1;

		if (rank > best_rank && points_back(c, name)) {
			best = name;
			best_rank = rank;
		}
	}
	return best;
}

static void expand(struct check *c, const struct spf_term *t, const char *domain,
		   char ret_name[static SPF_NAME])
{
	struct spf_macro_values values = {c->who, domain, "unknown"};

	if (!t->spec.size) {
		snprintf(ret_name, SPF_NAME, "%s", domain);
		return;
	}
	if (spf_macro_wants_validated(t->spec))
		values.validated = validated_name(c, domain);
	spf_macro_expand(t->spec, &values, ret_name);
}

static enum outcome match_include(struct check *c, const char *name)
{
	switch (check_host(c, name)) {
	case SPF_PASS:
		return MATCH;
	case SPF_TEMPERROR:
		return TEMPORARY;
	case SPF_PERMERROR:
	case SPF_NONE:
		return PERMANENT;
	default:
		return NO_MATCH;
	}
}

static bool asks(const struct spf_term *t)
{
	return t->kind != SPF_ALL && t->kind != SPF_IP4 && t->kind != SPF_IP6;
}

static enum outcome match_asking(struct check *c, const struct spf_term *t, const char *domain)
{
	char name[SPF_NAME];

	expand(c, t, domain, name);
	switch (t->kind) {
	case SPF_INCLUDE:
		return match_include(c, name);
	case SPF_A:
		return match_a(c, t, name);
	case SPF_MX:
		return match_mx(c, t, name);
	case SPF_PTR:
		return match_ptr(c, name);
	default:
		return match_exists(c, name);
	}
}

static enum outcome match(struct check *c, const struct spf_term *t, const char *domain)
{
	struct spf_answer literal = {.addresses = &t->address, .count = 1};

	if (asks(t))
		return match_asking(c, t, domain);
	if (t->kind == SPF_ALL)
		return MATCH;
	if ((t->kind == SPF_IP4) != address_is_v4(&c->who->client))
		return NO_MATCH;
	return holds(c, &literal, length_for(c, t)) ? MATCH : NO_MATCH;
}

/* Errors within an include have been said there, unless it has no record at all. */
static enum spf_result say_error(struct check *c, enum outcome outcome, const char *domain,
				 const struct spf_term *t)
{
	bool included = t->kind == SPF_INCLUDE && c->said->problem;

	if (outcome == TEMPORARY)
		return included ? SPF_TEMPERROR
				: say(c, SPF_TEMPERROR, domain, t->text, "DNS did not answer");
	if (included)
		return SPF_PERMERROR;
	return say(c, SPF_PERMERROR, domain, t->text,
		   t->kind == SPF_INCLUDE	? "the domain that it includes has no SPF record"
		   : c->in_vain > TERMS_IN_VAIN ? "more than 2 of its questions to DNS find nothing"
						: "the domain has more than 10 mail exchangers");
}

static enum spf_result follow_redirect(struct check *c, const struct spf_term *t,
				       const char *domain)
{
	char name[SPF_NAME];
	enum spf_result result;

	if (++c->asked > TERMS_THAT_ASK)
		return say(c, SPF_PERMERROR, domain, t->text, "it asks DNS more than 10 times");
	expand(c, t, domain, name);
	result = check_host(c, name);
	if (result != SPF_NONE)
		return result;
	return say(c, SPF_PERMERROR, domain, t->text,
		   "the domain that it redirects to has no SPF record");
}

static enum spf_result evaluate(struct check *c, const char *domain, const char *terms)
{
	struct spf_term t, redirect = {.kind = SPF_OTHER};

	while (spf_record_next(&terms, &t) == 1) {
		enum outcome outcome;

		if (t.kind == SPF_REDIRECT)
			redirect = t;
		if (t.kind >= SPF_REDIRECT)
			continue;
		if (asks(&t) && ++c->asked > TERMS_THAT_ASK)
			return say(c, SPF_PERMERROR, domain, t.text,
				   "it asks DNS more than 10 times");
		c->said->problem = NULL;
		outcome = match(c, &t, domain);
		if (outcome == MATCH)
			return say(c, t.result, domain, t.text, NULL);
		if (outcome != NO_MATCH)
			return say_error(c, outcome, domain, &t);
	}
	if (redirect.kind == SPF_REDIRECT)
		return follow_redirect(c, &redirect, domain);
	return say(c, SPF_NEUTRAL, domain, nothing, NULL);
}

/* Every term must be right, also behind the one that will match (RFC 7208, 4.6). */
static enum spf_result check_terms(struct check *c, const char *domain, const char *terms)
{
	const char *at = terms;
	unsigned redirects = 0, explanations = 0;
	struct spf_term t;
	int r;

	while ((r = spf_record_next(&at, &t)) == 1) {
		redirects += t.kind == SPF_REDIRECT;
		explanations += t.kind == SPF_EXP;
	}
	if (r < 0)
		return say(c, SPF_PERMERROR, domain, t.text, "it is no term of SPF");
	if (redirects > 1 || explanations > 1)
		return say(c, SPF_PERMERROR, domain, nothing,
			   "a modifier that may stand there once stands there twice");
	return evaluate(c, domain, terms);
}

static enum spf_result check_host(struct check *c, const char *domain)
{
	struct spf_answer txt = ask(c, SPF_ASK_TXT, domain);
	const char *terms = NULL;
	size_t records = 0;

	if (txt.failed)
		return say(c, SPF_TEMPERROR, domain, nothing, "DNS did not answer");
	for (size_t i = 0; i < txt.count; i++)
		records += spf_record_begins(txt.texts[i], &terms);
	if (!records)
		return say(c, SPF_NONE, domain, nothing, NULL);
	if (records > 1)
		return say(c, SPF_PERMERROR, domain, nothing,
			   "the domain has more than one SPF record");
	return check_terms(c, domain, terms);
}

/* Domain literals and lone labels have no record (RFC 7208, 4.3). */
static bool is_domain(const char *name)
{
	return *name != '[' && strchr(name, '.') && can_be_asked(name);
}

struct spf_said spf_check(const struct spf_identity *who, spf_ask_fn *ask_dns, void *data)
{
	struct spf_said said = {.result = SPF_NONE};
	struct check c = {.who = who, .ask = ask_dns, .data = data, .said = &said};
	const char *at = strrchr(who->sender, '@');
	const char *domain = at ? at + 1 : who->sender;

	if (is_domain(domain))
		check_host(&c, domain);
	return said;
}

const char *spf_result_name(enum spf_result result)
{
	static const char *const names[] = {
		[SPF_NONE] = "none",	       [SPF_NEUTRAL] = "neutral",
		[SPF_PASS] = "pass",	       [SPF_FAIL] = "fail",
		[SPF_SOFTFAIL] = "softfail",   [SPF_TEMPERROR] = "temperror",
		[SPF_PERMERROR] = "permerror",
	};

	return names[result];
}
