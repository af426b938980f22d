/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of the metrics that is about names and what they publish. */
#ifndef SYNHOLE_CMD_METRICS_NAMES_H
#define SYNHOLE_CMD_METRICS_NAMES_H

#include "cmd/metrics.h"

void metrics_write_names(FILE *out, const struct session *session, when_t now);

#endif
