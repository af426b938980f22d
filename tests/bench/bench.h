/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the benchmarks' BPF programs and their user space agree on. */
#ifndef SYNHOLE_TESTS_BENCH_H
#define SYNHOLE_TESTS_BENCH_H

#include "abi.h"

/* As many as our table has slots when it is made large, on each CPU. */
#define BENCH_PEER_ENTRIES (128 * 1024)
#define BENCH_CHOSEN 1024

/* The last word of each address, and TCP's sequence number, in an untagged Ethernet frame. */
#define BENCH_SRC4 26
#define BENCH_DST4 30
#define BENCH_SEQ4 38
#define BENCH_SRC6 34
#define BENCH_DST6 50
#define BENCH_SEQ6 58

/* Returned where the tail call led nowhere. */
#define BENCH_MISSED 0

/* The next address ends in `base` and the random bits in `mask`, or in one of the chosen. */
struct bench_aim {
	__u32 base;
	__u32 mask;
	__u32 random;
	__u32 choose;
	__u32 many; /* the source ends in the random bits, too */
	__u32 chosen[BENCH_CHOSEN];
};

#endif
