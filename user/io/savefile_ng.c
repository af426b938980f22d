// SPDX-License-Identifier: GPL-2.0-only
/* The next generation: sections of blocks, of which those with frames and interfaces are read. */
#include "io/savefile_parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum block {
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 2, /* obsolete: an enhanced packet with a count of drops in the way */
	BLOCK_SIMPLE = 3,
	BLOCK_STATISTICS = 5,
	BLOCK_ENHANCED = 6,
	BLOCK_SECTION = 0x0a0d0d0a, /* the same in either byte order */
};

enum option {
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	OPTION_NAME = 2, /* of an interface */
	OPTION_DESCRIPTION = 3,
	OPTION_FLAGS = 2,      /* of a frame */
	OPTION_RESOLUTION = 9, /* of an interface */
	OPTION_OFFSET = 14,    /* of an interface */
	OPTION_END_TIME = 3,   /* of statistics */
};

#define BYTE_ORDER_MAGIC 0x1a2b3c4d
#define BLOCK_MAX (16 << 20) /* libpcap's and Wireshark's bound */
#define BLOCK_HEADER 8
#define SECTION_HEADER 16
#define BLOCK_OVERHEAD 12 /* and the length once more, behind */

/* A block's body, as far as it fits into the window, and where its options may begin. */
struct body {
	uint32_t type;
	const uint8_t *data;
	size_t len;
};

static uint64_t get_64(const struct savefile *r, const uint8_t *high_low)
{
	return (uint64_t)savefile_32(r, high_low) << 32 | savefile_32(r, high_low + 4);
}

/* The value of the first option with this code, which has at least `least` bytes. */
static const uint8_t *find_option(const struct savefile *r, const struct body *b, size_t at,
				  uint16_t code, size_t least, size_t *ret_len)
{
	while (at + 4 <= b->len) {
		uint16_t this = savefile_16(r, b->data + at);
		size_t len = savefile_16(r, b->data + at + 2);

		if (this == OPTION_END || at + 4 + len > b->len)
			break;
		if (this == code && len >= least) {
			*ret_len = len;
			return b->data + at + 4;
		}
		at += 4 + ((len + 3) & ~(size_t)3);
	}
	return NULL;
}

static uint64_t power_of_ten(unsigned n)
{
	uint64_t power = 1;

	while (n--)
		power *= 10;
	return power;
}

/* if_tsresol: a negative power of 10, or of 2 where the highest bit is set. Beyond what a number
 * can hold all ticks are nothing. */
static void set_clock(const struct savefile *r, const struct body *b, struct savefile_clock *c)
{
	size_t len;
	const uint8_t *value = find_option(r, b, 8, OPTION_RESOLUTION, 1, &len);
	unsigned power = value ? *value & 0x7f : 6;

	*c = (struct savefile_clock){1, 1, 0};
	if (value && *value & 0x80) {
		c->scale = 1000000000;
		c->divisor = 1ULL << (power < 63 ? power : 63);
	} else if (power <= 9) {
		c->scale = power_of_ten(9 - power);
	} else {
		c->divisor = power_of_ten(power - 9 < 19 ? power - 9 : 19);
	}
	value = find_option(r, b, 8, OPTION_OFFSET, 8, &len);
	if (!value)
		return;
	memcpy(&c->offset, value, sizeof(c->offset));
	if (r->swapped)
		c->offset = (int64_t)__builtin_bswap64((uint64_t)c->offset);
}

static int read_interface(struct savefile *r, const struct body *b, struct failure *failure)
{
	struct savefile_interface *i = &r->interfaces[r->interface_count];
	const uint8_t *text;
	size_t len;

	if (b->len < 8)
		return savefile_damaged(r, failure, "an interface block is too short");
	if (r->interface_count == SAVEFILE_INTERFACES_MAX)
		return failure_set(failure, -E2BIG,
				   "%s has more than %d interfaces: those up to frame %llu were "
				   "read",
				   r->name, SAVEFILE_INTERFACES_MAX, (unsigned long long)r->frames);
	*i = (struct savefile_interface){.link_type = savefile_16(r, b->data)};
	if (r->interface_count == r->section)
		r->snaplen = savefile_32(r, b->data + 4);
	text = find_option(r, b, 8, OPTION_NAME, 1, &len);
	if (text)
		memcpy(i->name, text, len < sizeof(i->name) ? len : sizeof(i->name) - 1);
	text = find_option(r, b, 8, OPTION_DESCRIPTION, 1, &len);
	if (text)
		memcpy(i->description, text,
		       len < sizeof(i->description) ? len : sizeof(i->description) - 1);
	set_clock(r, b, &r->clocks[r->interface_count]);
	r->interface_count++;
	return 0;
}

/* The interface that a block names; NULL: it was not told of. */
static struct savefile_interface *interface_at(struct savefile *r, uint32_t number)
{
	return number < r->interface_count - r->section ? &r->interfaces[r->section + number]
							: NULL;
}

static void read_statistics(struct savefile *r, const struct body *b)
{
	struct savefile_interface *i =
		b->len < 12 ? NULL : interface_at(r, savefile_32(r, b->data));
	const uint8_t *end;
	size_t len;

	end = i ? find_option(r, b, 12, OPTION_END_TIME, 8, &len) : NULL;
	if (end)
		i->until = savefile_time(&r->clocks[i - r->interfaces], get_64(r, end));
}

static enum savefile_way way_of(const struct savefile *r, const struct body *b, size_t options)
{
	static const enum savefile_way ways[] = {SAVEFILE_UNTOLD, SAVEFILE_IN, SAVEFILE_OUT,
						 SAVEFILE_UNTOLD};
	size_t len;
	const uint8_t *flags = find_option(r, b, options, OPTION_FLAGS, 4, &len);

	return flags ? ways[savefile_32(r, flags) & 3] : SAVEFILE_UNTOLD;
}

static int read_packet(struct savefile *r, const struct body *b, struct savefile_frame *ret_frame,
		       struct failure *failure)
{
	const size_t header = 20;
	const struct savefile_interface *i;
	size_t len;

	if (b->len < header)
		return savefile_damaged(r, failure, "a frame's block is too short");
	i = interface_at(r, b->type == BLOCK_PACKET ? savefile_16(r, b->data)
						    : savefile_32(r, b->data));
	len = savefile_32(r, b->data + 12);
	if (!i)
		return savefile_damaged(r, failure,
					"the next frame is of an interface that was not told of");
	if (len > SAVEFILE_FRAME_MAX || len > b->len - header)
		return savefile_damaged(r, failure, "the next frame has an impossible length");
	*ret_frame = (struct savefile_frame){
		.time = savefile_time(&r->clocks[i - r->interfaces], get_64(r, b->data + 4)),
		.interface = (uint32_t)(i - r->interfaces),
		.way = way_of(r, b, header + ((len + 3) & ~(size_t)3)),
		.data = b->data + header,
		.len = len,
		.wire_len = savefile_32(r, b->data + 16),
	};
	ret_frame->comment = (const char *)find_option(r, b, header + ((len + 3) & ~(size_t)3),
						       OPTION_COMMENT, 1, &ret_frame->comment_len);
	return 1;
}

/* No time, no interface, and the length is what the others leave. */
static int read_simple(struct savefile *r, const struct body *b, struct savefile_frame *ret_frame,
		       struct failure *failure)
{
	size_t len;

	if (b->len < 4 || !interface_at(r, 0))
		return savefile_damaged(r, failure,
					"a frame's block is too short, or comes "
					"before its interface");
	len = savefile_32(r, b->data);
	if (r->snaplen && len > r->snaplen)
		len = r->snaplen;
	if (len > b->len - 4)
		len = b->len - 4;
	*ret_frame = (struct savefile_frame){
		.interface = (uint32_t)r->section,
		.data = b->data + 4,
		.len = len < SAVEFILE_FRAME_MAX ? len : SAVEFILE_FRAME_MAX,
		.wire_len = savefile_32(r, b->data),
	};
	return 1;
}

/* A section has a byte order and interfaces of its own. */
static int read_section(struct savefile *r, const uint8_t *block, struct failure *failure)
{
	r->swapped = false;
	r->swapped = savefile_32(r, block + BLOCK_HEADER) != BYTE_ORDER_MAGIC;
	if (savefile_32(r, block + BLOCK_HEADER) != BYTE_ORDER_MAGIC)
		return savefile_damaged(r, failure, "a section has no byte order");
	if (savefile_16(r, block + BLOCK_HEADER + 4) != 1)
		return savefile_damaged(r, failure,
					"a section is of a version that synhole does not know");
	r->section = r->interface_count;
	r->snaplen = 0;
	return 0;
}

static int read_block(struct savefile *r, const struct body *b, struct savefile_frame *ret_frame,
		      struct failure *failure)
{
	switch (b->type) {
	case BLOCK_INTERFACE:
		return read_interface(r, b, failure);
	case BLOCK_STATISTICS:
		read_statistics(r, b);
		return 0;
	case BLOCK_PACKET:
	case BLOCK_ENHANCED:
		return read_packet(r, b, ret_frame, failure);
	case BLOCK_SIMPLE:
		return read_simple(r, b, ret_frame, failure);
	default:
		return 0;
	}
}

/* Reads one block and moves behind it. 1: it was a frame; 0: it was another. */
static int next_block(struct savefile *r, struct savefile_frame *ret_frame, struct failure *failure)
{
	const uint8_t *block = savefile_bytes_peek(&r->bytes, BLOCK_OVERHEAD);
	struct body body = {0};
	size_t len, seen;
	int e = 0;

	if (!block)
		return savefile_damaged(r, failure, "it ends in the middle of a block");
	body.type = savefile_32(r, block);
	if (body.type == BLOCK_SECTION) {
		block = savefile_bytes_peek(&r->bytes, SECTION_HEADER);
		e = block ? read_section(r, block, failure)
			  : savefile_damaged(r, failure, "it ends in a section's header");
	}
	if (e < 0)
		return e;
	len = savefile_32(r, block + 4);
	if (len < BLOCK_OVERHEAD || len > BLOCK_MAX)
		return savefile_damaged(r, failure, "the next block has an impossible length");
	len = (len + 3) & ~(size_t)3;
	seen = len < SAVEFILE_ROOM ? len : SAVEFILE_ROOM;
	block = savefile_bytes_peek(&r->bytes, seen);
	if (!block)
		return savefile_damaged(r, failure, "it ends in the middle of a block");
	body.data = block + BLOCK_HEADER;
	body.len = seen - (seen == len ? BLOCK_OVERHEAD : BLOCK_HEADER);
	r->taken = len;
	return read_block(r, &body, ret_frame, failure);
}

static int next(struct savefile *r, struct savefile_frame *ret_frame, struct failure *failure)
{
	int e = 0;

	while (e == 0) {
		if (!savefile_bytes_skip(&r->bytes, r->taken))
			return savefile_damaged(r, failure, "it ends in the middle of a block");
		r->taken = 0;
		if (savefile_bytes_at_end(&r->bytes))
			return r->bytes.error ? savefile_damaged(r, failure, "") : 0;
		e = next_block(r, ret_frame, failure);
	}
	return e;
}

int savefile_ng_begin(struct savefile *r, struct failure *failure)
{
	if (savefile_32(r, savefile_bytes_peek(&r->bytes, 4)) != BLOCK_SECTION)
		return 0;
	r->next = next;
	return 1;
}
