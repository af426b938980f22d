/* SPDX-License-Identifier: GPL-2.0-only */
/* What a terminal is shown while a capture runs: progress, and each finding once, when it is one.
 */
#ifndef SYNHOLE_CMD_LIVE_H
#define SYNHOLE_CMD_LIVE_H

#include "cmd/session.h"

struct live;

/* Shows something only where both outputs are a terminal and no JSON is asked for; NULL if not. */
struct live *live_begin(struct session *session);

/* Takes the line of progress away. */
void live_end(struct live **live);

#endif
