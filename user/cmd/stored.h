/* SPDX-License-Identifier: GPL-2.0-only */
/* Incidents in the store: the record of core/incident.h on one side, documents on the other. */
#ifndef SYNHOLE_CMD_STORED_H
#define SYNHOLE_CMD_STORED_H

#include "base/address.h"
#include "cmd/options.h"
#include "core/incident.h"
#include "io/store.h"

#include <jansson.h>

/* Opens for reading what --store names, else what the configuration does. */
int stored_open(struct store **ret_store, const struct options *options, struct failure *failure);

/* Until when the store knows: the end of the recording that it was made of, or now. */
when_t stored_until(struct store *store);
int stored_put_until(struct store *store, when_t until, struct failure *failure);

/* The directory in which the files of cmd/evidence.h are. */
int stored_put_evidence(struct store *store, const char *directory, struct failure *failure);

/* The incident as a row; row and texts are one piece of memory, to be freed. NULL: no memory. */
struct store_row *stored_row(const struct incident *incident);

/* Errors as those of store_put(). */
int stored_put(struct store *store, const struct incident *incident, struct failure *failure);

/* Returning false ends the list. */
typedef bool stored_fn(void *data, const struct incident *incident);

/* The newest first. Those that cannot be read are left out, and make it fail with -EBADMSG when
 * the others have been told. */
int stored_list(struct store *store, const struct store_filter *filter, stored_fn *tell, void *data,
		struct failure *failure);

/* What --since, --until, --open, --name, --address and --verdict say. The texts of the address and
 * the name live in `text`. */
#define STORED_TEXT (ADDRESS_TEXT + 4096)
struct store_filter stored_filter(const struct options *options, char text[static STORED_TEXT]);

/* All that is kept of one incident. */
struct stored {
	struct incident incident;
	struct store_minute *minutes; /* those in which anything was counted */
	size_t minute_count;
	json_t *opening, *close; /* as `synhole host --json` writes it; NULL: not known */
	json_t *evidence;	 /* as `synhole show --json` writes it; NULL: no packets are kept */
};

/* To be freed with stored_free(). -ENOENT: there is none. */
int stored_get(struct store *store, uint64_t id, struct stored **ret_stored,
	       struct failure *failure);
void stored_free(struct stored **stored);

/* The number of an incident as a word of the command line. */
int stored_read_id(const char *word, uint64_t *ret_id, struct failure *failure);

#endif
