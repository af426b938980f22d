/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files probe*.c know of each other, and nobody else needs. */
#ifndef SYNHOLE_IO_PROBE_PARTS_H
#define SYNHOLE_IO_PROBE_PARTS_H

#include "io/instance.h"
#include "io/probe.h"

struct drops;
struct ring_buffer;

/* Names of interfaces that were dropped whose counts are kept apart. */
#define PROBE_PAST_MAX 64

struct probe {
	input_fn *hear;
	void *data;
	struct synhole *maps; /* holds the maps that the instances share */
	struct drops *drops;  /* NULL: not watched */
	struct ring_buffer *events;
	sd_event_source *source;
	struct settings settings;
	struct pins *pins;	     /* NULL: nothing outlives the process ... */
	struct failure pins_failure; /* ... and why, if it should */
	int layout;
	struct instance *instances;
	size_t count;
	struct counters dropped; /* of the instances that are no more, and by name */
	struct {
		char name[16];
		struct counters counters;
	} past[PROBE_PAST_MAX];
	size_t past_count;
};

/* NULL: nothing is attached there. */
struct instance *probe_instance(const struct probe *probe, uint32_t ifindex);

/* Of the maps that an earlier run has left: looks whether they are to be had, and then takes their
 * seed and goes on with their epoch; before the skeleton is loaded; has the skeleton use them;
 * leaves ours, or those again, to the next run; and its epoch, and the link of the tracepoint. */
void probe_adopt(struct probe *probe);
int probe_reuse_maps(struct probe *probe);
void probe_keep_maps(struct probe *probe);
void probe_keep_epoch(struct probe *probe);
void probe_keep_drops(struct probe *probe, int link);

/* Why a program could not be loaded, as far as can be told. Returns `r` or what is nearer. */
int probe_load_failure(int r, struct failure *failure);

#endif
