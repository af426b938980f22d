/* SPDX-License-Identifier: GPL-2.0-only */
/* Macros in SPF records: "%{ir}.%{v}._spf.%{d2}" and what stands for it (RFC 7208, 7). */
#ifndef SYNHOLE_CORE_SPF_MACRO_H
#define SYNHOLE_CORE_SPF_MACRO_H

#include "core/spf.h"

struct spf_text {
	const char *start;
	size_t size;
};

struct spf_macro_values {
	const struct spf_identity *who;
	const char *domain;    /* %{d}: whose record it stands in */
	const char *validated; /* %{p} */
};

/* A macro-string: only what the grammar has, without the letters of explanations (c, r, t). */
bool spf_macro_is_string(struct spf_text text);

/* A domain-spec: a macro-string that ends with a top label or a macro. */
bool spf_macro_is_domain(struct spf_text text);

/* Does it name the validated name of the client, which costs questions to DNS? */
bool spf_macro_wants_validated(struct spf_text text);

/* Of a valid domain-spec: the name, its leftmost labels cut until it is no longer than 253 bytes.
 */
void spf_macro_expand(struct spf_text text, const struct spf_macro_values *values,
		      char ret_name[static SPF_NAME]);

#endif
