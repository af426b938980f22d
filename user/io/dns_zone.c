// SPDX-License-Identifier: GPL-2.0-only
/* A zone in memory: records in the order of their names, and the questions they answer. */
#include "io/dns_zone.h"

#include "base/address.h"
#include "base/cleanup.h"
#include "io/dns_answer.h"
#include "io/dns_name.h"
#include "io/dns_zone_parts.h"

#include <stdio.h>
#include <string.h>

/* Records of one name, of one type. */
struct found {
	const struct dns_zone_record *records;
	size_t count;
};

static int compare(const void *a, const void *b)
{
	const struct dns_zone_record *x = a, *y = b;
	int r = strcasecmp(x->owner, y->owner);

	r = r ? r : (x->type > y->type) - (x->type < y->type);
	return r ? r : (x->number > y->number) - (x->number < y->number);
}

void dns_zone_sort(struct dns_zone *z)
{
	if (z->count)
		qsort(z->records, z->count, sizeof(*z->records), compare);
}

void dns_zone_free(struct dns_zone **zone)
{
	if (!*zone)
		return;
	for (size_t i = 0; i < (*zone)->count; i++) {
		free((*zone)->records[i].owner);
		free((*zone)->records[i].target);
	}
	free((*zone)->records);
	free(*zone);
	*zone = NULL;
}

static struct found find(const struct dns_zone *z, const char *owner, enum dns_zone_type type)
{
	struct found f = {0};
	size_t low = 0, high = z->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct dns_zone_record *r = &z->records[middle];
		int order = strcasecmp(r->owner, owner);

		if (order < 0 || (order == 0 && r->type < type))
			low = middle + 1;
		else
			high = middle;
	}
	f.records = z->records + low;
	while (low + f.count < z->count && f.records[f.count].type == type &&
	       strcasecmp(f.records[f.count].owner, owner) == 0)
		f.count++;
	return f;
}

/* A name with any record exists, and so does one below which there are names (RFC 8020). */
static bool exists(const struct dns_zone *z, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < z->count; i++) {
		size_t own = strlen(z->records[i].owner);

		if (own >= len && strcasecmp(z->records[i].owner + own - len, name) == 0 &&
		    (own == len || z->records[i].owner[own - len - 1] == '.'))
			return true;
	}
	return false;
}

/* Where the CNAMEs lead; NULL: too far, or in a circle. */
static const char *resolve(const struct dns_zone *z, const char *name)
{
	for (int hops = 0; hops <= DNS_MAX_HOPS; hops++) {
		struct found alias = find(z, name, DNS_ZONE_CNAME);

		if (!alias.count)
			return name;
		name = alias.records->target;
	}
	return NULL;
}

static size_t gather(const struct dns_zone *z, const char *name, struct record ret[DNS_MAX_RECORDS])
{
	size_t n = 0;

	for (enum dns_zone_type type = DNS_ZONE_A; type <= DNS_ZONE_AAAA; type++) {
		struct found f = find(z, name, type);

		for (size_t i = 0; i < f.count && n < DNS_MAX_RECORDS; i++)
			if (type == DNS_ZONE_A || dns_answer_counts(&f.records[i].address))
				ret[n++] = (struct record){.address = f.records[i].address,
							   .ttl = f.records[i].ttl};
	}
	return n;
}

/* Where one question's answers go. */
struct answer {
	const struct dns_zone *zone;
	const char *via;
	when_t now;
	input_fn *hear;
	void *data;
};

/* `end` is where the CNAMEs of `name` lead; only if `addresses` its addresses are told. */
static void tell(const struct answer *to, const char *name, const char *end, bool addresses)
{
	struct record records[DNS_MAX_RECORDS];
	struct input in = {.kind = INPUT_NAME, .now = to->now};

	in.name = (struct input_name){.name = name, .via = to->via, .records = records};
	in.name.count = end && addresses ? gather(to->zone, end, records) : 0;
	if (!end) {
		in.name.status = NAME_SERVFAIL;
		in.name.error = "its CNAMEs lead in a circle, or too far";
	} else if (!in.name.count && !exists(to->zone, end)) {
		in.name.status = NAME_NXDOMAIN;
		in.name.error = "the zone file does not have the name";
	} else if (!in.name.count) {
		in.name.status = NAME_NODATA;
		in.name.error = "the zone file has nothing of the kind for the name";
	}
	to->hear(to->data, &in);
}

/* Each target once: SRV has one for each port. */
static bool was_told(const struct found *f, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcasecmp(f->records[k].target, f->records[i].target) == 0)
			return true;
	return false;
}

static void ask_targets(const struct answer *to, const char *name, enum dns_zone_type type)
{
	const char *end = resolve(to->zone, name);
	struct found f = end ? find(to->zone, end, type) : (struct found){0};
	size_t told = 0;

	for (size_t i = 0; i < f.count && told < DNS_MAX_TARGETS; i++) {
		const char *target = f.records[i].target;

		if (!target[0] || was_told(&f, i)) /* the root means: none */
			continue;
		tell(to, target, resolve(to->zone, target), true);
		told++;
	}
	if (!told) /* without MX a name's own addresses take its mail (RFC 5321, 5.1) */
		tell(to, name, end, type == DNS_ZONE_MX && !f.count);
}

int dns_zone_ask(const struct dns_zone *z, enum resolver_question question, const char *name,
		 when_t now, input_fn *hear, void *data, struct failure *failure)
{
	struct answer to = {.zone = z, .now = now, .hear = hear, .data = data};
	bool mx = question == RESOLVE_MX;
	autofree char *text = NULL;
	char via[DNS_ZONE_NAME + 8];
	int r = dns_name_normal(name, &text, failure);

	if (r < 0)
		return r;
	if (question == RESOLVE_NAME) {
		tell(&to, text, resolve(z, text), true);
		return 0;
	}
	snprintf(via, sizeof(via), "%s %s", mx ? "mx" : "srv", text);
	to.via = via;
	ask_targets(&to, text, mx ? DNS_ZONE_MX : DNS_ZONE_SRV);
	return 0;
}

const char *dns_zone_next_name(const struct dns_zone *z, size_t *at)
{
	const char *before = *at ? z->records[*at - 1].owner : NULL;

	while (*at < z->count) {
		const struct dns_zone_record *r = &z->records[(*at)++];

		if (r->type <= DNS_ZONE_CNAME && r->owner[0] && strcmp(r->owner, "*") != 0 &&
		    strncmp(r->owner, "*.", 2) != 0 &&
		    (!before || strcasecmp(before, r->owner) != 0))
			return r->owner;
		before = r->owner;
	}
	return NULL;
}
