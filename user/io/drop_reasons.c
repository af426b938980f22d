// SPDX-License-Identifier: GPL-2.0-only
/* The running kernel's names for its reasons to drop a packet. */
#include "io/drop_reasons.h"

#include "base/cleanup.h"

#include <bpf/btf.h>
#include <errno.h>
#include <string.h>

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

int drop_reasons(input_fn *hear, void *data)
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
