// SPDX-License-Identifier: GPL-2.0-only
/* SPF records: one term after the other, each checked whole before anything is evaluated. */
#include "core/spf_record.h"
#include "base/address.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

bool spf_record_begins(const char *record, const char **ret_terms)
{
	static const char version[] = "v=spf1";
	const size_t n = sizeof(version) - 1;

	if (strncasecmp(record, version, n) != 0 || (record[n] && record[n] != ' '))
		return false;
	*ret_terms = record + n;
	return true;
}

/* A decimal number up to `most` without leading zeros. */
static bool read_length(struct spf_text digits, unsigned most, uint8_t *ret)
{
	unsigned number = 0;

	if (!digits.size || digits.size > 3 || (digits.size > 1 && *digits.start == '0'))
		return false;
	for (size_t i = 0; i < digits.size; i++) {
		if (!isdigit((unsigned char)digits.start[i]))
			return false;
		number = number * 10 + (unsigned)(digits.start[i] - '0');
	}
	*ret = (uint8_t)number;
	return number <= most;
}

/* Cuts "/LENGTH", or "//LENGTH" if `slashes` is 2, off the end. False if it is no length, true also
 * if there is none. */
static bool cut_length(struct spf_text *text, size_t slashes, unsigned most, uint8_t *ret)
{
	const char *end = text->start + text->size, *p = end;

	while (p > text->start && isdigit((unsigned char)p[-1]))
		p--;
	if (p == end || (size_t)(p - text->start) < slashes || strncmp(p - slashes, "//", slashes))
		return true;
	text->size -= (size_t)(end - p) + slashes;
	return read_length((struct spf_text){p, (size_t)(end - p)}, most, ret);
}

/* What follows the name of a mechanism that may have a domain and prefix lengths. */
static bool read_domain_and_lengths(struct spf_text rest, struct spf_term *t)
{
	if (t->kind != SPF_PTR &&
	    (!cut_length(&rest, 2, 128, &t->len6) || !cut_length(&rest, 1, 32, &t->len4)))
		return false;
	if (!rest.size)
		return true;
	if (*rest.start != ':')
		return false;
	t->spec = (struct spf_text){rest.start + 1, rest.size - 1};
	return spf_macro_is_domain(t->spec);
}

static bool read_domain(struct spf_text rest, struct spf_term *t)
{
	if (!rest.size || *rest.start != ':')
		return false;
	t->spec = (struct spf_text){rest.start + 1, rest.size - 1};
	return spf_macro_is_domain(t->spec);
}

static bool read_address(struct spf_text rest, struct spf_term *t)
{
	bool four = t->kind == SPF_IP4;
	char text[INET6_ADDRSTRLEN];
	struct in6_addr raw;

	if (!cut_length(&rest, 1, four ? 32 : 128, four ? &t->len4 : &t->len6) || rest.size < 2 ||
	    *rest.start != ':' || rest.size > sizeof(text))
		return false;
	memcpy(text, rest.start + 1, rest.size - 1);
	text[rest.size - 1] = '\0';
	if (inet_pton(four ? AF_INET : AF_INET6, text, &raw) != 1)
		return false;
	t->address = four ? address_from_v4((const void *)&raw) : address_from_v6(&raw);
	return true;
}

static bool read_nothing(struct spf_text rest, struct spf_term *t)
{
	return !rest.size;
}

static const struct {
	const char *name;
	bool (*read)(struct spf_text rest, struct spf_term *term);
} mechanisms[] = {
	[SPF_ALL] = {"all", read_nothing},
	[SPF_INCLUDE] = {"include", read_domain},
	[SPF_A] = {"a", read_domain_and_lengths},
	[SPF_MX] = {"mx", read_domain_and_lengths},
	[SPF_PTR] = {"ptr", read_domain_and_lengths},
	[SPF_IP4] = {"ip4", read_address},
	[SPF_IP6] = {"ip6", read_address},
	[SPF_EXISTS] = {"exists", read_domain},
};

static bool is_named(struct spf_text text, const char *name)
{
	return text.size == strlen(name) && strncasecmp(text.start, name, text.size) == 0;
}

static bool read_mechanism(struct spf_text name, struct spf_text rest, struct spf_term *t)
{
	for (size_t i = 0; i < sizeof(mechanisms) / sizeof(*mechanisms); i++) {
		if (!is_named(name, mechanisms[i].name))
			continue;
		t->kind = (enum spf_kind)i;
		return mechanisms[i].read(rest, t);
	}
	return false;
}

static bool read_modifier(struct spf_text name, struct spf_text value, struct spf_term *t)
{
	t->spec = value;
	if (is_named(name, "redirect")) {
		t->kind = SPF_REDIRECT;
		return spf_macro_is_domain(value);
	}
	if (is_named(name, "exp")) {
		t->kind = SPF_EXP;
		return spf_macro_is_domain(value);
	}
	t->kind = SPF_OTHER;
	return spf_macro_is_string(value);
}

static bool read_term(struct spf_text text, struct spf_term *t)
{
	static const char qualifiers[] = "+-?~";
	static const enum spf_result results[] = {SPF_PASS, SPF_FAIL, SPF_NEUTRAL, SPF_SOFTFAIL};
	const char *p = text.start, *end = p + text.size;
	const char *sign = strchr(qualifiers, *p);
	struct spf_text name, rest;

	*t = (struct spf_term){.text = text, .result = SPF_PASS, .len4 = 32, .len6 = 128};
	if (sign) {
		t->result = results[sign - qualifiers];
		p++;
	}
	name.start = p;
	if (p == end || !isalpha((unsigned char)*p))
		return false;
	while (p < end && (isalnum((unsigned char)*p) || strchr("-_.", *p)))
		p++;
	name.size = (size_t)(p - name.start);
	rest = (struct spf_text){p, (size_t)(end - p)};
	if (p == end || *p != '=')
		return read_mechanism(name, rest, t);
	return !sign && read_modifier(name, (struct spf_text){p + 1, rest.size - 1}, t);
}

int spf_record_next(const char **cursor, struct spf_term *ret_term)
{
	const char *start = *cursor + strspn(*cursor, " ");
	size_t n = strcspn(start, " ");

	if (!n)
		return 0;
	*cursor = start + n;
	return read_term((struct spf_text){start, n}, ret_term) ? 1 : -EINVAL;
}
