/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of options, and how each reads its value. */
#ifndef SYNHOLE_CMD_OPTION_ROWS_H
#define SYNHOLE_CMD_OPTION_ROWS_H

#include "cmd/options.h"

struct option_row {
	const char *name;
	char letter;
	const char *value; /* NULL: takes none */
	const char *help;
	/* Returns 0, or -EINVAL or -E2BIG with a sentence. NULL: it ends the reading. */
	int (*read)(struct options *options, const char *value, struct failure *failure);
};

extern const struct option_row option_rows[OPTIONS];

#endif
