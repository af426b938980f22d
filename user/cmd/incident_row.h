/* SPDX-License-Identifier: GPL-2.0-only */
/* One line of a list of incidents. */
#ifndef SYNHOLE_CMD_INCIDENT_ROW_H
#define SYNHOLE_CMD_INCIDENT_ROW_H

#include "core/incident.h"

#include <stdio.h>

/* With a line of heads before it if `head`. Until `now` one lasts that is open. */
void incident_row(FILE *out, const struct incident *incident, when_t now, bool head);

#endif
