// SPDX-License-Identifier: GPL-2.0-only
/* Macros in SPF records: one reader of pieces serves the check of syntax and the expansion. */
#include "core/spf_macro.h"
#include "base/address.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define SPF_NAME_LONGEST 253
#define SPF_DELIMITERS ".-+,/_="
#define SPF_PARTS 128

/* A literal byte (also that of "%%", of "%_", a space, and of "%-", which is an escaped space), or
 * a macro with its transformers. */
struct piece {
	char literal;  /* 0: a macro */
	bool escape;   /* written with a percent sign */
	char letter;   /* as written */
	unsigned keep; /* how many parts from the right, 0: all */
	bool reverse;
	struct spf_text delimiters; /* empty: a dot */
};

/* %{ was read. */
static bool read_macro(const char **at, const char *end, struct piece *ret)
{
	const char *p = *at;

	if (p == end || !strchr("slodipvh", tolower((unsigned char)*p)))
		return false;
	ret->letter = *p++;
	if (p < end && isdigit((unsigned char)*p)) {
		for (; p < end && isdigit((unsigned char)*p); p++)
			ret->keep = ret->keep < SPF_PARTS ? ret->keep * 10 + (unsigned)(*p - '0')
							  : SPF_PARTS;
		if (!ret->keep)
			return false;
	}
	if (p < end && tolower((unsigned char)*p) == 'r') {
		ret->reverse = true;
		p++;
	}
	ret->delimiters.start = p;
	while (p < end && strchr(SPF_DELIMITERS, *p))
		p++;
	ret->delimiters.size = (size_t)(p - ret->delimiters.start);
	if (p == end || *p != '}')
		return false;
	*at = p + 1;
	return true;
}

/* False for what the grammar has not. */
static bool next_piece(const char **at, const char *end, struct piece *ret)
{
	const char *p = *at;

	*ret = (struct piece){0};
	if (*p != '%') {
		ret->literal = *p;
		*at = p + 1;
		return *p > ' ' && *p <= '~';
	}
	ret->escape = true;
	if (++p == end)
		return false;
	*at = p + 1;
	if (*p == '{')
		return read_macro(at, end, ret);
	ret->literal = *p == '_' ? ' ' : *p;
	return *p == '%' || *p == '_' || *p == '-';
}

bool spf_macro_is_string(struct spf_text text)
{
	const char *at = text.start, *end = at + text.size;
	struct piece piece;

	while (at < end)
		if (!next_piece(&at, end, &piece))
			return false;
	return true;
}

static bool is_top_label(const char *start, const char *end)
{
	bool digits = true, hyphen = false;

	if (start == end || *start == '-' || end[-1] == '-')
		return false;
	for (const char *p = start; p < end; p++) {
		if (!isalnum((unsigned char)*p) && *p != '-')
			return false;
		digits = digits && isdigit((unsigned char)*p);
		hyphen = hyphen || *p == '-';
	}
	return !digits || hyphen;
}

bool spf_macro_is_domain(struct spf_text text)
{
	const char *at = text.start, *end = at + text.size, *literals = at;
	const char *dot = NULL;
	struct piece piece;

	if (!text.size || !spf_macro_is_string(text))
		return false;
	while (at < end && next_piece(&at, end, &piece))
		if (piece.escape)
			literals = at;
	if (literals == end)
		return true;
	if (end[-1] == '.')
		end--;
	for (const char *p = literals; p < end; p++)
		if (*p == '.')
			dot = p;
	return dot && is_top_label(dot + 1, end);
}

bool spf_macro_wants_validated(struct spf_text text)
{
	const char *at = text.start, *end = at + text.size;
	struct piece piece;

	while (at < end && next_piece(&at, end, &piece))
		if (!piece.literal && tolower((unsigned char)piece.letter) == 'p')
			return true;
	return false;
}

/* The address with a dot between all its numbers, so that it can be reversed: IPv6 by nibbles. */
static void write_client(const struct addr *a, char text[static 2 * 32])
{
	static const char digits[] = "0123456789abcdef";

	if (address_is_v4(a)) {
		inet_ntop(AF_INET, a->bytes + 12, text, INET_ADDRSTRLEN);
		return;
	}
	for (size_t i = 0; i < 32; i++) {
		text[2 * i] = digits[i % 2 ? a->bytes[i / 2] & 15 : a->bytes[i / 2] >> 4];
		text[2 * i + 1] = '.';
	}
	text[63] = '\0';
}

/* Returns the value, which may stand in `room`. */
static struct spf_text value_of(char letter, const struct spf_macro_values *v,
				char room[static 512])
{
	const char *sender = v->who->sender, *at = strrchr(sender, '@');
	struct spf_text local = {sender, at ? (size_t)(at - sender) : 0};
	const char *domain = at ? at + 1 : sender, *text = domain;

	if (!local.size)
		local = (struct spf_text){"postmaster", 10};
	switch (tolower((unsigned char)letter)) {
	case 'l':
		return local;
	case 's':
		snprintf(room, 512, "%.*s@%s", (int)local.size, local.start, domain);
		text = room;
		break;
	case 'd':
		text = v->domain;
		break;
	case 'h':
		text = v->who->helo;
		break;
	case 'p':
		text = v->validated;
		break;
	case 'i':
		write_client(&v->who->client, room);
		text = room;
		break;
	case 'v':
		text = address_is_v4(&v->who->client) ? "in-addr" : "ip6";
		break;
	}
	return (struct spf_text){text, strlen(text)};
}

/* A name under construction. Only its end will count, so its beginning may go. */
struct name {
	char text[1024];
	size_t size;
};

static void append(struct name *name, char c)
{
	if (name->size == sizeof(name->text)) {
		name->size /= 2;
		memmove(name->text, name->text + name->size, name->size);
	}
	name->text[name->size++] = c;
}

/* RFC 3986, 2.3: for upper-case letters. */
static void append_value(struct name *name, struct spf_text text, bool escape)
{
	char hex[4];

	for (size_t i = 0; i < text.size; i++) {
		unsigned char c = (unsigned char)text.start[i];

		if (!escape || isalnum(c) || (c && strchr("-._~", c))) {
			append(name, (char)c);
			continue;
		}
		snprintf(hex, sizeof(hex), "%%%02X", c);
		for (size_t k = 0; k < 3; k++)
			append(name, hex[k]);
	}
}

/* Of more parts than there is room for the last ones are kept: names end there. */
static size_t split(struct spf_text value, const struct piece *piece,
		    struct spf_text parts[static SPF_PARTS])
{
	struct spf_text by = piece->delimiters.size ? piece->delimiters : (struct spf_text){".", 1};
	const char *start = value.start, *end = start + value.size;
	size_t count = 0;

	for (const char *p = start; p <= end; p++) {
		if (p < end && !memchr(by.start, *p, by.size))
			continue;
		if (count == SPF_PARTS)
			memmove(parts, parts + 1, --count * sizeof(*parts));
		parts[count++] = (struct spf_text){start, (size_t)(p - start)};
		start = p + 1;
	}
	return count;
}

static void expand_macro(struct name *name, const struct piece *piece,
			 const struct spf_macro_values *values)
{
	struct spf_text parts[SPF_PARTS];
	char room[512];
	size_t count = split(value_of(piece->letter, values, room), piece, parts);
	size_t keep = piece->keep && piece->keep < count ? piece->keep : count;

	for (size_t i = count - keep; i < count; i++) {
		if (i > count - keep)
			append(name, '.');
		append_value(name, parts[piece->reverse ? count - 1 - i : i],
			     isupper((unsigned char)piece->letter));
	}
}

void spf_macro_expand(struct spf_text text, const struct spf_macro_values *values,
		      char ret_name[static SPF_NAME])
{
	const char *at = text.start, *end = at + text.size, *start;
	struct name name = {.size = 0};
	struct piece piece;

	while (at < end && next_piece(&at, end, &piece)) {
		if (piece.escape && piece.literal == '-')
			append_value(&name, (struct spf_text){" ", 1}, true);
		else if (piece.literal)
			append(&name, piece.literal);
		else
			expand_macro(&name, &piece, values);
	}
	start = name.text;
	end = name.text + name.size;
	if (end > start && end[-1] == '.')
		end--;
	while (end - start > SPF_NAME_LONGEST) {
		start = memchr(start, '.', (size_t)(end - start));
		start = start ? start + 1 : end;
	}
	memcpy(ret_name, start, (size_t)(end - start));
	ret_name[end - start] = '\0';
}
