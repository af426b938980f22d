// SPDX-License-Identifier: GPL-2.0-only
/* What the host was like when an incident opened or closed, from the document of `synhole host`. */
#include "cmd/story.h"

#include <string.h>

/* Of each kind; what is more is counted. */
#define ROWS_MAX 24

struct counted {
	struct sheet *sheet;
	size_t rows, more;
};

static void row(struct counted *c, const char *what, const char *which, const char *state)
{
	if (c->rows++ < ROWS_MAX)
		sheet_row(c->sheet, what, which, state);
	else
		c->more++;
}

static void end_kind(struct counted *c, const char *what)
{
	char text[SHEET_TEXT];

	if (c->more)
		sheet_row(c->sheet, what, sheet_format(text, "and %zu more", c->more), "");
	c->rows = c->more = 0;
}

/* A member that should be a text; "" where it is not. */
static const char *text_of(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text ? text : "";
}

static int number_of(const json_t *o, const char *key)
{
	return (int)json_integer_value(json_object_get(o, key));
}

static bool is(const json_t *o, const char *key, const char *value)
{
	return strcmp(text_of(o, key), value) == 0;
}

static void addresses(struct counted *c, const json_t *host)
{
	char text[SHEET_TEXT];
	json_t *a;
	size_t i;

	json_array_foreach(json_object_get(host, "addresses"), i, a)
	{
		if (is(a, "interface", "lo"))
			continue;
		row(c, "address",
		    sheet_format(text, "%.60s/%d on %.20s", text_of(a, "address"),
				 number_of(a, "prefix_len"), text_of(a, "interface")),
		    is(a, "owned", "yes") ? "served" : text_of(a, "owned"));
	}
	end_kind(c, "address");
}

static void routes(struct counted *c, const json_t *host)
{
	bool v4 = false, v6 = false;
	char text[SHEET_TEXT];
	json_t *r;
	size_t i;

	json_array_foreach(json_object_get(host, "routes"), i, r)
	{
		bool is_v6 = strchr(text_of(r, "prefix"), ':');

		if (!is(r, "kind", "default"))
			continue;
		v4 |= !is_v6;
		v6 |= is_v6;
		row(c, "default route",
		    sheet_format(text, "%s%s%.60s on %.20s", is_v6 ? "IPv6" : "IPv4",
				 *text_of(r, "gateway") ? " via " : "", text_of(r, "gateway"),
				 text_of(r, "interface")),
		    "there");
	}
	end_kind(c, "default route");
	if (!v4)
		row(c, "default route", "IPv4", "none");
	if (!v6)
		row(c, "default route", "IPv6", "none");
	end_kind(c, "default route");
}

static void names(struct counted *c, const json_t *host)
{
	json_t *n, *r;
	char text[SHEET_TEXT];
	size_t i, k;

	json_array_foreach(json_object_get(host, "names"), i, n)
	{
		json_array_foreach(json_object_get(n, "records"), k, r)
			row(c, "name",
			    sheet_format(text, "%.150s %.8s %.60s", text_of(n, "name"),
					 text_of(r, "type"), text_of(r, "address")),
			    is(r, "owned", "yes") ? "owned" : "not owned");
		if (!is(n, "status", "ok"))
			row(c, "name", text_of(n, "name"), text_of(n, "status"));
	}
	end_kind(c, "name");
}

static const char *listener_address(const json_t *l)
{
	if (is(l, "address", "::"))
		return json_is_true(json_object_get(l, "v6only")) ? "all IPv6 addresses"
								  : "all addresses";
	return is(l, "address", "0.0.0.0") ? "all IPv4 addresses" : text_of(l, "address");
}

static void listeners(struct counted *c, const json_t *host)
{
	char text[SHEET_TEXT];
	json_t *l;
	size_t i;

	json_array_foreach(json_object_get(host, "listeners"), i, l) row(
		c, "listener",
		sheet_format(text, "port %d on %.60s", number_of(l, "port"), listener_address(l)),
		text_of(l, "service"));
	end_kind(c, "listener");
}

struct sheet *story_host(const char *title, const json_t *host)
{
	struct counted c = {0};

	if (!json_is_object(host))
		return NULL;
	c.sheet = sheet_new(title, (struct sheet_column[]){{"", 0}, {"", 0}, {"", 0}, {NULL, 0}});
	if (!c.sheet)
		return NULL;
	addresses(&c, host);
	routes(&c, host);
	names(&c, host);
	listeners(&c, host);
	if (json_is_true(json_object_get(host, "cut")))
		sheet_note(c.sheet, "The host had more addresses or routes than were kept.");
	return c.sheet;
}
