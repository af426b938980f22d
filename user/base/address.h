/* SPDX-License-Identifier: GPL-2.0-only */
/* IP addresses as values: IPv4 is mapped into IPv6, so that one type serves both families. */
#ifndef SYNHOLE_BASE_ADDRESS_H
#define SYNHOLE_BASE_ADDRESS_H

#include "abi.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#define ADDRESS_TEXT INET6_ADDRSTRLEN

/* Text in the form of RFC 5952; IPv4 as dotted quad. Returns `text`. */
const char *address_format(const struct addr *a, char text[static ADDRESS_TEXT]);

/* Either family; -EINVAL for anything that is no literal address. */
int address_parse(const char *text, struct addr *ret_a);

/* ADDRESS/LENGTH, or ADDRESS alone for one address; the length is that of the mapped form.
 * -EINVAL also when bits are set beyond the length. */
int address_parse_prefix(const char *text, struct addr *ret_a, uint8_t *ret_len);

struct addr address_from_v4(const struct in_addr *v4);
struct addr address_from_v6(const struct in6_addr *v6);

bool address_is_v4(const struct addr *a);
bool address_is_zero(const struct addr *a);
bool address_equal(const struct addr *a, const struct addr *b);
int address_compare(const struct addr *a, const struct addr *b);

/* `len` counts bits of the mapped form: an IPv4 /24 is 120. */
bool address_in_prefix(const struct addr *a, const struct addr *prefix, uint8_t len);

/* The first `len` bits, the rest zero. */
struct addr address_masked(const struct addr *a, uint8_t len);

/* Addresses that are never a finding: unspecified, loopback, link-local, multicast, broadcast. */
bool address_is_special(const struct addr *a);

/* Neither special nor for private use (RFC 1918, RFC 4193, RFC 6598). */
bool address_is_public(const struct addr *a);

/* The name under which DNS has an address's own names (RFC 1035, 3.5; RFC 3596, 2.5). */
#define ADDRESS_REVERSE 80
const char *address_reverse(const struct addr *a, char text[static ADDRESS_REVERSE]);

/* AF_INET or AF_INET6. */
int address_family(const struct addr *a);
/* "IPv4" or "IPv6" */
const char *address_family_name(const struct addr *a);

#endif
