// SPDX-License-Identifier: GPL-2.0-only
/* What other mail hosts will think of an address, in words and in JSON. */
#include "base/address.h"
#include "cmd/report_json.h"
#include "cmd/standing.h"
#include "cmd/text.h"

#include <stdio.h>

const char *standing_reverse_words(const struct standing *st, char words[static STANDING_WORDS])
{
	char address[ADDRESS_TEXT], name[SPF_NAME * 2];
	const struct standing_name *n = &st->names[0];

	address_format(&st->address, address);
	for (size_t i = 0; i < st->name_count && !n->confirmed; i++)
		if (st->names[i].confirmed)
			n = &st->names[i];
	if (standing_reverse_failed(st))
		snprintf(words, STANDING_WORDS, "DNS did not say which name %s has", address);
	else if (!st->name_count)
		snprintf(words, STANDING_WORDS,
			 "%s has no name in reverse DNS: mail that leaves from it is taken for "
			 "spam, or refused",
			 address);
	else if (n->confirmed)
		snprintf(words, STANDING_WORDS, "the name of %s is %s, which leads back to it",
			 address, text_escape(n->name, name, sizeof(name)));
	else
		snprintf(words, STANDING_WORDS,
			 "%s says that its name is %s, but that name does not lead back to it: "
			 "mail that leaves from it is taken for spam, or refused",
			 address, text_escape(n->name, name, sizeof(name)));
	return words;
}

/* The clause for a result; "%1$s" the address, "%2$s" the domain, "%3$s" the term that decided. */
static const char *const clauses[] = {
	[SPF_NONE] = "%2$s does not say who may send its mail (it has no SPF record), so %1$s may",
	[SPF_NEUTRAL] = "the SPF record of %2$s leaves open whether %1$s may send its mail: that "
			"may be taken for spam",
	[SPF_PASS] = "the SPF record of %2$s lets %1$s send its mail (by \"%3$s\")",
	[SPF_FAIL] = "the SPF record of %2$s forbids %1$s to send its mail (by \"%3$s\"): such "
		     "mail is refused",
	[SPF_SOFTFAIL] = "the SPF record of %2$s does not count %1$s among its senders (by "
			 "\"%3$s\"): such mail is taken for spam",
	[SPF_TEMPERROR] = "DNS did not say whether %1$s may send mail of %2$s",
	[SPF_PERMERROR] = "the SPF record of %2$s cannot be followed for %1$s",
};

const char *standing_spf_words(const struct standing *st, const struct standing_domain *d,
			       char words[static STANDING_WORDS])
{
	char address[ADDRESS_TEXT], domain[SPF_NAME * 2], term[SPF_TERM * 2];
	int n;

	text_escape(d->name, domain, sizeof(domain));
	text_escape(d->spf.term, term, sizeof(term));
	n = snprintf(words, STANDING_WORDS, clauses[d->spf.result],
		     address_format(&st->address, address), domain, term);
	if (d->spf.problem && n < STANDING_WORDS)
		snprintf(words + n, STANDING_WORDS - (size_t)n, ": %s%s%s%s", d->spf.problem,
			 *term ? " (\"" : "", term, *term ? "\")" : "");
	return words;
}

json_t *standing_json(const struct standing *st)
{
	json_t *names = json_array(), *domains = json_array();

	for (size_t i = 0; i < st->name_count; i++)
		json_array_append_new(names,
				      json_pack("{so sb}", "name", json_text(st->names[i].name),
						"confirmed", st->names[i].confirmed));
	for (size_t i = 0; i < st->domain_count; i++) {
		const struct standing_domain *d = &st->domains[i];
		const struct spf_said *said = &d->spf;

		json_array_append_new(domains,
				      json_pack("{so ss so so so}", "domain", json_text(d->name),
						"result", spf_result_name(said->result), "record",
						json_text(*said->domain ? said->domain : NULL),
						"term", json_text(*said->term ? said->term : NULL),
						"problem", json_text(said->problem)));
	}
	return json_pack("{so so so}", "reverse", names, "fcrdns",
			 standing_reverse_failed(st) ? json_null()
						     : json_boolean(standing_is_named(st)),
			 "spf", domains);
}
