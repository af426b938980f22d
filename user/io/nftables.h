/* SPDX-License-Identifier: GPL-2.0-only */
/* The ruleset of nftables in this network namespace, by libnftables(3). */
#ifndef SYNHOLE_IO_NFTABLES_H
#define SYNHOLE_IO_NFTABLES_H

#include "base/failure.h"
#include "core/firewall.h"

/* Needs CAP_NET_ADMIN: -EPERM without. */
int nftables_read(struct firewall **ret_firewall, struct failure *failure);

/* Has iptables-legacy tables of its own, of which nftables knows nothing? */
bool nftables_has_legacy(void);

#endif
