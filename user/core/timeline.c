// SPDX-License-Identifier: GPL-2.0-only
/* What has changed since the look before. */
#include "core/timeline.h"

#include "base/address.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#define FAMILIES 2

struct followed {
	struct addr address;
	enum owned owned;
	char *name; /* who publishes it, NULL: nobody */
	uint64_t look;
	UT_hash_handle hh;
};

struct timeline {
	struct followed *followed;
	bool has_default[FAMILIES];
	uint64_t looks;
	uint64_t count;
	struct timeline_event events[TIMELINE_EVENTS_MAX];
};

static const struct {
	int family;
	struct addr zero;
	const char *name;
} families[FAMILIES] = {
	{AF_INET, {.bytes = {[10] = 0xff, [11] = 0xff}}, "IPv4"},
	{AF_INET6, {.bytes = {0}}, "IPv6"},
};

int timeline_new(struct timeline **ret_timeline)
{
	struct timeline *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	*ret_timeline = t;
	return 0;
}

static void forget(struct timeline *t, struct followed *f)
{
	HASH_DEL(t->followed, f);
	free(f->name);
	free(f);
}

void timeline_free(struct timeline **timeline)
{
	struct followed *f, *next;

	if (!*timeline)
		return;
	HASH_ITER (hh, (*timeline)->followed, f, next)
		forget(*timeline, f);
	free(*timeline);
	*timeline = NULL;
}

static void __attribute__((format(printf, 5, 6)))
note(struct timeline *t, const struct addr *a, when_t now, enum timeline_kind kind,
     const char *format, ...)
{
	struct timeline_event *e = &t->events[t->count++ % TIMELINE_EVENTS_MAX];
	va_list args;

	*e = (struct timeline_event){.address = *a, .event = {.at = now, .kind = kind}};
	va_start(args, format);
	vsnprintf(e->event.text, sizeof(e->event.text), format, args);
	va_end(args);
}

static struct followed *follow(struct timeline *t, const struct addr *a)
{
	struct followed *f;

	HASH_FIND(hh, t->followed, a, sizeof(*a), f);
	if (f || HASH_COUNT(t->followed) >= TIMELINE_ADDRESSES_MAX)
		return f;
	f = calloc(1, sizeof(*f));
	if (!f)
		return NULL;
	f->address = *a;
	HASH_ADD(hh, t->followed, address, sizeof(f->address), f);
	if (f->hh.tbl)
		return f;
	free(f);
	return NULL;
}

static const char *link_of(const struct engine *e, const struct addr *a)
{
	const struct input_address *i = NULL;
	const struct input_link *link = NULL;

	while ((i = hostaddr_next_address(e->host, i)))
		if (address_equal(&i->address, a))
			link = hostaddr_link(e->host, i->ifindex);
	return link ? link->name : NULL;
}

static void note_owned(struct timeline *t, const struct engine *e, const struct followed *f,
		       enum owned owned, when_t now)
{
	const char *link = owned == OWNED_NO ? NULL : link_of(e, &f->address);
	const char *on = link ? " on " : "";

	link = link ? link : "";
	switch (owned) {
	case OWNED_YES:
		note(t, &f->address, now, TIMELINE_ADDRESS_ADDED,
		     "this host has the address now%s%s", on, link);
		break;
	case OWNED_NO:
		note(t, &f->address, now, TIMELINE_ADDRESS_REMOVED,
		     "this host has the address no longer");
		break;
	case OWNED_TENTATIVE:
		note(t, &f->address, now, TIMELINE_ADDRESS_UNUSABLE,
		     "the address was set%s%s, and is checked for duplicates", on, link);
		break;
	case OWNED_DADFAILED:
		note(t, &f->address, now, TIMELINE_ADDRESS_UNUSABLE,
		     "another host on the link has the address");
		break;
	default:
		note(t, &f->address, now, TIMELINE_ADDRESS_UNUSABLE, "the link%s%s is down", on,
		     link);
	}
}

static void note_published(struct timeline *t, const struct followed *f, const char *name,
			   when_t now)
{
	if (name)
		note(t, &f->address, now, TIMELINE_PUBLISHED, "%.128s points to the address now",
		     name);
	else
		note(t, &f->address, now, TIMELINE_WITHDRAWN,
		     "%.128s points to the address no longer", f->name);
}

/* What the first answer of all says of a name is how it was found, not what has changed. */
static bool is_news(const struct publication *p)
{
	return p->name->first_answered && p->name->first_answered < p->name->answered;
}

/* Returns true if what is owned has changed. */
static bool look_at(struct timeline *t, struct engine *e, const struct addr *a, when_t now)
{
	struct followed *f = follow(t, a);
	const struct publication *p;
	bool changed, first = t->looks == 1;
	enum owned owned;
	size_t count;

	if (!f || f->look == t->looks)
		return false;
	f->look = t->looks;
	owned = hostaddr_owned(e->host, a, NULL);
	changed = owned != f->owned && !first;
	if (changed)
		note_owned(t, e, f, owned, now);
	f->owned = owned;
	p = engine_publications(e, a, &count);
	if (p ? !f->name && !first && is_news(p) : f->name != NULL)
		note_published(t, f, p ? p->name->name : NULL, now);
	if (!p != !f->name || (p && strcmp(p->name->name, f->name) != 0)) {
		free(f->name);
		f->name = p ? strdup(p->name->name) : NULL;
	}
	return changed;
}

static bool look_at_routes(struct timeline *t, const struct engine *e, when_t now)
{
	bool changed = false;

	for (int i = 0; i < FAMILIES; i++) {
		bool has = hostaddr_default(e->host, families[i].family, 0);

		if (has != t->has_default[i] && t->looks > 1) {
			note(t, &families[i].zero, now,
			     has ? TIMELINE_ROUTE_ADDED : TIMELINE_ROUTE_LOST,
			     "this host has %s %s default route", has ? "an" : "no longer an",
			     families[i].name);
			changed = true;
		}
		t->has_default[i] = has;
	}
	return changed;
}

bool timeline_look(struct timeline *t, struct engine *e, when_t now)
{
	const struct input_address *i = NULL;
	const struct publication *all;
	struct followed *f, *next;
	bool changed = false;
	size_t count;

	t->looks++;
	all = published_all(e->published, &count);
	for (size_t k = 0; k < count; k++)
		changed |= look_at(t, e, engine_inside(e, &all[k].address), now);
	while ((i = hostaddr_next_address(e->host, i)))
		if (!address_is_special(&i->address) && /* which says nothing of any other */
		    !hostaddr_is_guest(hostaddr_link(e->host, i->ifindex)))
			changed |= look_at(t, e, &i->address, now);
	HASH_ITER (hh, t->followed, f, next) {
		changed |= look_at(t, e, &f->address, now);
		if (f->owned == OWNED_NO && !f->name)
			forget(t, f);
	}
	return look_at_routes(t, e, now) || changed;
}

const struct timeline_event *timeline_at(const struct timeline *t, uint64_t *n)
{
	if (t->count > TIMELINE_EVENTS_MAX && *n < t->count - TIMELINE_EVENTS_MAX)
		*n = t->count - TIMELINE_EVENTS_MAX;
	return *n < t->count ? &t->events[*n % TIMELINE_EVENTS_MAX] : NULL;
}

bool timeline_concerns(const struct timeline_event *event, const struct addr *address)
{
	for (int i = 0; i < FAMILIES; i++)
		if (address_equal(&event->address, &families[i].zero))
			return address_family(address) == families[i].family;
	return address_equal(&event->address, address);
}
