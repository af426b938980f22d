/* SPDX-License-Identifier: GPL-2.0-only */
/* From which address the kernel would let this host call another one. */
#ifndef SYNHOLE_IO_OUTGOING_H
#define SYNHOLE_IO_OUTGOING_H

#include "abi.h"

/* Nothing is sent. -errno: there is no way there. */
int outgoing_source(const struct addr *destination, struct addr *ret_source);

#endif
