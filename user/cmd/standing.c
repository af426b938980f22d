// SPDX-License-Identifier: GPL-2.0-only
/* Reverse names and SPF of one address, asked of DNS. */
#include "cmd/standing.h"
#include "base/address.h"
#include "cmd/session_records.h"

#include <arpa/nameser.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool has_domain(char domains[STANDING_DOMAINS_MAX][SPF_NAME], size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcasecmp(domains[i], name) == 0)
			return true;
	return false;
}

static void add_domain(const char *name, char domains[STANDING_DOMAINS_MAX][SPF_NAME],
		       size_t *count)
{
	if (*count == STANDING_DOMAINS_MAX || has_domain(domains, *count, name))
		return;
	snprintf(domains[(*count)++], SPF_NAME, "%s", name);
}

/* Top-level domains have no mail of this host's. */
void standing_add_domains(struct session *s, const char *name,
			  char domains[STANDING_DOMAINS_MAX][SPF_NAME], size_t *count)
{
	for (; strchr(name, '.') && strchr(name, '.')[1]; name = strchr(name, '.') + 1) {
		const struct session_records *mx = session_records(s, ns_t_mx, name);

		if (mx && mx->status == NAME_OK)
			add_domain(name, domains, count);
	}
}

void standing_find_domains(struct session *s, char domains[STANDING_DOMAINS_MAX][SPF_NAME],
			   size_t *count)
{
	for (size_t i = 0; i < s->options->question_count; i++) {
		const struct question *q = &s->options->questions[i];

		if (q->kind == RESOLVE_MX)
			add_domain(q->name, domains, count);
		else if (*count < STANDING_DOMAINS_MAX)
			standing_add_domains(s, q->name, domains, count);
	}
}

/* RFC 7208, 4.6.4: an evaluation may take so long, however slowly DNS answers each question. */
#define SPF_SECONDS 20

struct evaluation {
	struct session *session;
	when_t deadline;
};

static struct spf_answer ask(void *data, enum spf_asked asked, const char *name)
{
	static const uint16_t types[] = {
		[SPF_ASK_TXT] = ns_t_txt, [SPF_ASK_A] = ns_t_a,	    [SPF_ASK_AAAA] = ns_t_aaaa,
		[SPF_ASK_MX] = ns_t_mx,	  [SPF_ASK_PTR] = ns_t_ptr,
	};
	const struct evaluation *e = data;
	const struct session_records *r = session_now() < e->deadline
						  ? session_records(e->session, types[asked], name)
						  : NULL;

	if (!r || !r->heard || r->status >= NAME_TIMEOUT)
		return (struct spf_answer){.failed = true};
	return (struct spf_answer){
		.addresses = r->addresses,
		.texts = (const char *const *)r->texts,
		.count = r->count,
	};
}

static bool leads_back(struct session *s, const char *name, const struct addr *address)
{
	const struct session_records *r =
		session_records(s, address_is_v4(address) ? ns_t_a : ns_t_aaaa, name);

	for (size_t i = 0; r && r->addresses && i < r->count; i++)
		if (address_equal(&r->addresses[i], address))
			return true;
	return false;
}

static void ask_names(struct session *s, struct standing *st)
{
	char reverse[ADDRESS_REVERSE];
	const struct session_records *r =
		session_records(s, ns_t_ptr, address_reverse(&st->address, reverse));

	st->reverse = r && r->heard ? r->status : NAME_TIMEOUT;
	for (size_t i = 0; r && r->texts && i < r->count; i++) {
		struct standing_name *name = &st->names[st->name_count];

		if (st->name_count == STANDING_NAMES_MAX)
			return;
		snprintf(name->name, sizeof(name->name), "%s", r->texts[i]);
		name->confirmed = leads_back(s, r->texts[i], &st->address);
		st->name_count++;
	}
}

void standing_ask(struct session *s, const struct addr *address,
		  char domains[STANDING_DOMAINS_MAX][SPF_NAME], size_t count,
		  struct standing *ret_standing)
{
	struct standing *st = ret_standing;
	struct spf_identity who = {.client = *address};

	*st = (struct standing){.address = *address};
	ask_names(s, st);
	/* A mail host greets by a name that leads to it, if it is well kept; SPF hardly asks. */
	who.helo = st->name_count ? st->names[0].name : "";
	for (size_t i = 0; i < count; i++) {
		struct standing_domain *d = &st->domains[st->domain_count++];

		snprintf(d->name, sizeof(d->name), "%s", domains[i]);
		who.sender = d->name;
		d->spf = spf_check(
			&who, ask,
			&(struct evaluation){s, session_now() + SPF_SECONDS * 1000000000ULL});
	}
}

bool standing_is_named(const struct standing *st)
{
	for (size_t i = 0; i < st->name_count; i++)
		if (st->names[i].confirmed)
			return true;
	return false;
}

bool standing_reverse_failed(const struct standing *st)
{
	return st->reverse >= NAME_TIMEOUT;
}
