// SPDX-License-Identifier: GPL-2.0-only
/*
 * The shared vectors through the real programs: XDP and tc, by test_run and as frames of several
 * pieces. What is counted, in which slot, what is told, and that the frame is left as it was.
 */
#include "instance.h"

#include "base/cleanup.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define LARGE 5000 /* more than a page: pieces */
#define WAIT_US 1000000

/*
 * The kernel itself refuses some frames in test_run with EINVAL: those without a whole Ethernet
 * header, and for tc those cut within the IP header that their ethertype promises.
 */
static const char *const xdp_may_refuse[] = {"cut in ethernet", NULL};
static const char *const tc_may_refuse[] = {
	"cut in ethernet", "cut after ethernet", "cut in v4", "cut in v6", NULL,
};

/* By enum pkt_link. */
static struct instance xdp[2], tc[2], egress[2];

static bool may_refuse(const struct instance *instance, const struct frame *frame)
{
	const char *const *name = instance->which == WHICH_XDP ? xdp_may_refuse : tc_may_refuse;

	for (; *name; name++)
		if (!strcmp(*name, frame->name))
			return true;
	return false;
}

static void run_vectors(struct instance instances[2], enum pkt_want want)
{
	for (size_t i = 0; i < frames_count; i++) {
		const struct frame *frame = &frames[i];
		struct instance *instance = &instances[frame->link];
		int r;

		if (frame->want != want)
			continue;
		instance_reset(instance);
		r = instance_run(instance, frame->bytes, frame->len, 0);
		if (r == -EINVAL && may_refuse(instance, frame))
			continue;
		if (r < 0)
			fail_msg("%s, %s: %s", instance->name, frame->name, strerror(-r));
		instance_check(instance, frame, frame->kind, 1);
	}
}

static void test_xdp(void **state)
{
	(void)state;
	run_vectors(xdp, PKT_WANT_CALLS);
}

static void test_tc(void **state)
{
	(void)state;
	run_vectors(tc, PKT_WANT_CALLS);
}

static void test_egress(void **state)
{
	(void)state;
	run_vectors(egress, PKT_WANT_ANSWERS);
}

/* What can be said of a frame of which the program sees a copy. */
static enum pkt_kind kind_in_copy(const __u8 *bytes, __u32 len, enum pkt_link link)
{
	struct pkt_buf buf = {.shape = PKT_SHAPE_COPY, .data = bytes, .len = len};
	struct pkt pkt;

	return pkt_parse(&buf, link, PKT_WANT_CALLS, &pkt);
}

/* What the program makes of the first piece alone; PKT_SHORT if it needs the copy. */
static enum pkt_kind kind_in_piece(const struct frame *frame, __u32 linear, struct pkt *ret_pkt)
{
	struct pkt_buf buf = {
		.shape = PKT_SHAPE_DIRECT, .data = frame->bytes, .end = frame->bytes + linear};

	return pkt_parse(&buf, frame->link, frame->want, ret_pkt);
}

/* More than a page, so that test_run makes a frame of several buffers of it (kernel 5.18). */
static void test_xdp_large(void **state)
{
	__u8 bytes[LARGE] = {0};

	(void)state;
	for (size_t i = 0; i < frames_count; i++) {
		const struct frame *frame = &frames[i];

		if (frame->kind != PKT_SYN || frame->want != PKT_WANT_CALLS)
			continue;
		memcpy(bytes, frame->bytes, frame->len);
		instance_reset(&xdp[frame->link]);
		assert_int_equal(instance_run(&xdp[frame->link], bytes, sizeof(bytes), 0), 0);
		instance_check(&xdp[frame->link], frame, PKT_SYN, 1);
	}
}

static void run_in_pieces(struct instance *instance, const struct frame *frame, __u32 linear)
{
	enum pkt_kind kind = kind_in_copy(frame->bytes, frame->len, frame->link);
	struct frame seen = *frame;
	struct pkt piece;
	enum pkt_kind first = kind_in_piece(frame, linear, &piece);

	/* A SYN is not copied for its timestamp alone. */
	if (first == PKT_SYN)
		seen.pkt.timestamp = piece.timestamp;
	instance_reset(instance);
	assert_int_equal(instance_run(instance, frame->bytes, frame->len, linear), 0);
	instance_check(instance, &seen, kind, 1);
	if (first == PKT_SHORT)
		instance_check_copied(instance, frame);
}

/* The headers in another buffer than the first, cut at each place (newer kernels). */
static void test_xdp_pieces(void **state)
{
	(void)state;
	for (size_t i = 0; i < frames_count; i++)
		if (frames[i].want == PKT_WANT_CALLS)
			for (__u32 linear = 14; linear < frames[i].len && linear <= 140;
			     linear += 2)
				run_in_pieces(&xdp[frames[i].link], &frames[i], linear);
}

/* ---- a real skb of pieces: from a packet socket through a pair of veth */

static void shell(const char *command)
{
	if (system(command))
		fail_msg("%s", command);
}

static int attach_tc(const struct instance *instance, int ifindex)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex, .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .prog_fd = instance_program(instance));
	int r = bpf_tc_hook_create(&hook);

	return r < 0 ? r : bpf_tc_attach(&hook, &opts);
}

/* A packet socket leaves everything behind `hdr_len` bytes out of the linear part, if it is told
 * of those and the frame is larger than a page (packet_snd in net/packet/af_packet.c). */
static void send_pieces(int fd, int ifindex, const void *bytes, size_t len)
{
	struct {
		struct virtio_net_hdr hdr;
		__u8 bytes[LARGE];
	} __attribute__((packed)) packet = {.hdr.hdr_len = 14};
	struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_ifindex = ifindex};

	memcpy(packet.bytes, bytes, len);
	assert_int_equal(sendto(fd, &packet, sizeof(packet), 0, (void *)&to, sizeof(to)),
			 sizeof(packet));
}

static void wait_for_frame(const struct instance *instance)
{
	for (int us = 0; us < WAIT_US && !instance_counters(instance).frames; us += 1000)
		usleep(1000);
}

static void test_tc_pieces(void **state)
{
	static const int one = 1;
	struct instance *instance = &tc[PKT_LINK_ETHERNET];
	autoclose int fd = -1;
	int from, to;

	(void)state;
	shell("sysctl -eqw net.ipv6.conf.default.disable_ipv6=1");
	shell("ip link add sh-a mtu 9000 up type veth peer name sh-b mtu 9000");
	from = (int)if_nametoindex("sh-a");
	to = (int)if_nametoindex("sh-b");
	assert_int_equal(attach_tc(instance, to), 0);
	shell("ip link set sh-b up");
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	assert_int_equal(setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof(one)), 0);
	for (size_t i = 0; i < frames_count; i++) {
		const struct frame *frame = &frames[i];

		/* The kernel takes off an outer VLAN tag before tc sees the frame. */
		if (frame->link != PKT_LINK_ETHERNET || frame->want != PKT_WANT_CALLS ||
		    frame->cut || strstr(frame->name, "vlan"))
			continue;
		instance_reset(instance);
		send_pieces(fd, from, frame->bytes, frame->len);
		wait_for_frame(instance);
		instance_check(instance, frame, kind_in_copy(frame->bytes, LARGE, frame->link), to);
		if (frame->kind == PKT_SYN)
			instance_check_copied(instance, frame);
	}
}

static void load_all(void)
{
	frames_build();
	for (int link = 0; link < 2; link++) {
		instance_load(&xdp[link], link ? "xdp, raw" : "xdp", WHICH_XDP, link);
		instance_load(&tc[link], link ? "tc, raw" : "tc", WHICH_TC, link);
		instance_load(&egress[link], link ? "egress, raw" : "egress", WHICH_EGRESS, link);
	}
}

static int teardown(void **state)
{
	(void)state;
	for (int link = 0; link < 2; link++) {
		instance_unload(&xdp[link]);
		instance_unload(&tc[link]);
		instance_unload(&egress[link]);
	}
	return 0;
}

/* cmocka tells a skipped test as failed: what this kernel cannot do is left out, and that is said.
 */
static bool can(bool able, const char *what)
{
	if (!able)
		printf("# left out: this kernel has no %s\n", what);
	return able;
}

int main(void)
{
	struct CMUnitTest tests[6] = {
		cmocka_unit_test(test_xdp),
		cmocka_unit_test(test_tc),
		cmocka_unit_test(test_egress),
		cmocka_unit_test(test_tc_pieces),
	};
	size_t n = 4;

	/* In a network namespace of its own, which goes when this process does. */
	if (unshare(CLONE_NEWNET) < 0) {
		printf("1..0 # SKIP loading the programs needs root: %s\n", strerror(errno));
		return 0;
	}
	load_all();
	if (can(xdp[0].frags, "XDP frames of several buffers"))
		tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_xdp_large);
	if (can(instance_run(&xdp[0], frames[0].bytes, frames[0].len, 14) != -EINVAL,
		"test_run that cuts frames in pieces"))
		tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_xdp_pieces);
	return _cmocka_run_group_tests("hooks", tests, n, NULL, teardown);
}
