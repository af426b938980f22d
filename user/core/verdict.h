/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Verdicts: what is to be said of one destination, from what is known of it.
 *
 * A pure function over a table of rules, the first that holds wins; docs/verdicts.md says the same
 * in words. Facts that nobody could tell are "unknown", and no rule takes unknown for no.
 */
#ifndef SYNHOLE_CORE_VERDICT_H
#define SYNHOLE_CORE_VERDICT_H

#include "core/hostaddr.h"
#include "core/input.h"

enum verdict {
	VERDICT_NONE, /* nothing to say: owned, and nothing has arrived */
	VERDICT_BLACKHOLE,
	VERDICT_UNUSABLE,
	VERDICT_MUTE,
	VERDICT_STRAY,
	VERDICT_LATENT,
	VERDICT_SCAN,
	VERDICT_FILTERED,
	VERDICT_REFUSED,
	VERDICT_SERVED,
	VERDICT_FORWARDED,
	VERDICT_FOREIGN,
	VERDICT_PENDING,
	VERDICTS,
};

/* In the order of badness. UNKNOWN (could not look) is of runs, not of destinations. */
enum severity {
	SEVERITY_OK,
	SEVERITY_WARNING,
	SEVERITY_UNKNOWN,
	SEVERITY_CRITICAL,
};

enum cause {
	CAUSE_ADDRESS_MISSING = 1 << 0,
	CAUSE_ADDRESS_TENTATIVE = 1 << 1,
	CAUSE_ADDRESS_DADFAILED = 1 << 2,
	CAUSE_LINK_DOWN = 1 << 3,
	CAUSE_NO_RETURN_ROUTE = 1 << 4,
	CAUSE_NO_DEFAULT_ROUTE = 1 << 5,
	CAUSE_HAIRPIN = 1 << 6,
	CAUSE_BLACKHOLE_ROUTE = 1 << 7,
	CAUSE_FILTERED = 1 << 8,
	CAUSE_BACKLOG_FULL = 1 << 9,
	CAUSE_NOT_ROUTED_HERE = 1 << 10, /* only the asking is seen */
	CAUSE_NAME_STALE = 1 << 11,	 /* the zone's own servers have dropped what is published */
	CAUSES = 12,
};

enum answered { ANSWERED_NO, ANSWERED_SYN_ACK, ANSWERED_RST, ANSWERED_ICMP };

enum fact { FACT_UNKNOWN, FACT_YES, FACT_NO };

struct facts {
	enum owned owned;
	bool published;
	bool stale;	    /* only by resolvers that have not heard that it is over */
	uint64_t syns;	    /* to this host's MAC address */
	uint64_t foreign;   /* to another's */
	uint64_t asked;	    /* who has it, asked on the link */
	uint64_t age;	    /* nanoseconds since the first of them */
	uint64_t tentative; /* nanoseconds since the address became tentative */
	enum fact watched;  /* what leaves was watched: `answered` is known */
	enum answered answered;
	bool dropped;	      /* the kernel was seen to drop one */
	bool filtered;	      /* ... by a firewall */
	bool returned;	      /* one was seen to leave by the interface it came in by, or to loop */
	bool clients;	      /* real clients wait */
	bool clients_unheard; /* ... on a port with a listener, from which no answer left */
	bool backlog_full;
	enum fact path_known;
	enum path_kind path;	/* with path_known == FACT_YES */
	enum fact return_route; /* to a source of the SYNs */
	bool default_route;	/* one of the address's family */
	enum fact listener;	/* something listens on a port that was called */
};

struct judgement {
	enum verdict verdict;
	enum severity severity;
	unsigned causes; /* enum cause */
	unsigned rule;	 /* its row in docs/verdicts.md, from 1 on; 0: none holds */
};

/* How long an address may be tentative before that is a fault: duplicate address detection takes
 * 1 to 2 s (RFC 4862, 5.1). */
#define VERDICT_TENTATIVE_NS 5000000000ULL

/* How long an answer may take. What is only inferred waits for it: address translation comes
 * before routing, and routes do not know of it. */
#define VERDICT_ANSWER_NS 1000000000ULL

struct judgement verdict_judge(const struct facts *facts);

/* The number of rules. */
#define VERDICT_RULES 16

/* What the rule of a judgement says, in the words of docs/verdicts.md. */
const char *verdict_rule_words(unsigned rule);

/* The first row that gives this verdict; each fault has one row only. */
unsigned verdict_rule_of(enum verdict verdict);

/* "blackhole", "address-missing": the words of the contract. NULL for VERDICT_NONE. */
const char *verdict_name(enum verdict verdict);
const char *verdict_severity_name(enum severity severity);
const char *verdict_cause_name(enum cause cause);
const char *verdict_path_name(enum path_kind path);
const char *verdict_answered_name(enum answered answered);
/* ... and NULL for OWNED_UNKNOWN. */
const char *verdict_owned_name(enum owned owned);

#endif
