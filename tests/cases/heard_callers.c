// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a case's host hears of its callers: SYNs one by one, as the program saw them. All but a
 * "frame" are counted, too.
 */
#include "cases/heard.h"

#include <stdlib.h>
#include <string.h>

#define SYN_HEADER 40  /* with the options that real stacks send */
#define BARE_HEADER 24 /* with the maximum segment size alone */
#define COPY_INTERVAL 1000000ULL

/* One caller, and when it sends: a SYN of its own at each of these times. */
struct caller {
	struct syn_event event;
	uint64_t times[LINE_WORDS];
	size_t count;
};

static bool is_v6(const struct addr *a)
{
	return a->words[0] || a->words[1];
}

static struct caller read_caller(struct heard *h, struct line *l)
{
	struct caller c = {.event.header = SYN_HEADER};

	c.event.dst = line_address(l, "to");
	c.event.ifindex = heard_link(h, l).ifindex;
	c.event.dport = (uint16_t)line_number(l, "port", 0);
	c.event.sport = (uint16_t)line_number(l, "sport", 40000);
	c.event.seq = (uint32_t)line_number(l, "seq", 1);
	c.event.hop_limit = (uint8_t)line_number(l, "hops", 57);
	line_mac(l, "mac", c.event.src_mac);
	c.event.src = line_address(l, NULL);
	return c;
}

static void read_times(struct heard *h, struct line *l, struct caller *c)
{
	uint64_t now = h->now - h->start;
	const char *word;
	char *end;

	if (line_flag(l, "at"))
		while ((word = line_next(l))) {
			c->times[c->count++] = (uint64_t)(strtod(word, &end) * 1e9);
			if (*end || c->times[c->count - 1] > now)
				line_is_wrong(l, "\"%s\" is no time in the past", word);
		}
	if (!c->count)
		line_is_wrong(l, "\"at\" and the seconds are missing");
}

static void tell_frame(struct heard *h, struct syn_event *event, uint64_t time)
{
	when_t now = h->now;

	event->time = time;
	if (h->engine)
		event->known = (uint8_t)engine_known(h->engine, &event->dst);
	h->now = h->start + time;
	heard_tell(h, (struct input){.kind = INPUT_SYN, .syn = {event}});
	h->now = now;
}

static void count_frames(struct heard *h, struct line *l, const struct caller *c, uint64_t last,
			 uint64_t n)
{
	heard_count(h, l,
		    &(struct input_count){.kind = SLOT_SYN,
					  .ifindex = c->event.ifindex,
					  .dst = c->event.dst,
					  .src = c->event.src,
					  .port = c->event.dport,
					  .syns = n,
					  .first = h->start + c->times[0],
					  .last = h->start + last});
}

static void send(struct heard *h, struct line *l, struct caller *c, bool moves)
{
	count_frames(h, l, c, c->times[c->count ? c->count - 1 : 0], c->count);
	for (size_t i = 0; i < c->count && !l->wrong[0]; i++) {
		tell_frame(h, &c->event, c->times[i]);
		if (!moves)
			continue;
		c->event.timestamp += 1000;
		c->event.ip_id += !is_v6(&c->event.dst);
	}
}

/* Each SYN of a real stack is made anew. "plain": with neither IP-ID nor timestamp to show it. */
void hear_client(struct heard *h, struct line *l)
{
	bool plain = line_flag(l, "plain");
	struct caller c = read_caller(h, l);

	if (!plain) {
		c.event.timestamp = 5000;
		c.event.ip_id = is_v6(&c.event.dst) ? 0 : 100;
	}
	read_times(h, l, &c);
	send(h, l, &c, !plain);
}

/* The same bytes again, without the options of a real stack. */
void hear_scanner(struct heard *h, struct line *l)
{
	struct caller c = read_caller(h, l);

	c.event.header = BARE_HEADER;
	c.event.ip_id = is_v6(&c.event.dst) ? 0 : 54321;
	read_times(h, l, &c);
	send(h, l, &c, false);
}

/* One SYN, and each time that it comes again it has been through two routers more. */
void hear_loop(struct heard *h, struct line *l)
{
	uint64_t copies = line_number(l, "copies", 0);
	struct caller c = read_caller(h, l);

	c.event.timestamp = 5000;
	read_times(h, l, &c);
	if (copies < 2 || 2 * copies > c.event.hop_limit)
		line_is_wrong(l, "so many copies cannot be");
	if (c.count > 1)
		line_is_wrong(l, "a loop has one time at which it begins");
	count_frames(h, l, &c, c.times[0] + (copies - 1) * COPY_INTERVAL, copies);
	for (uint64_t i = 0; i < copies && !l->wrong[0]; i++) {
		tell_frame(h, &c.event, c.times[0] + i * COPY_INTERVAL);
		c.event.hop_limit = (uint8_t)(c.event.hop_limit - 2);
	}
}

/* A single SYN that is not counted. */
void hear_frame(struct heard *h, struct line *l)
{
	uint32_t timestamp = (uint32_t)line_number(l, "timestamp", 0);
	uint16_t ip_id = (uint16_t)line_number(l, "id", 0);
	uint8_t header = (uint8_t)line_number(l, "header", SYN_HEADER);
	uint64_t again = line_seconds(l, "again", 0);
	bool moved = line_flag(l, "moved");
	struct caller c = read_caller(h, l);

	c.event.gap = (uint16_t)(again / 1000000);
	c.event.moved = moved;
	c.event.timestamp = timestamp;
	c.event.ip_id = ip_id;
	c.event.header = header;
	read_times(h, l, &c);
	if (line_is_good(l))
		tell_frame(h, &c.event, c.times[0]);
}
