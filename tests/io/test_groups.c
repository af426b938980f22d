// SPDX-License-Identifier: GPL-2.0-only
/* Memberships against a real kernel: held while they are wanted, however many links come and go. */
#include "io/groups.h"
#include "rtnl_world.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* How many of our groups, ff02::1:ff99:0/112, the kernel holds on the link. */
static unsigned held_on(const char *link)
{
	cleanup(close_file) FILE *file = fopen("/proc/self/net/igmp6", "r");
	char line[256], name[64], group[64];
	unsigned count = 0;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		count += sscanf(line, "%*u %63s %63s", name, group) == 2 &&
			 strcmp(name, link) == 0 &&
			 strncmp(group, "ff0200000000000000000001ff99", 28) == 0;
	return count;
}

static struct addr numbered(unsigned n)
{
	char text[64];

	snprintf(text, sizeof(text), "2001:db8::99:%x", n);
	return world_addr(text);
}

static void test_what_is_not_wanted_any_more_is_left(void **state)
{
	cleanup(groups_free) struct groups *groups = NULL;
	struct addr one = numbered(1), two = numbered(2);

	world_enter();
	assert_return_code(groups_new(&groups), 0);
	assert_return_code(groups_join(groups, &one, 1), 0);
	assert_return_code(groups_join(groups, &one, 1), 0);
	assert_return_code(groups_join(groups, &two, 1), 0);
	assert_int_equal(held_on("lo"), 2);
	groups_begin(groups);
	assert_int_equal(held_on("lo"), 2);
	assert_return_code(groups_join(groups, &two, 1), 0);
	groups_end(groups);
	assert_int_equal(held_on("lo"), 1);
	assert_return_code(groups_join(groups, &one, 1), 0);
	assert_int_equal(held_on("lo"), 2);
}

/* One more than there is room for is refused; a round that wants others makes room for each. */
static void test_the_bound(void **state)
{
	cleanup(groups_free) struct groups *groups = NULL;
	struct addr a;

	world_enter();
	/* As before Linux 6.7, where it is the namespace's own. */
	sh("! test -e /proc/sys/net/core/optmem_max || echo 20480 >/proc/sys/net/core/optmem_max");
	assert_return_code(groups_new(&groups), 0);
	for (unsigned n = 0; n < GROUPS_MAX; n++) {
		a = numbered(n);
		assert_return_code(groups_join(groups, &a, 1), 0);
	}
	a = numbered(GROUPS_MAX);
	assert_int_equal(groups_join(groups, &a, 1), -ENOSPC);
	groups_begin(groups);
	for (unsigned n = GROUPS_MAX / 2; n < GROUPS_MAX / 2 + GROUPS_MAX; n++) {
		a = numbered(n);
		assert_return_code(groups_join(groups, &a, 1), 0);
	}
	groups_end(groups);
	assert_int_equal(held_on("lo"), GROUPS_MAX);
}

static void test_links_that_are_gone(void **state)
{
	cleanup(groups_free) struct groups *groups = NULL;
	struct addr a = numbered(7);

	world_enter();
	assert_return_code(groups_new(&groups), 0);
	/* A membership is held for a link, whether or not it is there any more. */
	for (unsigned n = 0; n < 3; n++) {
		char link[32];

		snprintf(link, sizeof(link), "g%u", n);
		sh("ip link add %s index %u type veth peer name peer && ip link set %s up", link,
		   100 + n % 2, link);
		groups_begin(groups);
		assert_return_code(groups_join(groups, &a, 100 + n % 2), 0);
		groups_end(groups);
		assert_int_equal(held_on(link), 1);
		sh("ip link del %s", link);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_not_wanted_any_more_is_left),
		cmocka_unit_test(test_the_bound),
		cmocka_unit_test(test_links_that_are_gone),
	};

	return world_run(tests);
}
