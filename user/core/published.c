// SPDX-License-Identifier: GPL-2.0-only
/* Where our names point: the names as heard, and an index by address made when it is asked for. */
#include "core/published.h"

#include "base/address.h"
#include "base/cleanup.h"

#include <errno.h>
#include <string.h>

struct published {
	struct published_name *names[PUBLISHED_NAMES_MAX];
	size_t count;
	struct publication *index;
	size_t index_count;
	bool stale;
	uint64_t dropped;
};

int published_new(struct published **ret_published)
{
	struct published *p = calloc(1, sizeof(*p));

	if (!p)
		return -ENOMEM;
	*ret_published = p;
	return 0;
}

static void free_name(struct published_name **name)
{
	if (!*name)
		return;
	free((*name)->name);
	free((*name)->error);
	free((*name)->server);
	free((*name)->via);
	free((*name)->records);
	free(*name);
	*name = NULL;
}

void published_free(struct published **published)
{
	if (!*published)
		return;
	for (size_t i = 0; i < (*published)->count; i++)
		free_name(&(*published)->names[i]);
	free((*published)->index);
	free(*published);
	*published = NULL;
}

static int copy_text(char **ret_copy, const char *text)
{
	char *copy = text ? strdup(text) : NULL;

	if (text && !copy)
		return -ENOMEM;
	*ret_copy = copy;
	return 0;
}

static int new_name(struct published_name **ret_name, const struct input_name *in)
{
	cleanup(free_name) struct published_name *n = calloc(1, sizeof(*n));
	size_t count = in->count < PUBLISHED_RECORDS_MAX ? in->count : PUBLISHED_RECORDS_MAX;

	if (!n || copy_text(&n->name, in->name) < 0 || copy_text(&n->error, in->error) < 0 ||
	    copy_text(&n->server, in->server) < 0 || copy_text(&n->via, in->via) < 0)
		return -ENOMEM;
	n->records = calloc(count + 1, sizeof(*n->records));
	if (!n->records)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		n->records[i] = (struct record){.address = in->records[i].address,
						.ttl = in->records[i].ttl};
	n->count = count;
	n->status = in->status;
	*ret_name = take_ptr(n);
	return 0;
}

static bool same_answer(const struct published_name *a, const struct published_name *b)
{
	if (a->status != b->status || a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!address_equal(&a->records[i].address, &b->records[i].address))
			return false;
	return true;
}

static struct published_name **find_name(const struct published *p, const char *name)
{
	for (size_t i = 0; i < p->count; i++)
		if (strcasecmp(p->names[i]->name, name) == 0)
			return (struct published_name **)&p->names[i];
	return NULL;
}

const struct published_name *published_named(const struct published *p, const char *name)
{
	struct published_name **place = find_name(p, name);

	return place ? *place : NULL;
}

/* The place of this name, or of the next new one; NULL when there is no room. */
static struct published_name **place_of(struct published *p, const char *name)
{
	struct published_name **place = find_name(p, name);

	if (place)
		return place;
	return p->count < PUBLISHED_NAMES_MAX ? &p->names[p->count++] : NULL;
}

/* Nobody has answered: what was said last still holds, as far as is known. */
static bool is_no_answer(const struct input_name *in)
{
	return !in->count && (in->status == NAME_TIMEOUT || in->status == NAME_SERVFAIL ||
			      in->status == NAME_REFUSED);
}

static void keep_records(struct published_name *fresh, struct published_name *old)
{
	free(fresh->records);
	fresh->records = take_ptr(old->records);
	fresh->count = old->count;
	old->count = 0;
	fresh->answered = old->answered;
	if (!fresh->server)
		fresh->server = take_ptr(old->server);
}

static void count_failure(struct published_name *fresh, const struct published_name *old)
{
	if (old)
		memcpy(fresh->failures, old->failures, sizeof(fresh->failures));
	if (fresh->status != NAME_OK)
		fresh->failures[fresh->status]++;
}

static bool forget(struct published *p, const char *name)
{
	for (size_t i = 0; i < p->count; i++) {
		if (strcasecmp(p->names[i]->name, name) != 0)
			continue;
		free_name(&p->names[i]);
		memmove(&p->names[i], &p->names[i + 1], (--p->count - i) * sizeof(*p->names));
		p->names[p->count] = NULL;
		return p->stale = true;
	}
	return false;
}

static bool has(const struct input_authority *in, const struct addr *a)
{
	for (size_t i = 0; i < in->count; i++)
		if (address_equal(&in->records[i].address, a))
			return true;
	return false;
}

/* What the zone's own servers have said holds until they say otherwise, or the resolver does. */
static void keep_stale(struct published_name *fresh, const struct published_name *old)
{
	for (size_t i = 0; i < old->count; i++)
		for (size_t k = 0; old->records[i].stale && k < fresh->count; k++)
			if (address_equal(&fresh->records[k].address, &old->records[i].address))
				fresh->records[k].stale = true;
}

static void compare_with(struct published *p, const struct input_authority *in)
{
	struct published_name **place = find_name(p, in->name);

	for (size_t i = 0; place && i < (*place)->count; i++) {
		struct record *r = &(*place)->records[i];

		if (address_is_v4(&r->address) == in->ipv4)
			r->stale = !has(in, &r->address);
	}
}

bool published_feed(struct published *p, const struct input *in)
{
	cleanup(free_name) struct published_name *fresh = NULL, *old = NULL;
	struct published_name **place;
	bool changed;

	if (in->kind == INPUT_AUTHORITY)
		compare_with(p, &in->authority);
	if (in->kind != INPUT_NAME)
		return false;
	if (in->name.gone)
		return forget(p, in->name.name);
	if (new_name(&fresh, &in->name) < 0 || !(place = place_of(p, in->name.name))) {
		p->dropped++;
		return false;
	}
	if (in->name.count > fresh->count)
		p->dropped += in->name.count - fresh->count;
	fresh->answered = is_no_answer(&in->name) ? 0 : in->now;
	changed = !*place || !same_answer(*place, fresh);
	if (*place && is_no_answer(&in->name)) {
		changed = false;
		keep_records(fresh, *place);
	} else if (*place) {
		keep_stale(fresh, *place);
	}
	fresh->first_answered =
		*place && (*place)->first_answered ? (*place)->first_answered : fresh->answered;
	count_failure(fresh, *place);
	old = *place;
	*place = take_ptr(fresh);
	p->stale = true;
	return changed;
}

static int by_address(const void *a, const void *b)
{
	const struct publication *x = a, *y = b;

	return address_compare(&x->address, &y->address);
}

static void reindex(struct published *p)
{
	size_t total = 0, k = 0;
	struct publication *index;

	for (size_t i = 0; i < p->count; i++)
		total += p->names[i]->count;
	index = realloc(p->index, (total + 1) * sizeof(*index));
	if (!index) { /* the old one points to what is gone */
		p->index_count = 0;
		p->dropped++;
		return;
	}
	for (size_t i = 0; i < p->count; i++)
		for (size_t r = 0; r < p->names[i]->count; r++)
			index[k++] = (struct publication){p->names[i]->records[r].address,
							  p->names[i], &p->names[i]->records[r]};
	qsort(index, total, sizeof(*index), by_address);
	p->index = index;
	p->index_count = total;
	p->stale = false;
}

const struct publication *published_all(struct published *p, size_t *ret_count)
{
	if (p->stale)
		reindex(p);
	*ret_count = p->index_count;
	return p->index;
}

const struct publication *published_find(struct published *p, const struct addr *a,
					 size_t *ret_count)
{
	size_t count, low = 0, high, n = 0;
	const struct publication *all = published_all(p, &count);

	high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (address_compare(&all[middle].address, a) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	while (low + n < count && address_equal(&all[low + n].address, a))
		n++;
	*ret_count = n;
	return n ? &all[low] : NULL;
}

const struct published_name *published_name(const struct published *p, size_t i)
{
	return i < p->count ? p->names[i] : NULL;
}

uint64_t published_dropped(const struct published *p)
{
	return p->dropped;
}

const char *name_status_name(enum name_status status)
{
	static const char *const names[] = {
		[NAME_OK] = "ok",
		[NAME_NODATA] = "nodata",
		[NAME_NXDOMAIN] = "nxdomain",
		[NAME_TIMEOUT] = "timeout",
		[NAME_SERVFAIL] = "servfail",
		[NAME_REFUSED] = "refused",
	};

	return names[status];
}
