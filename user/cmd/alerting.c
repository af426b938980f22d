// SPDX-License-Identifier: GPL-2.0-only
/* Incidents as alerts. */
#include "cmd/alerting.h"

#include "base/address.h"
#include "base/cleanup.h"
#include "cmd/report_json.h"
#include "cmd/text.h"

#include <errno.h>
#include <string.h>

static char *labels(const struct incident *in, const char *host)
{
	char *text;
	json_t *o = json_object();

	json_object_set_new(o, "alertname", json_string("Synhole"));
	json_object_set_new(o, "severity", json_string(verdict_severity_name(in->severity)));
	json_object_set_new(o, "verdict", json_string(verdict_name(in->verdict)));
	json_object_set_new(o, "address", json_address(&in->address));
	if (in->name_count)
		json_object_set_new(o, "name", json_text(in->names[0]));
	json_object_set_new(o, "host", json_text(host));
	text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return text;
}

static json_t *causes(const struct incident *in)
{
	char list[512] = "";

	for (unsigned i = 0; i < CAUSES; i++)
		if (in->causes & 1U << i)
			text_append(list, sizeof(list), ", ", verdict_cause_name(1U << i));
	return json_string(list);
}

static json_t *fix(const struct explanation *x)
{
	char list[EXPLAIN_FIXES * 4 * MEND_LINE] = "", safe[4 * MEND_LINE];

	for (size_t i = 0; i < x->fixes; i++)
		text_append(list, sizeof(list), "\n", text_escape(x->fix[i], safe, sizeof(safe)));
	return json_string(list);
}

/* Values of annotations are strings, all of them. */
static json_t *count(uint64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)n);
	return json_string(text);
}

static char *annotations(const struct incident *in)
{
	char *text;
	json_t *o = json_object();

	json_object_set_new(o, "summary", json_text(in->explanation.sentence));
	json_object_set_new(o, "causes", causes(in));
	json_object_set_new(o, "fix", fix(&in->explanation));
	json_object_set_new(o, "incident", count(in->id));
	json_object_set_new(o, "syns", count(in->tally.syns));
	json_object_set_new(o, "clients", count(in->tally.clients));
	if (in->interface[0])
		json_object_set_new(o, "interface", json_text(in->interface));
	text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return text;
}

int alerting_tell(struct alerts *alerts, const char *host, const struct incident *in,
		  enum incident_change change, when_t now)
{
	autofree char *identity = labels(in, host), *details = annotations(in);
	char opened[TEXT_TIME], changed[TEXT_TIME];
	const struct alert alert = {
		.id = in->id,
		.labels = identity,
		.annotations = details,
		.starts = text_time(in->opened, opened),
		.changed = text_time(in->closed ? in->closed : now, changed),
		.over = in->end != END_NONE,
	};

	if (!identity || !details)
		return -ENOMEM;
	return alerts_put(alerts, &alert, change != INCIDENT_EXTENDED);
}
