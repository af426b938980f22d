/* SPDX-License-Identifier: GPL-2.0-only */
/* Where an Alertmanager is told. */
#ifndef SYNHOLE_IO_ALERT_URL_H
#define SYNHOLE_IO_ALERT_URL_H

#include "io/libcurl.h"

struct alert_url {
	char whole[512]; /* with the path of the API, and with what it needs to be let in */
	char shown[256]; /* as it was given, without user and password */
};

/* -EINVAL for what is no http or https URL with a host. */
int alert_url_read(const struct libcurl *curl, const char *text, struct alert_url *ret_url,
		   struct failure *failure);

#endif
