// SPDX-License-Identifier: GPL-2.0-only
/* Who configures a link, found in the files that each program leaves, below a root of our own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "io/manager.h"

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct input_link eth0 = {.ifindex = 2, .name = "eth0"};
static char root[] = "/tmp/synhole-manager-XXXXXX";

static void put(const char *path, const char *text)
{
	char whole[PATH_MAX];
	FILE *file;

	snprintf(whole, sizeof(whole), "%s%s", root, path);
	for (char *slash = whole + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(whole, 0755);
		*slash = '/';
	}
	file = fopen(whole, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	return strcmp(path, root) == 0 ? 0 : remove(path);
}

static int clear(void **state)
{
	return nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void is_managed(enum mend_form form, const char *file, const char *connection)
{
	struct mend_place place;

	manager_of(root, &eth0, NULL, &place);
	assert_string_equal(mend_form_names[place.form], mend_form_names[form]);
	assert_string_equal(place.file, file);
	assert_string_equal(place.connection, connection);
}

static void test_nobody(void **state)
{
	is_managed(MEND_IPROUTE2, "", "");
	put("/etc/network/interfaces", "auto lo\niface lo inet loopback\niface eth01 inet dhcp\n");
	put("/run/systemd/netif/links/2", "ADMIN_STATE=unmanaged\nNETWORK_FILE=/x\n");
	put("/run/NetworkManager/devices/2", "[device]\nmanaged=false\n");
	is_managed(MEND_IPROUTE2, "", "");
}

static void test_ifupdown(void **state)
{
	put("/etc/network/interfaces", "source interfaces.d/*\n");
	put("/etc/network/interfaces.d/a", "iface eth1 inet dhcp\n");
	put("/etc/network/interfaces.d/b", "allow-hotplug eth0\n iface eth0 inet dhcp\n");
	is_managed(MEND_IFUPDOWN, "/etc/network/interfaces.d/b", "");
}

static void test_network_manager(void **state)
{
	put("/etc/network/interfaces", "iface lo inet loopback\n");
	put("/run/NetworkManager/devices/2", "[device]\nmanaged=true\nconnection-uuid=1-2-3\n");
	is_managed(MEND_NMCLI, "", "1-2-3");
}

static void test_networkd(void **state)
{
	put("/run/systemd/netif/links/2",
	    "# private\nADMIN_STATE=configured\nNETWORK_FILE=/etc/systemd/network/5-a.network\n");
	is_managed(MEND_NETWORKD, "/etc/systemd/network/5-a.network", "");
}

/* Netplan writes networkd's files, so it is asked before. */
static void test_netplan(void **state)
{
	test_networkd(state);
	put("/etc/netplan/01-a.yaml", "");
	put("/etc/netplan/50-b.yaml", "");
	is_managed(MEND_NETPLAN, "/etc/netplan/50-b.yaml", "");
}

static void test_nixos(void **state)
{
	test_networkd(state);
	put("/etc/NIXOS", "");
	is_managed(MEND_NIXOS, "", "");
}

/* Who asks for a form gets it, with its place if it has one here. */
static void test_asked_for(void **state)
{
	const enum mend_form networkd = MEND_NETWORKD, nmcli = MEND_NMCLI;
	struct mend_place place;

	test_nixos(state);
	manager_of(root, &eth0, &networkd, &place);
	assert_int_equal(place.form, MEND_NETWORKD);
	assert_string_equal(place.file, "/etc/systemd/network/5-a.network");
	manager_of(root, &eth0, &nmcli, &place);
	assert_int_equal(place.form, MEND_NMCLI);
	assert_string_equal(place.file, "");
}

int main(void)
{
#define test(name) cmocka_unit_test_setup_teardown(name, NULL, clear)
	const struct CMUnitTest tests[] = {
		test(test_nobody),    test(test_ifupdown), test(test_network_manager),
		test(test_networkd),  test(test_netplan),  test(test_nixos),
		test(test_asked_for),
	};
	int failed;

	if (!mkdtemp(root))
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(root);
	return failed;
}
