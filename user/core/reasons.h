/* SPDX-License-Identifier: GPL-2.0-only */
/* What the running kernel calls its reasons for dropping a packet: numbers move between versions.
 */
#ifndef SYNHOLE_CORE_REASONS_H
#define SYNHOLE_CORE_REASONS_H

#include "core/input.h"

#define REASONS_MAX 512
#define REASONS_TEXT 48

struct reasons {
	char names[REASONS_MAX][REASONS_TEXT];
};

/* Hears INPUT_REASON, ignores the others. */
void reasons_feed(struct reasons *reasons, const struct input *in);

/* NULL: the kernel has not said. */
const char *reasons_name(const struct reasons *reasons, uint16_t number);

/* A firewall's drop, as opposed to one for want of an owner or a route. */
bool reasons_is_firewall(const struct reasons *reasons, uint16_t number);

/* There was no owner for the destination. */
bool reasons_is_ownerless(const struct reasons *reasons, uint16_t number);

/* A listener's queue was full. */
bool reasons_is_backlog(const struct reasons *reasons, uint16_t number);

#endif
