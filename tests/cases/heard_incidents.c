// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a case's daemon makes of what it hears: looks, and what must have become of incidents.
 *
 * Unlike findings these are compared at once: what is told at a look is gone with the next one.
 */
#include "cases/heard.h"

#include "base/address.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void note_told(void *data, const struct incident *in, enum incident_change change)
{
	static const char *const words[] = {
		[INCIDENT_OPENED] = "opened",
		[INCIDENT_CHANGED] = "changed",
		[INCIDENT_CLOSED] = "closed",
	};
	struct heard *h = data;
	char address[ADDRESS_TEXT];

	if (change == INCIDENT_EXTENDED || h->told_count == HEARD_MAX)
		return;
	snprintf(h->told[h->told_count++], sizeof(*h->told), "%s %s %s%s%s", words[change],
		 address_format(&in->address, address), verdict_name(in->verdict),
		 in->closed ? " " : "", in->closed ? incident_end_name(in->end) : "");
}

/* "watch quiet SECONDS" */
void hear_watch(struct heard *h, struct line *l)
{
	struct incidents_policy policy = {.first_id = 1};

	policy.quiet = line_seconds(l, "quiet", 300000000000);
	if (h->incidents || h->engine || !line_is_good(l))
		line_is_wrong(l, "this must stand once, before anything is heard");
	else if (engine_new(&h->engine, &h->policy) < 0 ||
		 incidents_new(&h->incidents, h->engine, &policy, note_told, h) < 0)
		line_is_wrong(l, "there is no memory");
}

void hear_look(struct heard *h, struct line *l)
{
	if (!h->incidents)
		line_is_wrong(l, "the case does not begin with \"watch\"");
	if (!line_is_good(l))
		return;
	if (h->told_count > h->told_checked)
		line_is_wrong(l, "before this look was told: %s", h->told[h->told_checked]);
	h->told_count = h->told_checked = 0;
	heard_look(h);
	incidents_look(h->incidents, h->now);
}

/* "told CHANGE ADDRESS VERDICT [END]", in order; "told nothing" if that is all. */
void hear_told(struct heard *h, struct line *l)
{
	const char *wanted = line_rest(l);
	const char *told = h->told_checked < h->told_count ? h->told[h->told_checked] : "nothing";

	h->claims++;
	if (strcmp(told, wanted) != 0)
		line_is_wrong(l, "told was: %s", told);
	else if (h->told_checked < h->told_count)
		h->told_checked++;
	while (line_next(l))
		;
}

static const struct incident *incident_of(struct heard *h, struct line *l)
{
	struct addr a = line_address(l, NULL);
	const struct incident *in;

	h->claims++;
	for (size_t i = 0; h->incidents && (in = incidents_at(h->incidents, i)); i++)
		if (address_equal(&in->address, &a))
			return in;
	line_is_wrong(l, "there is no such incident");
	return NULL;
}

static void compare(struct line *l, const char *key, uint64_t is)
{
	uint64_t wanted = line_number(l, key, is);

	if (wanted != is)
		line_is_wrong(l, "%s is %" PRIu64, key, is);
}

/* "incident ADDRESS VERDICT open|END [syns N] [attempts N] ..." */
void hear_incident(struct heard *h, struct line *l)
{
	const struct incident *in = incident_of(h, l);

	if (!in)
		return;
	compare(l, "id", in->id);
	compare(l, "syns", in->tally.syns);
	compare(l, "attempts", in->tally.attempts);
	compare(l, "retransmits", in->tally.retransmits);
	compare(l, "clients", in->tally.clients);
	compare(l, "answers", in->tally.answers);
	compare(l, "reopened", in->reopened);
	compare(l, "failed", incident_failed(in));
	if (strcmp(line_word(l, NULL), verdict_name(in->verdict)) != 0)
		line_is_wrong(l, "the verdict is %s", verdict_name(in->verdict));
	if (strcmp(line_word(l, NULL), incident_end_name(in->end)) != 0)
		line_is_wrong(l, "it is %s", incident_end_name(in->end));
}

/* "timeline ADDRESS EVENT...": all of them, in order. */
void hear_timeline(struct heard *h, struct line *l)
{
	const struct incident *in = incident_of(h, l);
	const char *word;

	for (size_t i = 0; in && i < in->event_count; i++) {
		const char *is = incident_event_name(in->events[i].kind);

		word = line_next(l);
		if (!word || strcmp(word, is) != 0)
			line_is_wrong(l, "event %zu is %s", i + 1, is);
	}
}
