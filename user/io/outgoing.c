// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's choice of a source, by a datagram socket that is connected and never used. */
#include "io/outgoing.h"

#include "base/address.h"
#include "base/cleanup.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#define DISCARD_PORT 9 /* any would do */

/* Where IPv6 is off there are no IPv6 sockets, not even for mapped addresses. */
union endpoint {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

int outgoing_source(const struct addr *destination, struct addr *ret_source)
{
	bool four = address_is_v4(destination);
	union endpoint end = {.any.sa_family = four ? AF_INET : AF_INET6};
	socklen_t size = four ? sizeof(end.v4) : sizeof(end.v6);
	autoclose int fd = socket(end.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	end.v6.sin6_port = htons(DISCARD_PORT); /* it lies where IPv4 has it */
	if (four)
		memcpy(&end.v4.sin_addr, destination->bytes + 12, 4);
	else
		memcpy(&end.v6.sin6_addr, destination->bytes, 16);
	if (fd < 0 || connect(fd, &end.any, size) < 0 || getsockname(fd, &end.any, &size) < 0)
		return -errno;
	*ret_source = four ? address_from_v4(&end.v4.sin_addr) : address_from_v6(&end.v6.sin6_addr);
	return 0;
}
