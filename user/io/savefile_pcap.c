// SPDX-License-Identifier: GPL-2.0-only
/* The classic format: a header, and then records. */
#include "io/savefile_parts.h"

#include <errno.h>
#include <stdio.h>

/* What the file begins with, in the byte order of whoever wrote it. */
enum {
	MAGIC_MICROSECONDS = 0xa1b2c3d4,
	MAGIC_NANOSECONDS = 0xa1b23c4d,
	MAGIC_MODIFIED = 0xa1b2cd34, /* A. Kuznetzov's patches: longer record headers */
};

#define FILE_HEADER 24
#define RECORD_HEADER 16
#define MODIFIED_HEADER 24
#define LINK_TYPE_BITS 0x03ffffff /* those above say how long the frame check sequence is */

static bool is_magic(uint32_t magic)
{
	return magic == MAGIC_MICROSECONDS || magic == MAGIC_NANOSECONDS || magic == MAGIC_MODIFIED;
}

static when_t time_of(const struct savefile *r, const uint8_t *record)
{
	uint64_t seconds = savefile_32(r, record), parts = savefile_32(r, record + 4);

	return seconds * 1000000000 + parts * r->clocks->scale;
}

static int next(struct savefile *r, struct savefile_frame *ret_frame, struct failure *failure)
{
	const uint8_t *record;
	uint32_t len;

	if (savefile_bytes_at_end(&r->bytes))
		return r->bytes.error ? savefile_damaged(r, failure, "") : 0;
	record = savefile_bytes_peek(&r->bytes, r->header);
	if (!record)
		return savefile_damaged(r, failure, "it ends in the middle of a record");
	len = savefile_32(r, record + 8);
	if (len > SAVEFILE_FRAME_MAX)
		return savefile_damaged(r, failure, "the next frame has an impossible length");
	record = savefile_bytes_peek(&r->bytes, r->header + len);
	if (!record)
		return savefile_damaged(r, failure, "it ends in the middle of a frame");
	*ret_frame = (struct savefile_frame){
		.time = time_of(r, record),
		.data = record + r->header,
		.len = len,
		.wire_len = savefile_32(r, record + 12),
	};
	savefile_bytes_skip(&r->bytes, r->header + len);
	return 1;
}

int savefile_pcap_begin(struct savefile *r, struct failure *failure)
{
	const uint8_t *header = savefile_bytes_peek(&r->bytes, 4);
	uint32_t magic = savefile_32(r, header);

	r->swapped = !is_magic(magic);
	magic = savefile_32(r, header);
	if (!is_magic(magic))
		return r->swapped = 0;
	header = savefile_bytes_peek(&r->bytes, FILE_HEADER);
	if (!header)
		return savefile_damaged(r, failure, "it ends in its header");
	if (savefile_16(r, header + 4) != 2)
		return failure_set(failure, -EBADMSG,
				   "%s is a pcap file of version %u, of which synhole knows "
				   "nothing: those of version 2 are read",
				   r->name, savefile_16(r, header + 4));
	r->interfaces[0] = (struct savefile_interface){.link_type = savefile_32(r, header + 20) &
								    LINK_TYPE_BITS};
	r->interface_count = 1;
	r->clocks[0] = (struct savefile_clock){magic == MAGIC_NANOSECONDS ? 1 : 1000, 1, 0};
	r->header = magic == MAGIC_MODIFIED ? MODIFIED_HEADER : RECORD_HEADER;
	r->next = next;
	savefile_bytes_skip(&r->bytes, FILE_HEADER);
	return 1;
}
