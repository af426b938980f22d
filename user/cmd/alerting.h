/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Incidents as alerts for Alertmanager.
 *
 * Labels say which fault it is, and stay as they are while it lasts: alertname "Synhole", severity,
 * verdict, address, name (the first one that publishes it, if any does) and host. What changes is
 * in the annotations: summary, causes, fix, incident (its number), first (SYN) and clients. Where a
 * fault becomes another one in verdict or severity, the alert of the old one ends, so that routes
 * and silences apply to the new one.
 */
#ifndef SYNHOLE_CMD_ALERTING_H
#define SYNHOLE_CMD_ALERTING_H

#include "core/incidents.h"
#include "io/alert.h"

/* Tells what has become of an incident; `host` is this host's name. -ENOMEM or -ENOBUFS. */
int alerting_tell(struct alerts *alerts, const char *host, const struct incident *incident,
		  enum incident_change change, when_t now);

#endif
