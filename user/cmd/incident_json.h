/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Incidents as JSON (schema "synhole/1", kind "incident"), and back: what the store keeps, the exec
 * hook and the readers are given, and what scripts read.
 */
#ifndef SYNHOLE_CMD_INCIDENT_JSON_H
#define SYNHOLE_CMD_INCIDENT_JSON_H

#include "core/incident.h"

#include <jansson.h>

/* The longest document that is read back. */
#define INCIDENT_JSON_MAX (256 << 10)

/* The members of one incident, a new reference. What came from outside is escaped. */
json_t *incident_json(const struct incident *incident);

/* The same as a document of its own, on one line without newline: "schema", "kind", "version" and
 * the members. To be freed; NULL: no memory. */
char *incident_document(const struct incident *incident);

/*
 * Reads the members. Those unknown are passed over, those absent are zero, "" or unknown, lists and
 * texts that are too long are cut; escaped texts stay escaped. -EINVAL: it is no incident (without
 * id, address or opening, or with a member of another type or an unknown word).
 */
int incident_from_json(const json_t *json, struct incident *ret_incident);
int incident_from_document(const char *text, struct incident *ret_incident);

#endif
