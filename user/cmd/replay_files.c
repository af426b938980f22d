// SPDX-License-Identifier: GPL-2.0-only
/* Recordings merged by time, and the interfaces that they were made on. */
#include "base/cleanup.h"
#include "cmd/recording.h"
#include "cmd/replay.h"
#include "cmd/session_parts.h"
#include "cmd/text.h"
#include "io/savefile.h"
#include "io/settings.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/if_arp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

/* Frames after which no link of the host is looked for any more by their MAC addresses. */
#define MATCH_FRAMES 10000

/* Somebody has heard enough: what came before is judged. A pipe is read to its end nevertheless,
 * for who writes into it is meant, too. The loop does not run meanwhile, so it is the signal itself
 * that is heard, and the second one ends us. */
static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	(void)number;
	interrupted = 1;
}

static void heed_signals(int how)
{
	const struct sigaction action = {
		.sa_handler = on_signal,
		.sa_flags = SA_RESTART | (int)SA_RESETHAND,
	};
	const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++) {
		sigaddset(&set, signals[i]);
		sigaction(signals[i], &action, NULL);
	}
	sigprocmask(how, &set, NULL);
}

static bool is_over(const struct replay *r)
{
	const struct options *o = r->session.options;

	for (size_t i = 0; interrupted && i < o->word_count; i++)
		if (strcmp(o->words[i], "-") == 0)
			return false;
	return interrupted;
}

/* One of a file's interfaces. */
struct port {
	struct traffic_interface heard;
	bool matched; /* the host's link is known, or never will be */
};

struct source {
	struct savefile *savefile;
	struct savefile_frame frame; /* the next */
	bool open;
	struct port *ports[SAVEFILE_INTERFACES_MAX];
};

/* Where an interface's numbers stand in the report: those of one link are added up. NULL: there are
 * too many. */
static struct session_interface *row_of(struct session *s, const char *name, uint32_t ifindex)
{
	struct session_interface *f = &s->interfaces[s->interface_count];

	for (size_t i = 0; i < s->interface_count; i++)
		if (s->interfaces[i].ifindex == ifindex)
			return &s->interfaces[i];
	if (s->interface_count == SESSION_INTERFACES_MAX)
		return NULL;
	s->interface_count++;
	f->ifindex = ifindex;
	snprintf(f->name, sizeof(f->name), "%s", name);
	return f;
}

/* Of a link that the host is not known to have: the same for the same name in all files, while each
 * nameless one has its own. */
static uint32_t index_of(struct replay *r, const char *name)
{
	struct session *s = &r->session;
	const struct input_link *known = hostaddr_link_named(s->engine->host, name);
	struct input in = {.kind = INPUT_LINK};

	if (*name && known)
		return known->ifindex;
	in.link.ifindex = REPLAY_IFINDEX + r->strange_links++;
	snprintf(in.link.name, sizeof(in.link.name), "%s", name);
	if (*name) /* so that it has a name where it is printed */
		session_hear(s, &in);
	return in.link.ifindex;
}

static void match(const struct replay *r, struct port *p, const struct input_link *link)
{
	const struct hostaddr *host = r->session.engine->host;
	const struct input_link *master = hostaddr_link(host, link->master);

	p->matched = true;
	p->heard.ifindex = link->ifindex;
	if (link->type != ARPHRD_ETHER || p->heard.link_type != FRAMING_ETHERNET)
		return;
	p->heard.has_mac = true;
	p->heard.macs[0] = wire_mac(link->mac);
	p->heard.macs[1] = master ? wire_mac(master->mac) : 0;
}

/* A file without names: the link that has sent or received this frame. */
static void match_by_frame(const struct replay *r, struct port *p, const struct savefile_frame *f)
{
	const bool enough = p->heard.counters.frames > MATCH_FRAMES;
	const uint8_t *to = f->data, *from = f->data + 6; /* at any address, even or odd */
	const struct input_link *link = NULL;

	p->matched = enough;
	if (enough || f->len < sizeof(struct wire_eth))
		return;
	while (!p->matched && (link = hostaddr_next_link(r->session.engine->host, link)))
		if (link->type == ARPHRD_ETHER &&
		    (memcmp(to, link->mac, 6) == 0 || memcmp(from, link->mac, 6) == 0))
			match(r, p, link);
}

static struct port *new_port(struct replay *r, const struct savefile_interface *i)
{
	const struct options *o = r->session.options;
	const char *name = i->name[0] || !o->interface_count ? i->name : o->interfaces[0];
	const struct input_link *link = hostaddr_link_named(r->session.engine->host, name);
	struct port *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->heard.link_type = i->link_type;
	p->heard.answers =
		strncmp(i->description, RECORDING_WATCHED, strlen(RECORDING_WATCHED)) == 0;
	if (*name && link) {
		match(r, p, link);
	} else {
		p->heard.ifindex = index_of(r, name);
		p->matched = *name || i->link_type != FRAMING_ETHERNET;
	}
	if (framing_knows(i->link_type))
		return p;
	r->session.trouble = true;
	text_complain("frames of link type %u%s%s are not read: Ethernet, plain IP, Linux cooked "
		      "and loopback are",
		      i->link_type, *name ? " on " : "", name);
	return p;
}

/* NULL: no memory. */
static struct port *port_of(struct replay *r, struct source *source)
{
	struct port **p = &source->ports[source->frame.interface];
	size_t count;

	if (!*p)
		*p = new_port(
			r, &savefile_interfaces(source->savefile, &count)[source->frame.interface]);
	return *p;
}

static void advance(struct replay *r, struct source *source)
{
	struct failure failure;
	int e = savefile_next(source->savefile, &source->frame, &failure);

	source->open = e == 1 && !is_over(r);
	if (source->open && !source->frame.time)
		source->frame.time = r->last;
	if (e >= 0)
		return;
	r->session.trouble = true;
	text_complain("%s", failure.text);
}

static void hear_frame(struct replay *r, struct source *source)
{
	static const enum framing_way ways[] = {
		[SAVEFILE_UNTOLD] = FRAMING_UNTOLD,
		[SAVEFILE_IN] = FRAMING_IN,
		[SAVEFILE_OUT] = FRAMING_OUT,
	};
	const struct savefile_frame *f = &source->frame;
	struct port *p = port_of(r, source);
	uint16_t reason;

	if (!p)
		return;
	reason = replay_note(r, f, p->heard.ifindex);
	if (!p->matched)
		match_by_frame(r, p, f);
	if (!r->first)
		r->first = f->time;
	if (f->time > r->last) {
		replay_incidents_until(r, f->time);
		r->last = f->time;
	}
	traffic_frame(r->traffic, &p->heard,
		      &(struct traffic_frame){
			      .time = f->time,
			      .data = f->data,
			      .len = f->len,
			      .cut = f->wire_len > f->len,
			      .way = ways[f->way],
			      .dropped = reason > 0,
			      .reason = reason,
		      });
	replay_incidents_heard(r, r->last);
}

static struct source *earliest(struct source *sources, size_t count, when_t *ret_until)
{
	struct source *best = NULL;

	*ret_until = UINT64_MAX;
	for (size_t i = 0; i < count; i++) {
		struct source *source = &sources[i];

		if (!source->open)
			continue;
		if (!best || source->frame.time < best->frame.time) {
			*ret_until = best ? best->frame.time : UINT64_MAX;
			best = source;
		} else if (source->frame.time < *ret_until) {
			*ret_until = source->frame.time;
		}
	}
	return best;
}

static void hear_all(struct replay *r, struct source *sources, size_t count)
{
	struct source *source;
	when_t until;

	for (size_t i = 0; i < count; i++)
		advance(r, &sources[i]);
	while ((source = earliest(sources, count, &until))) {
		while (source->open && source->frame.time <= until) {
			hear_frame(r, source);
			advance(r, source);
		}
	}
	if (!is_over(r))
		return;
	r->session.trouble = true;
	text_complain("interrupted: what was read before is judged");
}

/* Perhaps the host is another one. */
static void doubt(struct replay *r, const struct port *p, const char *name)
{
	if (!p->heard.has_mac || !p->heard.counters.frames || p->heard.ours)
		return;
	r->session.trouble = true;
	text_complain("no frame on %s came from or went to the MAC address that the host has "
		      "there: give the state of the host that it was recorded on, --host FILE",
		      name);
}

/* Among them may be any SYN, and any answer. */
static void say_cut(struct replay *r, const struct port *p, const char *name)
{
	if (!p->heard.cut)
		return;
	r->session.trouble = true;
	text_complain("%" PRIu64 " frame%s on %s ended before the headers did and could not be "
		      "read: record with a larger snapshot length, like tcpdump -s 256",
		      p->heard.cut, p->heard.cut == 1 ? "" : "s", name);
}

static void add_port(struct replay *r, const struct port *p)
{
	const struct input_link *link = hostaddr_link(r->session.engine->host, p->heard.ifindex);
	const char *name = link ? link->name : "unnamed";
	struct session_interface *row = row_of(&r->session, name, p->heard.ifindex);

	settings_add(row ? &row->recorded : &r->session.losses, &p->heard.counters);
	doubt(r, p, name);
	say_cut(r, p, name);
}

static void add_up(struct replay *r, struct source *source)
{
	const struct savefile_interface *told;
	size_t count;

	told = savefile_interfaces(source->savefile, &count);
	for (size_t i = 0; i < count; i++) {
		if (source->ports[i])
			add_port(r, source->ports[i]);
		if (told[i].until > r->last)
			r->last = told[i].until;
	}
}

/* Those that were given out here mean nothing to anybody. */
static void forget_indices(struct session *s)
{
	for (size_t i = 0; i < s->interface_count; i++)
		if (s->interfaces[i].ifindex >= REPLAY_IFINDEX)
			s->interfaces[i].ifindex = 0;
}

static int open_all(struct replay *r, struct source *sources, struct failure *failure)
{
	const struct options *o = r->session.options;
	int e = 0;

	for (size_t i = 0; e == 0 && i < o->word_count; i++)
		e = savefile_open(&sources[i].savefile, o->words[i], failure);
	return e;
}

static void close_all(struct source *sources, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		savefile_free(&sources[i].savefile);
		for (size_t k = 0; k < SAVEFILE_INTERFACES_MAX; k++)
			free(sources[i].ports[k]);
	}
}

int replay_files(struct replay *r, struct failure *failure)
{
	size_t count = r->session.options->word_count;
	autofree struct source *sources = calloc(count, sizeof(*sources));
	struct counters losses;
	struct table_seed seed;
	int e = -ENOMEM;

	if (sources && getrandom(&seed, sizeof(seed), 0) == sizeof(seed))
		e = traffic_new(&r->traffic, r->session.engine, &seed, session_hear, &r->session);
	if (e < 0)
		return failure_set(failure, e, "out of memory");
	heed_signals(SIG_UNBLOCK);
	e = open_all(r, sources, failure);
	if (e == 0) {
		hear_all(r, sources, count);
		for (size_t i = 0; i < count; i++)
			add_up(r, &sources[i]);
		forget_indices(&r->session);
		losses = traffic_losses(r->traffic);
		settings_add(&r->session.losses, &losses);
	}
	heed_signals(SIG_BLOCK);
	close_all(sources, count);
	return e;
}
