// SPDX-License-Identifier: GPL-2.0-only
/* IP addresses as values. */
#include "base/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t v4_prefix[12] = {[10] = 0xff, [11] = 0xff};

const char *address_format(const struct addr *a, char text[static ADDRESS_TEXT])
{
	if (address_is_v4(a))
		inet_ntop(AF_INET, a->bytes + 12, text, ADDRESS_TEXT);
	else
		inet_ntop(AF_INET6, a->bytes, text, ADDRESS_TEXT);
	return text;
}

int address_parse(const char *text, struct addr *ret_a)
{
	struct in6_addr v6;
	struct in_addr v4;

	if (inet_pton(AF_INET, text, &v4) == 1)
		*ret_a = address_from_v4(&v4);
	else if (inet_pton(AF_INET6, text, &v6) == 1)
		*ret_a = address_from_v6(&v6);
	else
		return -EINVAL;
	return 0;
}

int address_parse_prefix(const char *text, struct addr *ret_a, uint8_t *ret_len)
{
	char literal[ADDRESS_TEXT];
	const char *slash = strchrnul(text, '/');
	size_t n = (size_t)(slash - text);
	unsigned long len, width;
	struct addr a;
	char *end;

	if (n >= sizeof(literal))
		return -EINVAL;
	memcpy(literal, text, n);
	literal[n] = '\0';
	if (address_parse(literal, &a) < 0)
		return -EINVAL;
	width = address_is_v4(&a) ? 32 : 128;
	len = width;
	if (*slash) {
		if (slash[1] < '0' || slash[1] > '9')
			return -EINVAL;
		len = strtoul(slash + 1, &end, 10);
		if (*end || len > width)
			return -EINVAL;
	}
	len += 128 - width;
	for (unsigned long bit = len; bit < 128; bit++)
		if (a.bytes[bit / 8] & (0x80 >> bit % 8))
			return -EINVAL;
	*ret_a = a;
	*ret_len = (uint8_t)len;
	return 0;
}

struct addr address_from_v4(const struct in_addr *v4)
{
	struct addr a;

	memcpy(a.bytes, v4_prefix, sizeof(v4_prefix));
	memcpy(a.bytes + 12, v4, 4);
	return a;
}

struct addr address_from_v6(const struct in6_addr *v6)
{
	struct addr a;

	memcpy(a.bytes, v6, 16);
	return a;
}

bool address_is_v4(const struct addr *a)
{
	return memcmp(a->bytes, v4_prefix, sizeof(v4_prefix)) == 0;
}

bool address_is_zero(const struct addr *a)
{
	return !a->halves[0] && !a->halves[1];
}

bool address_equal(const struct addr *a, const struct addr *b)
{
	return a->halves[0] == b->halves[0] && a->halves[1] == b->halves[1];
}

int address_compare(const struct addr *a, const struct addr *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

bool address_in_prefix(const struct addr *a, const struct addr *prefix, uint8_t len)
{
	uint8_t rest = len % 8;

	if (memcmp(a->bytes, prefix->bytes, len / 8) != 0)
		return false;
	return !rest || !((a->bytes[len / 8] ^ prefix->bytes[len / 8]) >> (8 - rest));
}

struct addr address_masked(const struct addr *a, uint8_t len)
{
	struct addr masked = {0};

	memcpy(masked.bytes, a->bytes, len / 8);
	if (len % 8)
		masked.bytes[len / 8] = a->bytes[len / 8] & (uint8_t)(0xff00 >> len % 8);
	return masked;
}

bool address_is_special(const struct addr *a)
{
	const uint8_t *v4 = a->bytes + 12;

	if (address_is_v4(a))
		return v4[0] == 0 || v4[0] == 127 || v4[0] >= 224 || (v4[0] == 169 && v4[1] == 254);
	return a->bytes[0] == 0xff || (a->bytes[0] == 0xfe && (a->bytes[1] & 0xc0) == 0x80) ||
	       (!a->halves[0] && !a->words[2] && a->bytes[12] == 0 && a->bytes[13] == 0 &&
		a->bytes[14] == 0 && a->bytes[15] <= 1);
}

bool address_is_public(const struct addr *a)
{
	const uint8_t *v4 = a->bytes + 12;

	if (address_is_special(a))
		return false;
	if (!address_is_v4(a))
		return (a->bytes[0] & 0xfe) != 0xfc;
	return v4[0] != 10 && !(v4[0] == 172 && (v4[1] & 0xf0) == 16) &&
	       !(v4[0] == 192 && v4[1] == 168) && !(v4[0] == 100 && (v4[1] & 0xc0) == 64);
}

const char *address_reverse(const struct addr *a, char text[static ADDRESS_REVERSE])
{
	const uint8_t *b = a->bytes;
	int n = 0;

	if (address_is_v4(a)) {
		snprintf(text, ADDRESS_REVERSE, "%u.%u.%u.%u.in-addr.arpa", b[15], b[14], b[13],
			 b[12]);
		return text;
	}
	for (int i = 15; i >= 0; i--)
		n += snprintf(text + n, ADDRESS_REVERSE - (size_t)n, "%x.%x.", b[i] & 0xf,
			      b[i] >> 4);
	snprintf(text + n, ADDRESS_REVERSE - (size_t)n, "ip6.arpa");
	return text;
}

int address_family(const struct addr *a)
{
	return address_is_v4(a) ? AF_INET : AF_INET6;
}

const char *address_family_name(const struct addr *a)
{
	return address_is_v4(a) ? "IPv4" : "IPv6";
}
