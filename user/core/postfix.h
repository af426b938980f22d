/* SPDX-License-Identifier: GPL-2.0-only */
/* What Postfix's main.cf says of the addresses that it sends from (postconf(5)). */
#ifndef SYNHOLE_CORE_POSTFIX_H
#define SYNHOLE_CORE_POSTFIX_H

#include "abi.h"

#include <stdbool.h>
#include <stddef.h>

#define POSTFIX_VALUE 256

/* Values as they stand there, cut at POSTFIX_VALUE; "" for those that do not: Postfix takes its
 * defaults then ("any", "all", none). Variables in them are not looked up, and what master.cf says
 * for one service is not known. */
struct postfix {
	char smtp_address_preference[POSTFIX_VALUE];
	char smtp_bind_address[POSTFIX_VALUE], smtp_bind_address6[POSTFIX_VALUE];
	char inet_protocols[POSTFIX_VALUE];
	char myhostname[POSTFIX_VALUE], mydomain[POSTFIX_VALUE], myorigin[POSTFIX_VALUE];
};

/* `text` of `size` bytes: hostile. */
void postfix_read(const char *text, size_t size, struct postfix *ret_postfix);

enum postfix_sends {
	POSTFIX_NEVER,	    /* not from the address */
	POSTFIX_FALLS_BACK, /* only to hosts that it cannot reach by the other family */
	POSTFIX_AS_CHOSEN,  /* wherever the kernel chooses it as a source */
	POSTFIX_ALWAYS,	    /* it is told to */
};

/* Does it send mail from `a`, once the host has that address? */
enum postfix_sends postfix_sends_from(const struct postfix *postfix, const struct addr *a);

#endif
