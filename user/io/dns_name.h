/* SPDX-License-Identifier: GPL-2.0-only */
/* Domain names as text, in the form of a master file: "\." and "\DDD" escape (RFC 1035, 5.1). */
#ifndef SYNHOLE_IO_DNS_NAME_H
#define SYNHOLE_IO_DNS_NAME_H

#include "base/failure.h"

#define DNS_QUOTED 160

/* Can it be asked? Then the text as libresolv would write it, to be freed: without the trailing
 * dot, all but printable ASCII escaped. Else -EINVAL and a sentence with the name and its fault. */
int dns_name_normal(const char *name, char **ret_text, struct failure *failure);

/* Foreign text for a sentence: all but printable ASCII as \DDD, a long one cut. Returns `quoted`.
 */
const char *dns_name_quote(const char *text, char quoted[static DNS_QUOTED]);

#endif
