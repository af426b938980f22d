/* SPDX-License-Identifier: GPL-2.0-only */
/* By what this host's links are configured, from the files that each of these leaves. */
#ifndef SYNHOLE_IO_MANAGER_H
#define SYNHOLE_IO_MANAGER_H

#include "core/mend_forms.h"

/* Who configures the link, below `root` ("" but in tests). MEND_IPROUTE2: nobody that is known.
 * Where `form` is given (not NULL) it is taken, and only its place is looked for. */
void manager_of(const char *root, const struct input_link *link, const enum mend_form *form,
		struct mend_place *ret_place);

#endif
