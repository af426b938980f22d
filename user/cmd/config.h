/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configuration of the daemon and of those who read what it keeps: /etc/synhole/synhole.conf,
 * in the language of libconfuse. synhole.conf(5) tells its words.
 */
#ifndef SYNHOLE_CMD_CONFIG_H
#define SYNHOLE_CMD_CONFIG_H

#include "cmd/options.h"

#define CONFIG_FILE "/etc/synhole/synhole.conf"
#define CONFIG_STORE "/var/lib/synhole/synhole.db"
#define CONFIG_LISTEN_TCP "127.0.0.1:9469"
#define CONFIG_LISTEN_UNIX "unix:/run/synhole/synhole.sock"

/* DNS is asked no more often than that about one name, whatever its TTL. */
#define CONFIG_REFRESH_MIN 10

struct config {
	struct options options; /* what the command line could say as well; its strings live here */
	unsigned refresh;	/* seconds between two looks at a name, at most */
	const char *store;	/* a path, "" for none */
	const char *evidence;	/* the directory for incidents' packets, "" for none */
	unsigned keep;		/* days */
	const char *listen[OPTIONS_LIST_MAX]; /* ADDRESS:PORT or unix:PATH */
	size_t listen_count;
	const char *alertmanagers[OPTIONS_LIST_MAX]; /* http or https URLs */
	size_t alertmanager_count;
	const char *exec; /* an absolute path, "" for none */
	unsigned quiet;	  /* seconds */
	void *file;	  /* libconfuse's */
};

/* Reads a file: 0, or -errno with a sentence that has file and line. NULL reads none: these are the
 * defaults. */
int config_read(struct config **ret_config, const char *path, struct failure *failure);
void config_free(struct config **config);

/* For those who only read: the file of --config must be there, the usual one need not. */
int config_of(struct config **ret_config, const struct options *options, struct failure *failure);

#endif
