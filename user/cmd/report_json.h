/* SPDX-License-Identifier: GPL-2.0-only */
/* Pieces of JSON that more than one document is made of. All return new references. */
#ifndef SYNHOLE_CMD_REPORT_JSON_H
#define SYNHOLE_CMD_REPORT_JSON_H

#include "cmd/report.h"

#include <jansson.h>

/* A string that may hold any bytes: escaped; null for NULL. */
json_t *json_text(const char *string);
json_t *json_count(uint64_t n);
json_t *json_address(const struct addr *a);
json_t *json_time(when_t when); /* null for 0 */
json_t *json_causes(unsigned causes);
json_t *json_fact(enum fact fact); /* true, false or null */
json_t *json_source(const struct flow_source *source);

const char *json_source_kind(enum source_kind kind);

/* A member of "destinations". */
json_t *report_json_destination(const struct session *session, const struct finding *finding);

/* Writes a value, and takes the reference. */
void report_json_write(struct report *report, json_t *value);

/* One name, its records, and what was judged of each; and the member "names" of them all. */
json_t *report_json_name(const struct session *session, const struct published_name *name);
json_t *report_json_names(const struct session *session);

#endif
