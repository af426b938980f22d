/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's own counters of a link, by RTM_GETSTATS (rtnetlink(7)). */
#ifndef SYNHOLE_IO_RTNL_COUNTERS_H
#define SYNHOLE_IO_RTNL_COUNTERS_H

#include <stdint.h>

/* Frames that the link has received since it was made. Some drivers count with a delay of a second
 * or two. */
int rtnl_counters_received(uint32_t ifindex, uint64_t *ret_frames);

#endif
