/* SPDX-License-Identifier: GPL-2.0-only */
/* Postfix's configuration, from where it lies: $MAIL_CONFIG or /etc/postfix (postfix(1)). */
#ifndef SYNHOLE_IO_MAIN_CF_H
#define SYNHOLE_IO_MAIN_CF_H

#include "core/postfix.h"

/* -ENOENT: Postfix is not configured here. `ret_path` is where it was looked for. */
int main_cf_read(struct postfix *ret_postfix, char ret_path[static 256]);

#endif
