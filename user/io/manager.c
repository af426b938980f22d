// SPDX-License-Identifier: GPL-2.0-only
/* By what this host's links are configured, from the files that each of these leaves. */
#include "io/manager.h"

#include "base/cleanup.h"

#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct search {
	const char *root;
	const struct input_link *link;
	struct mend_place *place;
};

static void __attribute__((format(printf, 3, 4)))
path_of(const struct search *s, char ret_path[static 512], const char *format, ...)
{
	int n = snprintf(ret_path, 512, "%.200s", s->root);
	va_list args;

	va_start(args, format);
	vsnprintf(ret_path + n, 512 - (size_t)n, format, args);
	va_end(args);
}

/* The rest of the file's first line that begins with `key`. */
static bool value_of(const char *path, const char *key, char *ret_value, size_t size)
{
	cleanup(close_file) FILE *file = fopen(path, "re");
	char line[512];

	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, key, strlen(key)) != 0)
			continue;
		line[strcspn(line, "\n")] = '\0';
		snprintf(ret_value, size, "%s", line + strlen(key));
		return true;
	}
	return false;
}

static bool is_nixos(const struct search *s)
{
	char path[512];
	struct stat st;

	path_of(s, path, "/etc/NIXOS");
	return stat(path, &st) == 0;
}

/* Netplan reads its files in their order, and the last word counts. */
static bool is_netplan(const struct search *s)
{
	char path[512];
	glob_t found = {0};

	path_of(s, path, "/etc/netplan/*.yaml");
	if (glob(path, 0, NULL, &found) == 0)
		snprintf(s->place->file, sizeof(s->place->file), "%s",
			 found.gl_pathv[found.gl_pathc - 1] + strlen(s->root));
	globfree(&found);
	return s->place->file[0];
}

/* What networkd says of its links: sd-network(3) reads the same files. */
static bool is_networkd(const struct search *s)
{
	char path[512], state[32];

	path_of(s, path, "/run/systemd/netif/links/%u", s->link->ifindex);
	if (!value_of(path, "ADMIN_STATE=", state, sizeof(state)) ||
	    strcmp(state, "unmanaged") == 0)
		return false;
	value_of(path, "NETWORK_FILE=", s->place->file, sizeof(s->place->file));
	return true;
}

/* NetworkManager's own state (src/core/nm-config.c). */
static bool is_network_manager(const struct search *s)
{
	char path[512], managed[16];

	path_of(s, path, "/run/NetworkManager/devices/%u", s->link->ifindex);
	if (!value_of(path, "managed=", managed, sizeof(managed)) || strcmp(managed, "true") != 0)
		return false;
	value_of(path, "connection-uuid=", s->place->connection, sizeof(s->place->connection));
	return true;
}

/* "iface NAME ..." in the file or in those of the directory beside it (interfaces(5)). */
static bool has_stanza(const struct search *s, const char *path)
{
	cleanup(close_file) FILE *file = fopen(path, "re");
	char line[512], name[64];

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, " iface %63s", name) != 1 || strcmp(name, s->link->name) != 0)
			continue;
		snprintf(s->place->file, sizeof(s->place->file), "%s", path + strlen(s->root));
		return true;
	}
	return false;
}

static bool is_ifupdown(const struct search *s)
{
	char path[512];
	glob_t found = {0};
	bool has;

	path_of(s, path, "/etc/network/interfaces");
	has = has_stanza(s, path);
	path_of(s, path, "/etc/network/interfaces.d/*");
	if (!has && glob(path, 0, NULL, &found) == 0)
		for (size_t i = 0; !has && i < found.gl_pathc; i++)
			has = has_stanza(s, found.gl_pathv[i]);
	globfree(&found);
	return has;
}

/* Those that write the files of others come first. */
static const struct {
	enum mend_form form;
	bool (*holds)(const struct search *s);
} managers[] = {
	{MEND_NIXOS, is_nixos},	      {MEND_NETPLAN, is_netplan},
	{MEND_NETWORKD, is_networkd}, {MEND_NMCLI, is_network_manager},
	{MEND_IFUPDOWN, is_ifupdown},
};

void manager_of(const char *root, const struct input_link *link, const enum mend_form *form,
		struct mend_place *ret_place)
{
	const struct search s = {root, link, ret_place};

	*ret_place = (struct mend_place){.form = form ? *form : MEND_IPROUTE2};
	for (size_t i = 0; i < sizeof(managers) / sizeof(*managers); i++) {
		if (form && managers[i].form != *form)
			continue;
		if (managers[i].holds(&s)) {
			ret_place->form = managers[i].form;
			return;
		}
		ret_place->file[0] = '\0';
	}
}
