// SPDX-License-Identifier: GPL-2.0-only
/* A recording in the making: records of pcap, blocks of pcapng. */
#include "io/make_savefile.h"

#include <stdlib.h>
#include <string.h>

void make_put(struct make_file *f, const void *bytes, size_t len)
{
	if (f->len + len >= f->room) {
		f->room = 2 * (f->len + len) + 64;
		f->bytes = realloc(f->bytes, f->room);
		if (!f->bytes)
			abort();
	}
	memcpy(f->bytes + f->len, bytes, len);
	f->len += len;
}

void make_put_16(struct make_file *f, uint16_t n)
{
	n = f->swapped ? __builtin_bswap16(n) : n;
	make_put(f, &n, sizeof(n));
}

void make_put_32(struct make_file *f, uint32_t n)
{
	n = f->swapped ? __builtin_bswap32(n) : n;
	make_put(f, &n, sizeof(n));
}

void make_drop(struct make_file *f)
{
	free(f->bytes);
}

void make_pcap_begin(struct make_file *f, uint32_t magic, uint32_t link_type)
{
	make_put_32(f, magic);
	make_put_16(f, 2);
	make_put_16(f, 4);
	for (int i = 0; i < 3; i++)
		make_put_32(f, i == 2 ? 65535 : 0);
	make_put_32(f, link_type);
}

void make_pcap_frame(struct make_file *f, uint32_t seconds, uint32_t part, const char *text)
{
	make_put_32(f, seconds);
	make_put_32(f, part);
	make_put_32(f, (uint32_t)strlen(text));
	make_put_32(f, (uint32_t)strlen(text) + 3);
	make_put(f, text, strlen(text));
}

/* A block's body is written between these two. */
size_t make_block_begin(struct make_file *f, uint32_t type)
{
	make_put_32(f, type);
	make_put_32(f, 0);
	return f->len - 8;
}

void make_block_end(struct make_file *f, size_t at)
{
	uint32_t len;

	make_put(f, "\0\0\0", -f->len & 3);
	len = (uint32_t)(f->len - at + 4);
	make_put_32(f, len);
	memcpy(f->bytes + at + 4, f->bytes + f->len - 4, 4);
}

void make_option(struct make_file *f, uint16_t code, const void *value, uint16_t len)
{
	make_put_16(f, code);
	make_put_16(f, len);
	make_put(f, value, len);
	make_put(f, "\0\0\0", -f->len & 3);
}

void make_section(struct make_file *f)
{
	size_t at = make_block_begin(f, 0x0a0d0d0a);

	make_put_32(f, 0x1a2b3c4d);
	make_put_16(f, 1);
	make_put_16(f, 0);
	make_put_32(f, UINT32_MAX);
	make_put_32(f, UINT32_MAX);
	make_block_end(f, at);
}

void make_interface(struct make_file *f, uint16_t link_type, const char *name, int resolution)
{
	size_t at = make_block_begin(f, 1);
	uint8_t value = (uint8_t)resolution;

	make_put_16(f, link_type);
	make_put_16(f, 0);
	make_put_32(f, 5);
	make_option(f, 2, name, (uint16_t)strlen(name));
	if (resolution >= 0)
		make_option(f, 9, &value, 1);
	make_option(f, 0, "", 0);
	make_block_end(f, at);
}

void make_packet(struct make_file *f, uint32_t on, uint64_t ticks, const char *text, uint32_t flags)
{
	size_t at = make_block_begin(f, 6);

	make_put_32(f, on);
	make_put_32(f, (uint32_t)(ticks >> 32));
	make_put_32(f, (uint32_t)ticks);
	make_put_32(f, (uint32_t)strlen(text));
	make_put_32(f, (uint32_t)strlen(text));
	make_put(f, text, strlen(text));
	make_put(f, "\0\0\0", -f->len & 3);
	make_option(f, 1, "a comment", 9);
	make_put_16(f, 2);
	make_put_16(f, 4);
	make_put_32(f, flags);
	make_option(f, 0, "", 0);
	make_block_end(f, at);
}
