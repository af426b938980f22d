// SPDX-License-Identifier: GPL-2.0-only
/* Does a packet match an expression of an nftables rule? */
#include "core/firewall_match.h"

#include "base/address.h"

#include <stdio.h>
#include <string.h>

/* What an expression is of the packet. */
struct value {
	enum { VALUE_UNKNOWN, VALUE_ABSENT, VALUE_TEXT, VALUE_NUMBER, VALUE_ADDRESS } kind;
	const char *text, *other_text; /* the same in other words, or NULL */
	json_int_t number;
	const struct addr *address;
};

static struct value text_value(const char *text, const char *other)
{
	return (struct value){.kind = VALUE_TEXT, .text = text, .other_text = other};
}

static const char *member(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text ? text : "";
}

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* A header that the packet does not have matches nothing. */
static struct value payload_value(const struct firewall_packet *p, const json_t *payload)
{
	const char *protocol = member(payload, "protocol"), *field = member(payload, "field");
	bool v4 = address_is_v4(&p->address);

	if (is(protocol, "tcp") || is(protocol, "th"))
		return is(field, "dport") ? (struct value){.kind = VALUE_NUMBER, .number = p->port}
					  : (struct value){0};
	if (!is(protocol, "ip") && !is(protocol, "ip6"))
		return is(protocol, "ether") || is(protocol, "vlan") || !*protocol
			       ? (struct value){0}
			       : (struct value){.kind = VALUE_ABSENT};
	if (is(protocol, "ip") != v4)
		return (struct value){.kind = VALUE_ABSENT};
	if (is(field, "daddr"))
		return (struct value){.kind = VALUE_ADDRESS, .address = &p->address};
	if (is(field, "protocol") || is(field, "nexthdr"))
		return text_value("tcp", "6");
	return (struct value){0};
}

static struct value meta_value(const struct firewall_packet *p, const char *key)
{
	bool v4 = address_is_v4(&p->address);

	if (is(key, "iif") || is(key, "iifname"))
		return text_value(p->link, NULL);
	if (is(key, "l4proto"))
		return text_value("tcp", "6");
	if (is(key, "nfproto"))
		return text_value(v4 ? "ipv4" : "ipv6", NULL);
	if (is(key, "protocol"))
		return text_value(v4 ? "ip" : "ip6", NULL);
	if (is(key, "pkttype"))
		return text_value("host", "unicast");
	return (struct value){0};
}

static struct value value_of(const struct firewall_packet *p, const json_t *left)
{
	const json_t *o;

	if ((o = json_object_get(left, "payload")))
		return payload_value(p, o);
	if ((o = json_object_get(left, "meta")))
		return meta_value(p, member(o, "key"));
	if ((o = json_object_get(left, "ct")) && is(member(o, "key"), "state"))
		return text_value("new", NULL);
	if ((o = json_object_get(left, "fib")) && is(member(o, "result"), "type"))
		return text_value("local", NULL);
	return (struct value){0};
}

/* "eth*" is every name that begins so. */
static bool is_text(const char *text, const char *wanted)
{
	size_t n = strlen(wanted);

	return is(text, wanted) || (n && wanted[n - 1] == '*' && strncmp(text, wanted, n - 1) == 0);
}

static enum firewall_match yes_or_no(bool yes)
{
	return yes ? MATCH_YES : MATCH_NO;
}

static enum firewall_match is_scalar(const struct value *v, const json_t *right)
{
	const char *wanted = json_string_value(right);
	char digits[24];
	struct addr a;

	if (json_is_integer(right)) {
		snprintf(digits, sizeof(digits), "%lld", (long long)json_integer_value(right));
		wanted = digits;
	}
	if (!wanted)
		return MATCH_MAYBE;
	if (v->kind == VALUE_NUMBER)
		return json_is_integer(right) ? yes_or_no(v->number == json_integer_value(right))
					      : MATCH_MAYBE;
	if (v->kind == VALUE_ADDRESS)
		return address_parse(wanted, &a) < 0 ? MATCH_MAYBE
						     : yes_or_no(address_equal(v->address, &a));
	return yes_or_no(is_text(v->text, wanted) ||
			 (v->other_text && is_text(v->other_text, wanted)));
}

static enum firewall_match is_in_prefix(const struct value *v, const json_t *prefix)
{
	json_int_t len = json_integer_value(json_object_get(prefix, "len"));
	struct addr a;

	if (v->kind != VALUE_ADDRESS || address_parse(member(prefix, "addr"), &a) < 0)
		return MATCH_MAYBE;
	len += address_is_v4(&a) ? 96 : 0;
	if (len < 0 || len > 128)
		return MATCH_MAYBE;
	return yes_or_no(address_in_prefix(v->address, &a, (uint8_t)len));
}

static enum firewall_match is_in_range(const struct value *v, const json_t *range)
{
	const json_t *low = json_array_get(range, 0), *high = json_array_get(range, 1);
	struct addr a, b;

	if (v->kind == VALUE_NUMBER && json_is_integer(low) && json_is_integer(high))
		return yes_or_no(v->number >= json_integer_value(low) &&
				 v->number <= json_integer_value(high));
	if (v->kind != VALUE_ADDRESS || !json_is_string(low) || !json_is_string(high) ||
	    address_parse(json_string_value(low), &a) < 0 ||
	    address_parse(json_string_value(high), &b) < 0)
		return MATCH_MAYBE;
	return yes_or_no(address_compare(v->address, &a) >= 0 &&
			 address_compare(v->address, &b) <= 0);
}

/* An element with a timeout or a comment is {"elem": {"val": VALUE, ...}}, one of a map a pair. */
static const json_t *bare(const json_t *element)
{
	const json_t *wrapped = json_object_get(json_object_get(element, "elem"), "val");

	return wrapped ? wrapped : element;
}

static enum firewall_match is_one(const struct value *v, const json_t *right)
{
	const json_t *o;

	if ((o = json_object_get(right, "prefix")))
		return is_in_prefix(v, o);
	if ((o = json_object_get(right, "range")))
		return is_in_range(v, o);
	return is_scalar(v, right);
}

static enum firewall_match is_in_list(const struct value *v, const json_t *list)
{
	enum firewall_match best = MATCH_NO;
	const json_t *element;
	size_t i;

	json_array_foreach(list, i, element)
	{
		enum firewall_match one = is_one(v, bare(element));

		best = one > best ? one : best;
	}
	return best;
}

enum firewall_match firewall_is(const struct firewall_packet *p, const json_t *left,
				const json_t *right, const json_t *sets, const char *table)
{
	struct value v = value_of(p, left);
	const char *name = json_string_value(right);
	const json_t *list = json_object_get(right, "set");
	char key[512];

	if (v.kind == VALUE_UNKNOWN)
		return MATCH_MAYBE;
	if (v.kind == VALUE_ABSENT)
		return MATCH_NO;
	if (name && name[0] == '@') {
		snprintf(key, sizeof(key), "%s\n%s", table, name + 1);
		list = json_object_get(sets, key);
		return list ? is_in_list(&v, list) : MATCH_MAYBE;
	}
	if (json_is_array(list) || json_is_array(right))
		return is_in_list(&v, json_is_array(list) ? list : right);
	return is_one(&v, list ? list : right);
}

/* Which of the flags of a SYN, and no others, are in a mask: "syn", or a list of such. */
static bool has_syn(const json_t *flags, size_t *ret_count)
{
	const json_t *list = json_object_get(flags, "|"), *flag;
	bool found = false;
	size_t i;

	list = list ? list : flags;
	*ret_count = json_is_array(list) ? json_array_size(list) : 1;
	if (json_is_string(list))
		return is(json_string_value(list), "syn");
	json_array_foreach(list, i, flag) found |=
		json_is_string(flag) && is(json_string_value(flag), "syn");
	return found;
}

/* "tcp flags & (fin | syn | rst | ack) == syn" */
static enum firewall_match match_flags(const json_t *masked, const json_t *right)
{
	const json_t *of = json_object_get(json_array_get(masked, 0), "payload");
	size_t count;
	bool masked_syn, wanted_syn;

	if (!is(member(of, "protocol"), "tcp") || !is(member(of, "field"), "flags"))
		return MATCH_MAYBE;
	masked_syn = has_syn(json_array_get(masked, 1), &count);
	if (json_is_integer(right) && !json_integer_value(right))
		return yes_or_no(!masked_syn);
	wanted_syn = has_syn(right, &count);
	return yes_or_no(masked_syn && wanted_syn && count == 1);
}

enum firewall_match firewall_match(const struct firewall_packet *p, const json_t *match,
				   const json_t *sets, const char *table)
{
	const json_t *left = json_object_get(match, "left"),
		     *right = json_object_get(match, "right"), *masked = json_object_get(left, "&");
	const char *op = member(match, "op");
	enum firewall_match m;

	m = masked ? match_flags(masked, right) : firewall_is(p, left, right, sets, table);
	if (is(op, "==") || is(op, "in"))
		return m;
	if (!is(op, "!="))
		return MATCH_MAYBE;
	/* A header that is not there is not unequal either: the rule does not hold. */
	if (m == MATCH_NO && !masked && value_of(p, left).kind == VALUE_ABSENT)
		return MATCH_NO;
	return m == MATCH_YES ? MATCH_NO : m == MATCH_NO ? MATCH_YES : MATCH_MAYBE;
}
