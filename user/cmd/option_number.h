/* SPDX-License-Identifier: GPL-2.0-only */
/* Options whose values are numbers: how each reads its value (see option_rows.h). */
#ifndef SYNHOLE_CMD_OPTION_NUMBER_H
#define SYNHOLE_CMD_OPTION_NUMBER_H

#include "cmd/options.h"

int option_duration(struct options *o, const char *value, struct failure *failure);
int option_wait(struct options *o, const char *value, struct failure *failure);
int option_ports(struct options *o, const char *value, struct failure *failure);
int option_port(struct options *o, const char *value, struct failure *failure);
int option_table(struct options *o, const char *value, struct failure *failure);
int option_limit(struct options *o, const char *value, struct failure *failure);

#endif
