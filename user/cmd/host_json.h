/* SPDX-License-Identifier: GPL-2.0-only */
/* The host as one JSON document: what `synhole host --json` prints, replay reads, and the store
 * keeps of the beginning and the end of an incident. */
#ifndef SYNHOLE_CMD_HOST_JSON_H
#define SYNHOLE_CMD_HOST_JSON_H

#include "cmd/report_json.h"

/* A new reference. */
json_t *host_json(const struct session *session);

#endif
