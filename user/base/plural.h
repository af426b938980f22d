/* SPDX-License-Identifier: GPL-2.0-only */
/* The ending of a noun that is counted. */
#ifndef SYNHOLE_BASE_PLURAL_H
#define SYNHOLE_BASE_PLURAL_H

#include <stdint.h>

static inline const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

#endif
