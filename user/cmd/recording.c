// SPDX-License-Identifier: GPL-2.0-only
/* A recording: packets and findings brought together in a file. */
#include "cmd/recording.h"

#include "base/address.h"
#include "base/cleanup.h"
#include "cmd/recording_said.h"
#include "cmd/text.h"
#include "io/pcapng.h"

#include <errno.h>
#include <linux/if_arp.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#define INTERFACES_MAX 1024

struct interface {
	uint32_t ifindex;
	bool gone, ethernet;
	char name[16], driver[32];
	uint8_t mac[6];
	const char *hook;
};

struct recording {
	struct packets *packets;
	struct interface interfaces[INTERFACES_MAX];
	size_t count;
	bool payload;
};

int recording_new(struct recording **ret_recording, const struct recording_settings *settings)
{
	cleanup(recording_free) struct recording *e = calloc(1, sizeof(*e));
	int r;

	if (!e)
		return -ENOMEM;
	e->payload = settings->payload;
	r = packets_new(&e->packets, settings->memory ? settings->memory : RECORDING_MEMORY,
			settings->payload);
	if (r < 0)
		return r;
	*ret_recording = take_ptr(e);
	return 0;
}

void recording_free(struct recording **recording)
{
	if (!*recording)
		return;
	packets_free(&(*recording)->packets);
	free(*recording);
	*recording = NULL;
}

/* The place of an interface: its own, a free one, or that of the first that is gone. */
static struct interface *place_of(struct recording *e, uint32_t ifindex)
{
	struct interface *gone = NULL;

	for (size_t i = 0; i < e->count; i++) {
		if (e->interfaces[i].ifindex == ifindex)
			return &e->interfaces[i];
		if (e->interfaces[i].gone && !gone)
			gone = &e->interfaces[i];
	}
	return e->count < INTERFACES_MAX ? &e->interfaces[e->count++] : gone;
}

void recording_watch(struct recording *e, const struct input_link *link, const char *hook)
{
	struct interface *f = place_of(e, link->ifindex);

	if (!f)
		return;
	*f = (struct interface){
		.ifindex = link->ifindex,
		.ethernet = link->type == ARPHRD_ETHER || link->type == ARPHRD_LOOPBACK,
		.hook = hook,
	};
	memcpy(f->name, link->name, sizeof(f->name));
	memcpy(f->driver, link->driver, sizeof(f->driver));
	memcpy(f->mac, link->mac, sizeof(f->mac));
}

void recording_gone(struct recording *e, uint32_t ifindex)
{
	for (size_t i = 0; i < e->count; i++)
		if (e->interfaces[i].ifindex == ifindex)
			e->interfaces[i].gone = true;
}

void recording_hear(struct recording *e, const struct input *in)
{
	packets_feed(e->packets, in);
}

/* -1: it has made room for another one. */
static int number_of(const struct recording *e, uint32_t ifindex)
{
	for (size_t i = 0; i < e->count; i++)
		if (e->interfaces[i].ifindex == ifindex)
			return (int)i;
	return -1;
}

bool recording_has(const struct recording *e, const struct addr *address)
{
	struct packets_cursor cursor = {0};
	const struct packet *packet;

	while ((packet = packets_next(e->packets, &cursor)))
		if (address_equal(&packet->called, address) && number_of(e, packet->ifindex) >= 0)
			return true;
	return false;
}

void recording_forget(struct recording *e, const struct addr *address, when_t until)
{
	packets_forget(e->packets, address, until);
}

uint64_t recording_lost(const struct recording *e)
{
	return packets_lost(e->packets);
}

static void write_interfaces(const struct recording *e, struct pcapng *out)
{
	for (size_t i = 0; i < e->count; i++) {
		const struct interface *f = &e->interfaces[i];
		char name[sizeof(f->name) * 4], driver[sizeof(f->driver) * 4], description[256];

		snprintf(description, sizeof(description), RECORDING_WATCHED " by %s, driver %s",
			 f->hook,
			 f->driver[0] ? text_escape(f->driver, driver, sizeof(driver)) : "unknown");
		pcapng_interface(out, &(struct pcapng_interface){
					      .name = text_escape(f->name, name, sizeof(name)),
					      .description = description,
					      .link = f->ethernet ? PCAPNG_ETHERNET : PCAPNG_RAW_IP,
					      .snaplen = sizeof(struct wire_eth) + ABI_PACKET_BYTES,
					      .mac = f->ethernet ? f->mac : NULL,
				      });
	}
}

/* Some frames come to us without their Ethernet header (is_headless() in bpf/ingress.bpf.c): in the
 * file they need one, for it says of the whole interface that its frames begin so. */
static uint16_t with_header(const struct interface *f, const struct packet *packet,
			    uint8_t ret_frame[static sizeof(struct wire_eth) + ABI_PACKET_BYTES])
{
	const bool headless = f->ethernet && packet->link == PKT_LINK_RAW;
	struct wire_eth eth = {.type = wire_16(WIRE_TYPE_IPV4)};
	const size_t head = headless ? sizeof(eth) : 0;

	if (packet->kept && packet->bytes[0] >> 4 == 6)
		eth.type = wire_16(WIRE_TYPE_IPV6);
	memcpy(eth.dst, f->mac, sizeof(eth.dst));
	memcpy(ret_frame, &eth, head);
	memcpy(ret_frame + head, packet->bytes, packet->kept);
	return (uint16_t)head;
}

static void write_packet(struct pcapng *out, const struct recording *e, int number,
			 const struct packet *packet, struct said *said)
{
	uint8_t frame[sizeof(struct wire_eth) + ABI_PACKET_BYTES];
	const uint16_t added = with_header(&e->interfaces[number], packet, frame);
	char comment[SAID_TEXT];

	pcapng_packet(out, &(struct pcapng_packet){
				   .interface = (uint32_t)number,
				   .time = packet->time,
				   .way = packet->hook == PACKET_OUT ? PCAPNG_OUT : PCAPNG_IN,
				   .bytes = frame,
				   .kept = packet->kept + added,
				   .length = packet->length + added,
				   .comment = said_comment(said, packet, comment),
			   });
}

static bool is_wanted(const struct recording_file *file, const struct packet *packet,
		      const struct said *said)
{
	if (file->only)
		return address_equal(file->only, &packet->called);
	return file->all || said_is_flagged(said, packet);
}

static void write_packets(const struct recording *e, struct pcapng *out, struct said *said,
			  const struct recording_file *file, struct recording_written *written)
{
	struct packets_cursor cursor = {0};
	const struct packet *packet;

	while ((packet = packets_next(e->packets, &cursor))) {
		int interface = number_of(e, packet->ifindex);

		if (interface < 0 || !is_wanted(file, packet, said))
			continue;
		if (file->bytes && written->packets && pcapng_size(out) >= file->bytes &&
		    packet->time != written->last) {
			written->cut = true;
			return;
		}
		write_packet(out, e, interface, packet, said);
		written->packets++;
		written->last = packet->time;
	}
}

static int begin_file(struct pcapng **ret_out, const struct recording *e,
		      const struct recording_file *file, struct failure *failure)
{
	struct utsname system;
	char comment[512], os[256], safe[1024];
	int r;

	uname(&system);
	snprintf(os, sizeof(os), "%.60s %.100s", system.sysname, system.release);
	snprintf(
		comment, sizeof(comment),
		"TCP SYNs on %.64s, the answers to them and the asking for their addresses, of %s; "
		"%s; %llu packets are missing because there was no room for them",
		system.nodename,
		file->all    ? "every destination"
		: file->only ? "one destination"
			     : "destinations that are not in order",
		e->payload ? "with what follows the headers" : "headers only",
		(unsigned long long)(file->lost + recording_lost(e)));
	r = pcapng_new(ret_out, file->path,
		       &(struct pcapng_section){
			       .application = "synhole " SYNHOLE_VERSION,
			       .os = os,
			       .comment = text_escape(comment, safe, sizeof(safe)),
			       .shared = file->shared,
		       },
		       failure);
	if (r == 0)
		write_interfaces(e, *ret_out);
	return r;
}

int recording_write(const struct recording *e, const struct engine *engine, when_t now,
		    const struct recording_file *file, struct recording_written *ret_written,
		    struct failure *failure)
{
	cleanup(said_free) struct said *said = NULL;
	cleanup(pcapng_free) struct pcapng *out = NULL;
	struct recording_written written = {0};
	int r;

	if (said_new(&said, engine, now, e->packets, file->only) < 0)
		return failure_set(failure, -ENOMEM, "out of memory");
	r = begin_file(&out, e, file, failure);
	if (r < 0)
		return r;
	write_packets(e, out, said, file, &written);
	for (size_t i = 0; i < e->count; i++)
		pcapng_ended(out, (uint32_t)i, now);
	r = pcapng_finish(out, failure);
	if (r < 0)
		return r;
	*ret_written = written;
	return 0;
}
