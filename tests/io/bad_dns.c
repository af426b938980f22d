// SPDX-License-Identifier: GPL-2.0-only
/* A DNS server that does what none should: its sockets and its thread. */
#include "bad_dns.h"
#include "bad_reply.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void answer(struct bad_dns *bad, struct talk *t)
{
	bad->questions++;
	if (bad->delay_ms)
		usleep(bad->delay_ms * 1000);
	bad_reply(t, bad->refuse_all);
}

static void serve_udp(struct bad_dns *bad)
{
	struct sockaddr_in peer;
	socklen_t size = sizeof(peer);
	uint8_t question[513] = {0};
	ssize_t n = recvfrom(bad->udp, question, sizeof(question) - 1, 0, (void *)&peer, &size);
	struct talk talk = {.question = question, .question_size = (size_t)n};

	if (n <= 16)
		return;
	answer(bad, &talk);
	if (talk.size)
		sendto(bad->udp, talk.reply, talk.size, 0, (void *)&peer, size);
}

/* As many questions as come, each with its length in front (RFC 1035, 4.2.2). */
static void serve_tcp(struct bad_dns *bad)
{
	int fd = accept(bad->tcp, NULL, NULL);
	struct pollfd fds[] = {{fd, POLLIN, 0}, {bad->stop[0], POLLIN, 0}};
	uint8_t bytes[515] = {0};

	while (poll(fds, 2, 2000) > 0 && !fds[1].revents) {
		struct talk talk = {.question = bytes + 2, .tcp = true};
		uint8_t length[2];
		ssize_t n = recv(fd, bytes, 2, MSG_WAITALL);

		if (n != 2 || bytes[0] || recv(fd, bytes + 2, bytes[1], MSG_WAITALL) != bytes[1])
			break;
		talk.question_size = bytes[1];
		answer(bad, &talk);
		length[0] = (uint8_t)(talk.size >> 8);
		length[1] = (uint8_t)talk.size;
		if (talk.size && (send(fd, length, 2, MSG_NOSIGNAL) != 2 ||
				  send(fd, talk.reply, talk.size, MSG_NOSIGNAL) < 0))
			break;
		if (talk.hangup)
			break;
	}
	close(fd);
}

static void *serve(void *data)
{
	struct bad_dns *bad = data;
	struct pollfd fds[] = {
		{bad->stop[0], POLLIN, 0}, {bad->udp, POLLIN, 0}, {bad->tcp, POLLIN, 0}};

	while (poll(fds, 3, -1) > 0 && !fds[0].revents) {
		if (fds[1].revents)
			serve_udp(bad);
		if (fds[2].revents)
			serve_tcp(bad);
	}
	return NULL;
}

void bad_dns_start(struct bad_dns *bad, unsigned delay_ms)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(sin);

	*bad = (struct bad_dns){.delay_ms = delay_ms};
	bad->tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bad->udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (bind(bad->tcp, (void *)&sin, size) < 0 ||
	    getsockname(bad->tcp, (void *)&sin, &size) < 0 ||
	    bind(bad->udp, (void *)&sin, size) < 0 || listen(bad->tcp, 16) < 0 ||
	    pipe2(bad->stop, O_CLOEXEC) < 0 || pthread_create(&bad->thread, NULL, serve, bad) != 0)
		abort();
	snprintf(bad->address, sizeof(bad->address), "127.0.0.1:%u", ntohs(sin.sin_port));
}

void bad_dns_stop(struct bad_dns *bad)
{
	if (write(bad->stop[1], "", 1) != 1)
		abort();
	pthread_join(bad->thread, NULL);
	close(bad->stop[0]);
	close(bad->stop[1]);
	close(bad->udp);
	close(bad->tcp);
}
