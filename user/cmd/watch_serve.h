/* SPDX-License-Identifier: GPL-2.0-only */
/* What the daemon tells those who ask it, by HTTP. */
#ifndef SYNHOLE_CMD_WATCH_SERVE_H
#define SYNHOLE_CMD_WATCH_SERVE_H

#include "base/failure.h"

struct watch;

/* Serves from now on, where the configuration says and on the sockets that systemd has passed. */
int watch_serve(struct watch *watch, struct failure *failure);

#endif
