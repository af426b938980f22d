/* SPDX-License-Identifier: GPL-2.0-only */
/* What the reader's files share: savefile.c opens and tells, the others know one format each. */
#ifndef SYNHOLE_IO_SAVEFILE_PARTS_H
#define SYNHOLE_IO_SAVEFILE_PARTS_H

#include "io/savefile.h"
#include "io/savefile_bytes.h"

/* How the ticks of an interface become nanoseconds since 1970: times `scale`, over `divisor`, more
 * `offset`. */
struct savefile_clock {
	uint64_t scale, divisor;
	int64_t offset; /* seconds */
};

typedef int savefile_next_fn(struct savefile *r, struct savefile_frame *ret_frame,
			     struct failure *failure);

struct savefile {
	struct savefile_bytes bytes;
	savefile_next_fn *next;
	bool swapped;	  /* written in the other byte order */
	uint64_t frames;  /* read so far, to say where a fault is */
	char name[64];	  /* of the file, for sentences */
	size_t header;	  /* of pcap: a record's, in bytes */
	size_t taken;	  /* of pcapng: bytes of the block whose frame was told last */
	size_t section;	  /* of pcapng: the first interface of this section */
	uint32_t snaplen; /* of pcapng: of each section's first interface, 0: all */
	struct savefile_interface interfaces[SAVEFILE_INTERFACES_MAX];
	struct savefile_clock clocks[SAVEFILE_INTERFACES_MAX];
	size_t interface_count;
};

static inline uint32_t savefile_32(const struct savefile *r, const uint8_t *at)
{
	uint32_t value;

	__builtin_memcpy(&value, at, sizeof(value));
	return r->swapped ? __builtin_bswap32(value) : value;
}

static inline uint16_t savefile_16(const struct savefile *r, const uint8_t *at)
{
	uint16_t value;

	__builtin_memcpy(&value, at, sizeof(value));
	return r->swapped ? __builtin_bswap16(value) : value;
}

/* Never 0, which is "not told". */
when_t savefile_time(const struct savefile_clock *clock, uint64_t ticks);

/* The file is damaged from here on: says where, and why. */
int savefile_damaged(const struct savefile *r, struct failure *failure, const char *what);

/* Whether the first four bytes begin a file of this format; if so, sets `next`. 0: another one. */
int savefile_pcap_begin(struct savefile *r, struct failure *failure);
int savefile_ng_begin(struct savefile *r, struct failure *failure);

#endif
