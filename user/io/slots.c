// SPDX-License-Identifier: GPL-2.0-only
/* The counting table, read while the programs write. */
#include "io/slots.h"

#include "base/address.h"

#include <errno.h>
#include <sys/mman.h>

#define ATTEMPTS 4

/* A snapshot spends its time here: what is copied is what is told, and once. */
static inline __attribute__((always_inline)) bool
take(const struct table_seed *seed, const struct slot *slot, struct slot *ret_slot)
{
	for (int i = 0; i < ATTEMPTS; i++) {
		__u64 before = __atomic_load_n(&slot->tagged, __ATOMIC_ACQUIRE), after;
		struct slot copy;

		if (!before)
			return false;
		copy = *(const volatile struct slot *)slot;
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		after = __atomic_load_n(&slot->tagged, __ATOMIC_RELAXED);
		if ((before ^ after) & ~ABI_COUNT_MASK ||
		    table_tag(seed, &copy.key) != (before & ~ABI_COUNT_MASK))
			continue;
		*ret_slot = copy;
		ret_slot->tagged = before;
		return true;
	}
	return false;
}

bool slots_read(const struct table_seed *seed, const struct slot *slot, struct slot *ret_slot)
{
	return take(seed, slot, ret_slot);
}

/* The slots keep the low half of the tick count, which is enough for a time that is past. What
 * seems to be of the last second before the count's turn came after the clock was read. */
static when_t time_of(const struct tick_clock *clock, uint32_t second, __u32 jiffies)
{
	uint32_t ago = (uint32_t)clock->jiffies - jiffies;

	return ago > UINT32_MAX - second ? clock->now : clock->now - ago * clock->tick;
}

static void tell_region(const struct slots *slots, const struct slot *region,
			const struct tick_clock *clock, const struct addr *only, input_fn *hear,
			void *data)
{
	struct input in = {.kind = INPUT_COUNT, .now = clock->now};
	const uint32_t second = (uint32_t)(1000000000 / clock->tick); /* in ticks */
	struct slot slot;

	for (size_t i = 0; i < slots->region / sizeof(slot); i++) {
		if (only && !address_equal(&region[i].key.dst, only))
			continue;
		if (!take(&slots->seed, &region[i], &slot))
			continue;
		in.count = (struct input_count){
			.kind = slot.key.kind,
			.ifindex = slot.key.ifindex,
			.dst = slot.key.dst,
			.src = slot.src,
			.port = slot.key.port,
			.syns = table_count(&slot),
			.first = time_of(clock, second, slot.first),
			.last = time_of(clock, second, slot.last),
		};
		hear(data, &in);
	}
}

/* One CPU's region. What stays mapped is mapped when it is wanted first. */
static const struct slot *map_region(struct slots *slots, unsigned cpu)
{
	size_t begin = slots->stays ? 0 : cpu * slots->region;
	size_t bytes = slots->stays ? slots->region * slots->cpus : slots->region;
	void *at = slots->table;

	if (!at)
		at = mmap(NULL, bytes, PROT_READ, MAP_SHARED, slots->fd, (off_t)begin);
	if (at == MAP_FAILED)
		return NULL;
	if (!slots->stays)
		return at;
	slots->table = at;
	return slots->table + cpu * (slots->region / sizeof(struct slot));
}

void slots_close(struct slots *slots)
{
	if (slots->table)
		munmap(slots->table, slots->region * slots->cpus);
	slots->table = NULL;
}

int slots_tell(struct slots *slots, const struct tick_clock *clock, const struct addr *only,
	       input_fn *hear, void *data)
{
	struct input in = {.kind = INPUT_COUNTS_BEGIN, .now = clock->now, .answers_watched = true};
	int r = 0;

	hear(data, &in);
	for (unsigned cpu = 0; cpu < slots->cpus; cpu++) {
		const struct slot *region = map_region(slots, cpu);

		if (!region) {
			r = -errno;
			continue;
		}
		tell_region(slots, region, clock, only, hear, data);
		if (!slots->stays)
			munmap((void *)region, slots->region);
	}
	in.kind = INPUT_COUNTS_END;
	hear(data, &in);
	return r;
}

#define LEAST ((size_t)64 << 10)

size_t slots_region_bytes(unsigned cpus)
{
	const size_t most = 64 << 20;
	size_t bytes = 2 << 20;

	while (bytes * cpus > most && bytes > LEAST)
		bytes /= 2;
	return bytes;
}

/* Sets are numbered in 32 bits over all CPUs, so 64 GiB in all is more than enough. */
size_t slots_region_of(size_t total, unsigned cpus)
{
	size_t bytes = (size_t)1 << 36;

	while (bytes >= LEAST && bytes > total / cpus)
		bytes /= 2;
	return bytes >= LEAST ? bytes : 0;
}
