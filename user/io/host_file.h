/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a host was, from a file: the document that `synhole host --json` writes, told as the inputs
 * that netlink and DNS would have been.
 */
#ifndef SYNHOLE_IO_HOST_FILE_H
#define SYNHOLE_IO_HOST_FILE_H

#include "base/failure.h"
#include "core/input.h"

#define HOST_FILE_MAX (32 << 20) /* bytes */

/* Whether a link forwards what comes in by it. */
struct host_file_link {
	uint32_t ifindex;
	bool told; /* documents of before did not say */
	bool v4, v6;
};

struct host_file {
	char host[256], kernel[256]; /* foreign bytes; "": not told */
	when_t taken;
	struct host_file_link *links;
	size_t link_count;
	bool has_names; /* it says what was published then */
	bool cut;	/* it has not all addresses or routes */
};

/* Tells links, addresses, routes, listeners, neighbours and, if `names`, names. On failure `hear`
 * may have heard a part. */
int host_file_read(struct host_file *ret_file, const char *path, bool names, input_fn *hear,
		   void *data, struct failure *failure);
void host_file_free(struct host_file *file);

#endif
