/* SPDX-License-Identifier: GPL-2.0-only */
/* Findings in words: what is wrong, in one sentence or two, and the commands that mend it. */
#ifndef SYNHOLE_CORE_EXPLAIN_H
#define SYNHOLE_CORE_EXPLAIN_H

#include "core/judge.h"
#include "core/mend_forms.h"

#define EXPLAIN_FIXES 2

struct explanation {
	/* Holds names as DNS gave them: escape it where it is printed. */
	char sentence[1024];
	/* Lines for a root shell, to be run in this order. ROUTER stands for a gateway that could
	 * not be found out. */
	char fix[EXPLAIN_FIXES][MEND_LINE];
	size_t fixes;
};

void explain(const struct finding *finding, struct explanation *ret_explanation);

#endif
