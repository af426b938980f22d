/* SPDX-License-Identifier: GPL-2.0-only */
/* The options that say which incidents: how each reads its value (see option_rows.h). */
#ifndef SYNHOLE_CMD_OPTION_FILTER_H
#define SYNHOLE_CMD_OPTION_FILTER_H

#include "cmd/options.h"

int option_store(struct options *o, const char *value, struct failure *failure);
int option_since(struct options *o, const char *value, struct failure *failure);
int option_until(struct options *o, const char *value, struct failure *failure);
int option_open(struct options *o, const char *value, struct failure *failure);
int option_of_name(struct options *o, const char *value, struct failure *failure);
int option_address(struct options *o, const char *value, struct failure *failure);
int option_verdict(struct options *o, const char *value, struct failure *failure);
int option_output(struct options *o, const char *value, struct failure *failure);

/* A time as text_read_time() has it, or an age before `now`: a whole number and s, m, h, d or w.
 * -EINVAL for anything else, and for what would be before 1970. */
int option_read_moment(const char *text, when_t now, when_t *ret_when);

#endif
