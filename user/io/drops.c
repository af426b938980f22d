// SPDX-License-Identifier: GPL-2.0-only
/* Which SYNs the kernel drops, and why. */
#include "io/drops.h"

#include "base/cleanup.h"
#include "drop.skel.h"

#include <bpf/btf.h>
#include <errno.h>
#include <malloc.h>
#include <string.h>
#include <sys/stat.h>

struct drops {
	struct drop *programs;
};

static void destroy(struct drop **programs)
{
	drop__destroy(*programs);
}

/* Kernels before 6.2 refuse the program that reads packets directly. */
static int load(const struct settings *settings, uint32_t netns, bool direct,
		struct drop **ret_programs)
{
	cleanup(destroy) struct drop *s = drop__open();
	int r;

	if (!s)
		return -ENOMEM;
	settings_write(settings, s);
	s->rodata->netns = netns;
	bpf_program__set_autoload(s->progs.drop_syn, direct);
	bpf_program__set_autoload(s->progs.drop_syn_old, !direct);
	r = settings_share(settings, s);
	r = r ? r : drop__load(s);
	r = r ? r : drop__attach(s);
	if (r < 0)
		return r;
	*ret_programs = take_ptr(s);
	return 0;
}

static int load_either(const struct settings *settings, struct drop **ret_programs)
{
	struct stat netns;

	if (stat("/proc/self/ns/net", &netns) < 0)
		return -errno;
	if (load(settings, (uint32_t)netns.st_ino, true, ret_programs) == 0)
		return 0;
	return load(settings, (uint32_t)netns.st_ino, false, ret_programs);
}

int drops_watch(struct drops **ret_drops, const struct settings *settings, struct failure *failure)
{
	cleanup(drops_free) struct drops *drops = calloc(1, sizeof(*drops));
	int r = -ENOMEM;

	if (drops)
		r = load_either(settings, &drops->programs);
	malloc_trim(0); /* of the kernel's BTF, which is as large as all else together */
	if (r < 0)
		return failure_set(failure, r,
				   "this kernel does not tell which packets it drops (that needs "
				   "Linux 5.17 and its BTF): %s; going on without, verdicts take a "
				   "second longer",
				   strerror(-r));
	*ret_drops = take_ptr(drops);
	return 0;
}

int drops_link(const struct drops *drops)
{
	const struct drop *s = drops->programs;

	return bpf_link__fd(s->links.drop_syn ? s->links.drop_syn : s->links.drop_syn_old);
}

void drops_release(struct drops *drops)
{
	drop__detach(drops->programs);
}

struct counters drops_counters(const struct drops *drops, unsigned cpus)
{
	return settings_sum(drops->programs->bss->counters, cpus);
}

void drops_free(struct drops **drops)
{
	if (!*drops)
		return;
	drop__destroy((*drops)->programs);
	free(*drops);
	*drops = NULL;
}

void drops_set_epoch(struct drops *drops, uint32_t epoch)
{
	__atomic_store_n(&drops->programs->bss->epoch, epoch, __ATOMIC_RELEASE);
}

#define PREFIX "SKB_DROP_REASON_"

static void free_btf(struct btf **btf)
{
	btf__free(*btf);
}

static void tell(const struct btf *btf, const struct btf_enum *value, input_fn *hear, void *data)
{
	const char *name = btf__name_by_offset(btf, value->name_off);
	struct input in = {.kind = INPUT_REASON};

	/* Reasons of subsystems are numbered in the upper half, and are not TCP's. */
	if (!name || strncmp(name, PREFIX, strlen(PREFIX)) != 0 || value->val < 0 ||
	    value->val > UINT16_MAX)
		return;
	in.reason = (struct input_reason){(uint16_t)value->val, name + strlen(PREFIX)};
	hear(data, &in);
}

int drops_tell_reasons(input_fn *hear, void *data)
{
	cleanup(free_btf) struct btf *btf = btf__load_vmlinux_btf();
	const struct btf_type *type;
	int id;

	if (!btf)
		return -ENOENT;
	id = btf__find_by_name_kind(btf, "skb_drop_reason", BTF_KIND_ENUM);
	type = id < 0 ? NULL : btf__type_by_id(btf, (uint32_t)id);
	if (!type)
		return -ENOENT;
	for (int i = 0; i < btf_vlen(type); i++)
		tell(btf, &btf_enum(type)[i], hear, data);
	return 0;
}
