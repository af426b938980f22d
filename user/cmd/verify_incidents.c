// SPDX-License-Identifier: GPL-2.0-only
/* Verify: does the daemon still count an incident of the address as open? */
#include "base/cleanup.h"
#include "cmd/stored.h"
#include "cmd/text.h"
#include "cmd/verify.h"

#include <errno.h>

/* The newest incident, or the one that is open. */
struct newest {
	bool found, open;
	uint64_t id;
	enum verdict verdict;
	enum incident_end end;
	when_t opened, closed;
};

static bool note(void *data, const struct incident *in)
{
	struct newest *n = data;
	bool open = in->end == END_NONE;

	if (n->found && !open)
		return true;
	*n = (struct newest){true, open, in->id, in->verdict, in->end, in->opened, in->closed};
	return !open;
}

static void say(struct verify_target *t, const struct newest *n)
{
	char when[TEXT_TIME];

	if (n->open)
		checklist_say(&t->list, CHECK_CLOSED, 0, CHECK_WARNING,
			      "incident %llu (%s) has been open since %s: the daemon has not seen "
			      "yet that it is over",
			      (unsigned long long)n->id, verdict_name(n->verdict),
			      text_time(n->opened, when));
	else if (n->found)
		checklist_say(&t->list, CHECK_CLOSED, 0, CHECK_OK,
			      "no incident is open; the last one, %llu (%s), ended at %s (%s)",
			      (unsigned long long)n->id, verdict_name(n->verdict),
			      text_time(n->closed, when), incident_end_name(n->end));
	else
		checklist_say(&t->list, CHECK_CLOSED, 0, CHECK_OK, "there has been no incident");
}

/* Who keeps no store has none to be asked for; but one that was named must be there. */
static void say_failure(const struct verify *v, struct verify_target *t, int r,
			const struct failure *why)
{
	const struct options *o = v->session->options;

	if (r == -ENOENT && !o->store && !o->config)
		checklist_say(&t->list, CHECK_CLOSED, 0, CHECK_NOTE,
			      "no store of incidents is here (synhole watch keeps one)");
	else
		checklist_say(&t->list, CHECK_CLOSED, 0, CHECK_UNKNOWN, "%s", why->text);
}

void verify_look_at_incidents(struct verify *v, struct verify_target *t)
{
	cleanup(store_close) struct store *store = NULL;
	char address[ADDRESS_TEXT];
	const struct store_filter filter = {.address = address_format(&t->address, address)};
	struct newest newest = {.found = false};
	struct failure why = {0};
	int r = stored_open(&store, v->session->options, &why);

	r = r < 0 ? r : stored_list(store, &filter, note, &newest, &why);
	if (r < 0)
		say_failure(v, t, r, &why);
	else
		say(t, &newest);
}
