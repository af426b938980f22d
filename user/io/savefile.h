/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Recordings: pcap and pcapng files, gzipped or not, frame by frame.
 *
 * Our own reader and not libpcap's, because that one refuses a pcapng file whose interfaces differ
 * in link type or snapshot length, and does not tell by which interface and which way a frame went:
 * just what is needed of a file with one interface block per interface, as `capture -w` writes. It
 * reads a file once, from front to end, so a pipe will do, and keeps SAVEFILE_ROOM bytes of it.
 *
 * Formats: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-05.html, and
 * https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html
 */
#ifndef SYNHOLE_IO_SAVEFILE_H
#define SYNHOLE_IO_SAVEFILE_H

#include "base/failure.h"
#include "core/input.h"

/* Bytes of a frame that may be in the file: what libpcap and Wireshark take, too. */
#define SAVEFILE_FRAME_MAX 262144
#define SAVEFILE_ROOM (1 << 20)

/* Interfaces of one file, over all of its sections. */
#define SAVEFILE_INTERFACES_MAX 1024

enum savefile_way { SAVEFILE_UNTOLD, SAVEFILE_IN, SAVEFILE_OUT };

struct savefile_interface {
	uint32_t link_type;   /* https://www.tcpdump.org/linktypes.html */
	char name[16];	      /* foreign bytes; "": not told */
	char description[32]; /* the same */
	when_t until;	      /* when its recording ended, 0: not told */
};

struct savefile_frame {
	when_t time; /* 0: not told */
	uint32_t interface;
	enum savefile_way way;
	const uint8_t *data; /* valid until the next is read */
	size_t len;	     /* in the file, and */
	size_t wire_len;     /* on the wire */
	const char *comment; /* foreign bytes, not ended; NULL: none */
	size_t comment_len;
};

struct savefile;

/* "-" is standard input. -errno if it cannot be opened or is no recording. */
int savefile_open(struct savefile **ret_savefile, const char *path, struct failure *failure);
void savefile_free(struct savefile **savefile);

/* 1: a frame; 0: the end; -errno: the file is damaged from here on, and what came before is good.
 */
int savefile_next(struct savefile *savefile, struct savefile_frame *ret_frame,
		  struct failure *failure);

/* Those that have been told so far; more may come with each frame. */
struct savefile_interface *savefile_interfaces(struct savefile *savefile, size_t *ret_count);

#endif
