/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A DNS server on loopback that does what none should: a thread that answers UDP and TCP after the
 * first label of the name asked, up to a dash ("silent-17.bad" gets no answer). See bad_reply.c.
 */
#ifndef SYNHOLE_TESTS_IO_BAD_DNS_H
#define SYNHOLE_TESTS_IO_BAD_DNS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

struct bad_dns {
	pthread_t thread;
	int udp, tcp, stop[2];
	unsigned delay_ms;	/* before each answer */
	atomic_bool refuse_all; /* whatever is asked */
	atomic_uint questions;
	char address[32]; /* ADDRESS:PORT */
};

void bad_dns_start(struct bad_dns *bad, unsigned delay_ms);
void bad_dns_stop(struct bad_dns *bad);

#endif
