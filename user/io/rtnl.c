// SPDX-License-Identifier: GPL-2.0-only
/* The host's links, addresses and routes: subscribe, dump, follow, and dump again when in doubt. */
#include "io/rtnl.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "io/rtnl_news.h"
#include "io/rtnl_parse.h"
#include "io/rtnl_request.h"
#include "io/rtnl_route.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#define NEWS_SIZE 32768
#define BATCH 256 /* messages read before others on the loop have their turn */
#define ATTEMPTS 10

/* The kernel tells first and acts after: with a link or an address gone its IPv4 routes are still
 * there for a moment, and since Linux 6.9 a dump of routes waits for no lock (on 6.18 one in ten
 * found them, made at once). It also makes one dump of many changes. */
#define SETTLE 20000 /* us */

/* Dumping again takes at most a fifth of the time, however much changes and however long a dump. */
#define PAUSE 4 /* times the last dump's duration */

struct rtnl {
	struct mnl_socket *news;
	input_fn *hear;
	void *data;
	sd_event_source *readable;
	sd_event_source *again;
	uint64_t doubt;	   /* when something last happened that calls for a dump */
	uint64_t earliest; /* when the next dump may begin; both in us of CLOCK_MONOTONIC */
	uint64_t resyncs;
	bool lost;
};

static uint64_t monotonic(void)
{
	return clock_ns(CLOCK_MONOTONIC) / 1000;
}

static void tell(struct rtnl *rtnl, struct input input)
{
	input.now = clock_ns(CLOCK_REALTIME);
	rtnl->hear(rtnl->data, &input);
}

/* The driver's own name where there is a driver; else the link's kind stands. */
static void ask_driver(struct rtnl *rtnl, struct input_link *link)
{
	struct ethtool_drvinfo info = {.cmd = ETHTOOL_GDRVINFO};
	struct ifreq request = {.ifr_data = (void *)&info};
	size_t n;

	_Static_assert(sizeof(link->driver) == sizeof(info.driver), "driver");
	memcpy(request.ifr_name, link->name, sizeof(link->name));
	if (link->gone || ioctl(mnl_socket_get_fd(rtnl->news), SIOCETHTOOL, &request) < 0)
		return;
	n = strnlen(info.driver, sizeof(info.driver) - 1);
	memcpy(link->driver, info.driver, n);
	link->driver[n] = '\0';
}

static int hear_answer(const struct nlmsghdr *nlh, void *data)
{
	struct rtnl *rtnl = data;
	struct input input;

	if (!rtnl_parse(nlh, &input) ||
	    (input.kind == INPUT_ROUTE && input.route.kind > ROUTE_DEFAULT))
		return MNL_CB_OK;
	if (input.kind == INPUT_LINK)
		ask_driver(rtnl, &input.link);
	rtnl->hear(rtnl->data, &input);
	return MNL_CB_OK;
}

static int dump(struct rtnl *rtnl, uint16_t type, uint8_t family, size_t header_size)
{
	_Alignas(struct nlmsghdr) char buffer[RTNL_REQUEST_SIZE];
	struct nlmsghdr *request = rtnl_request_begin(buffer, type, family, header_size);

	/* Counters are asked of the hardware, and slowly. */
	if (type == RTM_GETLINK)
		mnl_attr_put_u32(request, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	return rtnl_request_dump(request, hear_answer, rtnl);
}

/*
 * Routes are dumped whole, 0.5 us for each. Asked for by type (0.08 us for each, and for each type)
 * those of the local kinds would cost half of that; but default routes are found only among all of
 * type unicast.
 */
static int dump_all(struct rtnl *rtnl)
{
	static const struct {
		uint16_t type;
		uint8_t family;
		uint8_t header_size;
	} dumps[] = {
		{RTM_GETLINK, AF_UNSPEC, sizeof(struct ifinfomsg)},
		{RTM_GETADDR, AF_INET, sizeof(struct ifaddrmsg)},
		{RTM_GETADDR, AF_INET6, sizeof(struct ifaddrmsg)},
		{RTM_GETROUTE, AF_INET, sizeof(struct rtmsg)},
		{RTM_GETROUTE, AF_INET6, sizeof(struct rtmsg)},
	};
	int r;

	tell(rtnl, (struct input){.kind = INPUT_HOST_BEGIN});
	for (size_t i = 0; i < MNL_ARRAY_SIZE(dumps); i++) {
		r = dump(rtnl, dumps[i].type, dumps[i].family, dumps[i].header_size);
		if (r < 0)
			return r;
	}
	tell(rtnl, (struct input){.kind = INPUT_HOST_END});
	return 0;
}

int rtnl_dump(struct rtnl *rtnl, struct failure *failure)
{
	int r = -EINTR;

	for (unsigned i = 0; i < ATTEMPTS && r == -EINTR; i++) {
		nanosleep(&(struct timespec){.tv_nsec = i * 10000000}, NULL);
		r = dump_all(rtnl);
	}
	if (r == -EINTR)
		return failure_set(failure, r,
				   "cannot read this host's addresses and routes: they changed "
				   "during each of %d looks; try again when they are at rest",
				   ATTEMPTS);
	if (r < 0)
		return failure_set(failure, r,
				   "cannot read this host's addresses and routes from the kernel "
				   "(rtnetlink): %s",
				   strerror(-r));
	return 0;
}

static void look_again(struct rtnl *rtnl)
{
	uint64_t when;

	rtnl->doubt = monotonic();
	if (sd_event_source_get_enabled(rtnl->again, NULL) > 0)
		return;
	when = rtnl->doubt + SETTLE;
	sd_event_source_set_time(rtnl->again, when > rtnl->earliest ? when : rtnl->earliest);
	sd_event_source_set_enabled(rtnl->again, SD_EVENT_ONESHOT);
}

static int hear_news(const struct nlmsghdr *nlh, void *data)
{
	struct rtnl *rtnl = data;

	if (rtnl_news_is_doubtful(nlh))
		look_again(rtnl);
	return hear_answer(nlh, data);
}

/* True when all is read, false when more may be there. */
static bool read_news(struct rtnl *rtnl)
{
	_Alignas(struct nlmsghdr) char news[NEWS_SIZE];
	ssize_t n;

	for (unsigned i = 0; i < BATCH; i++) {
		n = mnl_socket_recvfrom(rtnl->news, news, sizeof(news));
		if (n > 0) {
			mnl_cb_run(news, (size_t)n, 0, 0, hear_news, rtnl);
		} else if (n < 0 && errno == EAGAIN) {
			return true;
		} else if (n < 0 && errno != EINTR) { /* ENOBUFS, or ENOSPC: over 32 KiB */
			rtnl->lost = true;
			look_again(rtnl);
		}
	}
	return false;
}

static int on_readable(sd_event_source *source, int fd, uint32_t events, void *data)
{
	(void)source;
	(void)fd;
	(void)events;
	read_news(data);
	return 0;
}

/*
 * All news must be read before the dump: until its queue is empty an overrun socket drops what
 * comes, and does not say ENOBUFS a second time (netlink_overrun() in net/netlink/af_netlink.c).
 */
static int on_again(sd_event_source *source, uint64_t usec, void *data)
{
	struct rtnl *rtnl = data;
	uint64_t begin, end;
	bool all;
	int r;

	(void)source;
	(void)usec;
	all = read_news(rtnl);
	begin = monotonic();
	r = all ? dump_all(rtnl) : -EAGAIN;
	end = monotonic();
	rtnl->earliest = end + PAUSE * (end - begin);
	if (r == 0 && rtnl->lost) {
		rtnl->resyncs++;
		rtnl->lost = false;
	}
	if (r < 0 || rtnl->doubt + SETTLE > begin)
		look_again(rtnl);
	return 0;
}

int rtnl_new(struct rtnl **ret_rtnl, input_fn *hear, void *data, struct failure *failure)
{
	cleanup(rtnl_free) struct rtnl *rtnl = calloc(1, sizeof(*rtnl));
	int r = -ENOMEM;

	if (rtnl) {
		rtnl->hear = hear;
		rtnl->data = data;
		r = rtnl_news_open(&rtnl->news);
	}
	if (r < 0)
		return failure_set(failure, r,
				   "cannot follow this host's addresses and routes: a netlink "
				   "socket to the kernel failed: %s%s",
				   strerror(-r),
				   r == -EAFNOSUPPORT || r == -EPERM || r == -EACCES
					   ? "; a sandbox must allow AF_NETLINK"
					   : "");
	*ret_rtnl = take_ptr(rtnl);
	return 0;
}

void rtnl_free(struct rtnl **rtnl)
{
	if (!*rtnl)
		return;
	sd_event_source_disable_unref((*rtnl)->readable);
	sd_event_source_disable_unref((*rtnl)->again);
	if ((*rtnl)->news)
		mnl_socket_close((*rtnl)->news);
	free(*rtnl);
	*rtnl = NULL;
}

int rtnl_follow(struct rtnl *rtnl, sd_event *loop, struct failure *failure)
{
	int r;

	r = sd_event_add_time(loop, &rtnl->again, CLOCK_MONOTONIC, 0, 1000, on_again, rtnl);
	if (r >= 0)
		r = sd_event_source_set_enabled(rtnl->again, SD_EVENT_OFF);
	if (r >= 0)
		r = sd_event_add_io(loop, &rtnl->readable, mnl_socket_get_fd(rtnl->news), EPOLLIN,
				    on_readable, rtnl);
	if (r < 0)
		return failure_set(failure, r,
				   "cannot follow this host's addresses and routes: the event loop "
				   "refused: %s",
				   strerror(-r));
	return 0;
}

uint64_t rtnl_resyncs(const struct rtnl *rtnl)
{
	return rtnl->resyncs;
}

int rtnl_shrink(struct rtnl *rtnl, int bytes)
{
	const int fd = mnl_socket_get_fd(rtnl->news);

	return setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes)) < 0 ? -errno : 0;
}

int rtnl_ask_path(struct rtnl *rtnl, const struct addr *dst, const struct addr *src,
		  uint32_t ifindex)
{
	struct input input = {.kind = INPUT_PATH};
	int r;

	r = rtnl_route_path(dst, src, ifindex, &input.path);
	if (r < 0)
		return r;
	tell(rtnl, input);
	return 0;
}

int rtnl_ask_return(struct rtnl *rtnl, const struct addr *address, const struct addr *peer,
		    uint32_t ifindex)
{
	struct input input = {.kind = INPUT_RETURN};
	int r;

	r = rtnl_route_return(address, peer, ifindex, &input.back);
	if (r < 0)
		return r;
	tell(rtnl, input);
	return 0;
}

int rtnl_ask_neighbours(struct rtnl *rtnl)
{
	int r;

	r = dump(rtnl, RTM_GETNEIGH, AF_INET, sizeof(struct ndmsg));
	if (r == 0)
		r = dump(rtnl, RTM_GETNEIGH, AF_INET6, sizeof(struct ndmsg));
	return r;
}
