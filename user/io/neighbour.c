// SPDX-License-Identifier: GPL-2.0-only
/* ARP probes and neighbour solicitations, and who answers them. */
#include "io/neighbour.h"

#include "base/address.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "wire.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/if_arp.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#define HOP_LIMIT 255 /* proof that it comes from the link (RFC 4861, 7.1) */
#define ADVERTISEMENT 136
#define QUESTIONS 2

struct solicitation_frame {
	struct wire_eth eth;
	struct wire_ipv6 ip;
	struct wire_solicitation body;
} WIRE;

struct arp_frame {
	struct wire_eth eth;
	struct wire_arp body;
} WIRE;

static uint32_t add_words(uint32_t sum, const void *data, size_t size)
{
	const uint8_t *p = data;

	for (size_t i = 0; i + 1 < size; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	return sum;
}

/* RFC 8200, 8.1 */
static uint16_t checksum(const struct solicitation_frame *f)
{
	uint32_t sum = sizeof(f->body) + WIRE_ICMPV6;

	sum = add_words(sum, f->ip.src, 32); /* and dst, which follows */
	sum = add_words(sum, &f->body, sizeof(f->body));
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static size_t write_solicitation(uint8_t *frame, const uint8_t mac[static 6],
				 const struct addr *target)
{
	struct solicitation_frame f = {
		.eth = {.dst = {0x33, 0x33, 0xff}, .type = wire_16(WIRE_TYPE_IPV6)},
		.ip = {.version_class = wire_16(0x6000),
		       .payload_length = wire_16(sizeof(f.body)),
		       .next = WIRE_ICMPV6,
		       .hop_limit = HOP_LIMIT,
		       .dst = {0xff, 0x02, [11] = 0x01, 0xff}},
		.body = {.icmp.type = WIRE_ICMPV6_SOLICITATION},
	};

	memcpy(f.eth.dst + 3, target->bytes + 13, 3);
	memcpy(f.eth.src, mac, 6);
	memcpy(f.ip.dst + 13, target->bytes + 13, 3);
	memcpy(f.body.target, target->bytes, 16);
	f.body.icmp.checksum = wire_16(checksum(&f));
	memcpy(frame, &f, sizeof(f));
	return sizeof(f);
}

static size_t write_arp(uint8_t *frame, const uint8_t mac[static 6], const struct addr *target)
{
	struct arp_frame f = {
		.eth = {.dst = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
			.type = wire_16(WIRE_TYPE_ARP)},
		.body = {.hardware = wire_16(ARPHRD_ETHER),
			 .protocol = wire_16(WIRE_TYPE_IPV4),
			 .hardware_length = 6,
			 .protocol_length = 4,
			 .operation = wire_16(WIRE_ARP_REQUEST)},
	};

	memcpy(f.eth.src, mac, 6);
	memcpy(f.body.sender_mac, mac, 6);
	memcpy(&f.body.target, target->bytes + 12, 4);
	memcpy(frame, &f, sizeof(f));
	return sizeof(f);
}

size_t neighbour_write(uint8_t frame[static NEIGHBOUR_FRAME], const uint8_t mac[static 6],
		       const struct addr *target)
{
	return address_is_v4(target) ? write_arp(frame, mac, target)
				     : write_solicitation(frame, mac, target);
}

static bool read_arp(const uint8_t *frame, size_t size, const struct addr *target,
		     uint8_t ret_mac[static 6])
{
	struct arp_frame f;

	if (size < sizeof(f))
		return false;
	memcpy(&f, frame, sizeof(f));
	if (f.body.hardware != wire_16(ARPHRD_ETHER) ||
	    f.body.protocol != wire_16(WIRE_TYPE_IPV4) || f.body.hardware_length != 6 ||
	    f.body.protocol_length != 4 || memcmp(&f.body.sender, target->bytes + 12, 4) != 0)
		return false;
	memcpy(ret_mac, f.body.sender_mac, 6);
	return true;
}

/* An advertisement; or a solicitation from nobody, by a host that is about to take the address. */
static bool read_ndp(const uint8_t *frame, size_t size, const struct addr *target,
		     uint8_t ret_mac[static 6])
{
	static const uint8_t nobody[16];
	struct solicitation_frame f;

	if (size < sizeof(f))
		return false;
	memcpy(&f, frame, sizeof(f));
	if (frame[sizeof(f.eth)] >> 4 != 6 || f.ip.next != WIRE_ICMPV6 ||
	    f.ip.hop_limit != HOP_LIMIT || f.body.icmp.code != 0 ||
	    memcmp(f.body.target, target->bytes, 16) != 0)
		return false;
	if (f.body.icmp.type != ADVERTISEMENT &&
	    (f.body.icmp.type != WIRE_ICMPV6_SOLICITATION || memcmp(f.ip.src, nobody, 16) != 0))
		return false;
	memcpy(ret_mac, f.eth.src, 6);
	return true;
}

bool neighbour_read(const uint8_t *frame, size_t size, const struct addr *target,
		    uint8_t ret_mac[static 6])
{
	uint16_t type = address_is_v4(target) ? WIRE_TYPE_ARP : WIRE_TYPE_IPV6;

	if (size < sizeof(struct wire_eth) || frame[12] != type >> 8 || frame[13] != (type & 0xff))
		return false;
	return address_is_v4(target) ? read_arp(frame, size, target, ret_mac)
				     : read_ndp(frame, size, target, ret_mac);
}

/* Of IPv6 only ICMPv6 gets to us, however much else arrives. */
static int filter(int fd)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, sizeof(struct wire_eth) + 6),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, WIRE_ICMPV6, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, NEIGHBOUR_FRAME),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = {.len = sizeof(code) / sizeof(*code), .filter = code};

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) < 0 ? -errno
											   : 0;
}

static int open_socket(const struct input_link *link, bool four, int *ret_fd)
{
	struct sockaddr_ll where = {
		.sll_family = AF_PACKET,
		.sll_protocol = wire_16(four ? WIRE_TYPE_ARP : WIRE_TYPE_IPV6),
		.sll_ifindex = (int)link->ifindex,
	};
	autoclose int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int r = fd < 0 ? -errno : four ? 0 : filter(fd);

	if (r < 0)
		return r;
	if (bind(fd, (void *)&where, sizeof(where)) < 0)
		return -errno;
	*ret_fd = take_fd(&fd);
	return 0;
}

static void note(struct neighbour_answers *answers, const uint8_t mac[static 6])
{
	for (size_t i = 0; i < answers->count; i++)
		if (memcmp(answers->macs[i], mac, 6) == 0)
			return;
	if (answers->count < NEIGHBOUR_ANSWERS)
		memcpy(answers->macs[answers->count++], mac, 6);
}

static void receive(int fd, const struct input_link *link, const struct addr *target,
		    struct neighbour_answers *answers)
{
	uint8_t frame[NEIGHBOUR_FRAME], mac[6];
	struct sockaddr_ll from;
	socklen_t from_size = sizeof(from);
	ssize_t n = recvfrom(fd, frame, sizeof(frame), 0, (void *)&from, &from_size);

	if (n > 0 && from.sll_pkttype != PACKET_OUTGOING &&
	    neighbour_read(frame, (size_t)n, target, mac) && memcmp(mac, link->mac, 6) != 0)
		note(answers, mac);
}

static int64_t now_msec(void)
{
	return (int64_t)(clock_ns(CLOCK_MONOTONIC) / 1000000);
}

static void listen_until(int fd, int64_t end, const struct input_link *link,
			 const struct addr *target, size_t enough,
			 struct neighbour_answers *answers)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	int64_t left;

	while (answers->count < enough && (left = end - now_msec()) > 0)
		if (poll(&wait, 1, (int)left) > 0)
			receive(fd, link, target, answers);
}

int neighbour_ask(const struct input_link *link, const struct addr *target, unsigned msec,
		  size_t enough, struct neighbour_answers *ret_answers)
{
	struct neighbour_answers answers = {.count = 0};
	uint8_t frame[NEIGHBOUR_FRAME];
	size_t size = neighbour_write(frame, link->mac, target);
	autoclose int fd = -1;
	int r;

	if (link->type != ARPHRD_ETHER)
		return -EINVAL;
	r = open_socket(link, address_is_v4(target), &fd);
	if (r < 0)
		return r;
	for (unsigned i = 0; i < QUESTIONS && answers.count < enough; i++) {
		if (send(fd, frame, size, 0) < 0)
			return -errno;
		listen_until(fd, now_msec() + msec / QUESTIONS, link, target, enough, &answers);
	}
	*ret_answers = answers;
	return 0;
}
