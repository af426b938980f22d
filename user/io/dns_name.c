// SPDX-License-Identifier: GPL-2.0-only
/* Domain names as text: what may be asked, and how a wrong one is shown. */
#include "io/dns_name.h"

#include <arpa/nameser.h>
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DNS_QUOTED_BYTES 36

/* The length of one byte's text, which may be "\." or "\DDD"; 0 if it is broken. */
static size_t char_length(const char *p)
{
	if (*p != '\\')
		return 1;
	if (!isdigit((unsigned char)p[1]))
		return p[1] ? 2 : 0;
	if (!isdigit((unsigned char)p[2]) || !isdigit((unsigned char)p[3]))
		return 0;
	return (p[1] - '0') * 100 + (p[2] - '0') * 10 + (p[3] - '0') <= UINT8_MAX ? 4 : 0;
}

/* What is wrong with it (RFC 1035, 2.3.4), NULL if nothing. */
static const char *fault(const char *name)
{
	size_t label = 0, total = 0, n;

	if (!*name || strcmp(name, ".") == 0)
		return "is empty";
	for (const char *p = name; *p; p += n) {
		bool dot = *p == '.';

		n = char_length(p);
		if (!n)
			return "has a broken escape (\\DDD is a byte, as in a zone file)";
		if (dot && !label)
			return "has an empty label (two dots in a row, or one in front)";
		label = dot ? 0 : label + 1;
		if (label > NS_MAXLABEL)
			return "has a label of over 63 bytes";
		total += !dot || p[1];
	}
	return total > NS_MAXCDNAME - 2 ? "is over 253 bytes long" : NULL;
}

const char *dns_name_quote(const char *text, char quoted[static DNS_QUOTED])
{
	size_t used = 0;

	for (size_t i = 0; text[i]; i++) {
		unsigned char c = (unsigned char)text[i];

		if (i == DNS_QUOTED_BYTES) {
			memcpy(quoted + used, "...", 3);
			used += 3;
			break;
		}
		if (c > ' ' && c < 0x7f)
			quoted[used++] = (char)c;
		else
			used += (size_t)sprintf(quoted + used, "\\%03u", c);
	}
	quoted[used] = '\0';
	return quoted;
}

int dns_name_normal(const char *name, char **ret_text, struct failure *failure)
{
	const char *wrong = fault(name);
	unsigned char wire[NS_MAXCDNAME];
	char quoted[DNS_QUOTED], text[NS_MAXDNAME], *copy;

	if (!wrong && (ns_name_pton(name, wire, sizeof(wire)) < 0 ||
		       ns_name_ntop(wire, text, sizeof(text)) < 0))
		wrong = "cannot be written as DNS does";
	if (wrong)
		return failure_set(failure, -EINVAL, "the name \"%s\" %s and so cannot be in DNS",
				   dns_name_quote(name, quoted), wrong);
	copy = strdup(text);
	if (!copy)
		return failure_set(failure, -ENOMEM, "out of memory");
	*ret_text = copy;
	return 0;
}
