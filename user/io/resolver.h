/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the world was told: the A and AAAA records of names, asked of real servers by c-ares on the
 * caller's event loop. /etc/hosts is never asked: only what is published counts.
 *
 * Each question ends within RESOLVER_DEADLINE seconds of resolver_ask(), its targets' included and
 * whatever the servers do. If one of A and AAAA fails, the status is that failure, and the records
 * of the other are told with it.
 */
#ifndef SYNHOLE_IO_RESOLVER_H
#define SYNHOLE_IO_RESOLVER_H

#include "base/failure.h"
#include "core/input.h"
#include "io/dns_answer.h"

#include <systemd/sd-event.h>

#define RESOLVER_DEADLINE 5
#define RESOLVER_MAX_PENDING 1024

enum resolver_question {
	RESOLVE_NAME, /* the addresses of the name */
	RESOLVE_MX,   /* those of its mail exchangers (RFC 5321, 5.1; without MX its own) */
	RESOLVE_SRV,  /* those of its SRV targets (RFC 2782) */
	RESOLVE_PTR,  /* those of the names that an address says it has (RFC 1035, 3.5) */
};

struct resolver;

/* `servers` is ADDRESS[:PORT] or [ADDRESS]:PORT, `count` of them; none: the system's. If the first
 * one fails or refuses, the others are asked. */
int resolver_new(struct resolver **ret_resolver, sd_event *loop, const char *const *servers,
		 size_t count, input_fn *hear, void *data, struct failure *failure);

/* Nothing is heard any more. Not from within `hear`. */
void resolver_free(struct resolver **resolver);

/*
 * Asks; INPUT_NAME is heard later from the loop, once for the name, or once for each target. A
 * question that finds no target is heard as one INPUT_NAME of the name itself with the status. All
 * that another question brings has `via` set: "mx NAME", "srv NAME", "ptr". Of a name at most 64
 * records are told, of a question at most 32 targets. `server` is set if there is only one, and
 * `error` for every status but NAME_OK.
 *
 * -EINVAL for what cannot be a name in DNS (empty, a label over 63 or a name over 253 bytes),
 * -ENOBUFS if RESOLVER_MAX_PENDING wait already. May be called from within `hear`.
 */
int resolver_ask(struct resolver *resolver, enum resolver_question question, const char *name,
		 struct failure *failure);

/*
 * What DNS has of one type (A, AAAA, MX, SRV, PTR or TXT of arpa/nameser.h) under one name, as it
 * stands there: its targets are not asked for, and no INPUT_NAME is made of it. `hear` is called
 * once, from the loop. Fails as resolver_ask() does.
 */
int resolver_ask_records(struct resolver *resolver, uint16_t type, const char *name,
			 dns_records_fn *hear, void *data, struct failure *failure);

/* INPUT_NAMEs and records still to come, as far as known: 0 when, and only when, all is heard. */
unsigned resolver_pending(const struct resolver *resolver);

#endif
