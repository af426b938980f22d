// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes how packets are cut and kept: what is cut behind its headers is still the same packet.
 *
 * An input is as that of fuzz_pkt: a byte of choices (1: no Ethernet, 2: the frame leaves, 4: the
 * kernel dropped it), one of the class, the frame.
 */
#include "core/packets.h"
#include "frames/frames.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_cut(const struct packet_event *event, enum pkt_link link, bool out)
{
	struct pkt whole = {0}, cut = {0};
	size_t headers = 0, again = 0;
	enum pkt_kind kind = packets_parse(event->bytes, event->kept, link, out, &whole, &headers);

	if (headers > event->kept)
		abort();
	if (!headers)
		return;
	if (packets_parse(event->bytes, headers, link, out, &cut, &again) != kind ||
	    again != headers || !frame_same(kind, &whole, &cut))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct packets *kept;
	struct packet_event event = {0};
	struct input in = {.kind = INPUT_PACKET, .now = size, .packet.event = &event};

	if (size < 2 || size - 2 > sizeof(event.bytes))
		return 0;
	if (!kept && packets_new(&kept, 16384, false) < 0)
		return 0;
	event.link = data[0] & 1 ? PKT_LINK_RAW : PKT_LINK_ETHERNET;
	event.hook = data[0] & 4 ? PACKET_DROP : data[0] & 2 ? PACKET_OUT : PACKET_IN;
	event.class = data[1];
	event.kept = (uint16_t)(size - 2);
	memcpy(event.bytes, data + 2, size - 2);
	check_cut(&event, event.link, event.hook == PACKET_OUT);
	packets_feed(kept, &in);
	return 0;
}
