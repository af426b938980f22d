// SPDX-License-Identifier: GPL-2.0-only
/* Taking over the maps that an earlier run has left, and leaving ours to the next one. */
#include "base/cleanup.h"
#include "io/clsact.h"
#include "io/pins.h"
#include "io/probe_parts.h"
#include "pkt.h"
#include "synhole.skel.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#define PIN_LAYOUT "layout"
#define PIN_DROPS "drops"

/* What must be the same for the maps to mean the same, and what the next run goes on with. */
struct layout {
	uint32_t version, cpus;
	uint64_t region;
	struct table_seed seed;
	uint32_t epoch, pad;
};

/* The maps by their pins' names, with what ours would be like. */
struct kept_map {
	const char *name;
	uint32_t key, value, entries;
};

#define KEPT_MAPS 4

static void list_maps(const struct probe *p, struct kept_map ret_maps[KEPT_MAPS])
{
	const struct settings *s = &p->settings;
	const struct kept_map maps[KEPT_MAPS] = {
		{"table", 4, sizeof(struct slot_set), s->slots.cpus * settings_sets(s)},
		{"known", sizeof(struct addr), 4, 0},
		{"likely", 4, sizeof(struct likely), 1},
		{"attempts", 4, sizeof(struct attempt_set), ABI_ATTEMPT_SETS},
	};

	memcpy(ret_maps, maps, sizeof(maps));
}

static struct bpf_map *map_of(const struct synhole *s, size_t i)
{
	struct bpf_map *const maps[KEPT_MAPS] = {s->maps.table, s->maps.known, s->maps.likely,
						 s->maps.attempts};

	return maps[i];
}

static bool fits(const struct probe *p, const struct kept_map *map)
{
	struct bpf_map_info info = {0};
	uint32_t len = sizeof(info);
	autoclose int fd = pins_get(p->pins, map->name);

	return fd >= 0 && bpf_obj_get_info_by_fd(fd, &info, &len) == 0 &&
	       info.key_size == map->key && info.value_size == map->value &&
	       (!map->entries || info.max_entries == map->entries);
}

static int read_layout(const struct probe *p, struct layout *ret_layout)
{
	autoclose int fd = pins_get(p->pins, PIN_LAYOUT);
	uint32_t key = 0;

	return fd < 0 ? fd : bpf_map_lookup_elem(fd, &key, ret_layout);
}

void probe_adopt(struct probe *p)
{
	struct kept_map maps[KEPT_MAPS];
	struct layout layout = {0};
	bool fit = p->pins && read_layout(p, &layout) == 0;

	fit = fit && layout.version == ABI_VERSION && layout.cpus == p->settings.slots.cpus &&
	      layout.region == p->settings.slots.region;
	list_maps(p, maps);
	for (size_t i = 0; fit && i < KEPT_MAPS; i++)
		fit = fits(p, &maps[i]);
	if (!fit)
		return;
	p->settings.slots.seed = layout.seed;
	p->settings.epoch = layout.epoch + 1;
	p->settings.adopted = true;
}

int probe_reuse_maps(struct probe *p)
{
	struct kept_map maps[KEPT_MAPS];
	int r = 0;

	list_maps(p, maps);
	for (size_t i = 0; r == 0 && p->settings.adopted && i < KEPT_MAPS; i++) {
		autoclose int fd = pins_get(p->pins, maps[i].name);

		r = fd < 0 ? fd : bpf_map__reuse_fd(map_of(p->maps, i), fd);
	}
	return r;
}

static int put_layout(struct probe *p)
{
	const struct layout layout = {
		.version = ABI_VERSION,
		.cpus = p->settings.slots.cpus,
		.region = p->settings.slots.region,
		.seed = p->settings.slots.seed,
		.epoch = p->settings.epoch,
	};
	uint32_t key = 0;

	return bpf_map_update_elem(p->layout, &key, &layout, BPF_ANY);
}

void probe_keep_maps(struct probe *p)
{
	struct kept_map maps[KEPT_MAPS];

	if (!p->pins)
		return;
	list_maps(p, maps);
	for (size_t i = 0; !p->settings.adopted && i < KEPT_MAPS; i++)
		pins_put(p->pins, maps[i].name, bpf_map__fd(map_of(p->maps, i)));
	p->layout = bpf_map_create(BPF_MAP_TYPE_ARRAY, "layout", 4, sizeof(struct layout), 1, NULL);
	if (p->layout >= 0 && put_layout(p) == 0)
		pins_put(p->pins, PIN_LAYOUT, p->layout);
}

void probe_keep_epoch(struct probe *p)
{
	if (p->pins && p->layout > 0)
		put_layout(p);
}

void probe_keep_drops(struct probe *p, int link)
{
	if (p->pins)
		pins_put(p->pins, PIN_DROPS, link);
}

uint64_t probe_generation(const struct probe *p)
{
	uint64_t generation = 0;

	memcpy(&generation, &p->settings.slots.seed, sizeof(generation));
	return generation;
}

bool probe_adopted(const struct probe *p)
{
	return p->settings.adopted;
}

const char *probe_pins_ail(const struct probe *p)
{
	return p->pins_failure.text[0] ? p->pins_failure.text : NULL;
}

/* ---- what nobody means any more */

static void remove_other(void *data, const char *name)
{
	struct probe *p = data;
	uint32_t ifindex;
	char kind;

	if (sscanf(name, "%c%u", &kind, &ifindex) != 2 || probe_instance(p, ifindex))
		return;
	clsact_take(ifindex);
	pins_remove(p->pins, name);
}

void probe_forget_others(struct probe *p)
{
	if (p->pins)
		pins_each(p->pins, remove_other, p);
}

struct removal {
	struct pins *pins;
	void (*tell)(void *data, const char *what);
	void *data;
};

static void remove_pin(void *data, const char *name)
{
	const struct removal *r = data;
	char what[64], interface[IF_NAMESIZE];
	uint32_t ifindex;
	char kind;

	if (sscanf(name, "%c%u", &kind, &ifindex) == 2 && (kind == 'i' || kind == 'e')) {
		snprintf(
			what, sizeof(what), "the program on %s, %s",
			if_indextoname(ifindex, interface) ? interface : "an interface that is gone",
			kind == 'i' ? "on the way in" : "on the way out");
		r->tell(r->data, what);
	} else if (strcmp(name, PIN_DROPS) == 0) {
		r->tell(r->data, "the program that sees drops");
	} else if (strcmp(name, PIN_LAYOUT) == 0) {
		r->tell(r->data, "the counts");
	}
	pins_remove(r->pins, name);
}

int probe_remove_all(void (*tell)(void *data, const char *what), void *data,
		     struct failure *failure)
{
	struct removal removal = {.tell = tell, .data = data};
	struct if_nameindex *links = if_nameindex();
	int r = pins_open(&removal.pins, failure);
	char what[64];

	for (size_t i = 0; links && links[i].if_index && r != -EBUSY; i++) {
		if (!clsact_take(links[i].if_index))
			continue;
		snprintf(what, sizeof(what), "the programs on %s", links[i].if_name);
		tell(data, what);
	}
	if_freenameindex(links);
	if (r < 0)
		return r;
	pins_each(removal.pins, remove_pin, &removal);
	pins_end(&removal.pins);
	return 0;
}
