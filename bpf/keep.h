/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Keeping packets: the first bytes of what was counted go to user space as they are.
 *
 * Only where `keeping` says so; a caller tests that first, so that the verifier removes the rest
 * where it does not. Each class has a ration of its own for each CPU and tick, so that no scan uses
 * up what is for those that are lost, and what is not kept is counted.
 */
#ifndef SYNHOLE_KEEP_H
#define SYNHOLE_KEEP_H

#include "maps.h"

_Static_assert(ABI_PACKET_BYTES == PKT_COPY, "as much is kept as is copied to be parsed");

/* As in struct packet_event. */
struct keep_as {
	__u32 ifindex, length;
	__u16 reason;
	__u8 hook, class, link;
};

static __always_inline bool has_ration(struct ration *r, __u32 class)
{
	__u64 tick = bpf_jiffies64();

	if (r->tick != tick) {
		r->tick = tick;
		for (int i = 0; i < PACKET_CLASSES; i++)
			r->left[i] = packet_rations[i];
	}
	if (class >= PACKET_CLASSES || !r->left[class])
		return false;
	r->left[class]--;
	return true;
}

static __always_inline bool send_packet(const struct keep_as *as, const void *from, __u64 length)
{
	struct packet_event *event = bpf_ringbuf_reserve(&kept, sizeof(*event), 0);
	__u32 size = pkt_copy_size(length);

	if (!event)
		return false;
	event->time = bpf_ktime_get_ns();
	event->ifindex = as->ifindex;
	event->length = as->length;
	event->kept = size;
	event->reason = as->reason;
	event->hook = as->hook;
	event->class = as->class;
	event->link = as->link;
	event->pad = 0;
	if (bpf_probe_read_kernel(event->bytes, size, from)) {
		bpf_ringbuf_discard(event, 0);
		return false;
	}
	bpf_ringbuf_submit(event, 0);
	return true;
}

/* `length` bytes (not 0) at `from`, which may be any of the kernel's memory. */
static __always_inline void keep(const struct keep_as *as, const void *from, __u64 length)
{
	__u32 zero = 0;
	struct ration *r = bpf_map_lookup_elem(&rations, &zero);

	if (r && (!has_ration(r, as->class) || !send_packet(as, from, length)))
		r->lost++;
}

#endif
