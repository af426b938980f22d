// SPDX-License-Identifier: GPL-2.0-only
/* Recordings: which format a file has, and what both have in common. */
#include "io/savefile.h"

#include "base/cleanup.h"
#include "io/savefile_parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

when_t savefile_time(const struct savefile_clock *clock, uint64_t ticks)
{
	__int128 time = (__int128)ticks * clock->scale / clock->divisor +
			(__int128)clock->offset * 1000000000;

	/* The highest that is no trouble to whoever adds to it. */
	return time < 1 ? 1 : time > INT64_MAX ? INT64_MAX : (when_t)time;
}

int savefile_damaged(const struct savefile *r, struct failure *failure, const char *what)
{
	if (r->bytes.error && r->bytes.error != -EBADMSG)
		return failure_set(failure, r->bytes.error, "cannot read %s: %s", r->name,
				   strerror(-r->bytes.error));
	return failure_set(failure, -EBADMSG,
			   "%s is damaged behind frame %llu: %s; what comes before was read",
			   r->name, (unsigned long long)r->frames,
			   r->bytes.error ? "its compressed data is broken off" : what);
}

static int begin(struct savefile *r, struct failure *failure)
{
	int format;

	if (!savefile_bytes_peek(&r->bytes, 4)) {
		if (r->bytes.error)
			return savefile_damaged(r, failure, "");
		return failure_set(failure, -EBADMSG, "%s is no recording: it is empty", r->name);
	}
	format = savefile_pcap_begin(r, failure);
	format = format ? format : savefile_ng_begin(r, failure);
	if (format)
		return format < 0 ? format : 0;
	return failure_set(
		failure, -EBADMSG,
		"%s is no recording that synhole reads: pcap and pcapng are, as tcpdump, "
		"Wireshark and synhole capture write them, zipped with gzip or not",
		r->name);
}

int savefile_open(struct savefile **ret_savefile, const char *path, struct failure *failure)
{
	cleanup(savefile_free) struct savefile *r = calloc(1, sizeof(*r));
	const char *base = strrchr(path, '/');
	int e;

	if (!r)
		return failure_set(failure, -ENOMEM, "out of memory");
	base = base && base[1] ? base + 1 : path;
	snprintf(r->name, sizeof(r->name), "%s", strcmp(path, "-") ? base : "standard input");
	e = savefile_bytes_open(&r->bytes, path, failure);
	e = e < 0 ? e : begin(r, failure);
	if (e < 0)
		return e;
	*ret_savefile = take_ptr(r);
	return 0;
}

void savefile_free(struct savefile **savefile)
{
	if (!*savefile)
		return;
	savefile_bytes_close(&(*savefile)->bytes);
	free(*savefile);
	*savefile = NULL;
}

int savefile_next(struct savefile *r, struct savefile_frame *ret_frame, struct failure *failure)
{
	int e = r->next(r, ret_frame, failure);

	r->frames += e == 1;
	return e;
}

struct savefile_interface *savefile_interfaces(struct savefile *r, size_t *ret_count)
{
	*ret_count = r->interface_count;
	return r->interfaces;
}
