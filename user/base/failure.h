/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A failure in words, composed where it is understood and printed once, by cmd/.
 *
 * A function that takes a `struct failure *` returns 0 or -errno and on failure has written one
 * sentence there: what, on what, why, what to do. No full stop, no newline.
 */
#ifndef SYNHOLE_BASE_FAILURE_H
#define SYNHOLE_BASE_FAILURE_H

struct failure {
	char text[320];
};

/* Writes the sentence and returns `r` (a -errno), so that callers can return the call. */
int failure_set(struct failure *failure, int r, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
