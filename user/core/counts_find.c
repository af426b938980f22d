// SPDX-License-Identifier: GPL-2.0-only
/* One destination among all that was counted: rows are in the order of interface and address. */
#include "core/counts.h"

#include "base/address.h"

#include <errno.h>
#include <stdlib.h>

static bool is_before(const struct input_count *row, uint32_t ifindex, const struct addr *dst)
{
	if (row->ifindex != ifindex)
		return row->ifindex < ifindex;
	return address_compare(&row->dst, dst) < 0;
}

static size_t first_not_before(const struct counts_rows *r, uint32_t ifindex,
			       const struct addr *dst)
{
	size_t low = 0, high = r->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (is_before(&r->rows[middle], ifindex, dst))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The first row of `dst` from row `at` on; the number of rows if there is none. */
static size_t find(const struct counts_rows *r, const struct addr *dst, size_t at)
{
	static const struct addr zero;

	while (at < r->count) {
		uint32_t ifindex = r->rows[at].ifindex;
		size_t place = first_not_before(r, ifindex, dst);

		at = place > at ? place : at;
		if (at < r->count && address_equal(&r->rows[at].dst, dst))
			return at;
		if (ifindex == UINT32_MAX)
			break;
		place = first_not_before(r, ifindex + 1, &zero);
		at = place > at ? place : at;
	}
	return r->count;
}

bool counts_find(const struct counts *counts, const struct addr *dst, size_t *cursor,
		 struct destination *ret_destination)
{
	if (!counts_at(counts, find(&counts->calls, dst, *cursor), ret_destination))
		return false;
	*cursor = (size_t)(ret_destination->ports - counts->calls.rows) + ret_destination->count;
	return true;
}

static int by_port(const void *a, const void *b)
{
	const struct counts_port *x = a, *y = b;

	return (x->port > y->port) - (x->port < y->port);
}

static size_t count_rows(const struct counts_rows *r, const struct addr *dst)
{
	size_t n = 0;

	for (size_t at = find(r, dst, 0); at < r->count; at = find(r, dst, at + 1))
		n++;
	return n;
}

static size_t collect(const struct counts_rows *r, const struct addr *dst,
		      struct counts_port *ports)
{
	size_t n = 0;

	for (size_t at = find(r, dst, 0); at < r->count; at = find(r, dst, at + 1))
		if (r->rows[at].kind == SLOT_SYN)
			ports[n++] = (struct counts_port){r->rows[at].port, r->rows[at].syns};
	return n;
}

int counts_ports(const struct counts *counts, const struct addr *dst,
		 struct counts_port **ret_ports, size_t *ret_count)
{
	size_t n = count_rows(&counts->calls, dst) + count_rows(&counts->calls_before, dst);
	struct counts_port *ports = calloc(n + 1, sizeof(*ports));
	size_t out = 0;

	if (!ports)
		return -ENOMEM;
	n = collect(&counts->calls, dst, ports);
	n += collect(&counts->calls_before, dst, ports + n);
	qsort(ports, n, sizeof(*ports), by_port);
	for (size_t i = 0; i < n; i++) {
		if (out && ports[out - 1].port == ports[i].port)
			ports[out - 1].syns += ports[i].syns;
		else
			ports[out++] = ports[i];
	}
	*ret_ports = ports;
	*ret_count = out;
	return 0;
}
