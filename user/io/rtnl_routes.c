// SPDX-License-Identifier: GPL-2.0-only
/* All routes, for those who cannot ask the kernel for each way. */
#include "base/clock.h"
#include "io/rtnl.h"
#include "io/rtnl_parse.h"
#include "io/rtnl_request.h"

#include <errno.h>
#include <linux/rtnetlink.h>

#define ATTEMPTS 10

struct ear {
	input_fn *hear;
	void *data;
};

static int hear_route(const struct nlmsghdr *nlh, void *data)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
	const struct ear *ear = data;
	struct input in;

	if (rtnl_parse(nlh, &in) && in.kind == INPUT_ROUTE && in.route.kind > ROUTE_DEFAULT &&
	    !rtm->rtm_src_len && !rtm->rtm_tos)
		ear->hear(ear->data, &in);
	return MNL_CB_OK;
}

static int dump(struct ear *ear, uint8_t family)
{
	_Alignas(struct nlmsghdr) char buffer[RTNL_REQUEST_SIZE];
	struct nlmsghdr *request =
		rtnl_request_begin(buffer, RTM_GETROUTE, family, sizeof(struct rtmsg));

	return rtnl_request_dump(request, hear_route, ear);
}

int rtnl_ask_routes(input_fn *hear, void *data)
{
	struct ear ear = {hear, data};
	int r = -EINTR;

	for (unsigned i = 0; i < ATTEMPTS && r == -EINTR; i++) {
		hear(data,
		     &(struct input){.kind = INPUT_HOST_BEGIN, .now = clock_ns(CLOCK_REALTIME)});
		r = dump(&ear, AF_INET);
		r = r < 0 ? r : dump(&ear, AF_INET6);
	}
	return r;
}
