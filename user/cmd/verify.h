/* SPDX-License-Identifier: GPL-2.0-only */
/* After a mend: each address of a name, and what was found of it step by step. */
#ifndef SYNHOLE_CMD_VERIFY_H
#define SYNHOLE_CMD_VERIFY_H

#include "cmd/report.h"
#include "cmd/standing.h"
#include "core/checklist.h"
#include "io/rtnl_guest.h"

#define VERIFY_TARGETS_MAX 32
#define VERIFY_PORTS_MAX 16

/* A connection to a port of the target, from the guest. */
struct verify_call {
	uint16_t port;
	bool listened; /* something listens there */
	bool made;     /* there was one */
	int fd;	       /* while it is on its way; -1 before and after */
	sd_event_source *source;
	int error; /* 0: answered; an errno; ETIMEDOUT: silence */
	struct verify *verify;
};

struct verify_target {
	struct addr published, address; /* as DNS has it, and as packets arrive here */
	bool elsewhere;			/* another host's, says the caller */
	struct verify_call calls[VERIFY_PORTS_MAX];
	size_t call_count;
	bool more_ports; /* beyond VERIFY_PORTS_MAX */
	struct standing standing;
	bool has_standing;
	struct checklist list;
};

struct verify {
	struct session *session;
	const char *name; /* NULL: an address was given */
	struct verify_target targets[VERIFY_TARGETS_MAX];
	size_t target_count;
	struct failure blind; /* why what arrives could not be watched, "" if it was */
	unsigned calls_open;
	struct failure absent; /* why the host could not be called from elsewhere, "" if it was */
	char domains[STANDING_DOMAINS_MAX][SPF_NAME];
	size_t domain_count;
};

/* The kernel's word on the address: owned, routed, nobody else's; published, and still so. */
void verify_look_at_host(struct verify *v, struct verify_target *t);

/* The ports, and who listens. */
void verify_find_ports(struct verify *v, struct verify_target *t);

/* Calls all ports of all targets from a namespace of its own; returns when all have ended. */
void verify_call(struct verify *v);

/* What became of those calls, and of those from outside. */
void verify_look_at_answers(struct verify *v, struct verify_target *t);

/* Reverse names and SPF, as far as mail leaves from the address. */
void verify_look_at_mail(struct verify *v, struct verify_target *t);

/* Whether the store has an open incident of it. */
void verify_look_at_incidents(struct verify *v, struct verify_target *t);

/* An address that stands for the Internet of this family: where its addresses begin. Only the
 * kernel's routes are asked about it; nothing is sent there. */
struct addr verify_root(const struct addr *like);

/* The worst that was found, a name without an answer included. */
enum severity verify_worst(const struct verify *v);

/* Prints it all; returns the exit status. */
int verify_report(const struct verify *v);

#endif
