/* SPDX-License-Identifier: GPL-2.0-only */
/* What a finding adds to an incident, look by look and window by window. */
#ifndef SYNHOLE_CORE_INCIDENT_FINDING_H
#define SYNHOLE_CORE_INCIDENT_FINDING_H

#include "core/incident.h"
#include "core/judge.h"

/* Adds what a finding of this window has counted. `again`: it is not the first of its address, and
 * what is not told apart by interface (drops) was added with that one. */
void incident_tally_add(struct incident_tally *tally, const struct engine *engine,
			const struct finding *finding, bool again);

/* The sentence and the mend of a finding, with the numbers of the whole incident. */
void incident_tally_explain(const struct incident_tally *tally, const struct finding *finding,
			    struct explanation *ret_explanation);

/* Who publishes the address: as before, if nobody does now. */
void incident_take_names(struct incident *incident, const struct finding *finding);

/* When it was called, by whom and how a client waits; notes the first client. */
void incident_take_times(struct incident *incident, const struct finding *finding);

/* The interface, and the facts that are shown beside the verdict. */
void incident_take_facts(struct incident *incident, const struct finding *finding);

#endif
