/* SPDX-License-Identifier: GPL-2.0-only */
/* The account of an incident: what was kept of it, a line each. */
#ifndef SYNHOLE_CORE_ACCOUNT_INCIDENT_H
#define SYNHOLE_CORE_ACCOUNT_INCIDENT_H

#include "core/account.h"
#include "core/incident.h"

/* Adds to the account. What has a time is left to who can write times: incident->events. */
void account_add_incident(const struct incident *incident, struct account *account);

#endif
