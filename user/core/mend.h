/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What would mend a destination: the address and the default route that this host lacks, on which
 * link, with which prefix length, by which router, and where each of these was learned.
 *
 * mend_forms.h writes it down in the form in which a host is configured.
 */
#ifndef SYNHOLE_CORE_MEND_H
#define SYNHOLE_CORE_MEND_H

#include "core/engine.h"

/* Where an ingredient comes from. */
enum mend_from {
	MEND_UNKNOWN,
	MEND_FROM_SYNS,		 /* the SYNs came in there, or from there */
	MEND_FROM_ASKING,	 /* it was asked for there */
	MEND_FROM_NEAR,		 /* another address of this host is in the same prefix */
	MEND_FROM_DEFAULT_ROUTE, /* the family's default route leads out there */
	MEND_FROM_ROUTER,	 /* the neighbour says that it is a router */
	MEND_FROM_TWIN,		 /* the other family's default route leads there */
	MEND_FROM_ONLY,		 /* a guess: there is no other */
	MEND_FROM_CUSTOM,	 /* a guess: what is usual */
	MEND_FROM_MAC,		 /* a guess: made of the MAC that the SYNs came from */
};

struct mend {
	struct addr address;
	bool add_address, add_route;   /* what is lacking */
	const struct input_link *link; /* NULL: not known, then nothing can be written */
	const struct input_link *vrf;  /* whose routes are those of the link; NULL: the host's */
	uint8_t prefix_len;	       /* in the address's own family */
	bool has_gateway;	       /* else it is not known, or not lacking */
	struct addr gateway;	       /* with MEND_FROM_MAC set even where has_gateway is not */
	enum mend_from link_from, prefix_from, gateway_from;
	const struct input_address *near; /* what MEND_FROM_NEAR means */
	bool avoid_as_source;		  /* the host's own connections should not leave from it */
};

/* The ingredients for an address that is called, or asked for, on `link` (NULL: on none).
 * add_address, add_route and avoid_as_source are the caller's to say. */
struct mend mend_derive(const struct engine *engine, const struct addr *address,
			const struct input_link *link, bool asked);

/* "the SYNs came in there": a clause for people. */
const char *mend_from_words(enum mend_from from);
bool mend_is_guess(enum mend_from from);

#endif
