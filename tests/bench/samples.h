/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers of several rounds: what is printed of them is the median, the smallest and the largest.
 */
#ifndef SYNHOLE_TESTS_BENCH_SAMPLES_H
#define SYNHOLE_TESTS_BENCH_SAMPLES_H

#include <stddef.h>
#include <stdlib.h>

#define SAMPLES_ROUNDS 11

struct samples {
	double values[SAMPLES_ROUNDS];
};

static inline int samples_order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Once all rounds are in. */
static inline void samples_sort(struct samples *s)
{
	qsort(s->values, SAMPLES_ROUNDS, sizeof(*s->values), samples_order);
}

static inline double samples_median(const struct samples *s)
{
	return s->values[SAMPLES_ROUNDS / 2];
}

static inline double samples_least(const struct samples *s)
{
	return s->values[0];
}

static inline double samples_most(const struct samples *s)
{
	return s->values[SAMPLES_ROUNDS - 1];
}

#endif
