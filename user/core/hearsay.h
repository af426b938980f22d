/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ways of a host that cannot be asked for them, as far as they follow from what is known of it:
 * its addresses, its default routes, and whether it forwards. Of other routes nothing is known, and
 * they are rare where there is a default route or none is needed.
 */
#ifndef SYNHOLE_CORE_HEARSAY_H
#define SYNHOLE_CORE_HEARSAY_H

#include "core/engine.h"

/* Both make the input that the kernel's answer would have made; false: who knows. `forwards` is
 * whether what comes in by the question's interface is forwarded. */
bool hearsay_path(const struct engine *engine, const struct engine_question *question,
		  enum fact forwards, struct input *ret_input);
bool hearsay_return(const struct engine *engine, const struct engine_question *question,
		    struct input *ret_input);

#endif
