// SPDX-License-Identifier: GPL-2.0-only
/* Fuzzes the parser of rtnetlink messages: the bytes are a message, or several in a row. */
#include "io/rtnl_parse.h"

#include <libmnl/libmnl.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A text that is not ended is found here. */
static void check(const struct input *input)
{
	if (input->kind == INPUT_LINK && strlen(input->link.name) + strlen(input->link.driver) > 46)
		abort();
	if (input->kind == INPUT_ROUTE && input->route.prefix_len > 128)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nlmsghdr *copy;
	struct input input;
	int rest = (int)size;

	if (!size || size > 65536)
		return 0;
	copy = malloc(size);
	if (!copy)
		return 0;
	memcpy(copy, data, size);
	/* mnl_nlmsg_ok() alone takes a length over INT_MAX for a negative one. */
	for (const struct nlmsghdr *nlh = copy;
	     mnl_nlmsg_ok(nlh, rest) && nlh->nlmsg_len <= (uint32_t)rest;
	     nlh = mnl_nlmsg_next(nlh, &rest))
		if (rtnl_parse(nlh, &input))
			check(&input);
	free(copy);
	return 0;
}
