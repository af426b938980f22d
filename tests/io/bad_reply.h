/* SPDX-License-Identifier: GPL-2.0-only */
/* What a DNS server should never say, by the first label of the name asked. */
#ifndef SYNHOLE_TESTS_IO_BAD_REPLY_H
#define SYNHOLE_TESTS_IO_BAD_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct talk {
	const uint8_t *question;
	size_t question_size;
	bool tcp;
	bool hangup; /* close the connection thereafter */
	uint16_t type;
	uint8_t reply[16384];
	size_t size; /* of the reply; 0: none is sent */
};

/* Writes the reply to the question; `refuse` all if so. */
void bad_reply(struct talk *talk, bool refuse);

#endif
