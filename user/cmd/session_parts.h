/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files session*.c know of each other, and nobody else needs. */
#ifndef SYNHOLE_CMD_SESSION_PARTS_H
#define SYNHOLE_CMD_SESSION_PARTS_H

#include "cmd/session.h"

/* The input_fn of all ears; `data` is the session. */
void session_hear(void *data, const struct input *in);

/* Tells the programs everything: what they knew is looked at again, what is new is added. */
void session_tell_all_known(struct session *session);

/* ... and only what an input may have changed. */
void session_tell_change(struct session *session, const struct input *in);

/* MAC addresses change while we watch: a bond's, or one that an administrator sets. */
void session_tell_macs(struct session *session);

/* The one that all questions to DNS go to; opened when the first one is asked. */
int session_open_resolver(struct session *session, struct failure *failure);

/* True if this was an answer about a stray, which is nothing else's business. */
bool session_hear_name_of_stray(struct session *session, const struct input *in);

/* Notes the interfaces that the options name. */
void session_choose_interfaces(struct session *session);

/* Attaches those that are not; returns how many are. What cannot be attached is said. */
size_t session_attach_interfaces(struct session *session);

/* Lets those go that the options do not mean any more. */
void session_drop_interfaces(struct session *session);

void session_mark_gone(struct session *session, const struct input_link *link);

#endif
