/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether an incident is over at a look, and how. */
#ifndef SYNHOLE_CORE_INCIDENT_ENDING_H
#define SYNHOLE_CORE_INCIDENT_ENDING_H

#include "core/incident.h"
#include "core/judge.h"

/* A look at everything. */
struct incident_look {
	struct engine *engine;
	when_t now, began; /* when this look is, and when the first one was */
	uint64_t quiet;	   /* nanoseconds without SYNs after which an incident is over */
	bool changed;	   /* the host: what was counted is no evidence any more */
};

/* Whether a verdict opens incidents, and keeps them open. */
bool incident_is_fault(enum verdict verdict);

/* Whether one of the names of an incident of an earlier run has not been heard yet: what its
 * address seems to be without its names says nothing. */
bool incident_awaits_names(const struct incident *incident, const struct incident_look *look);

/* `worst` is what was found of its address, NULL: nothing. END_NONE: it goes on. */
enum incident_end incident_end_of(const struct incident *incident, const struct finding *worst,
				  bool awaits_names, const struct incident_look *look);

#endif
