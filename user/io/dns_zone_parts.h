/* SPDX-License-Identifier: GPL-2.0-only */
/* A zone in memory, which dns_zone_read.c fills and dns_zone.c asks. */
#ifndef SYNHOLE_IO_DNS_ZONE_PARTS_H
#define SYNHOLE_IO_DNS_ZONE_PARTS_H

#include "core/input.h"

#include <arpa/nameser.h>

#define DNS_ZONE_NAME NS_MAXDNAME

enum dns_zone_type {
	DNS_ZONE_A,
	DNS_ZONE_AAAA,
	DNS_ZONE_CNAME,
	DNS_ZONE_MX,
	DNS_ZONE_SRV,
	DNS_ZONE_TYPES,
	DNS_ZONE_OTHER = DNS_ZONE_TYPES, /* that the name exists is all it says */
};

struct dns_zone_record {
	char *owner; /* as dns_name_normal() writes it; "" is the root */
	enum dns_zone_type type;
	uint32_t ttl;
	size_t number; /* in the file's order */
	struct addr address;
	char *target; /* of CNAME, MX and SRV; "" is the root. Of others NULL */
};

struct dns_zone {
	struct dns_zone_record *records; /* by owner, type and number */
	size_t count, room;
};

void dns_zone_sort(struct dns_zone *zone);

#endif
