/* SPDX-License-Identifier: GPL-2.0-only */
/* A recording in the making, in either byte order. */
#ifndef TESTS_IO_MAKE_SAVEFILE_H
#define TESTS_IO_MAKE_SAVEFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct make_file {
	uint8_t *bytes;
	size_t len, room;
	bool swapped;
};

void make_put(struct make_file *f, const void *bytes, size_t len);
void make_put_16(struct make_file *f, uint16_t n);
void make_put_32(struct make_file *f, uint32_t n);
void make_drop(struct make_file *f);
void make_pcap_begin(struct make_file *f, uint32_t magic, uint32_t link_type);
void make_pcap_frame(struct make_file *f, uint32_t seconds, uint32_t part, const char *text);
/* A block begins here ... */
size_t make_block_begin(struct make_file *f, uint32_t type);
/* ... and here, where its body has been written. */
void make_block_end(struct make_file *f, size_t at);
void make_option(struct make_file *f, uint16_t code, const void *value, uint16_t len);
void make_section(struct make_file *f);
/* `resolution` is if_tsresol, negative: none. */
void make_interface(struct make_file *f, uint16_t link_type, const char *name, int resolution);
void make_packet(struct make_file *f, uint32_t on, uint64_t ticks, const char *text,
		 uint32_t flags);

#endif
