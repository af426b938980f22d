// SPDX-License-Identifier: GPL-2.0-only
/* The counting table, read while the programs write. */
#include "io/slots.h"

#include "base/address.h"

#include <errno.h>
#include <sys/mman.h>

#define ATTEMPTS 4

bool slots_read(const struct table_seed *seed, const struct slot *slot, struct slot *ret_slot)
{
	for (int i = 0; i < ATTEMPTS; i++) {
		__u64 before = __atomic_load_n(&slot->tagged, __ATOMIC_ACQUIRE), after;
		struct slot copy;

		if (!before)
			return false;
		copy = *(const volatile struct slot *)slot;
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		after = __atomic_load_n(&slot->tagged, __ATOMIC_RELAXED);
		copy.tagged = before;
		if ((before ^ after) & ~ABI_COUNT_MASK ||
		    table_tag(seed, &copy.key) != (before & ~ABI_COUNT_MASK))
			continue;
		*ret_slot = copy;
		return true;
	}
	return false;
}

/* The slots keep the low half of the tick count, which is enough for a time that is past. What
 * seems to be of the last second before the count's turn came after the clock was read. */
static when_t time_of(const struct tick_clock *clock, __u32 jiffies)
{
	uint32_t ago = (uint32_t)clock->jiffies - jiffies;

	return ago > UINT32_MAX - 1000000000 / clock->tick ? clock->now
							   : clock->now - ago * clock->tick;
}

static void tell_region(const struct slots *slots, const struct slot *region,
			const struct tick_clock *clock, const struct addr *only, input_fn *hear,
			void *data)
{
	struct input in = {.kind = INPUT_COUNT, .now = clock->now};
	struct slot slot;

	for (size_t i = 0; i < slots->region / sizeof(slot); i++) {
		if (only && !address_equal(&region[i].key.dst, only))
			continue;
		if (!slots_read(&slots->seed, &region[i], &slot))
			continue;
		in.count = (struct input_count){
			.kind = slot.key.kind,
			.ifindex = slot.key.ifindex,
			.dst = slot.key.dst,
			.src = slot.src,
			.port = slot.key.port,
			.syns = table_count(&slot),
			.first = time_of(clock, slot.first),
			.last = time_of(clock, slot.last),
		};
		hear(data, &in);
	}
}

int slots_tell(const struct slots *slots, const struct tick_clock *clock, const struct addr *only,
	       input_fn *hear, void *data)
{
	struct input in = {.kind = INPUT_COUNTS_BEGIN, .now = clock->now, .answers_watched = true};
	int r = 0;

	hear(data, &in);
	for (unsigned cpu = 0; cpu < slots->cpus; cpu++) {
		void *region = mmap(NULL, slots->region, PROT_READ, MAP_SHARED, slots->fd,
				    (off_t)(cpu * slots->region));

		if (region == MAP_FAILED) {
			r = -errno;
			continue;
		}
		tell_region(slots, region, clock, only, hear, data);
		munmap(region, slots->region);
	}
	in.kind = INPUT_COUNTS_END;
	hear(data, &in);
	return r;
}

size_t slots_region_bytes(unsigned cpus)
{
	const size_t most = 64 << 20, least = 64 << 10;
	size_t bytes = 2 << 20;

	while (bytes * cpus > most && bytes > least)
		bytes /= 2;
	return bytes;
}
