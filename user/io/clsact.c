// SPDX-License-Identifier: GPL-2.0-only
/* tc ingress and egress through clsact, undone by a process that outlives us. */
#include "io/clsact.h"

#include "base/cleanup.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

struct filters {
	uint32_t ifindex;
	bool qdisc_is_ours;
	int count;
	struct {
		struct bpf_tc_hook hook;
		struct bpf_tc_opts opts;
	} each[2];
};

static int count_message(const struct nlmsghdr *message, void *data)
{
	const struct tcmsg *tc = mnl_nlmsg_get_payload(message);

	if (message->nlmsg_type == RTM_NEWTFILTER && tc->tcm_handle)
		++*(int *)data;
	return MNL_CB_OK;
}

/* How many filters hang there; -errno if it cannot be told. */
static int count_filters(struct mnl_socket *socket, uint32_t ifindex, uint32_t parent)
{
	char buffer[8192] = {0};
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct tcmsg *tc = mnl_nlmsg_put_extra_header(request, sizeof(*tc));
	int count = 0, r = 1;
	ssize_t n;

	request->nlmsg_type = RTM_GETTFILTER;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	tc->tcm_ifindex = (int)ifindex;
	tc->tcm_parent = parent;
	if (mnl_socket_sendto(socket, request, request->nlmsg_len) < 0)
		return -errno;
	while (r > 0) {
		n = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));
		if (n < 0)
			return -errno;
		r = mnl_cb_run(buffer, (size_t)n, 0, 0, count_message, &count);
		if (r < 0)
			return -errno;
	}
	return count;
}

static bool qdisc_is_idle(uint32_t ifindex)
{
	struct mnl_socket *socket = mnl_socket_open(NETLINK_ROUTE);
	bool idle;

	if (!socket)
		return false;
	idle = mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) == 0 &&
	       count_filters(socket, ifindex, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS)) == 0 &&
	       count_filters(socket, ifindex, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS)) == 0;
	mnl_socket_close(socket);
	return idle;
}

/* libbpf wants even the padding of its structs to be zero: they are filled in place, not copied. */
static void set_hook(struct bpf_tc_hook *hook, uint32_t ifindex, enum bpf_tc_attach_point point)
{
	memset(hook, 0, sizeof(*hook));
	hook->sz = sizeof(*hook);
	hook->ifindex = (int)ifindex;
	hook->attach_point = point;
}

/* Whether it was made, or was there. */
static int make_qdisc(uint32_t ifindex, bool *ret_made)
{
	struct bpf_tc_hook hook;
	int r;

	set_hook(&hook, ifindex, BPF_TC_INGRESS);
	r = bpf_tc_hook_create(&hook);
	if (r < 0 && r != -EEXIST)
		return r;
	*ret_made = r == 0;
	return 0;
}

static void undo(struct filters *filters)
{
	struct bpf_tc_hook both;

	for (int i = 0; i < filters->count; i++) {
		struct bpf_tc_opts *opts = &filters->each[i].opts;

		opts->prog_fd = 0;
		opts->prog_id = 0;
		opts->flags = 0;
		bpf_tc_detach(&filters->each[i].hook, opts);
	}
	set_hook(&both, filters->ifindex, BPF_TC_INGRESS | BPF_TC_EGRESS);
	if (filters->qdisc_is_ours && qdisc_is_idle(filters->ifindex))
		bpf_tc_hook_destroy(&both);
}

/* The process that waits for our end: it holds nothing of ours but the pipe's other side. */
static _Noreturn void wait_and_undo(struct filters *filters, int pipe)
{
	char byte;

	setsid(); /* out of the reach of the terminal's signals */
	prctl(PR_SET_NAME, "synhole-detach");
	if (dup2(pipe, 0) < 0)
		_exit(1);
	syscall(SYS_close_range, 1U, ~0U, 0U);
	while (read(0, &byte, 1) < 0 && errno == EINTR)
		;
	undo(filters);
	_exit(0);
}

static int guard(struct filters *filters, int *ret_fd, pid_t *ret_pid)
{
	autoclose int ours = -1, theirs = -1;
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	theirs = fds[0];
	ours = fds[1];
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0)
		wait_and_undo(filters, theirs);
	*ret_fd = take_fd(&ours);
	*ret_pid = pid;
	return 0;
}

static int attach(struct filters *filters, int program, enum bpf_tc_attach_point point)
{
	struct bpf_tc_hook *hook = &filters->each[filters->count].hook;
	struct bpf_tc_opts *opts = &filters->each[filters->count].opts;
	int r;

	if (program < 0)
		return 0;
	set_hook(hook, filters->ifindex, point);
	memset(opts, 0, sizeof(*opts));
	opts->sz = sizeof(*opts);
	opts->prog_fd = program;
	r = bpf_tc_attach(hook, opts);
	if (r == 0)
		filters->count++;
	return r;
}

/* By these they are known again; nobody else is likely to have chosen them. */
#define LEFT_HANDLE 0x5359
#define LEFT_PRIORITY 0x5359

/* `act` is bpf_tc_query or bpf_tc_detach. */
static bool left(uint32_t ifindex, enum bpf_tc_attach_point point,
		 int (*act)(const struct bpf_tc_hook *hook, struct bpf_tc_opts *opts))
{
	struct bpf_tc_hook hook;
	struct bpf_tc_opts opts;

	set_hook(&hook, ifindex, point);
	memset(&opts, 0, sizeof(opts));
	opts.sz = sizeof(opts);
	opts.handle = LEFT_HANDLE;
	opts.priority = LEFT_PRIORITY;
	return act(&hook, &opts) == 0;
}

static int detach(const struct bpf_tc_hook *hook, struct bpf_tc_opts *opts)
{
	return bpf_tc_detach(hook, opts);
}

static bool take(uint32_t ifindex, enum bpf_tc_attach_point point)
{
	return left(ifindex, point, bpf_tc_query) && left(ifindex, point, detach);
}

static int leave(int program, uint32_t ifindex, enum bpf_tc_attach_point point)
{
	struct bpf_tc_hook hook;
	struct bpf_tc_opts opts;

	if (program < 0) {
		take(ifindex, point);
		return 0;
	}
	set_hook(&hook, ifindex, point);
	memset(&opts, 0, sizeof(opts));
	opts.sz = sizeof(opts);
	opts.prog_fd = program;
	opts.handle = LEFT_HANDLE;
	opts.priority = LEFT_PRIORITY;
	opts.flags = BPF_TC_F_REPLACE;
	return bpf_tc_attach(&hook, &opts);
}

int clsact_leave(int ingress, int egress, uint32_t ifindex)
{
	bool ignored;
	int r = make_qdisc(ifindex, &ignored);

	r = r < 0 ? r : leave(ingress, ifindex, BPF_TC_INGRESS);
	return r < 0 ? r : leave(egress, ifindex, BPF_TC_EGRESS);
}

bool clsact_take(uint32_t ifindex)
{
	bool in = take(ifindex, BPF_TC_INGRESS), out = take(ifindex, BPF_TC_EGRESS);
	struct bpf_tc_hook both;

	set_hook(&both, ifindex, BPF_TC_INGRESS | BPF_TC_EGRESS);
	if ((in || out) && qdisc_is_idle(ifindex))
		bpf_tc_hook_destroy(&both);
	return in || out;
}

bool clsact_holds(uint32_t ifindex, bool ingress)
{
	return left(ifindex, BPF_TC_EGRESS, bpf_tc_query) &&
	       (!ingress || left(ifindex, BPF_TC_INGRESS, bpf_tc_query));
}

int clsact_attach(int ingress, int egress, uint32_t ifindex, int *ret_fd, pid_t *ret_pid)
{
	struct filters filters = {.ifindex = ifindex};
	int r = make_qdisc(ifindex, &filters.qdisc_is_ours);

	if (r < 0)
		return r;
	r = attach(&filters, ingress, BPF_TC_INGRESS);
	r = r < 0 ? r : attach(&filters, egress, BPF_TC_EGRESS);
	r = r < 0 ? r : guard(&filters, ret_fd, ret_pid);
	if (r < 0)
		undo(&filters);
	return r;
}
