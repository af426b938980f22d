// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes the packet parser: both shapes of memory agree with each other and with a second parser,
 * slow and written another way: a cursor that is used up, and what the IP header grants it.
 *
 * An input is a byte of choices (1: no Ethernet, 2: the frame leaves), one of filling, the frame.
 */
#include "frames/frames.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size);

struct cursor {
	enum pkt_want want;
	const __u8 *next;
	size_t left;
	long granted; /* bytes the IP packet still has by its own account */
	bool giant;   /* it has none: any number */
};

static const __u8 *take(struct cursor *c, size_t n)
{
	const __u8 *taken = c->next;

	if (n > c->left)
		return NULL;
	c->next += n;
	c->left -= n;
	c->granted -= (long)n;
	return taken;
}

static unsigned int number(const __u8 *p, int bytes)
{
	unsigned int n = 0;

	while (bytes--)
		n = n * 256 + *p++;
	return n;
}

static void grant(struct cursor *c, unsigned int length, unsigned int used)
{
	c->giant = !length;
	c->granted = (long)length - (long)used;
}

static bool denied(const struct cursor *c, long n)
{
	return !c->giant && c->granted < n;
}

/* `options` may be cut: what is not there is no timestamp. */
static unsigned int slow_timestamp(const __u8 *options, size_t there, size_t size)
{
	for (size_t at = 6; at <= 10; at += 4)
		if (at + 10 <= there && at + 10 <= size && options[at] == 8 &&
		    options[at + 1] == 10)
			return number(options + at + 2, 4);
	return 0;
}

static enum pkt_kind slow_flags(const struct cursor *c, const __u8 *p)
{
	bool fin = p[13] & 1, syn = p[13] & 2, rst = p[13] & 4, ack = p[13] & 16;

	if (syn && !ack && !rst && !fin)
		return PKT_SYN;
	if (c->want == PKT_WANT_ANSWERS && syn && ack && !rst && !fin)
		return PKT_SYN_ACK;
	if (c->want == PKT_WANT_ANSWERS && rst && ack && !syn && !fin && !number(p + 4, 4))
		return PKT_RST;
	return PKT_OTHER;
}

static enum pkt_kind slow_tcp(struct cursor *c, bool too_long, struct pkt *pkt)
{
	enum pkt_kind kind;
	const __u8 *p;
	long more;

	if (denied(c, 20))
		return PKT_BROKEN;
	p = take(c, 20);
	if (!p)
		return PKT_SHORT;
	kind = slow_flags(c, p);
	if (kind == PKT_OTHER)
		return PKT_OTHER;
	more = (p[12] / 16) * 4 - 20;
	if (more < 0 || c->giant || too_long || more > c->granted)
		return PKT_BROKEN;
	pkt->sport = (__u16)number(p, 2);
	pkt->dport = (__u16)number(p + 2, 2);
	pkt->seq = number(p + 4, 4);
	pkt->header = (__u8)(20 + more);
	if (kind == PKT_SYN)
		pkt->timestamp = slow_timestamp(p + 20, c->left, (size_t)more);
	return kind;
}

/* What an error that leaves quotes: `ip` bytes of IP header, then TCP. */
static enum pkt_kind slow_quoted(struct cursor *c, unsigned int ip, struct pkt *pkt)
{
	const __u8 *p;

	if (ip > c->left)
		return PKT_OTHER;
	take(c, ip);
	p = take(c, 20);
	if (!p || (p[13] & 0x17) != 2)
		return PKT_OTHER;
	pkt->sport = (__u16)number(p, 2);
	pkt->dport = (__u16)number(p + 2, 2);
	pkt->seq = number(p + 4, 4);
	return PKT_ICMP;
}

static void map(struct addr *ret_a, const __u8 *v4)
{
	memset(ret_a->bytes, 0, 10);
	memset(ret_a->bytes + 10, 0xff, 2);
	memcpy(ret_a->bytes + 12, v4, 4);
}

static enum pkt_kind slow_icmp(struct cursor *c, struct pkt *pkt)
{
	const __u8 *p = take(c, 8);

	if (!p || p[0] != 3 || p[1] == 4 || c->left < 20)
		return PKT_OTHER;
	p = c->next;
	if (p[9] != 6)
		return PKT_OTHER;
	map(&pkt->src, p + 12);
	map(&pkt->dst, p + 16);
	return slow_quoted(c, p[0] % 16 * 4, pkt);
}

static enum pkt_kind slow_icmpv6(struct cursor *c, struct pkt *pkt)
{
	const __u8 *p = take(c, 8);

	if (!p || p[0] != 1 || c->left < 40 || c->next[6] != 6)
		return PKT_OTHER;
	memcpy(pkt->src.bytes, c->next + 8, 16);
	memcpy(pkt->dst.bytes, c->next + 24, 16);
	return slow_quoted(c, 40, pkt);
}

static enum pkt_kind slow_solicitation(struct cursor *c, struct pkt *pkt)
{
	const __u8 *p;

	if (denied(c, 24) || (c->left && c->next[0] != 135))
		return PKT_OTHER;
	p = take(c, 24);
	if (!p)
		return PKT_SHORT;
	if (pkt->hop_limit != 255)
		return PKT_OTHER;
	memcpy(pkt->dst.bytes, p + 8, 16);
	return PKT_ASKED;
}

static enum pkt_kind slow_arp(struct cursor *c, struct pkt *pkt)
{
	const __u8 *p;

	if (c->want == PKT_WANT_ANSWERS)
		return PKT_OTHER;
	p = take(c, 28);
	if (!p)
		return PKT_SHORT;
	if (number(p + 2, 2) != 0x0800 || p[4] != 6 || p[5] != 4 || number(p + 6, 2) != 1)
		return PKT_OTHER;
	map(&pkt->src, p + 14);
	map(&pkt->dst, p + 24);
	return PKT_ASKED;
}

static enum pkt_kind slow_ipv4(struct cursor *c, struct pkt *pkt)
{
	const __u8 *p = take(c, 20);
	unsigned int options;

	if (!p)
		return PKT_SHORT;
	if (p[0] < 0x45 || p[0] > 0x4f)
		return PKT_BROKEN;
	if (p[9] != 6 && (p[9] != 1 || c->want == PKT_WANT_CALLS))
		return PKT_OTHER;
	if (number(p + 6, 2) % 0x2000)
		return PKT_OTHER;
	options = (p[0] - 0x45u) * 4;
	if (p[9] == 1)
		return take(c, options) ? slow_icmp(c, pkt) : PKT_OTHER;
	grant(c, number(p + 2, 2), 20);
	if (denied(c, (long)options + 20))
		return PKT_BROKEN;
	if (!take(c, options))
		return PKT_SHORT;
	map(&pkt->src, p + 12);
	map(&pkt->dst, p + 16);
	pkt->ip_id = (__u16)number(p + 4, 2);
	pkt->hop_limit = p[8];
	return slow_tcp(c, false, pkt);
}

static enum pkt_kind slow_upper(struct cursor *c, int next, int depth, bool too_long,
				struct pkt *pkt)
{
	unsigned int length;
	const __u8 *p;

	if (next == 6)
		return slow_tcp(c, too_long, pkt);
	if (c->want == PKT_WANT_ANSWERS)
		return next == 58 ? slow_icmpv6(c, pkt) : PKT_OTHER;
	if (next == 58)
		return slow_solicitation(c, pkt);
	if (next != 0 && next != 43 && next != 44 && next != 51 && next != 60)
		return PKT_OTHER;
	if (depth == 8 || (next == 0 && depth > 0) || denied(c, 8))
		return PKT_BROKEN;
	p = take(c, 8);
	if (!p)
		return PKT_SHORT;
	if ((next == 44 && number(p + 2, 2) >= 8) || (next == 43 && p[3]))
		return PKT_OTHER;
	length = next == 44 ? 0 : next == 51 ? p[1] * 4u : p[1] * 8u;
	if (length > c->left) {
		/* What lies beyond is another header, or nothing that we would follow. */
		c->granted -= (long)(length - c->left);
		length = (unsigned int)c->left;
	}
	take(c, length);
	return slow_upper(c, p[0], depth + 1, too_long, pkt);
}

static enum pkt_kind slow_ipv6(struct cursor *c, struct pkt *pkt)
{
	const __u8 *p = take(c, 40);

	if (!p)
		return PKT_SHORT;
	if (p[0] / 16 != 6)
		return PKT_BROKEN;
	grant(c, number(p + 4, 2), 0);
	memcpy(pkt->src.bytes, p + 8, 16);
	memcpy(pkt->dst.bytes, p + 24, 16);
	pkt->ip_id = 0;
	pkt->hop_limit = p[7];
	return slow_upper(c, p[6], 0, number(p + 4, 2) + 40 >= 65536, pkt);
}

static enum pkt_kind slow_ethernet(struct cursor *c, struct pkt *pkt)
{
	const __u8 *p = take(c, 14);
	unsigned int type;

	if (!p)
		return PKT_SHORT;
	memcpy(pkt->dst_mac, p, 6);
	memcpy(pkt->src_mac, p + 6, 6);
	type = number(p + 12, 2);
	for (int tags = 0; type == 0x8100 || type == 0x88a8 || type == 0x9100; tags++) {
		if (tags == 2)
			return PKT_BROKEN;
		p = take(c, 4);
		if (!p)
			return PKT_SHORT;
		type = number(p + 2, 2);
	}
	if (type == 0x0806)
		return slow_arp(c, pkt);
	if (type == 0x0800)
		return slow_ipv4(c, pkt);
	return type == 0x86dd ? slow_ipv6(c, pkt) : PKT_OTHER;
}

static enum pkt_kind slow(const struct pkt_buf *buf, enum pkt_link link, enum pkt_want want,
			  struct pkt *pkt)
{
	struct cursor c = {.want = want, .next = buf->data};

	c.left = (size_t)((const __u8 *)buf->end - c.next);
	memset(pkt, 0, sizeof(*pkt));
	if (link == PKT_LINK_ETHERNET)
		return slow_ethernet(&c, pkt);
	if (!c.left)
		return PKT_SHORT;
	return c.next[0] / 16 == 6 ? slow_ipv6(&c, pkt) : slow_ipv4(&c, pkt);
}

static void check(const char *whom, enum pkt_kind kind, const struct pkt *pkt, enum pkt_kind want,
		  const struct pkt *want_pkt)
{
	bool empty = kind == PKT_OTHER || kind == PKT_SHORT || kind == PKT_BROKEN;

	if (kind == want && (empty || frame_same(kind, pkt, want_pkt)))
		return;
	fprintf(stderr, "%s: kind %d and %d, ports %u and %u\n", whom, kind, want, pkt->dport,
		want_pkt->dport);
	abort();
}

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	struct pkt pkt, other;
	struct pkt_buf direct = {.shape = PKT_SHAPE_DIRECT}, copy = {.shape = PKT_SHAPE_COPY};
	enum pkt_kind kind;
	enum pkt_link link;
	enum pkt_want want;

	if (size < 2)
		return 0;
	link = data[0] & 1 ? PKT_LINK_RAW : PKT_LINK_ETHERNET;
	want = data[0] & 2 ? PKT_WANT_ANSWERS : PKT_WANT_CALLS;
	direct.data = copy.data = data + 2;
	direct.end = data + size;
	copy.len = size - 2;

	memset(&pkt, 0xa5, sizeof(pkt));
	kind = pkt_parse(&direct, link, want, &pkt);
	check("direct and slow", kind, &pkt, slow(&direct, link, want, &other), &other);
	if (copy.len > PKT_COPY)
		direct.end = data + 2 + PKT_COPY;
	memset(&pkt, 0x5a, sizeof(pkt));
	kind = pkt_parse(&copy, link, want, &pkt);
	check("copy and direct", kind, &pkt, pkt_parse(&direct, link, want, &other), &other);
	return 0;
}
