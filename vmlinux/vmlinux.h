/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The kernel's types that the programs name, and no others, written by hand.
 *
 * The contexts of XDP and tc programs are stable interfaces (include/uapi/linux/bpf.h): their
 * layout is fixed and needs no relocation, so that kernels without BTF are served too.
 */
#ifndef SYNHOLE_VMLINUX_H
#define SYNHOLE_VMLINUX_H

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u64 __be64;
typedef __u16 __sum16;
typedef __u32 __wsum;
typedef __u8 u8;
typedef _Bool bool;
#define true 1
#define false 0

enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_RINGBUF = 27,
};

enum {
	BPF_F_NO_PREALLOC = 1U << 0,
	BPF_F_MMAPABLE = 1U << 10,
};

enum xdp_action {
	XDP_PASS = 2,
};

/* Of a tc program: no opinion, ask the next one (TC_ACT_UNSPEC, TCX_NEXT). */
#define TC_ACT_UNSPEC (-1)

struct xdp_md {
	__u32 data;
	__u32 data_end;
	__u32 data_meta;
	__u32 ingress_ifindex;
	__u32 rx_queue_index;
	__u32 egress_ifindex;
};

struct __sk_buff {
	__u32 len;
	__u32 pkt_type;
	__u32 mark;
	__u32 queue_mapping;
	__u32 protocol;
	__u32 vlan_present;
	__u32 vlan_tci;
	__u32 vlan_proto;
	__u32 priority;
	__u32 ingress_ifindex;
	__u32 ifindex;
	__u32 tc_index;
	__u32 cb[5];
	__u32 hash;
	__u32 tc_classid;
	__u32 data;
	__u32 data_end;
	__u32 napi_id;
	__u32 family;
	__u32 remote_ip4;
	__u32 local_ip4;
	__u32 remote_ip6[4];
	__u32 local_ip6[4];
	__u32 remote_port;
	__u32 local_port;
	__u32 data_meta;
	__u64 flow_keys;
	__u64 tstamp;
	__u32 wire_len;
	__u32 gso_segs;
};

/*
 * What a tracepoint is given is the kernel's own and moves between versions: these are relocated
 * when the program is loaded, and need the running kernel's BTF.
 */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ns_common {
	unsigned int inum;
};

struct net {
	struct ns_common ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct net_device {
	possible_net_t nd_net;
};

struct sk_buff {
	struct net_device *dev;
	int skb_iif;
	__be16 protocol;
	__u16 network_header;
	__u32 tail;
	unsigned char *head;
};

struct in6_addr {
	union {
		__be32 u6_addr32[4];
	} in6_u;
};

struct ipv6hdr {
	__u8 nexthdr;
	struct in6_addr daddr;
};

struct iphdr {
	__u8 protocol;
	__be32 daddr;
};

#pragma clang attribute pop

/* Only the name counts: the number is the running kernel's. */
enum skb_drop_reason {
	SKB_DROP_REASON_NO_SOCKET = 3,
};

#endif
