/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A pcapng file, written whole or not at all (draft-ietf-opsawg-pcapng).
 *
 * One section in this machine's byte order, one interface block for each interface, nanoseconds. It
 * grows beside its place under another name and takes it when it is finished; what was there
 * before stands until then. A name that ends in ".gz" is compressed.
 */
#ifndef SYNHOLE_IO_PCAPNG_H
#define SYNHOLE_IO_PCAPNG_H

#include "base/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Link types, from https://www.tcpdump.org/linktypes.html */
enum pcapng_link { PCAPNG_ETHERNET = 1, PCAPNG_RAW_IP = 101 };

/* epb_flags: the direction. */
enum pcapng_way { PCAPNG_IN = 1, PCAPNG_OUT = 2 };

/* Text is UTF-8, NULL or "" for none; what is longer than PCAPNG_TEXT bytes is cut. */
#define PCAPNG_TEXT 1500

struct pcapng_section {
	const char *application, *os, *comment;
	bool shared; /* the file's group may read it, too, else its owner only */
};

struct pcapng_interface {
	const char *name, *description;
	enum pcapng_link link;
	uint32_t snaplen;
	const uint8_t *mac; /* 6 bytes, NULL: none */
};

struct pcapng_packet {
	uint32_t interface; /* in the order of pcapng_interface(), from 0 */
	uint64_t time;	    /* nanoseconds since 1970 */
	enum pcapng_way way;
	const void *bytes;
	uint32_t kept;	 /* of them */
	uint32_t length; /* of the frame on the wire */
	const char *comment;
};

struct pcapng;

/* Whether `path` can be written when the time comes: its directory is there and may be written to,
 * and what is there already is a plain file. Changes nothing. */
int pcapng_check(const char *path, struct failure *failure);

int pcapng_new(struct pcapng **ret_pcapng, const char *path, const struct pcapng_section *section,
	       struct failure *failure);

/* Writes that fail are told by pcapng_finish(). */
void pcapng_interface(struct pcapng *pcapng, const struct pcapng_interface *interface);
void pcapng_packet(struct pcapng *pcapng, const struct pcapng_packet *packet);

/* When the recording of an interface ended, whether packets came or not. */
void pcapng_ended(struct pcapng *pcapng, uint32_t interface, uint64_t time);

/* Bytes written so far, before compression. */
uint64_t pcapng_size(const struct pcapng *pcapng);

/* On the disk, and in its place. */
int pcapng_finish(struct pcapng *pcapng, struct failure *failure);

/* What was not finished leaves nothing behind. */
void pcapng_free(struct pcapng **pcapng);

#endif
