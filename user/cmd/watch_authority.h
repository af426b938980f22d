/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The daemon asks the zones' own servers about the names of its black holes, one after the other
 * and without waiting: what they have dropped and the resolver still serves will be over by itself.
 */
#ifndef SYNHOLE_CMD_WATCH_AUTHORITY_H
#define SYNHOLE_CMD_WATCH_AUTHORITY_H

#include "cmd/session.h"
#include "core/incidents.h"

struct watch_authority;

int watch_authority_new(struct watch_authority **ret_authority, struct session *session);
void watch_authority_free(struct watch_authority **authority);

/* Asks about what is due. INPUT_AUTHORITY of it is heard by session_hear(). Not from within a
 * resolver's answer. */
void watch_authority_tick(struct watch_authority *authority, const struct incidents *incidents,
			  when_t now);

#endif
