// SPDX-License-Identifier: GPL-2.0-only
/* What Postfix's main.cf says of the addresses that it sends from. */
#include "core/postfix.h"

#include "base/address.h"

#include <stdio.h>
#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Where the member is that holds a parameter; NULL: no such one is kept. */
static char *member_of(struct postfix *p, const char *name, size_t len)
{
	const struct {
		const char *name;
		char *value;
	} members[] = {
		{"smtp_address_preference", p->smtp_address_preference},
		{"smtp_bind_address", p->smtp_bind_address},
		{"smtp_bind_address6", p->smtp_bind_address6},
		{"inet_protocols", p->inet_protocols},
		{"myhostname", p->myhostname},
		{"mydomain", p->mydomain},
		{"myorigin", p->myorigin},
	};

	for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++)
		if (strlen(members[i].name) == len && memcmp(members[i].name, name, len) == 0)
			return members[i].value;
	return NULL;
}

/* A line that begins with a blank goes on with the value of the one before. */
static void append(char *value, const char *from, const char *to)
{
	size_t used = strlen(value);

	while (from < to && is_blank(*from))
		from++;
	while (to > from && is_blank(to[-1]))
		to--;
	if (from < to)
		snprintf(value + used, POSTFIX_VALUE - used, "%s%.*s", used ? " " : "",
			 (int)(to - from), from);
}

static char *begin(struct postfix *p, const char *line, const char *end)
{
	const char *equals = memchr(line, '=', (size_t)(end - line));
	const char *name_end = equals;
	char *value;

	if (!equals)
		return NULL;
	while (name_end > line && is_blank(name_end[-1]))
		name_end--;
	value = member_of(p, line, (size_t)(name_end - line));
	if (!value)
		return NULL;
	value[0] = '\0'; /* the last one counts */
	append(value, equals + 1, end);
	return value;
}

static bool is_comment(const char *line, const char *end)
{
	while (line < end && is_blank(*line))
		line++;
	return line == end || *line == '#';
}

void postfix_read(const char *text, size_t size, struct postfix *ret_postfix)
{
	const char *end = text + size, *next;
	char *value = NULL;

	*ret_postfix = (struct postfix){0};
	for (const char *line = text; line < end; line = next) {
		const char *line_end = memchr(line, '\n', (size_t)(end - line));

		line_end = line_end ? line_end : end;
		next = line_end < end ? line_end + 1 : end;
		if (is_comment(line, line_end))
			continue;
		if (!is_blank(*line))
			value = begin(ret_postfix, line, line_end);
		else if (value)
			append(value, line, line_end);
	}
}

static bool is_bound_to(const char *value, const struct addr *a)
{
	struct addr bound;

	return address_parse(value, &bound) == 0 && address_equal(&bound, a);
}

enum postfix_sends postfix_sends_from(const struct postfix *p, const struct addr *a)
{
	bool v4 = address_is_v4(a);
	const char *own = v4 ? "ipv4" : "ipv6", *other = v4 ? "ipv6" : "ipv4";
	const char *bound = v4 ? p->smtp_bind_address : p->smtp_bind_address6;
	const char *protocols = p->inet_protocols;

	if (protocols[0] && !strstr(protocols, own) && !strstr(protocols, "all"))
		return POSTFIX_NEVER;
	if (bound[0] && !is_bound_to(bound, a))
		return POSTFIX_NEVER;
	if (strcmp(p->smtp_address_preference, other) == 0)
		return POSTFIX_FALLS_BACK;
	return bound[0] ? POSTFIX_ALWAYS : POSTFIX_AS_CHOSEN;
}
