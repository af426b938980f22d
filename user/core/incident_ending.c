// SPDX-License-Identifier: GPL-2.0-only
/* Whether an incident is over, and how. */
#include "core/incident_ending.h"

/* How long names may take to be heard after the start, before it means something that one is not
 * there. */
#define NAMES_NS 60000000000ULL

bool incident_is_fault(enum verdict v)
{
	return v == VERDICT_BLACKHOLE || v == VERDICT_UNUSABLE || v == VERDICT_MUTE ||
	       v == VERDICT_STRAY;
}

bool incident_awaits_names(const struct incident *in, const struct incident_look *look)
{
	for (size_t i = 0; i < in->name_count; i++) {
		const struct published_name *name =
			published_named(look->engine->published, in->names[i]);

		if (name ? !name->answered : look->now < look->began + NAMES_NS)
			return true;
	}
	return false;
}

static bool is_withdrawn(const struct incident *in, const struct incident_look *look)
{
	size_t count;

	return in->name_count && !engine_publications(look->engine, &in->address, &count);
}

static bool is_answered(const struct finding *f)
{
	enum verdict v = f ? f->judgement.verdict : VERDICT_NONE;

	return (v == VERDICT_SERVED || v == VERDICT_REFUSED || v == VERDICT_FORWARDED) &&
	       f->facts.answered != ANSWERED_NO;
}

static bool is_quiet(const struct incident *in, const struct incident_look *look)
{
	when_t since = in->last > in->opened ? in->last : in->opened;

	return in->verdict != VERDICT_UNUSABLE && look->now >= since + look->quiet;
}

/* What was an unusable address, and is none any more. */
static enum incident_end end_of_unusable(const struct incident *in,
					 const struct incident_look *look)
{
	enum owned owned = hostaddr_owned(look->engine->host, &in->address, NULL);

	return owned == OWNED_YES ? END_USABLE : owned == OWNED_NO ? END_QUIET : END_NONE;
}

/* What was counted is of the host as it was, but for an answer that came after the change. */
static enum incident_end end_of_changed(const struct finding *f, const struct incident_look *look)
{
	return is_answered(f) && f->evidence.last_answer > look->engine->host_changed ? END_ANSWERED
										      : END_NONE;
}

enum incident_end incident_end_of(const struct incident *in, const struct finding *f,
				  bool awaits_names, const struct incident_look *look)
{
	enum incident_end end = END_NONE;

	if (look->changed)
		return end_of_changed(f, look);
	if (!awaits_names && is_withdrawn(in, look))
		return END_WITHDRAWN;
	if (is_answered(f))
		return END_ANSWERED;
	if (!(f && incident_is_fault(f->judgement.verdict)) && in->verdict == VERDICT_UNUSABLE)
		end = end_of_unusable(in, look);
	return end == END_NONE && is_quiet(in, look) ? END_QUIET : end;
}
