// SPDX-License-Identifier: GPL-2.0-only
/* Postfix's configuration, from where it lies. */
#include "io/main_cf.h"

#include "base/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#define MAIN_CF_MAX 1048576 /* what lies beyond is not read */

int main_cf_read(struct postfix *ret_postfix, char ret_path[static 256])
{
	autofree char *text = malloc(MAIN_CF_MAX);
	const char *dir = getenv("MAIL_CONFIG");
	autoclose int fd = -1;
	size_t size = 0;
	ssize_t n;

	snprintf(ret_path, 256, "%.240s/main.cf", dir ? dir : "/etc/postfix");
	fd = open(ret_path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || !text)
		return fd < 0 ? -errno : -ENOMEM;
	while ((n = read(fd, text + size, MAIN_CF_MAX - size)) > 0)
		size += (size_t)n;
	if (n < 0)
		return -errno;
	postfix_read(text, size, ret_postfix);
	return 0;
}
