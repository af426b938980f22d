/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records in the form of a master file (RFC 1035, 5), asked instead of DNS: what was published on a
 * day that is past.
 *
 * A, AAAA, CNAME, MX and SRV are read and the others passed over. What a library would do (ldns)
 * also reads whole zones into memory, and brings OpenSSL's into that of every command.
 */
#ifndef SYNHOLE_IO_DNS_ZONE_H
#define SYNHOLE_IO_DNS_ZONE_H

#include "base/failure.h"
#include "core/input.h"
#include "io/resolver.h"

#define DNS_ZONE_RECORDS_MAX 65536

struct dns_zone;

/* Names that end without a dot are relative to $ORIGIN, which is the root where it is not given. On
 * failure the sentence says at which line. */
int dns_zone_read(struct dns_zone **ret_zone, const char *path, struct failure *failure);
void dns_zone_free(struct dns_zone **zone);

/* Answers as the resolver would, at once: see resolver_ask(). `now` is the time of the records, 0
 * if that is not known. */
int dns_zone_ask(const struct dns_zone *zone, enum resolver_question question, const char *name,
		 when_t now, input_fn *hear, void *data, struct failure *failure);

/* The names that have addresses, in their order: `at` starts at 0; NULL: no more. */
const char *dns_zone_next_name(const struct dns_zone *zone, size_t *at);

#endif
