/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ways of a host that cannot be asked for them, as far as they follow from what is known of it:
 * its routes and whether it forwards. Where not all routes are known, it is taken to have those of
 * its addresses and its default routes, as most hosts have. Of rules nothing is known, nor which
 * routes are a VRF's.
 */
#ifndef SYNHOLE_CORE_HEARSAY_H
#define SYNHOLE_CORE_HEARSAY_H

#include "core/engine.h"
#include "core/fib.h"

struct hearsay {
	const struct fib *fib; /* NULL: no routes are known but those of the engine */
	enum fact forwards;    /* whether what comes in by the question's interface is forwarded */
};

/* Both make the input that the kernel's answer would have made; false: who knows. */
bool hearsay_path(const struct engine *engine, const struct hearsay *hearsay,
		  const struct engine_question *question, struct input *ret_input);
bool hearsay_return(const struct engine *engine, const struct hearsay *hearsay,
		    const struct engine_question *question, struct input *ret_input);

#endif
