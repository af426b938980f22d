/* SPDX-License-Identifier: GPL-2.0-only */
/* What an address exposes: the listeners that whoever can reach it finds there. */
#ifndef SYNHOLE_CORE_EXPOSURE_H
#define SYNHOLE_CORE_EXPOSURE_H

#include "core/engine.h"

struct exposed {
	const struct input_listener *listener;
	/* No other address of this host offers it yet to the same public and in the same family: a
	 * mend makes it reachable. */
	bool newly;
	bool newly_by_family; /* ... though the other family does */
};

#define EXPOSURE_MAX 256

/* The listeners that are found at `address` once it is on `ifindex`, by port, one for each port;
 * returns how many. `ret_more` is set if there were more than EXPOSURE_MAX. */
size_t exposure_list(const struct engine *engine, const struct addr *address, uint32_t ifindex,
		     struct exposed ret_list[static EXPOSURE_MAX], bool *ret_more);

#endif
