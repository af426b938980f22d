/* SPDX-License-Identifier: GPL-2.0-only */
/* What time it is. Not for core/, which is told the time with each input. */
#ifndef SYNHOLE_BASE_CLOCK_H
#define SYNHOLE_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Nanoseconds: of CLOCK_REALTIME since the epoch, of the others since the boot. */
uint64_t clock_ns(clockid_t clock);

#endif
