// SPDX-License-Identifier: GPL-2.0-only
/* A real authoritative server on loopback, of its own in a temporary directory. */
#include "nsd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SOA "@ SOA ns hostmaster 1 3600 600 86400 60\n@ NS ns\nns A 192.0.2.53\n"

static const char example_org[] =
	"$ORIGIN example.org.\n$TTL 300\n" SOA
	"@ MX 10 mail\n@ MX 20 mx.example.net.\n@ MX 30 mail\n"
	"mail A 192.0.2.25\n"
	"imap A 192.0.2.1\nimap 60 AAAA 2001:db8::1\n"
	"www 30 CNAME imap\nfar 20 CNAME host.example.net.\n"
	"text TXT \"no address\"\n"
	"spf TXT \"v=spf1 mx\" \" -all\"\nspf TXT \"a\\000\\255\"\nspfto CNAME spf\n"
	"nomx A 192.0.2.26\nnullmx MX 0 .\nalias 40 CNAME nomx\n"
	"_imaps._tcp SRV 0 1 993 imap\n_imaps._tcp SRV 1 1 143 imap\n_none._tcp SRV 0 0 0 .\n"
	"out CNAME www.example.com.\ngone CNAME nothing.example.net.\nsub NS ns.sub\n"
	"loop1 CNAME loop2\nloop2 CNAME loop1\n"
	"c0 CNAME c1\nc1 CNAME c2\nc2 CNAME c3\nc3 CNAME c4\nc4 CNAME c5\nc5 CNAME c6\nc6 CNAME "
	"c7\n"
	"c7 CNAME c8\nc8 CNAME imap\n"
	"synthetic A 192.0.2.64\nsynthetic AAAA 64:ff9b::c000:240\n"
	"a\\010\\255\\.b A 192.0.2.8\nevil CNAME a\\010\\255\\.b\nevil2 MX 1 a\\010\\255\\.b\n"
	"*.wild A 192.0.2.9\n";
static const char example_net[] = "$ORIGIN example.net.\n$TTL 500\n" SOA
				  "host A 192.0.2.2\nmx A 192.0.2.27\nmx AAAA 2001:db8::27\n";

static const char settings[] =
	"server:\n ip-address: 127.0.0.1@%u\n ip-address: ::1@%u\n username: \"\"\n chroot: \"\"\n"
	" zonesdir: \"%s\"\n database: \"\"\n zonelistfile: \"zone.list\"\n"
	" xfrdfile: \"xfrd.state\"\n xfrdir: \"%s\"\n pidfile: \"%s/nsd.pid\"\n"
	" logfile: \"%s/nsd.log\"\n server-count: 1\n rrl-ratelimit: 0\n"
	"remote-control:\n control-enable: no\n"
	"zone:\n name: example.org\n zonefile: org.zone\n"
	"zone:\n name: example.net\n zonefile: net.zone\n"
	"zone:\n name: broken.example\n zonefile: missing.zone\n";

static FILE *create(const struct nsd *nsd, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/%s", nsd->directory, name);
	return fopen(path, "we");
}

static void write_files(const struct nsd *nsd)
{
	const char *d = nsd->directory;
	FILE *org = create(nsd, "org.zone"), *net = create(nsd, "net.zone");
	FILE *conf = create(nsd, "nsd.conf");

	if (!org || !net || !conf)
		abort();
	fputs(example_org, org);
	for (int i = 0; i < 200; i++)
		fprintf(org, "many A 198.51.100.%d\n", i);
	fprintf(org, "many AAAA 2001:db8::2\n");
	for (int i = 0; i < 300; i++)
		fprintf(org, "texts TXT \"%d\"\n", i);
	fputs(example_net, net);
	fprintf(conf, settings, nsd->port, nsd->port, d, d, d, d);
	fclose(org);
	fclose(net);
	fclose(conf);
}

/* A port that nobody has, for UDP and TCP. */
static uint16_t free_port(void)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(sin);
	int tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int r = bind(tcp, (void *)&sin, size) < 0 || getsockname(tcp, (void *)&sin, &size) < 0 ||
		bind(udp, (void *)&sin, size) < 0;

	close(tcp);
	close(udp);
	return r ? free_port() : ntohs(sin.sin_port);
}

static int answers(const struct nsd *nsd)
{
	static const char question[] = "\0\1\1\0\0\1\0\0\0\0\0\0\7example\3org\0\0\6\0\1";
	struct sockaddr_in sin = {.sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
				  .sin_port = htons(nsd->port)};
	struct timeval wait = {.tv_usec = 50000};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), r;
	char reply[512];

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	sendto(fd, question, sizeof(question) - 1, 0, (void *)&sin, sizeof(sin));
	r = recv(fd, reply, sizeof(reply), 0) > 12 && !(reply[3] & 0x0f);
	close(fd);
	return r;
}

static void run(const struct nsd *nsd)
{
	char conf[64];

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	snprintf(conf, sizeof(conf), "%s/nsd.conf", nsd->directory);
	setenv("PATH", "/usr/sbin:/usr/local/sbin:/usr/bin:/bin", 1);
	execlp("nsd", "nsd", "-d", "-c", conf, (char *)NULL);
	_exit(127);
}

int nsd_start(struct nsd *nsd)
{
	int status = 0;

	strcpy(nsd->directory, "/tmp/synhole-nsd-XXXXXX");
	if (!mkdtemp(nsd->directory))
		return -errno;
	prctl(PR_SET_CHILD_SUBREAPER, 1); /* nsd leaves its own children to be buried */
	nsd->port = free_port();
	write_files(nsd);
	nsd->pid = fork();
	if (nsd->pid == 0)
		run(nsd);
	for (int i = 0; i < 100 && !answers(nsd); i++) {
		usleep(50000);
		if (waitpid(nsd->pid, &status, WNOHANG) == 0)
			continue;
		nsd->pid = 0;
		nsd_stop(nsd);
		return WIFEXITED(status) && WEXITSTATUS(status) == 127 ? -ENOENT : -EIO;
	}
	return 0;
}

void nsd_stop(struct nsd *nsd)
{
	static const char *const files[] = {"org.zone", "net.zone",   "nsd.conf", "nsd.pid",
					    "nsd.log",	"xfrd.state", "zone.list"};
	char path[64];

	if (nsd->pid) {
		kill(nsd->pid, SIGTERM);
		while (waitpid(-1, NULL, 0) > 0)
			;
	}
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "%s/%s", nsd->directory, files[i]);
		unlink(path);
	}
	rmdir(nsd->directory);
}
