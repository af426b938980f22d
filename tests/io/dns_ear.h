/* SPDX-License-Identifier: GPL-2.0-only */
/* A resolver on a loop of its own, and everything that was heard of it. */
#ifndef SYNHOLE_TESTS_IO_DNS_EAR_H
#define SYNHOLE_TESTS_IO_DNS_EAR_H

#include "io/resolver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
/* after those */
#include <cmocka.h>

struct heard {
	struct input_name name; /* its pointers are this struct's own */
	double after;		/* seconds since the last question */
};

struct ear {
	sd_event *loop;
	struct resolver *resolver;
	struct heard *heard;
	size_t count;
	double asked, longest_gap; /* the loop's longest silence while a timer ticks every 10 ms */
	const char *ask_on;	   /* asked once from within `hear` */
};

/* `server` NULL: none given. */
void ear_open(struct ear *ear, const char *server, const char *second);
void ear_close(struct ear *ear);

void ear_ask(struct ear *ear, enum resolver_question question, const char *name);

/* Runs the loop until all is heard, or the seconds are over. */
void ear_listen(struct ear *ear, double seconds);

/* The only input for this name (and `via`, if not NULL); fails if there is none or another. */
const struct input_name *ear_heard(const struct ear *ear, const char *name, const char *via);

/* Fails unless the name has this record. */
void ear_has(const struct input_name *name, const char *address, uint32_t ttl);

/* Seconds of CLOCK_MONOTONIC. */
double clock_now(void);

/* The process's open file descriptors; waits for threads to close theirs, up to 2 s, if there are
 * more than `expected`. */
unsigned open_fds(unsigned expected);

#endif
