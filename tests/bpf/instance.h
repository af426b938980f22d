/* SPDX-License-Identifier: GPL-2.0-only */
/* One of the real programs, loaded for one kind of link, and what it made of the frames it ran on.
 */
#ifndef SYNHOLE_TESTS_BPF_INSTANCE_H
#define SYNHOLE_TESTS_BPF_INSTANCE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "frames/frames.h"
#include "table.h"

#include <bpf/libbpf.h>
#include <stdbool.h>

#define INSTANCE_LARGEST 8192

struct synhole;

enum which {
	WHICH_XDP,
	WHICH_TC,
	WHICH_EGRESS,
};

/* All maps are its own. */
struct instance {
	const char *name;
	enum which which;
	bool frags; /* an XDP program that takes frames of several buffers */
	struct synhole *programs;
	struct slot *table;
	size_t slots;
	struct ring_buffer *events;
	struct syn_event event; /* the last one, of so many */
	int event_count;
	struct packet_event packet; /* the same of packets: they are kept */
	int packet_count;
};

/* Every destination of the vectors counts as published, so that its first SYN is told. */
void instance_load(struct instance *ret_instance, const char *name, enum which which,
		   enum pkt_link link);
void instance_unload(struct instance *instance);

int instance_program(const struct instance *instance);

/* Summed over the CPUs. */
struct counters instance_counters(const struct instance *instance);

/* Forgets what earlier frames left, copies included. */
void instance_reset(struct instance *instance);

/* Runs the program once; 0 or -errno. The frame must pass, and pass unchanged. `linear`, if not 0:
 * only so many bytes of it lie in the first piece. */
int instance_run(const struct instance *instance, const void *bytes, __u32 len, __u32 linear);

/* Exactly one frame has gone through since the reset, and was `kind`: all that is counted, the
 * slots taken, the event and the packet are as `frame` says. */
void instance_check(struct instance *instance, const struct frame *frame, enum pkt_kind kind,
		    __u32 ifindex);

/* The program saw a copy of the frame: of a SYN in one piece there would be none. */
void instance_check_copied(const struct instance *instance, const struct frame *frame);

#endif
