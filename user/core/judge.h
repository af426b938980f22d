/* SPDX-License-Identifier: GPL-2.0-only */
/* Findings: what is to be said of each destination, with the facts and the evidence behind it. */
#ifndef SYNHOLE_CORE_JUDGE_H
#define SYNHOLE_CORE_JUDGE_H

#include "core/mend.h"

/* One destination judged. Pointers are valid until the engine is fed again. */
struct finding {
	struct addr address;
	uint32_t ifindex;	       /* where the SYNs or the askings came in; 0: none came */
	const struct input_link *link; /* of `ifindex`, NULL when not known */
	struct judgement judgement;
	struct facts facts;
	const struct publication *published;
	size_t published_count;
	struct destination called; /* no rows where no SYN came */
	struct evidence evidence;
	const struct flow *flow; /* NULL: no SYN was seen one by one */
	bool flow_is_whole;	 /* all of them were */
	struct mend mend;
};

struct judge_summary {
	enum severity worst;
	size_t findings; /* of them wanted */
	uint64_t attributed;
};

typedef bool judge_wants_fn(void *data, const struct finding *finding);
typedef void judge_tell_fn(void *data, const struct finding *finding);

/* Judges every destination and tells them, the worst first, at most `limit` of them (0: all). Those
 * that `wants` refuses are left out; their SYNs are in the sum all the same. */
struct judge_summary judge_all(const struct engine *engine, when_t now, size_t limit,
			       judge_wants_fn *wants, judge_tell_fn *tell, void *data);

/* The judgement of one published record: its worst, over the interfaces. */
void judge_record(const struct engine *engine, when_t now, const struct record *record,
		  struct finding *ret_finding);

#endif
