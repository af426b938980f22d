// SPDX-License-Identifier: GPL-2.0-only
/* What a DNS server should never say: a function for each label. */
#include "bad_reply.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define POINTER_TO_QUESTION "\xc0\x0c"

static uint8_t *put(struct talk *t, const void *bytes, size_t n)
{
	uint8_t *at = t->reply + t->size;

	assert(t->size + n <= sizeof(t->reply));
	memcpy(at, bytes, n);
	t->size += n;
	return at;
}

static void put16(struct talk *t, unsigned value)
{
	uint8_t bytes[] = {(uint8_t)(value >> 8), (uint8_t)value};

	put(t, bytes, 2);
}

/* `owner` is a name on the wire; every record counts in the answer section. */
static void record(struct talk *t, const char *owner, size_t owner_size, uint16_t type,
		   uint32_t ttl, const void *data, size_t size)
{
	put(t, owner, owner_size);
	put16(t, type);
	put16(t, ns_c_in);
	put16(t, ttl >> 16);
	put16(t, ttl & 0xffff);
	put16(t, (unsigned)size);
	put(t, data, size);
	t->reply[7]++;
}

static void own(struct talk *t, uint16_t type, uint32_t ttl, const void *data, size_t size)
{
	record(t, POINTER_TO_QUESTION, 2, type, ttl, data, size);
}

static void address(struct talk *t, const char *v4, const char *v6, uint32_t ttl)
{
	uint8_t bytes[16];
	bool is_v4 = t->type == ns_t_a;

	if ((!is_v4 && t->type != ns_t_aaaa) || !(is_v4 ? v4 : v6))
		return;
	inet_pton(is_v4 ? AF_INET : AF_INET6, is_v4 ? v4 : v6, bytes);
	own(t, t->type, ttl, bytes, is_v4 ? 4 : 16);
}

static void good(struct talk *t)
{
	address(t, "192.0.2.1", "2001:db8::1", 500);
}

static void rcode(struct talk *t, unsigned code)
{
	t->reply[3] = (uint8_t)((t->reply[3] & 0xf0) | code);
}

static void silent(struct talk *t)
{
	t->size = 0;
}

static void half(struct talk *t)
{
	t->type == ns_t_a ? good(t) : silent(t);
}

static void halffail(struct talk *t)
{
	t->type == ns_t_a ? good(t) : rcode(t, ns_r_servfail);
}

static void halfnx(struct talk *t)
{
	t->type == ns_t_aaaa ? good(t) : rcode(t, ns_r_nxdomain);
}

static void noedns(struct talk *t)
{
	t->question[11] ? rcode(t, ns_r_formerr) : good(t);
}

static void truncated(struct talk *t)
{
	if (t->tcp)
		good(t);
	else
		t->reply[2] |= 2;
}

static void truncsilent(struct talk *t)
{
	t->reply[2] |= 2;
	if (t->tcp)
		silent(t);
}

static void garbage(struct talk *t)
{
	for (t->size = 0; t->size < 200;)
		put(t, &(char){(char)rand()}, 1);
}

static void garbled(struct talk *t)
{
	good(t);
	t->reply[7] = 3;
	for (int i = 0; i < 40; i++)
		put(t, &(char){(char)rand()}, 1);
}

static void wrongid(struct talk *t)
{
	good(t);
	t->reply[0] ^= 0x55;
}

static void otherask(struct talk *t)
{
	good(t);
	t->reply[13] ^= 1;
}

static void echo(struct talk *t)
{
	t->size = 0;
	put(t, t->question, t->question_size);
}

static void other(struct talk *t)
{
	record(t, "\7another\3bad", 13, t->type, 60, "\xc6\x33\x64\x01wwwwwwwwwwww",
	       t->type == ns_t_a ? 4 : 16);
}

static void mixed(struct talk *t)
{
	other(t);
	good(t);
	other(t);
}

static void shortdata(struct talk *t)
{
	own(t, t->type, 60, "\xc6\x33\x64", 3);
}

/* A good record, and one whose owner points to itself. */
static void pointer(struct talk *t)
{
	char self[2];

	good(t);
	self[0] = (char)(0xc0 | t->size >> 8);
	self[1] = (char)t->size;
	record(t, self, 2, t->type, 60, "\xc6\x33\x64\x01", 4);
}

static void outside(struct talk *t)
{
	record(t, "\xff\xff", 2, t->type, 60, "\xc6\x33\x64\x01", 4);
}

static void many(struct talk *t)
{
	for (int i = 0; i < 200; i++) {
		char text[32];

		snprintf(text, sizeof(text), t->type == ns_t_a ? "198.51.100.%d" : "2001:db8::%d",
			 i);
		address(t, text, text, 60);
	}
	if (!t->tcp && t->size > 1232) {
		t->size = 12 + (t->question_size - 12 - (t->question[11] ? 11 : 0));
		t->reply[7] = 0;
		t->reply[2] |= 2;
	}
}

static void synthetic(struct talk *t)
{
	address(t, NULL, "64:ff9b::c000:201", 60);
}

static void mapped(struct talk *t)
{
	address(t, NULL, "::ffff:192.0.2.1", 60);
}

static void longttl(struct talk *t)
{
	address(t, "192.0.2.1", NULL, 0x80000001);
}

static void mx(struct talk *t)
{
	for (char c = 0; c < 40 && t->type == ns_t_mx; c++) {
		char data[] = {0, 1,   6,   'g', 'o', 'o', 'd', '-', (char)('0' + c),
			       3, 'b', 'a', 'd', 0};

		own(t, ns_t_mx, 60, data, sizeof(data));
	}
}

static void oneshot(struct talk *t)
{
	truncated(t);
	t->hangup = true;
}

static void hangup(struct talk *t)
{
	truncsilent(t);
	t->hangup = true;
}

static void mxdead(struct talk *t)
{
	if (t->type == ns_t_mx)
		own(t, ns_t_mx, 60, "\0\1\10silent-0\3bad", 16);
}

static const struct {
	const char *label;
	void (*act)(struct talk *talk);
} acts[] = {
	{"good", good},
	{"silent", silent},
	{"half", half},
	{"halffail", halffail},
	{"halfnx", halfnx},
	{"noedns", noedns},
	{"truncated", truncated},
	{"truncsilent", truncsilent},
	{"hangup", hangup},
	{"oneshot", oneshot},
	{"garbage", garbage},
	{"garbled", garbled},
	{"wrongid", wrongid},
	{"otherask", otherask},
	{"echo", echo},
	{"other", other},
	{"mixed", mixed},
	{"shortdata", shortdata},
	{"pointer", pointer},
	{"outside", outside},
	{"many", many},
	{"synthetic", synthetic},
	{"mapped", mapped},
	{"longttl", longttl},
	{"mx", mx},
	{"mxdead", mxdead},
};

static const struct {
	const char *label;
	unsigned code;
} codes[] = {
	{"formerr", ns_r_formerr},
	{"servfail", ns_r_servfail},
	{"notimp", ns_r_notimpl},
	{"refused", ns_r_refused},
	{"odd", 9},
};

/* Only the CNAME: its target is to be asked for. */
static const struct {
	const char *label, *target;
} cnames[] = {
	{"loop", POINTER_TO_QUESTION}, {"ping", "\4pong\3bad"},		 {"pong", "\4ping\3bad"},
	{"far", "\4good\3bad"},	       {"far2fail", "\10servfail\3bad"},
};

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static void act(struct talk *t, const char *label)
{
	for (size_t i = 0; i < LENGTH(acts); i++)
		if (!strcmp(acts[i].label, label))
			acts[i].act(t);
	for (size_t i = 0; i < LENGTH(codes); i++)
		if (!strcmp(codes[i].label, label))
			rcode(t, codes[i].code);
	for (size_t i = 0; i < LENGTH(cnames); i++)
		if (!strcmp(cnames[i].label, label))
			own(t, ns_t_cname, 20, cnames[i].target,
			    strlen(cnames[i].target) + (cnames[i].target[0] > 0));
}

void bad_reply(struct talk *t, bool refuse)
{
	size_t name = strlen((const char *)t->question + 12) + 1;
	char label[64] = "";

	t->type = t->question[12 + name + 1];
	put(t, t->question, 12 + name + 4);
	memcpy(t->reply + 2, "\x84\0\0\1\0\0\0\0\0\0", 10);
	memcpy(label, t->question + 13, t->question[12] & 63);
	label[strcspn(label, "-")] = '\0';
	if (refuse)
		rcode(t, ns_r_refused);
	else
		act(t, label);
}
