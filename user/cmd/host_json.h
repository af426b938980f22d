/* SPDX-License-Identifier: GPL-2.0-only */
/* The host as one JSON document: what `synhole host --json` prints, replay reads, and the store
 * keeps of the beginning and the end of an incident. */
#ifndef SYNHOLE_CMD_HOST_JSON_H
#define SYNHOLE_CMD_HOST_JSON_H

#include "cmd/report_json.h"

/* What replay needs is all of it. A record of the daemon must not grow with the host: of addresses,
 * and of routes that are no default routes, it has so many, and says with "cut" that there are
 * more. */
#define HOST_JSON_ALL SIZE_MAX
#define HOST_JSON_RECORD 512

/* Routes of the kinds that rtnl_ask_routes() tells: so many that what is written can be read
 * (HOST_FILE_MAX). */
#define HOST_JSON_OTHERS 65536

/* A new reference. */
json_t *host_json(const struct session *session, size_t most);

/* The prefix's length as its family counts it: that of an IPv4 prefix is 0 to 32. */
unsigned host_prefix_len(const struct addr *a, uint8_t len);
/* NULL: no such link. */
const char *host_link_name(const struct session *s, uint32_t ifindex);

#endif
