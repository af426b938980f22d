// SPDX-License-Identifier: GPL-2.0-only
/* Advice for programs: a destination as in the other documents, and what is added to it here. */
#include "base/address.h"
#include "cmd/advice.h"
#include "cmd/incident_json.h"
#include "cmd/report_json.h"
#include "cmd/text.h"

static json_t *rule(const struct judgement *j)
{
	if (!j->rule)
		return json_null();
	return json_pack("{so ss}", "row", json_count(j->rule), "words",
			 verdict_rule_words(j->rule));
}

static json_t *remedies(unsigned causes)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < CAUSES; i++)
		if (causes & 1U << i)
			json_array_append_new(list, json_pack("{ss ss so}", "cause",
							      verdict_cause_name(1U << i), "words",
							      account_cause(1U << i), "remedy",
							      json_text(account_remedy(1U << i))));
	return list;
}

static json_t *evidence(const struct account *account)
{
	json_t *list = json_array();

	for (size_t i = 0; i < account->count; i++)
		json_array_append_new(list, json_pack("{ss so}", "about", account->facts[i].about,
						      "text", json_text(account->facts[i].text)));
	return list;
}

static json_t *texts(const char (*lines)[MEND_LINE], size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_text(lines[i]));
	return list;
}

static json_t *plan(const struct advice *x)
{
	json_t *list = json_array();

	for (size_t i = 0; i < x->step_count; i++)
		json_array_append_new(list, json_pack("{ss so}", "why", x->steps[i].why, "lines",
						      texts(x->steps[i].lines, x->steps[i].count)));
	return list;
}

static json_t *part(json_t *value, enum mend_from from)
{
	return json_pack("{so ss sb}", "value", value, "from", mend_from_words(from), "guess",
			 mend_is_guess(from));
}

static json_t *derived(const struct mend *m)
{
	return json_pack(
		"{so so so}", "interface", part(json_text(m->link->name), m->link_from),
		"prefix_len", part(json_count(m->prefix_len), m->prefix_from), "gateway",
		part(m->has_gateway ? json_address(&m->gateway) : json_null(), m->gateway_from));
}

static json_t *or_null(const char *text)
{
	return text[0] ? json_text(text) : json_null();
}

static json_t *lasting(const struct advice *x)
{
	const struct mend_text *t = &x->lasting;

	if (!t->count)
		return json_null();
	return json_pack("{ss so so so so}", "form", mend_form_names[x->place.form], "file",
			 or_null(t->file), "lines", texts(t->lines, t->count), "apply",
			 or_null(t->apply), "note", or_null(t->note));
}

static json_t *withdrawals(const struct finding *f)
{
	json_t *list = json_array();

	for (size_t i = 0; i < f->published_count && f->mend.add_address; i++) {
		const struct publication *p = &f->published[i];

		json_array_append_new(list,
				      json_pack("{so ss so so}", "name", json_text(p->name->name),
						"type", address_is_v4(&p->address) ? "A" : "AAAA",
						"address", json_address(&p->address), "ttl",
						json_count(p->record->ttl)));
	}
	return list;
}

static json_t *exposure(const struct advice *x)
{
	static const char *const says[] = {
		[FIREWALL_UNKNOWN] = NULL,
		[FIREWALL_ACCEPTS] = "accepts",
		[FIREWALL_DROPS] = "drops",
		[FIREWALL_DEPENDS] = "depends",
	};
	json_t *list = json_array();

	for (size_t i = 0; i < x->exposed_count; i++) {
		const struct exposed *e = &x->exposed[i];
		const struct process *holder = &x->holders[i];
		json_t *o = json_object();

		json_object_set_new(o, "port", json_count(e->listener->port));
		json_object_set_new(o, "service", json_text(text_service(e->listener->port)));
		json_object_set_new(o, "process",
				    holder->pid ? json_text(holder->name) : json_null());
		json_object_set_new(o, "pid",
				    holder->pid ? json_integer(holder->pid) : json_null());
		json_object_set_new(o, "firewall", json_text(says[x->firewall[i]]));
		json_object_set_new(o, "new", json_boolean(e->newly));
		json_object_set_new(o, "new_family", json_boolean(e->newly_by_family));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *source(const struct advice *x)
{
	static const char *const choices[] = {
		[SOURCE_NEVER] = "never",
		[SOURCE_SOMETIMES] = "sometimes",
		[SOURCE_ALWAYS] = "always",
	};

	return json_pack("{ss ss so sb}", "chosen", choices[x->source.choice], "chosen_deprecated",
			 choices[x->source.deprecated], "instead",
			 address_is_zero(&x->source.rival) ? json_null()
							   : json_address(&x->source.rival),
			 "avoided", x->finding.mend.avoid_as_source);
}

static json_t *postfix(const struct advice *x)
{
	static const char *const sends[] = {
		[POSTFIX_NEVER] = "never",
		[POSTFIX_FALLS_BACK] = "fallback",
		[POSTFIX_AS_CHOSEN] = "as-chosen",
		[POSTFIX_ALWAYS] = "always",
	};
	const struct postfix *p = &x->postfix;

	if (!x->postfix_found)
		return json_null();
	return json_pack("{so so so so so ss}", "file", json_text(x->main_cf),
			 "smtp_address_preference", or_null(p->smtp_address_preference),
			 "smtp_bind_address", or_null(p->smtp_bind_address), "smtp_bind_address6",
			 or_null(p->smtp_bind_address6), "inet_protocols",
			 or_null(p->inet_protocols), "sends", sends[x->postfix_sends]);
}

json_t *advice_json(const struct advice *x)
{
	json_t *o = x->incident ? incident_json(x->incident)
				: report_json_destination(x->session, &x->finding);
	bool mends = advice_mends(x);

	json_object_set_new(o, "rule", rule(&x->finding.judgement));
	json_object_set_new(o, "faults", remedies(x->finding.judgement.causes));
	json_object_set_new(o, "evidence", evidence(&x->account));
	json_object_set_new(o, "intended", json_boolean(!x->unasked_for));
	json_object_set_new(o, "plan", plan(x));
	json_object_set_new(o, "derived", mends ? derived(&x->finding.mend) : json_null());
	json_object_set_new(o, "lasting", lasting(x));
	json_object_set_new(o, "withdraw", withdrawals(&x->finding));
	json_object_set_new(o, "exposure", exposure(x));
	json_object_set_new(o, "source", mends ? source(x) : json_null());
	json_object_set_new(o, "standing",
			    x->standing_asked ? standing_json(&x->standing) : json_null());
	json_object_set_new(o, "postfix", postfix(x));
	return o;
}
