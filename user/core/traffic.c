// SPDX-License-Identifier: GPL-2.0-only
/* Recorded frames: parsed, told apart by the way they went, counted. */
#include "core/traffic.h"

#include "base/address.h"
#include "base/cleanup.h"
#include "core/tally.h"

#include <errno.h>
#include <string.h>

struct traffic {
	const struct engine *engine;
	struct tally *tally;
	input_fn *hear;
	void *data;
	bool answers; /* something was seen to leave: what left was recorded */
	struct framing framing;
};

/* One frame on its way through. */
struct passage {
	when_t time;
	uint32_t ifindex;
	enum framing_way way;
	bool dropped;
	uint16_t reason;
	struct pkt pkt;
};

static uint32_t known_of(void *data, const struct addr *a)
{
	const struct traffic *t = data;

	return engine_known(t->engine, a);
}

int traffic_new(struct traffic **ret_traffic, const struct engine *engine,
		const struct table_seed *seed, input_fn *hear, void *data)
{
	cleanup(traffic_free) struct traffic *t = calloc(1, sizeof(*t));

	if (!t || tally_new(&t->tally, seed, known_of, t) < 0)
		return -ENOMEM;
	t->engine = engine;
	t->hear = hear;
	t->data = data;
	*ret_traffic = take_ptr(t);
	return 0;
}

void traffic_free(struct traffic **traffic)
{
	if (!*traffic)
		return;
	tally_free(&(*traffic)->tally);
	free(*traffic);
	*traffic = NULL;
}

static uint32_t count(struct traffic *t, const struct passage *p, enum slot_kind kind)
{
	struct slot_key key = {
		.dst = p->pkt.dst,
		.ifindex = p->ifindex,
		.port = p->pkt.dport,
		.kind = (__u16)kind,
	};

	return tally_count(t->tally, &key, &p->pkt.src, p->time);
}

/* As tell() of bpf/tell.h, but that there is no budget to spend. */
static void tell(struct traffic *t, const struct passage *p, uint32_t known)
{
	struct syn_event event = {
		.time = p->time,
		.dst = p->pkt.dst,
		.src = p->pkt.src,
		.ifindex = p->ifindex,
		.seq = p->pkt.seq,
		.timestamp = p->pkt.timestamp,
		.sport = p->pkt.sport,
		.dport = p->pkt.dport,
		.ip_id = p->pkt.ip_id,
		.known = (__u8)known,
		.hop_limit = p->pkt.hop_limit,
		.header = p->pkt.header,
	};
	struct input in = {.kind = INPUT_SYN, .now = p->time, .syn.event = &event};

	memcpy(event.src_mac, p->pkt.src_mac, sizeof(event.src_mac));
	t->hear(t->data, &in);
}

static bool owns(const struct traffic *t, const struct addr *a)
{
	return hostaddr_owned(t->engine->host, a, NULL) == OWNED_YES;
}

/* A SYN that leaves and was not made here, after its like came in by the same interface. */
static bool is_hairpin(const struct traffic *t, const struct passage *p)
{
	struct slot_key came = {.dst = p->pkt.dst, .ifindex = p->ifindex, .port = p->pkt.dport};

	return !owns(t, &p->pkt.src) && tally_has(t->tally, &came);
}

static void count_drop(struct traffic *t, const struct passage *p)
{
	struct passage drop = *p;

	drop.ifindex = 0;
	drop.pkt.dport = p->reason;
	count(t, &drop, SLOT_DROP);
}

static void hear_syn(struct traffic *t, const struct passage *p, struct counters *c)
{
	bool ours = p->way == FRAMING_UNTOLD && owns(t, &p->pkt.src);

	t->answers |= ours;
	if (p->way == FRAMING_OUT || ours) {
		if (is_hairpin(t, p))
			count(t, p, SLOT_HAIRPIN);
		return;
	}
	c->syns++;
	if (p->dropped)
		count_drop(t, p);
	if (p->way == FRAMING_FOREIGN)
		count(t, p, SLOT_FOREIGN);
	else
		tell(t, p, count(t, p, SLOT_SYN));
}

/* Counted under who was called, by whatever interface the answer leaves. */
static void hear_answer(struct traffic *t, struct passage *p, enum pkt_kind kind)
{
	struct passage answer = *p;

	if (kind != PKT_ICMP) { /* which quotes the call */
		answer.pkt.src = p->pkt.dst;
		answer.pkt.dst = p->pkt.src;
		answer.pkt.dport = p->pkt.sport;
	}
	if (p->way == FRAMING_IN || p->way == FRAMING_FOREIGN ||
	    (p->way == FRAMING_UNTOLD && owns(t, &answer.pkt.src)))
		return; /* to a call of this host's own */
	t->answers = true;
	answer.ifindex = 0;
	count(t, &answer,
	      kind == PKT_SYN_ACK ? SLOT_SYN_ACK
	      : kind == PKT_RST	  ? SLOT_RST
				  : SLOT_ICMP);
}

/* As count_asking() of bpf/ingress.bpf.c. Of a host that is not known who is asked for may have
 * answered. */
static void hear_asking(struct traffic *t, struct passage *p)
{
	bool claim = address_equal(&p->pkt.src, &p->pkt.dst) ||
		     (!p->pkt.src.halves[0] && !p->pkt.src.words[3]);

	if (p->way == FRAMING_OUT || claim || t->engine->policy.host_unknown ||
	    engine_known(t->engine, &p->pkt.dst) != KNOWN_PUBLISHED)
		return;
	p->pkt.dport = 0;
	count(t, p, SLOT_ASKED);
}

/* One for each kind of link, which the parser wants to be a constant. */
static enum pkt_kind parse(const struct framing *f, struct pkt *ret_pkt)
{
	struct pkt_buf buf = {.shape = PKT_SHAPE_DIRECT, .data = f->data, .end = f->data + f->len};

	return f->link == PKT_LINK_RAW ? pkt_parse(&buf, PKT_LINK_RAW, PKT_WANT_ALL, ret_pkt)
				       : pkt_parse(&buf, PKT_LINK_ETHERNET, PKT_WANT_ALL, ret_pkt);
}

static bool is_mac_of(const struct traffic_interface *i, const uint8_t mac[6])
{
	uint64_t number = wire_mac(mac);

	return number && (number == i->macs[0] || number == i->macs[1]);
}

/* What the recorder said counts, but for whom a frame was that came is told by its MAC address. */
static enum framing_way way_of(struct traffic_interface *i, const struct framing *f,
			       enum framing_way told)
{
	const struct wire_eth *eth = (const void *)f->data;

	if (!i->has_mac || f->len < sizeof(*eth))
		return told;
	if (told != FRAMING_IN && is_mac_of(i, eth->src))
		told = FRAMING_OUT;
	else if (told == FRAMING_UNTOLD || told == FRAMING_IN)
		told = is_mac_of(i, eth->dst) ? FRAMING_IN : FRAMING_FOREIGN;
	i->ours += told != FRAMING_FOREIGN;
	return told;
}

static void hear(struct traffic *t, struct traffic_interface *i, struct passage *p,
		 enum pkt_kind kind)
{
	switch (kind) {
	case PKT_OTHER:
		break;
	case PKT_SYN:
		hear_syn(t, p, &i->counters);
		break;
	case PKT_ASKED:
		hear_asking(t, p);
		break;
	case PKT_SHORT:
	case PKT_BROKEN:
		i->counters.unparsed++;
		break;
	default:
		hear_answer(t, p, kind);
	}
}

static bool is_tcp(enum pkt_kind kind)
{
	return kind == PKT_SYN || kind == PKT_SYN_ACK || kind == PKT_RST;
}

/* What was cut to a snapshot length says what it is if only the last of a TCP header is missing.
 * Nothing else is read past its end. */
static enum pkt_kind parse_cut(struct framing *f, struct pkt *ret_pkt)
{
	enum pkt_kind kind;

	framing_extend(f);
	kind = parse(f, ret_pkt);
	return is_tcp(kind) ? kind : PKT_SHORT;
}

static enum pkt_kind look(struct traffic *t, const struct traffic_interface *i,
			  const struct traffic_frame *frame, struct pkt *ret_pkt)
{
	struct framing *f = &t->framing;
	enum pkt_kind kind;

	if (!framing_read(i->link_type, frame->data, frame->len, PKT_COPY, f))
		return PKT_OTHER;
	kind = parse(f, ret_pkt);
	if (kind == PKT_SHORT && frame->len > PKT_COPY) {
		framing_read(i->link_type, frame->data, frame->len, sizeof(f->copy), f);
		kind = parse(f, ret_pkt);
	}
	return kind == PKT_SHORT && frame->cut ? parse_cut(f, ret_pkt) : kind;
}

void traffic_frame(struct traffic *t, struct traffic_interface *i,
		   const struct traffic_frame *frame)
{
	const struct framing *f = &t->framing;
	struct passage p = {
		.time = frame->time,
		.ifindex = i->ifindex,
		.dropped = frame->dropped,
		.reason = frame->reason,
	};
	enum pkt_kind kind = look(t, i, frame, &p.pkt);

	i->counters.frames++;
	p.way = way_of(i, f, f->way != FRAMING_UNTOLD ? f->way : frame->way);
	t->answers |= i->answers || p.way == FRAMING_OUT;
	if (kind == PKT_OTHER)
		return;
	i->cut += kind == PKT_SHORT && frame->cut;
	if (f->ifindex && hostaddr_link(t->engine->host, f->ifindex))
		p.ifindex = f->ifindex;
	hear(t, i, &p, kind);
}

void traffic_tell(const struct traffic *t, when_t now, input_fn *to, void *data)
{
	tally_tell(t->tally, now, t->answers, to, data);
}

size_t traffic_rows(const struct traffic *t)
{
	return tally_used(t->tally);
}

struct counters traffic_losses(const struct traffic *t)
{
	return tally_losses(t->tally);
}
