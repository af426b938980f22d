// SPDX-License-Identifier: GPL-2.0-only
/* One program on one interface. */
#include "io/hook.h"

#include "base/cleanup.h"
#include "io/clsact.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <stdio.h>
#include <sys/wait.h>

/* From 6.6 on; newer than the headers of Debian 12 (include/uapi/linux/bpf.h). */
#define BPF_TCX_INGRESS 46
#define BPF_TCX_EGRESS 47
#define BPF_F_BEFORE (1U << 3)

static int link_to(int program, uint32_t ifindex, int type, uint32_t flags, struct hook *ret_hook)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = flags);
	int fd = bpf_link_create(program, (int)ifindex, type, &opts);

	if (fd < 0)
		return fd;
	*ret_hook = (struct hook){.fd = fd};
	return 0;
}

int hook_xdp(int program, uint32_t ifindex, bool generic, struct hook *ret_hook)
{
	return link_to(program, ifindex, BPF_XDP, generic ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE,
		       ret_hook);
}

/* First in the row: what a program before us drops or redirects has arrived all the same. Last in
 * the row on the way out: what leaves is what others have let pass. */
int hook_tcx(int program, uint32_t ifindex, bool egress, struct hook *ret_hook)
{
	if (egress)
		return link_to(program, ifindex, BPF_TCX_EGRESS, 0, ret_hook);
	return link_to(program, ifindex, BPF_TCX_INGRESS, BPF_F_BEFORE, ret_hook);
}

int hook_clsact(int ingress, int egress, uint32_t ifindex, struct hook *ret_hook)
{
	return clsact_attach(ingress, egress, ifindex, &ret_hook->fd, &ret_hook->pid);
}

int hook_replace(int *fd, int program, struct hook *ret_hook)
{
	int r = bpf_link_update(*fd, program, NULL);

	if (r < 0)
		return r;
	*ret_hook = (struct hook){.fd = take_fd(fd)};
	return 0;
}

/* A link of XDP or tcx has the interface's number in the same place, and 0 once it was taken off
 * or the interface is gone (include/uapi/linux/bpf.h, struct bpf_link_info). */
bool hook_holds(const struct hook *hook)
{
	struct bpf_link_info info = {0};
	uint32_t len = sizeof(info);

	if (hook->fd <= 0 || hook->pid > 0)
		return true;
	return bpf_obj_get_info_by_fd(hook->fd, &info, &len) < 0 || info.xdp.ifindex;
}

void hook_release(struct hook *hook)
{
	if (hook->fd > 0)
		close_fd(&hook->fd);
	hook->fd = 0;
	if (hook->pid > 0)
		waitpid(hook->pid, NULL, 0);
	hook->pid = 0;
}

uint32_t hook_xdp_occupant(uint32_t ifindex, char ret_name[static 16])
{
	LIBBPF_OPTS(bpf_xdp_query_opts, query);
	struct bpf_prog_info info = {0};
	uint32_t len = sizeof(info);
	autoclose int fd = -1;

	ret_name[0] = '\0';
	if (bpf_xdp_query((int)ifindex, 0, &query) < 0 || !query.prog_id)
		return 0;
	fd = bpf_prog_get_fd_by_id(query.prog_id);
	if (fd >= 0 && bpf_obj_get_info_by_fd(fd, &info, &len) == 0)
		snprintf(ret_name, 16, "%s", info.name);
	return query.prog_id;
}
