/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The routes of a host that cannot be asked: which one a packet takes, as the kernel would find it
 * in one table (the longest prefix, then the lowest metric). Which table is asked when is for
 * callers to know.
 */
#ifndef SYNHOLE_CORE_FIB_H
#define SYNHOLE_CORE_FIB_H

#include "core/input.h"

/* Routes that are kept; where there were more, nothing is known for sure. */
#define FIB_MAX 262144

struct fib;

int fib_new(struct fib **ret_fib);
void fib_free(struct fib **fib);

/* Hears INPUT_HOST_* and INPUT_ROUTE, of the kinds from ROUTE_DEFAULT on. */
void fib_feed(struct fib *fib, const struct input *in);

/* Whether it was told all routes, not only the default ones. */
bool fib_is_whole(const struct fib *fib);

/* After INPUT_HOST_END. NULL: there is none. */
const struct input_route *fib_find(const struct fib *fib, const struct addr *dst, uint32_t table);
/* Whether any table has one: rules, of which nothing is known, may lead there. */
bool fib_has_somewhere(const struct fib *fib, const struct addr *dst);

/* As `ip route` calls it; NULL beyond the kinds. */
const char *fib_kind_name(enum route_kind kind);

#endif
