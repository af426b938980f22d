/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One program on one interface, by XDP, by tcx or by clsact, held by a file descriptor: when the
 * process goes, however it goes, the hook goes too.
 */
#ifndef SYNHOLE_IO_HOOK_H
#define SYNHOLE_IO_HOOK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct hook {
	int fd;	   /* of a bpf_link, or of a pipe to the process that undoes a clsact filter */
	pid_t pid; /* of that process, else 0 */
};

/* All return 0 or -errno. -EBUSY, -EEXIST: another program is there; -EOPNOTSUPP or -EINVAL: the
 * driver (XDP) or the kernel (tcx, before 6.6) does not have this hook. */
int hook_xdp(int program, uint32_t ifindex, bool generic, struct hook *ret_hook);
int hook_tcx(int program, uint32_t ifindex, bool egress, struct hook *ret_hook);

/* Both programs in one hook; -1 for none. */
int hook_clsact(int ingress, int egress, uint32_t ifindex, struct hook *ret_hook);

/* The link in `fd`, which is ours from now on, runs this program instead of its own. */
int hook_replace(int *fd, int program, struct hook *ret_hook);

/* Whether the program is still there: somebody may have taken it off. */
bool hook_holds(const struct hook *hook);

/* Returns when the program is off the interface, or is held by nothing but its pin. */
void hook_release(struct hook *hook);

/* The XDP program on this interface: its id (0: none) and name. */
uint32_t hook_xdp_occupant(uint32_t ifindex, char ret_name[static 16]);

#endif
