/* SPDX-License-Identifier: GPL-2.0-only */
/* The listening TCP sockets of this network namespace, from sock_diag(7). */
#ifndef SYNHOLE_IO_DIAG_H
#define SYNHOLE_IO_DIAG_H

#include "base/failure.h"
#include "core/input.h"

/* One dump, at once: INPUT_LISTENERS_BEGIN, INPUT_LISTENER for each, INPUT_LISTENERS_END; the END
 * is left out on failure. */
int diag_dump(input_fn *hear, void *data, struct failure *failure);

#endif
