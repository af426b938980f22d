/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hearing who is asked for: a router that takes a prefix for one on the link asks the
 * solicited-node group of an address (RFC 4861, 7.2.2), and network cards hand up only the groups
 * that somebody has joined. Joining makes the kernel report it to the link (MLD), so that switches
 * let the asking through, and nothing else: no solicitation is answered for it.
 */
#ifndef SYNHOLE_IO_GROUPS_H
#define SYNHOLE_IO_GROUPS_H

#include "abi.h"

#include <stdint.h>

/* Memberships that are held; more are refused with -ENOSPC. */
#define GROUPS_MAX 1024

struct groups;

int groups_new(struct groups **ret_groups);

/* Leaves all. So does the kernel, however this process ends. */
void groups_free(struct groups **groups);

/* Joins the solicited-node group of an IPv6 address on this interface, once. */
int groups_join(struct groups *groups, const struct addr *a, uint32_t ifindex);

/* Between these two everything that is still wanted is joined once more; what was not is left, such
 * as the groups of links that are gone. */
void groups_begin(struct groups *groups);
void groups_end(struct groups *groups);

#endif
