/* SPDX-License-Identifier: GPL-2.0-only */
/* The running kernel's names for its reasons to drop a packet, from its own BTF. */
#ifndef SYNHOLE_IO_DROP_REASONS_H
#define SYNHOLE_IO_DROP_REASONS_H

#include "core/input.h"

/* INPUT_REASON for each. -ENOENT on kernels without BTF or without reasons. */
int drop_reasons(input_fn *hear, void *data);

#endif
