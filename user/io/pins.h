/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What outlives the daemon: its maps and links, pinned in bpffs, so that counting goes on while it
 * is away and the next one takes over where this one stopped.
 *
 * One directory for each network namespace, PINS_ROOT/INODE. It is locked while it is open: two
 * daemons of one namespace would take the programs from each other. Where /sys/fs/bpf is closed to
 * all but root, which is usual, a service of another user sees the same at PINS_ROOT_BOUND.
 */
#ifndef SYNHOLE_IO_PINS_H
#define SYNHOLE_IO_PINS_H

#include "base/failure.h"

#include <stdint.h>

#define PINS_ROOT "/sys/fs/bpf/synhole"
#define PINS_ROOT_BOUND "/run/synhole/bpf"
#define PINS_NAME 32

struct pins;

/* Makes the directory if need be, and locks it. -EBUSY: another daemon has it, and the sentence
 * names its pid. Another -errno: nothing can be kept there, and the sentence says why. */
int pins_open(struct pins **ret_pins, struct failure *failure);

/* Lets go of the lock; what is pinned stays. */
void pins_close(struct pins **pins);

/* A file descriptor of what is pinned under this name; -errno, -ENOENT for nothing. */
int pins_get(const struct pins *pins, const char *name);

/* Pins a map or a link, in place of what has that name. Returns 0 or -errno. */
int pins_put(const struct pins *pins, const char *name, int fd);

/* A link that nobody else holds leaves its hook with its pin. */
void pins_remove(const struct pins *pins, const char *name);

/* Every name there is; what it names may be removed meanwhile. */
void pins_each(const struct pins *pins, void (*tell)(void *data, const char *name), void *data);

/* Removes the directory, if nothing is in it any more. */
void pins_end(struct pins **pins);

#endif
