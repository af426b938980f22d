/* SPDX-License-Identifier: GPL-2.0-only */
/* The tracepoint that tells which SYNs the kernel drops, and why. */
#ifndef SYNHOLE_IO_DROPS_H
#define SYNHOLE_IO_DROPS_H

#include "base/failure.h"
#include "core/input.h"
#include "io/settings.h"

struct drops;

/* Needs the running kernel's BTF and Linux 5.17; without, the sentence says what will be missing.
 */
int drops_watch(struct drops **ret_drops, const struct settings *settings, struct failure *failure);

/* The link that holds it, borrowed. */
int drops_link(const struct drops *drops);

/* Takes it off; its counters stay readable. */
void drops_release(struct drops *drops);
void drops_free(struct drops **drops);

/* What it could not count, and what it took the place of; over all CPUs. */
struct counters drops_counters(const struct drops *drops, unsigned cpus);

void drops_set_epoch(struct drops *drops, uint32_t epoch);

/* The running kernel's names for its reasons, from its BTF: INPUT_REASON for each. */
int drops_tell_reasons(input_fn *hear, void *data);

#endif
