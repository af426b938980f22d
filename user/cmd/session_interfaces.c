// SPDX-License-Identifier: GPL-2.0-only
/* The interfaces that are watched: which, their attaching and going, and whether they are seen. */
#include "cmd/session_parts.h"
#include "cmd/text.h"
#include "io/rtnl_counters.h"
#include "io/settings.h"

#include <errno.h>
#include <string.h>

/* An instance that has lost its interface is of no use, but a capture's report tells its counts. */
void session_mark_gone(struct session *s, const struct input_link *link)
{
	for (size_t i = 0; i < s->interface_count; i++) {
		struct session_interface *f = &s->interfaces[i];

		if (f->ifindex != link->ifindex || !f->attached || f->gone)
			continue;
		f->gone = true;
		if (s->lasting)
			probe_drop(s->probe, f->ifindex);
		s->trouble = true;
		if (s->recording)
			recording_gone(s->recording, f->ifindex);
		failure_set(&f->error, 0, "%s went away while it was watched", f->name);
		text_complain("%s", f->error.text);
	}
}

static struct session_interface *add_interface(struct session *s, const char *name)
{
	struct session_interface *f = &s->interfaces[s->interface_count];

	for (size_t i = 0; i < s->interface_count; i++)
		if (strcmp(s->interfaces[i].name, name) == 0)
			return NULL;
	if (s->interface_count == SESSION_INTERFACES_MAX) {
		s->trouble = true;
		return NULL;
	}
	s->interface_count++;
	*f = (struct session_interface){0};
	snprintf(f->name, sizeof(f->name), "%s", name);
	return f;
}

/* The end of a guest's link is gone before anything could be told of it. */
static void choose_any(struct session *s)
{
	const struct input_link *link = NULL;

	while ((link = hostaddr_next_link(s->engine->host, link)))
		if (link->up && !link->loopback && !hostaddr_is_guest(link))
			add_interface(s, link->name);
}

/* Without a word from the user: where the world comes in. */
static void choose_default(struct session *s)
{
	const struct hostaddr *host = s->engine->host;
	const struct input_route *route = NULL;

	while ((route = hostaddr_next_route(host, route))) {
		const struct input_link *link = hostaddr_link(host, route->oif);

		if (route->kind == ROUTE_DEFAULT && link && link->up && !link->loopback)
			add_interface(s, link->name);
	}
	if (!s->interface_count)
		choose_any(s);
}

void session_choose_interfaces(struct session *s)
{
	const struct options *o = s->options;

	if (!o->interface_count)
		choose_default(s);
	for (size_t i = 0; i < o->interface_count; i++) {
		if (strcmp(o->interfaces[i], "any") == 0)
			choose_any(s);
		else
			add_interface(s, o->interfaces[i]);
	}
}

static void watch_packets(struct session *s, const struct input_link *link)
{
	struct probe_interface attached;

	for (size_t i = 0; s->recording && probe_interface(s->probe, i, &attached); i++)
		if (attached.ifindex == link->ifindex)
			recording_watch(s->recording, link, probe_hook_name(attached.hook));
}

static void attach_one(struct session *s, struct session_interface *f)
{
	const struct input_link *link = hostaddr_link_named(s->engine->host, f->name);
	int r;

	if (!link) {
		failure_set(&f->error, -ENODEV,
			    "there is no interface \"%s\"; ip link shows those there are", f->name);
	} else {
		f->ifindex = link->ifindex;
		r = probe_attach(s->probe, link, s->options->attach, &f->error);
		f->attached = r == 0;
	}
	if (f->attached) {
		f->error.text[0] = '\0';
		rtnl_counters_received(f->ifindex, &f->received);
		watch_packets(s, link);
		return;
	}
	s->trouble = true;
	text_complain("%s", f->error.text);
}

size_t session_attach_interfaces(struct session *s)
{
	size_t attached = 0;

	for (size_t i = 0; i < s->interface_count; i++) {
		attach_one(s, &s->interfaces[i]);
		attached += s->interfaces[i].attached;
	}
	session_tell_macs(s);
	return attached;
}

static bool is_meant(const struct session_interface *list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].name, name) == 0)
			return true;
	return false;
}

void session_drop_interfaces(struct session *s)
{
	struct session_interface *old = s->interfaces;
	size_t kept = 0, count = s->interface_count;
	static struct session meant;

	meant = (struct session){.options = s->options, .engine = s->engine};
	session_choose_interfaces(&meant);
	for (size_t i = 0; i < count; i++) {
		if (is_meant(meant.interfaces, meant.interface_count, old[i].name)) {
			old[kept++] = old[i];
		} else if (old[i].attached && !old[i].gone) {
			probe_drop(s->probe, old[i].ifindex);
			text_say("%s is no longer watched", old[i].name);
		}
	}
	s->interface_count = kept;
}

/* One that was renamed is still the same one. */
static void follow_name(struct session *s, struct session_interface *f)
{
	const struct input_link *link = hostaddr_link(s->engine->host, f->ifindex);

	if (!link || !f->attached || f->gone || strcmp(link->name, f->name) == 0)
		return;
	text_say("%s is called %s now, and is watched as before", f->name, link->name);
	snprintf(f->name, sizeof(f->name), "%s", link->name);
}

/* What could not be attached is not tried again before it is another one. */
static bool is_new(const struct session *s, const struct session_interface *f)
{
	const struct input_link *link = hostaddr_link_named(s->engine->host, f->name);

	if (f->attached && !f->gone)
		return false;
	return link && link->ifindex != f->ifindex;
}

static bool is_named(const struct session *s, const char *name)
{
	for (size_t i = 0; i < s->options->interface_count; i++)
		if (strcmp(s->options->interfaces[i], name) == 0)
			return true;
	return false;
}

/* Links with names of their own come and go without end on a host of containers: a place is kept
 * only for what the user has named. */
static void forget_gone(struct session *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->interface_count; i++) {
		const struct session_interface *f = &s->interfaces[i];
		bool is_there =
			f->attached ? !f->gone : !!hostaddr_link_named(s->engine->host, f->name);

		if (is_there || is_named(s, f->name))
			s->interfaces[kept++] = *f;
	}
	s->interface_count = kept;
}

void session_rewire(struct session *s)
{
	size_t known;

	for (size_t i = 0; i < s->interface_count; i++)
		follow_name(s, &s->interfaces[i]);
	forget_gone(s);
	known = s->interface_count;
	session_choose_interfaces(s);
	for (size_t i = 0; i < s->interface_count; i++) {
		struct session_interface *f = &s->interfaces[i];

		if (i < known && !is_new(s, f))
			continue;
		f->gone = f->attached = false;
		attach_one(s, f);
		if (f->attached)
			text_say("%s is watched", f->name);
	}
	session_tell_macs(s);
	s->outdated = true; /* groups to join on what is new */
	s->rewire = false;
}

bool session_seen(const struct session *s, size_t i, struct session_seen *ret_seen)
{
	const struct session_interface *f = &s->interfaces[i];
	struct probe_interface seen;

	*ret_seen = (struct session_seen){.counters = f->recorded};
	if (s->replayed || !f->attached)
		return s->replayed;
	if (!probe_interface_of(s->probe, f->ifindex, &seen))
		return false;
	*ret_seen = (struct session_seen){probe_hook_name(seen.hook), seen.counters};
	return true;
}

struct counters session_recorded(const struct session *s)
{
	struct counters total = s->losses;

	for (size_t i = 0; i < s->interface_count; i++)
		settings_add(&total, &s->interfaces[i].recorded);
	return total;
}

void session_check_hooks(struct session *s)
{
	for (size_t i = 0; i < s->interface_count; i++) {
		struct session_interface *f = &s->interfaces[i];

		if (!f->attached || f->gone || probe_holds(s->probe, f->ifindex) ||
		    !hostaddr_link(s->engine->host, f->ifindex))
			continue;
		probe_drop(s->probe, f->ifindex);
		attach_one(s, f);
		if (f->attached)
			text_say("somebody took the program off %s: it is attached again", f->name);
		session_tell_macs(s);
	}
}

/* Has the program seen less than half of what the kernel has received? More would be too much to
 * ask: drivers count with a delay, and some count what they merge before we see it. */
static bool is_blind(const struct session_interface *f, uint64_t seen, uint64_t *ret_received)
{
	const uint64_t enough = 16;
	uint64_t received;

	if (rtnl_counters_received(f->ifindex, &received) < 0)
		return false; /* the interface is gone, and that was said */
	*ret_received = received - f->received;
	return *ret_received >= enough && seen < *ret_received / 2;
}

void session_self_test(struct session *s)
{
	struct probe_interface seen;

	for (size_t i = 0; i < s->interface_count; i++) {
		struct session_interface *f = &s->interfaces[i];
		uint64_t received;

		if (!f->attached || !probe_interface_of(s->probe, f->ifindex, &seen) || f->gone ||
		    !is_blind(f, seen.counters.frames, &received))
			continue;
		s->trouble = true;
		failure_set(&f->error, 0,
			    "%s received %llu frames and the program saw %llu of them: SYNs may be "
			    "missing; try --attach tc, or switch off LRO (ethtool -K %s lro off)",
			    f->name, (unsigned long long)received, seen.counters.frames, f->name);
		text_complain("%s", f->error.text);
	}
}
