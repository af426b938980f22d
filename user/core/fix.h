/* SPDX-License-Identifier: GPL-2.0-only */
/* What a mend would be made of: on which link, with which prefix length, by which router. */
#ifndef SYNHOLE_CORE_FIX_H
#define SYNHOLE_CORE_FIX_H

#include "core/judge.h"

/* Fills the fix_* and gateway members of the finding from the rest of it. */
void fix_prepare(const struct engine *engine, struct finding *finding);

#endif
