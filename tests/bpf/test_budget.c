// SPDX-License-Identifier: GPL-2.0-only
/* Under a flood the programs do only what they may, leave out nothing of what matters, and say how
 * much they left out. */
#include "instance.h"

#include <bpf/bpf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FLOOD 5000
#define ROUNDS 20 /* a tick may begin within one, not within each */

static const struct frame *frame_named(const char *name)
{
	for (size_t i = 0; i < frames_count; i++)
		if (strcmp(frames[i].name, name) == 0)
			return &frames[i];
	fail_msg("no frame is called %s", name);
	return NULL;
}

static void run(const struct instance *instance, const struct frame *frame, int repeat)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame->bytes, .data_size_in = frame->len,
		    .repeat = repeat);

	assert_int_equal(bpf_prog_test_run_opts(instance_program(instance), &opts), 0);
}

static __u64 counted(const struct instance *instance, const struct addr *dst)
{
	__u64 sum = 0;

	for (size_t i = 0; i < instance->slots; i++)
		if (!memcmp(&instance->table[i].key.dst, dst, sizeof(*dst)))
			sum += table_count(&instance->table[i]);
	return sum;
}

static __u64 counted_in_all(const struct instance *instance)
{
	__u64 sum = 0;

	for (size_t i = 0; i < instance->slots; i++)
		sum += table_count(&instance->table[i]);
	return sum;
}

/* One published address is called without end, as by a loop; another one's first SYN is told. */
static void test_share(void **state)
{
	const struct frame *loud = frame_named("v6 linux"), *quiet = frame_named("v4 linux");
	struct instance instance;
	struct counters c;
	int told = 0;

	instance_load(&instance, "tc", WHICH_TC, PKT_LINK_ETHERNET);
	for (int i = 0; i < ROUNDS; i++) {
		run(&instance, loud, FLOOD);
		ring_buffer__consume(instance.events);
		told += instance.event_count;
		instance.event_count = 0;
		run(&instance, quiet, 1);
		ring_buffer__consume(instance.events);
		assert_int_equal(instance.event_count, 1);
		assert_memory_equal(&instance.event.dst, &quiet->pkt.dst, sizeof(struct addr));
		c = instance_counters(&instance);
		assert_true(c.events_lost > 0);
		assert_true(counted(&instance, &loud->pkt.dst) == FLOOD * (__u64)(i + 1));
	}
	assert_true(told > 0);
	instance_unload(&instance);
}

/* The same address but for its last byte, which nobody has told the programs of. */
static struct frame stranger_to(const struct frame *frame)
{
	struct frame stranger = *frame;

	for (unsigned at = 0; at + 16 <= stranger.len; at++)
		if (!memcmp(stranger.bytes + at, &frame->pkt.dst, 16))
			stranger.bytes[at + 15] ^= 0x5a;
	stranger.pkt.dst.bytes[15] ^= 0x5a;
	return stranger;
}

/* Strangers have an allowance; what is published is counted to the last one all the same. */
static void test_strangers(void **state)
{
	const struct frame *published = frame_named("v6 linux");
	struct frame stranger = stranger_to(published);
	__u64 sent = 0, missed = 0;
	struct instance instance;
	struct counters c;

	instance_load(&instance, "tc", WHICH_TC, PKT_LINK_ETHERNET);
	for (int i = 0; i < ROUNDS; i++) {
		run(&instance, &stranger, FLOOD);
		run(&instance, published, 3);
		sent += FLOOD;
		c = instance_counters(&instance);
		missed = c.unattributed;
		assert_true(c.syns == sent + 3 * (__u64)(i + 1));
		assert_true(counted_in_all(&instance) + missed == c.syns);
		assert_true(counted(&instance, &published->pkt.dst) == 3 * (__u64)(i + 1));
	}
	assert_true(missed > 0 && missed < sent);
	assert_true(counted(&instance, &stranger.pkt.dst) == sent - missed);
	instance_unload(&instance);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_share),
		cmocka_unit_test(test_strangers),
	};

	if (geteuid() != 0) {
		printf("1..0 # SKIP loading the programs needs root\n");
		return 0;
	}
	frames_build();
	return cmocka_run_group_tests_name("budget", tests, NULL, NULL);
}
