// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What the benchmarks run beside the real programs: the empty program, the peers, and what aims.
 *
 * An aiming program writes the next address and sequence number into the frame that it was given
 * and tail-calls the program to be measured. So the very programs that are attached to interfaces
 * are measured, at full speed, on a key of their own for every packet; aiming and the tail call
 * cost the same in front of the empty program, and are subtracted with it.
 */
#include "vmlinux.h"
#include "bench.h"
#include "pkt.h"

#include <bpf/bpf_helpers.h>

/* Not among the types that the real programs name (include/uapi/linux/bpf.h). */
#define MAP_TYPE_PROG_ARRAY 3
#define MAP_TYPE_PERCPU_HASH 5
#define MAP_TYPE_LRU_HASH 9
#define NOEXIST 1
#define XDP_TX 3

struct {
	__uint(type, MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} xdp_target SEC(".maps"), tc_target SEC(".maps");

struct {
	__uint(type, MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, BENCH_PEER_ENTRIES);
	__type(key, struct slot_key);
	__type(value, __u64);
} percpu SEC(".maps");

struct {
	__uint(type, MAP_TYPE_LRU_HASH);
	__uint(max_entries, BENCH_PEER_ENTRIES);
	__type(key, struct slot_key);
	__type(value, __u64);
} lru SEC(".maps");

struct bench_aim aim = {};
__u64 peer_full = 0;

/* Every number but zero once, before any comes again (Marsaglia, "Xorshift RNGs", 2003). */
static __always_inline __u32 next_random(void)
{
	__u32 x = aim.random;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return aim.random = x;
}

static __always_inline __u32 next_word(void)
{
	__u32 x = next_random();

	return aim.choose ? aim.chosen[x & (BENCH_CHOSEN - 1)] : aim.base | (x & aim.mask);
}

/* `word` is where the last word of the address is, `seq` where TCP's sequence number is. */
static __always_inline void point(void *data, void *end, __u32 word, __u32 seq)
{
	if (data + seq + 4 > end)
		return;
	*(__be32 *)(data + word) = wire_32(next_word());
	*(__be32 *)(data + seq) = aim.random;
}

#define AIM_XDP(name, word, seq)                                                                   \
	SEC("xdp") int name(struct xdp_md *ctx)                                                    \
	{                                                                                          \
		point((void *)(long)ctx->data, (void *)(long)ctx->data_end, word, seq);            \
		bpf_tail_call(ctx, &xdp_target, 0);                                                \
		return BENCH_MISSED;                                                               \
	}

#define AIM_TC(name, word, seq)                                                                    \
	SEC("tc") int name(struct __sk_buff *skb)                                                  \
	{                                                                                          \
		point((void *)(long)skb->data, (void *)(long)skb->data_end, word, seq);            \
		bpf_tail_call(skb, &tc_target, 0);                                                 \
		return BENCH_MISSED;                                                               \
	}

/* At the destination, and at the source of what leaves: the address that was called. */
AIM_XDP(aim_xdp4, BENCH_DST4, BENCH_SEQ4)
AIM_XDP(aim_xdp6, BENCH_DST6, BENCH_SEQ6)
AIM_TC(aim_tc4, BENCH_DST4, BENCH_SEQ4)
AIM_TC(aim_tc6, BENCH_DST6, BENCH_SEQ6)
AIM_TC(aim_egress4, BENCH_SRC4, BENCH_SEQ4)
AIM_TC(aim_egress6, BENCH_SRC6, BENCH_SEQ6)

SEC("xdp")
int empty_xdp(struct xdp_md *ctx)
{
	return XDP_PASS;
}

SEC("tc")
int empty_tc(struct __sk_buff *skb)
{
	return TC_ACT_UNSPEC;
}

SEC("?tp_btf/kfree_skb")
int empty_drop(__u64 *args)
{
	return 0;
}

/* The same parser as ours; the key of a SYN. */
static __always_inline bool peer_key(struct xdp_md *ctx, struct slot_key *ret_key)
{
	struct pkt_buf buf = {
		.shape = PKT_SHAPE_DIRECT,
		.data = (void *)(long)ctx->data,
		.end = (void *)(long)ctx->data_end,
	};
	struct pkt pkt;

	if (pkt_parse(&buf, PKT_LINK_ETHERNET, PKT_WANT_CALLS, &pkt) != PKT_SYN)
		return false;
	*ret_key = (struct slot_key){
		.dst = pkt.dst, .ifindex = ctx->ingress_ifindex, .port = pkt.dport};
	return true;
}

/* The peers count and do nothing else: no ownership, times, sample of the source or events. */
SEC("xdp")
int peer_percpu(struct xdp_md *ctx)
{
	struct slot_key key;
	__u64 one = 1, *count;

	if (!peer_key(ctx, &key))
		return XDP_PASS;
	count = bpf_map_lookup_elem(&percpu, &key);
	if (count)
		++*count;
	else if (bpf_map_update_elem(&percpu, &key, &one, NOEXIST))
		peer_full++;
	return XDP_PASS;
}

SEC("xdp")
int peer_lru(struct xdp_md *ctx)
{
	struct slot_key key;
	__u64 one = 1, *count;

	if (!peer_key(ctx, &key))
		return XDP_PASS;
	count = bpf_map_lookup_elem(&lru, &key);
	if (count)
		__sync_fetch_and_add(count, 1);
	else if (bpf_map_update_elem(&lru, &key, &one, NOEXIST))
		peer_full++;
	return XDP_PASS;
}

/*
 * The generator: live frames go out of the interface that they are said to have come in by. What is
 * written into them is made up for in the acknowledgement number, which means nothing in a SYN: so
 * TCP's checksum stays right, in ones' complement (RFC 1071).
 */
SEC("xdp")
int generate6(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	__u32 dst = wire_32(next_word()), seq = aim.random, src = aim.many ? aim.random : 1;
	__u64 sum = (__u64)dst + seq + src;

	if (data + BENCH_SEQ6 + 8 > end)
		return XDP_TX;
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffffffff) + (sum >> 32);
	*(__be32 *)(data + BENCH_SRC6) = src;
	*(__be32 *)(data + BENCH_DST6) = dst;
	*(__be32 *)(data + BENCH_SEQ6) = seq;
	*(__be32 *)(data + BENCH_SEQ6 + 4) = ~(__u32)sum;
	return XDP_TX;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
