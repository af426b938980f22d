// SPDX-License-Identifier: GPL-2.0-only
/* Routes found as the kernel would. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/address.h"
#include "base/cleanup.h"
#include "core/fib.h"
#include "samples/parsed.h"

static void add(struct fib *fib, const char *prefix, uint8_t len, uint32_t table, uint32_t metric,
		uint32_t oif)
{
	struct input in = {.kind = INPUT_ROUTE};

	in.route = (struct input_route){.kind = ROUTE_UNICAST,
					.prefix = parsed(prefix),
					.prefix_len = len,
					.table = table,
					.metric = metric,
					.oif = oif};
	fib_feed(fib, &in);
}

static struct fib *make(void)
{
	struct fib *fib = NULL;

	assert_int_equal(fib_new(&fib), 0);
	assert_false(fib_is_whole(fib));
	add(fib, "2001:db8:1::", 48, 254, 5, 3);
	add(fib, "2001:db8:1::", 48, 254, 4, 4);
	add(fib, "2001:db8:1::", 48, 254, 6, 5);
	add(fib, "2001:db8:1:1::", 64, 9, 0, 6);
	add(fib, "2001:db8::", 32, 254, 0, 7);
	add(fib, "192.0.2.9", 120, 254, 0, 8); /* bits beyond the length */
	add(fib, "::", 0, 100, 0, 9);
	fib_feed(fib, &(struct input){.kind = INPUT_HOST_END});
	assert_true(fib_is_whole(fib));
	return fib;
}

/* The interface, 0: none. */
static uint32_t found(const struct fib *fib, const char *dst, uint32_t table)
{
	const struct addr to = parsed(dst);
	const struct input_route *r = fib_find(fib, &to, table);

	return r ? r->oif : 0;
}

static void test_find(void **state)
{
	cleanup(fib_free) struct fib *fib = make();
	const struct addr v4 = parsed("198.51.100.1"), v6 = parsed("2001:db9::1");

	(void)state;
	assert_int_equal(found(fib, "2001:db8:1::1", 254), 4);
	assert_int_equal(found(fib, "2001:db8:1:1::1", 254), 4);
	assert_int_equal(found(fib, "2001:db8:1:1::1", 9), 6);
	assert_int_equal(found(fib, "2001:db8:2::1", 254), 7);
	assert_int_equal(found(fib, "2001:db9::1", 254), 0);
	assert_int_equal(found(fib, "192.0.2.200", 254), 8);
	assert_int_equal(found(fib, "192.0.3.1", 254), 0);
	assert_int_equal(found(fib, "198.51.100.1", 100), 0); /* ::/0 is no route of IPv4 */
	assert_true(fib_has_somewhere(fib, &v6));
	assert_false(fib_has_somewhere(fib, &v4));
}

/* What does not fit makes all of it uncertain. */
static void test_bound(void **state)
{
	cleanup(fib_free) struct fib *fib = make();

	(void)state;
	for (size_t i = 0; i < FIB_MAX; i++)
		add(fib, "192.0.2.1", 128, 254, (uint32_t)i, 2);
	fib_feed(fib, &(struct input){.kind = INPUT_HOST_END});
	assert_int_equal(found(fib, "2001:db8:2::1", 254), 7);
	assert_false(fib_is_whole(fib));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
