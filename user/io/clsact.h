/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tc ingress and egress through a clsact qdisc, for kernels before 6.6.
 *
 * A filter there has no owner and would outlive us, so a small process of our own waits for our
 * end and takes the filters away; and the qdisc too, if we made it and nobody else came to use it.
 */
#ifndef SYNHOLE_IO_CLSACT_H
#define SYNHOLE_IO_CLSACT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Hangs the programs there, either of them may be -1 for none. They stay until `ret_fd` is closed,
 * by whatever end of this process, and are off when the process `ret_pid` has ended. */
int clsact_attach(int ingress, int egress, uint32_t ifindex, int *ret_fd, pid_t *ret_pid);

/* The same without a process that waits: they stay until clsact_take(), and take the place of those
 * that an earlier run has left there; where there is none now, that of before goes. */
int clsact_leave(int ingress, int egress, uint32_t ifindex);

/* Takes away what clsact_leave() has left, and the qdisc if nobody else uses it. True: something
 * was there. */
bool clsact_take(uint32_t ifindex);

/* Whether what clsact_leave() has left is still there: on the way out, and in if `ingress`. */
bool clsact_holds(uint32_t ifindex, bool ingress);

#endif
