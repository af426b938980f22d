// SPDX-License-Identifier: GPL-2.0-only
/* Recordings of any bytes: read to their end, each frame through all that replay does with it. */
#include "base/cleanup.h"
#include "core/traffic.h"
#include "io/savefile.h"
#include "memory_file.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hear(void *data, const struct input *in)
{
	engine_feed(data, in);
}

/* A host with an address, a published one that it has not, and a link, so that every way is open.
 */
static void furnish(struct engine *e)
{
	static const struct record published = {.address.bytes = {0x20, 1, 0xd, 0xb8, [15] = 2}};
	struct input in = {.kind = INPUT_LINK};

	in.link = (struct input_link){.ifindex = 3, .name = "eth0", .up = true, .running = true};
	engine_feed(e, &in);
	in = (struct input){.kind = INPUT_ROUTE};
	in.route = (struct input_route){.kind = ROUTE_LOCAL, .prefix_len = 128, .oif = 3};
	in.route.prefix = (struct addr){.bytes = {[10] = 0xff, [11] = 0xff, 198, 51, 100, 2}};
	engine_feed(e, &in);
	in = (struct input){.kind = INPUT_NAME};
	in.name = (struct input_name){.name = "a.example", .records = &published, .count = 1};
	engine_feed(e, &in);
}

/* Made once: what one input has counted does not matter to the next. */
static struct traffic *traffic(void)
{
	static struct traffic *made;
	static struct engine *engine;
	static const struct engine_policy policy;
	static const struct table_seed seed = {.set = {1, 2, 3, 4, 5, 6, 7},
					       .tag = {7, 6, 5, 4, 3, 2, 1}};

	if (made)
		return made;
	if (engine_new(&engine, &policy) < 0 || traffic_new(&made, engine, &seed, hear, engine) < 0)
		abort();
	furnish(engine);
	return made;
}

static void hear_frame(struct savefile *s, const struct savefile_frame *f)
{
	struct traffic_interface on = {.ifindex = 3};
	autofree uint8_t *exactly = malloc(f->len ? f->len : 1);
	const struct savefile_interface *all;
	size_t count;

	all = savefile_interfaces(s, &count);
	if (f->interface >= count || f->len > SAVEFILE_FRAME_MAX || !exactly)
		abort();
	memcpy(exactly, f->data, f->len);
	on.link_type = all[f->interface].link_type;
	on.has_mac = on.link_type == FRAMING_ETHERNET && f->interface & 1;
	on.macs[0] = 0x020000000001;
	traffic_frame(traffic(), &on,
		      &(struct traffic_frame){.time = f->time,
					      .data = exactly,
					      .len = f->len,
					      .cut = f->wire_len > f->len,
					      .way = (enum framing_way)f->way});
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup(savefile_free) struct savefile *s = NULL;
	struct savefile_frame frame;
	struct failure failure = {0};
	autoclose int fd = -1;
	char path[32];
	int r;

	fd = memory_file(data, size, path);
	r = savefile_open(&s, path, &failure);
	if (r == 0)
		while ((r = savefile_next(s, &frame, &failure)) == 1)
			hear_frame(s, &frame);
	if ((r < 0) != (failure.text[0] != '\0'))
		abort();
	return 0;
}
