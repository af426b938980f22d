// SPDX-License-Identifier: GPL-2.0-only
/* One instance of the programs. */
#include "io/instance.h"

#include "base/cleanup.h"
#include "io/clsact.h"
#include "io/pins.h"
#include "pkt.h"
#include "synhole.skel.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_arp.h>
#include <stdio.h>
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

static int adopt_counters(const struct settings *settings, uint32_t ifindex, struct synhole *s);

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
	r = r ? r : adopt_counters(settings, link->ifindex, s);
	r = r ? r : synhole__load(s);
	if (r < 0)
		return r;
	*ret_programs = take_ptr(s);
	return 0;
}

/* ---- hooks, which an earlier run may have left */

enum pin { PIN_INGRESS = 'i', PIN_EGRESS = 'e', PIN_COUNTERS = 'c' };

static const char *pin_name(enum pin pin, uint32_t ifindex, char ret_name[static PINS_NAME])
{
	snprintf(ret_name, PINS_NAME, "%c%u", pin, ifindex);
	return ret_name;
}

static void unpin(const struct instance *i, enum pin pin)
{
	char name[PINS_NAME];

	if (i->pins)
		pins_remove(i->pins, pin_name(pin, i->ifindex, name));
}

/* The program takes the place of an earlier run's; nothing in between goes uncounted. */
static int take_over(const struct instance *i, enum pin pin, int program, struct hook *ret_hook)
{
	char name[PINS_NAME];
	autoclose int fd = i->pins ? pins_get(i->pins, pin_name(pin, i->ifindex, name)) : -ENOENT;
	int r = fd < 0 ? fd : hook_replace(&fd, program, ret_hook);

	if (r < 0) /* a link of another kind, or of an interface that was */
		unpin(i, pin);
	return r;
}

static void keep(const struct instance *i, enum pin pin, int fd)
{
	char name[PINS_NAME];

	if (i->pins)
		pins_put(i->pins, pin_name(pin, i->ifindex, name), fd);
}

/* An earlier run may have attached by links: two would count the same. */
static int by_clsact(struct instance *i, int ingress, int egress, struct hook *ret_hook)
{
	int r;

	if (!i->pins)
		return hook_clsact(ingress, egress, i->ifindex, ret_hook);
	i->left_clsact = true;
	r = clsact_leave(ingress, egress, i->ifindex);
	if (r == 0 && ingress >= 0)
		unpin(i, PIN_INGRESS);
	if (r == 0)
		unpin(i, PIN_EGRESS);
	return r;
}

/* Egress has no XDP: tc serves beside it. */
static int hook_egress(struct instance *i)
{
	int egress = bpf_program__fd(i->programs->progs.egress_tc);
	int r = take_over(i, PIN_EGRESS, egress, &i->egress);

	if (r == 0)
		return 0;
	r = hook_tcx(egress, i->ifindex, true, &i->egress);
	if (r == 0)
		keep(i, PIN_EGRESS, i->egress.fd);
	return r == -EINVAL ? by_clsact(i, -1, egress, &i->egress) : r;
}

static int hook_ingress(struct instance *i, int program)
{
	int r = take_over(i, PIN_INGRESS, program, &i->ingress);

	if (r == 0)
		return 0;
	if (i->kind == HOOK_TCX)
		r = hook_tcx(program, i->ifindex, false, &i->ingress);
	else
		r = hook_xdp(program, i->ifindex, i->kind == HOOK_XDP_GENERIC, &i->ingress);
	if (r == 0)
		keep(i, PIN_INGRESS, i->ingress.fd);
	return r;
}

static int hook(struct instance *i)
{
	const struct synhole *s = i->programs;
	int r;

	switch (i->kind) {
	case HOOK_XDP_NATIVE:
	case HOOK_XDP_GENERIC:
		r = hook_ingress(i, bpf_program__fd(s->progs.ingress_xdp));
		return r < 0 ? r : hook_egress(i);
	case HOOK_TCX:
		r = hook_ingress(i, bpf_program__fd(s->progs.ingress_tc));
		if (r != -EINVAL)
			return r < 0 ? r : hook_egress(i);
		i->kind = HOOK_CLSACT; /* before Linux 6.6 */
				       /* fall through */
	default:
		return by_clsact(i, bpf_program__fd(s->progs.ingress_tc),
				 bpf_program__fd(s->progs.egress_tc), &i->ingress);
	}
}

/* Counters of an earlier run are those of this one where its hook is taken over, too. */
static int adopt_counters(const struct settings *settings, uint32_t ifindex, struct synhole *s)
{
	struct bpf_map_info info = {0};
	uint32_t len = sizeof(info);
	char name[PINS_NAME];
	autoclose int fd = -1;

	if (!settings->pins || !settings->adopted)
		return 0;
	fd = pins_get(settings->pins, pin_name(PIN_COUNTERS, ifindex, name));
	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &len) < 0 ||
	    info.value_size != bpf_map__value_size(s->maps.bss))
		return 0;
	return bpf_map__reuse_fd(s->maps.bss, fd);
}

int instance_attach(const struct settings *settings, const struct input_link *link,
		    enum probe_hook kind, struct instance *ret_instance)
{
	cleanup(instance_free) struct instance fresh = {
		.kind = kind,
		.ifindex = link->ifindex,
		.pins = settings->pins,
	};
	bool xdp = kind == HOOK_XDP_NATIVE || kind == HOOK_XDP_GENERIC;
	int r;

	memcpy(fresh.name, link->name, sizeof(fresh.name));
	r = load(settings, link, xdp, &fresh.programs);
	if (r < 0)
		return r;
	instance_set_epoch(&fresh, settings->epoch); /* adopted memory has its own */
	r = hook(&fresh);
	if (r < 0) {
		instance_release(&fresh);
		return r;
	}
	/* What a run left that attached the other way; only now, so that nothing goes uncounted. */
	if (fresh.pins && !fresh.left_clsact)
		clsact_take(fresh.ifindex);
	keep(&fresh, PIN_COUNTERS, bpf_map__fd(fresh.programs->maps.bss));
	*ret_instance = fresh;
	fresh = (struct instance){0};
	return 0;
}

bool instance_remove_pins(const struct pins *pins, uint32_t ifindex)
{
	static const enum pin all[] = {PIN_INGRESS, PIN_EGRESS, PIN_COUNTERS};
	char name[PINS_NAME];
	bool any = false;

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		autoclose int fd = pins_get(pins, pin_name(all[i], ifindex, name));

		any |= fd >= 0;
		pins_remove(pins, name);
	}
	return any;
}

bool instance_holds(const struct instance *i)
{
	return hook_holds(&i->ingress) && hook_holds(&i->egress) &&
	       (!i->left_clsact || clsact_holds(i->ifindex, i->kind == HOOK_CLSACT));
}

void instance_release(struct instance *i)
{
	if (i->pins)
		instance_remove_pins(i->pins, i->ifindex);
	if (i->left_clsact)
		clsact_take(i->ifindex);
	hook_release(&i->ingress);
	hook_release(&i->egress);
}

void instance_free(struct instance *i)
{
	hook_release(&i->ingress);
	hook_release(&i->egress);
	synhole__destroy(i->programs);
	i->programs = NULL;
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
