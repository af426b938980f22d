// SPDX-License-Identifier: GPL-2.0-only
/* Packets in bounded memory: a list for each class, and the last ones by what makes them one. */
#include "core/packets.h"

#include "base/address.h"
#include "base/cleanup.h"

#include <errno.h>
#include <string.h>
#include <utlist.h>

/* A drop is told some microseconds after its packet: only the last ones are looked at. A power of
 * two. */
#define RECENT 4096

struct packets {
	struct packet *lists[PACKET_CLASSES];
	size_t used[PACKET_CLASSES]; /* bytes */
	size_t memory;
	struct packet *recent[RECENT];
	bool payload;
	uint64_t lost;
};

int packets_new(struct packets **ret_packets, size_t memory, bool payload)
{
	struct packets *p = calloc(1, sizeof(*p));

	if (!p)
		return -ENOMEM;
	p->memory = memory;
	p->payload = payload;
	*ret_packets = p;
	return 0;
}

static size_t weight(const struct packet *packet)
{
	return sizeof(*packet) + packet->kept + 2 * sizeof(void *); /* the allocator's own */
}

static void forget(struct packets *p, struct packet *packet)
{
	struct packet **recent = &p->recent[packet->attempt % RECENT];

	if (*recent == packet)
		*recent = NULL;
	p->used[packet->class] -= weight(packet);
	DL_DELETE(p->lists[packet->class], packet);
	free(packet);
}

void packets_free(struct packets **packets)
{
	if (!*packets)
		return;
	for (int i = 0; i < PACKET_CLASSES; i++)
		while ((*packets)->lists[i])
			forget(*packets, (*packets)->lists[i]);
	free(*packets);
	*packets = NULL;
}

/* The steps of pkt_parse() once more, which has seen that they can be taken. */
static size_t end_of_tcp(const struct pkt_buf *buf, size_t off)
{
	const struct wire_tcp *tcp = pkt_at(buf, off, sizeof(*tcp));
	const size_t length = tcp ? (tcp->offset >> 4) * 4U : 0;

	/* One that is quoted may say nonsense. */
	return tcp ? off + (length < sizeof(*tcp) ? sizeof(*tcp) : length) : buf->len;
}

static size_t end_of_quote(const struct pkt_buf *buf, const struct pkt_place *place)
{
	size_t quoted = place->off + sizeof(struct wire_icmp);
	const struct wire_ipv4 *ip = pkt_at(buf, quoted, sizeof(*ip));

	if (!ip)
		return buf->len;
	quoted += place->ipv6 ? sizeof(struct wire_ipv6) : (ip->version_ihl & 0xf) * 4U;
	return end_of_tcp(buf, quoted);
}

static size_t end_of_headers(const struct pkt_buf *buf, enum pkt_link link, enum pkt_want want,
			     enum pkt_kind kind)
{
	struct pkt_place place = {0};

	if (link == PKT_LINK_RAW)
		pkt_raw(buf, &place);
	else
		pkt_ethernet(buf, &place);
	if (place.arp)
		return place.off + sizeof(struct wire_arp);
	if (place.ipv6)
		pkt_ipv6(buf, want, &place);
	else
		pkt_ipv4(buf, want, &place);
	if (kind == PKT_ASKED)
		return place.end;
	return kind == PKT_ICMP ? end_of_quote(buf, &place) : end_of_tcp(buf, place.off);
}

enum pkt_kind packets_parse(const void *bytes, size_t length, enum pkt_link link, bool out,
			    struct pkt *ret_pkt, size_t *ret_headers)
{
	const struct pkt_buf buf = {.shape = PKT_SHAPE_COPY, .data = bytes, .len = length};
	const enum pkt_want want = out ? PKT_WANT_ANSWERS : PKT_WANT_CALLS;
	enum pkt_kind kind = pkt_parse(&buf, link, want, ret_pkt);
	size_t headers;

	if (kind == PKT_OTHER || kind == PKT_SHORT || kind == PKT_BROKEN)
		return kind;
	headers = end_of_headers(&buf, link, want, kind);
	*ret_headers = headers < length ? headers : length;
	return kind;
}

/* Of a SYN: the same for each of its copies, and for what the kernel says of it. */
static uint64_t digest(const struct pkt *pkt)
{
	const uint64_t parts[] = {
		pkt->src.halves[0],
		pkt->src.halves[1],
		pkt->dst.halves[0],
		pkt->dst.halves[1],
		(uint64_t)pkt->seq << 32 | (uint32_t)pkt->sport << 16 | pkt->dport,
		pkt->ip_id,
	};
	uint64_t sum = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		sum = (sum ^ parts[i]) * 0x9e3779b97f4a7c15ULL;
		sum ^= sum >> 32;
	}
	return sum;
}

static void note_drop(struct packets *p, const struct packet_event *event, const struct pkt *pkt)
{
	const uint64_t attempt = digest(pkt);
	struct packet *packet = p->recent[attempt % RECENT];

	if (!packet || packet->attempt != attempt)
		return;
	packet->dropped = true;
	packet->reason = event->reason;
}

/* CPUs tell side by side: what comes is nearly in order. */
static void insert(struct packet **list, struct packet *packet)
{
	struct packet *before = *list ? (*list)->prev : NULL; /* the last one */

	while (before && before->time > packet->time)
		before = before == *list ? NULL : before->prev;
	if (before)
		DL_APPEND_ELEM(*list, before, packet);
	else
		DL_PREPEND(*list, packet);
}

/* Half for what is lost for certain, and the rest for the three other classes: drops are only noted
 * with what they befell. */
static size_t share(const struct packets *p, int class)
{
	return p->memory / (class == PACKET_LOST ? 2 : 6);
}

static void keep(struct packets *p, struct packet *packet)
{
	const int class = packet->class;

	while (p->lists[class] && p->used[class] + weight(packet) > share(p, class)) {
		forget(p, p->lists[class]);
		p->lost++;
	}
	p->used[class] += weight(packet);
	insert(&p->lists[class], packet);
	if (packet->hook == PACKET_IN && packet->kind == PKT_SYN)
		p->recent[packet->attempt % RECENT] = packet;
}

static struct packet *make(const struct packet_event *event, enum pkt_kind kind,
			   const struct pkt *pkt, size_t kept)
{
	struct packet *packet = malloc(sizeof(*packet) + kept);

	if (!packet)
		return NULL;
	*packet = (struct packet){
		.called = kind == PKT_SYN_ACK || kind == PKT_RST ? pkt->src : pkt->dst,
		.attempt = digest(pkt),
		.ifindex = event->ifindex,
		.length = event->length,
		.kept = (uint16_t)kept,
		.hook = event->hook,
		.class = event->class,
		.kind = (uint8_t)kind,
		.link = event->link,
	};
	memcpy(packet->bytes, event->bytes, kept);
	return packet;
}

void packets_feed(struct packets *p, const struct input *in)
{
	const struct packet_event *event = in->packet.event;
	struct packet *packet;
	struct pkt pkt = {0}; /* an asking has no ports */
	enum pkt_kind kind;
	size_t headers = 0;

	if (in->kind != INPUT_PACKET || event->class >= PACKET_CLASSES ||
	    event->kept > sizeof(event->bytes))
		return;
	kind = packets_parse(event->bytes, event->kept, event->link, event->hook == PACKET_OUT,
			     &pkt, &headers);
	if (!headers) { /* they reach beyond what was copied */
		p->lost += event->hook != PACKET_DROP;
		return;
	}
	if (event->hook == PACKET_DROP) {
		note_drop(p, event, &pkt);
		return;
	}
	packet = make(event, kind, &pkt, p->payload ? event->kept : headers);
	if (!packet) {
		p->lost++;
		return;
	}
	packet->time = in->now;
	keep(p, packet);
}

const struct packet *packets_next(const struct packets *p, struct packets_cursor *cursor)
{
	const struct packet **first = NULL, *found;

	if (!cursor->begun)
		for (int i = 0; i < PACKET_CLASSES; i++)
			cursor->at[i] = p->lists[i];
	cursor->begun = true;
	for (int i = 0; i < PACKET_CLASSES; i++)
		if (cursor->at[i] && (!first || cursor->at[i]->time < (*first)->time))
			first = &cursor->at[i];
	if (!first)
		return NULL;
	found = *first;
	*first = found->next;
	return found;
}

void packets_forget(struct packets *p, const struct addr *called, when_t until)
{
	struct packet *packet, *next;

	for (int i = 0; i < PACKET_CLASSES; i++)
		DL_FOREACH_SAFE(p->lists[i], packet, next)
	if (packet->time <= until && address_equal(&packet->called, called))
		forget(p, packet);
}

uint64_t packets_lost(const struct packets *p)
{
	return p->lost;
}
