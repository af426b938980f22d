// SPDX-License-Identifier: GPL-2.0-only
/* One instance of the programs. */
#include "io/instance.h"

#include "base/cleanup.h"
#include "pkt.h"
#include "synhole.skel.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_arp.h>
#include <string.h>

static void destroy(struct synhole **programs)
{
	synhole__destroy(*programs);
}

/* What frames of this link begin with; -1 for what the parser does not know. */
static int link_kind(const struct input_link *link)
{
	switch (link->type) {
	case ARPHRD_ETHER:
	case ARPHRD_LOOPBACK:
		return PKT_LINK_ETHERNET;
	case ARPHRD_NONE:
	case ARPHRD_PPP:
	case ARPHRD_RAWIP:
	case ARPHRD_TUNNEL:
	case ARPHRD_TUNNEL6:
	case ARPHRD_SIT:
	case ARPHRD_IPGRE:
	case ARPHRD_IP6GRE:
		return PKT_LINK_RAW;
	default:
		return -1;
	}
}

bool instance_reads(const struct input_link *link)
{
	return link_kind(link) >= 0;
}

/* Only the programs of its hooks are loaded. */
static void select_programs(struct synhole *s, bool xdp)
{
	bpf_program__set_autoload(s->progs.ingress_xdp, xdp);
	bpf_program__set_autoload(s->progs.ingress_tc, !xdp);
	bpf_program__set_autoload(s->progs.calibrate, false);
}

static int load(const struct settings *settings, const struct input_link *link, bool xdp,
		struct synhole **ret_programs)
{
	cleanup(destroy) struct synhole *s = synhole__open();
	int r;

	if (!s)
		return -errno;
	settings_write(settings, s);
	s->rodata->link = (uint32_t)link_kind(link);
	s->rodata->xdp_frags = settings->xdp_frags;
	s->rodata->attempt_shift = settings->attempt_shift;
	s->rodata->attempt_unit = settings->attempt_unit;
	select_programs(s, xdp);
	if (xdp && settings->xdp_frags)
		bpf_program__set_flags(s->progs.ingress_xdp, BPF_F_XDP_HAS_FRAGS);
	r = settings_share(settings, s);
	r = r ? r : synhole__load(s);
	if (r < 0)
		return r;
	*ret_programs = take_ptr(s);
	return 0;
}

/* Egress has no XDP: tc serves beside it. */
static int hook_egress(const struct synhole *s, uint32_t ifindex, struct hook *ret)
{
	int egress = bpf_program__fd(s->progs.egress_tc);
	int r = hook_tcx(egress, ifindex, true, ret);

	return r == -EINVAL ? hook_clsact(-1, egress, ifindex, ret) : r;
}

static int hook(struct instance *instance)
{
	const struct synhole *s = instance->programs;
	uint32_t ifindex = instance->ifindex;
	int r;

	switch (instance->kind) {
	case HOOK_XDP_NATIVE:
	case HOOK_XDP_GENERIC:
		r = hook_xdp(bpf_program__fd(s->progs.ingress_xdp), ifindex,
			     instance->kind == HOOK_XDP_GENERIC, &instance->ingress);
		return r < 0 ? r : hook_egress(s, ifindex, &instance->egress);
	case HOOK_TCX:
		r = hook_tcx(bpf_program__fd(s->progs.ingress_tc), ifindex, false,
			     &instance->ingress);
		if (r != -EINVAL)
			return r < 0 ? r : hook_egress(s, ifindex, &instance->egress);
		instance->kind = HOOK_CLSACT; /* before Linux 6.6 */
					      /* fall through */
	default:
		return hook_clsact(bpf_program__fd(s->progs.ingress_tc),
				   bpf_program__fd(s->progs.egress_tc), ifindex,
				   &instance->ingress);
	}
}

int instance_attach(const struct settings *settings, const struct input_link *link,
		    enum probe_hook kind, struct instance *ret_instance)
{
	cleanup(instance_free) struct instance fresh = {.kind = kind, .ifindex = link->ifindex};
	bool xdp = kind == HOOK_XDP_NATIVE || kind == HOOK_XDP_GENERIC;
	int r;

	memcpy(fresh.name, link->name, sizeof(fresh.name));
	r = load(settings, link, xdp, &fresh.programs);
	r = r < 0 ? r : hook(&fresh);
	if (r < 0)
		return r;
	*ret_instance = fresh;
	fresh = (struct instance){0};
	return 0;
}

void instance_release(struct instance *instance)
{
	hook_release(&instance->ingress);
	hook_release(&instance->egress);
}

void instance_free(struct instance *instance)
{
	instance_release(instance);
	synhole__destroy(instance->programs);
	instance->programs = NULL;
}

void instance_set_macs(struct instance *instance, const uint64_t macs[ABI_MACS])
{
	for (size_t i = 0; i < ABI_MACS; i++)
		__atomic_store_n(&instance->programs->bss->macs[i], macs[i], __ATOMIC_RELAXED);
}

void instance_set_epoch(struct instance *instance, uint32_t epoch)
{
	__atomic_store_n(&instance->programs->bss->epoch, epoch, __ATOMIC_RELEASE);
}

struct counters instance_counters(const struct instance *instance, unsigned cpus)
{
	return settings_sum(instance->programs->bss->counters, cpus);
}
