/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The bytes that a packet is parsed from, in the shapes in which the kernel has them. */
#ifndef SYNHOLE_PKT_BUF_H
#define SYNHOLE_PKT_BUF_H

#ifdef __bpf__
#include "vmlinux.h"
#else
#include <linux/types.h>
#endif

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

/* Enough for two VLAN tags, IPv6, 174 bytes of extension headers and TCP. A power of two. */
#define PKT_COPY 256

/* The memory of a copy to BPF: a header of up to 64 bytes can begin at each of its bytes. */
#define PKT_COPY_ROOM (PKT_COPY + 64)

enum pkt_shape {
	PKT_SHAPE_DIRECT, /* data to end, for BPF packet pointers */
	PKT_SHAPE_COPY,	  /* len bytes of data, whose memory is PKT_COPY_ROOM bytes to BPF */
};

/* The bytes to parse; `data` is not NULL and aligned to 2. */
struct pkt_buf {
	enum pkt_shape shape; /* a constant at compile time: the verifier follows one at a time */
	const void *data;
	const void *end; /* of PKT_SHAPE_DIRECT */
	__u64 len;	 /* of PKT_SHAPE_COPY; what exceeds PKT_COPY is not looked at */
};

/* What is rare is moved out of the way of what is not: a program that is not in the processor's
 * cache costs by the line. */
#define pkt_rare(x) __builtin_expect(!!(x), 0)

/* Hides a value's history from the compiler, so that what is checked is what is used. */
#define pkt_opaque(x) __asm__ volatile("" : "+r"(x))

/*
 * How much to copy of a frame of `len` bytes, which is not empty: at most PKT_COPY, and in a form
 * in which old kernels too see that it is not 0, as the helpers demand.
 */
static __always_inline __u32 pkt_copy_size(__u64 len)
{
	if (len > PKT_COPY)
		len = PKT_COPY;
	len--;
	pkt_opaque(len);
	return (len & (PKT_COPY - 1)) + 1;
}

/*
 * `size` bytes at `off`, or NULL where the data ends before. Compilers must leave the test where it
 * is, or the verifier does not see what it says of the pointer; and must be told that the pointer
 * is not NULL itself, or each caller's test is made twice.
 *
 * A packet pointer that moves by a variable is granted to CAP_PERFMON only: others may not build on
 * what a misled CPU could skip (sanitize_ptr_alu in kernel/bpf/verifier.c).
 */
static __always_inline const void *pkt_at(const struct pkt_buf *buf, __u64 off, __u64 size)
{
	const __u8 *at = buf->data;

	if (buf->shape == PKT_SHAPE_COPY) {
		pkt_opaque(off);
		if (off > PKT_COPY - size || off + size > buf->len)
			return (void *)0;
		/* Once more: compilers may keep `off` on the stack across the test, and Linux 5.10
		 * does not see that what is there has been tested. */
		pkt_opaque(off);
		at += off & (PKT_COPY - 1);
	} else {
		at += off;
		pkt_opaque(at);
		if (pkt_rare(at + size > (const __u8 *)buf->end))
			return (void *)0;
	}
	pkt_opaque(at);
	if (!at)
		__builtin_unreachable();
	return at;
}

/*
 * Returns `off`. But the verifier cannot know that `any` less itself is nothing, takes all offsets
 * for one, and so follows each turn of a loop once instead of every combination of headers.
 */
static __always_inline __u64 pkt_forget(__u64 off, __u64 any)
{
	__u64 same = any;

	pkt_opaque(same);
	return (off + (any ^ same)) & 0x7fff;
}

#endif
