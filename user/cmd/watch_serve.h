/* SPDX-License-Identifier: GPL-2.0-only */
/* What the daemon tells those who ask it, by HTTP. */
#ifndef SYNHOLE_CMD_WATCH_SERVE_H
#define SYNHOLE_CMD_WATCH_SERVE_H

#include "io/http.h"

/* Their data is the struct watch. */
extern const struct http_route watch_routes[];

#endif
