// SPDX-License-Identifier: GPL-2.0-only
/* The options of all commands: how each is called, what its value may be, what its help says. */
#include "cmd/option_rows.h"

#include "base/address.h"
#include "cmd/option_filter.h"
#include "cmd/option_number.h"
#include "io/pcapng.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int full(const char *what, size_t most, struct failure *failure)
{
	return failure_set(failure, -E2BIG, "more than %zu %s", most, what);
}

static int read_interface(struct options *o, const char *value, struct failure *failure)
{
	if (o->interface_count == OPTIONS_LIST_MAX)
		return full("interfaces", OPTIONS_LIST_MAX, failure);
	if (!*value || strlen(value) >= IF_NAMESIZE)
		return failure_set(
			failure, -EINVAL,
			"--interface \"%.32s\" cannot be an interface: names have 1 to %d "
			"bytes",
			value, IF_NAMESIZE - 1);
	o->interfaces[o->interface_count++] = value;
	return 0;
}

static int add_question(struct options *o, enum resolver_question kind, const char *value,
			struct failure *failure)
{
	if (o->question_count == OPTIONS_NAMES_MAX)
		return full("names", OPTIONS_NAMES_MAX, failure);
	o->questions[o->question_count++] = (struct question){kind, value};
	return 0;
}

static int read_name(struct options *o, const char *value, struct failure *failure)
{
	return add_question(o, RESOLVE_NAME, value, failure);
}

static int read_mx(struct options *o, const char *value, struct failure *failure)
{
	return add_question(o, RESOLVE_MX, value, failure);
}

static int read_srv(struct options *o, const char *value, struct failure *failure)
{
	return add_question(o, RESOLVE_SRV, value, failure);
}

static int read_dns(struct options *o, const char *value, struct failure *failure)
{
	if (o->dns_count == OPTIONS_LIST_MAX)
		return full("DNS servers", OPTIONS_LIST_MAX, failure);
	o->dns[o->dns_count++] = value;
	return 0;
}

static int read_no_dns(struct options *o, const char *value, struct failure *failure)
{
	o->no_dns = true;
	return 0;
}

static int read_detach_all(struct options *o, const char *value, struct failure *failure)
{
	o->detach_all = true;
	return 0;
}

static int read_no_ptr(struct options *o, const char *value, struct failure *failure)
{
	o->no_ptr = true;
	return 0;
}

static int read_elsewhere(struct options *o, const char *value, struct failure *failure)
{
	struct engine_prefix *p = &o->elsewhere[o->elsewhere_count];

	if (o->elsewhere_count == OPTIONS_LIST_MAX)
		return full("--elsewhere prefixes", OPTIONS_LIST_MAX, failure);
	if (address_parse_prefix(value, &p->prefix, &p->len) < 0)
		return failure_set(
			failure, -EINVAL,
			"--elsewhere \"%.64s\" is no prefix: give ADDRESS/LENGTH without "
			"bits beyond the length, like 192.0.2.0/24",
			value);
	o->elsewhere_count++;
	return 0;
}

static int read_alias(struct options *o, const char *value, struct failure *failure)
{
	struct engine_alias *alias = &o->aliases[o->alias_count];
	const char *equals = strchr(value, '=');
	char outside[ADDRESS_TEXT];

	if (o->alias_count == OPTIONS_LIST_MAX)
		return full("aliases", OPTIONS_LIST_MAX, failure);
	if (equals && (size_t)(equals - value) < sizeof(outside)) {
		memcpy(outside, value, (size_t)(equals - value));
		outside[equals - value] = '\0';
		if (address_parse(outside, &alias->outside) == 0 &&
		    address_parse(equals + 1, &alias->inside) == 0) {
			o->alias_count++;
			return 0;
		}
	}
	return failure_set(failure, -EINVAL,
			   "--alias \"%.64s\" is no pair of addresses: give PUBLIC=PRIVATE, like "
			   "203.0.113.7=10.0.0.7",
			   value);
}

static int read_host(struct options *o, const char *value, struct failure *failure)
{
	o->host = value;
	return 0;
}

static int read_zone(struct options *o, const char *value, struct failure *failure)
{
	o->zone = value;
	return 0;
}

static int read_attach(struct options *o, const char *value, struct failure *failure)
{
	static const char *const modes[] = {
		[ATTACH_AUTO] = "auto", [ATTACH_NATIVE] = "native", [ATTACH_GENERIC] = "generic",
		[ATTACH_TC] = "tc",	[ATTACH_CLSACT] = "clsact",
	};

	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		if (strcmp(value, modes[i]) == 0) {
			o->attach = (enum attach_mode)i;
			return 0;
		}
	}
	return failure_set(failure, -EINVAL,
			   "--attach \"%.32s\" is none of auto, native, generic, tc and clsact",
			   value);
}

static int read_socket(struct options *o, const char *value, struct failure *failure)
{
	o->socket = value;
	return 0;
}

static int read_config(struct options *o, const char *value, struct failure *failure)
{
	o->config = value;
	return 0;
}

static int read_write(struct options *o, const char *value, struct failure *failure)
{
	o->write = value;
	return pcapng_check(value, failure);
}

static int read_write_all(struct options *o, const char *value, struct failure *failure)
{
	o->write_all = true;
	return 0;
}

static int read_all(struct options *o, const char *value, struct failure *failure)
{
	o->all = true;
	return 0;
}

static int read_as(struct options *o, const char *value, struct failure *failure)
{
	for (int i = 0; i < MEND_FORMS; i++) {
		if (strcmp(value, mend_form_names[i]) != 0)
			continue;
		o->as = (enum mend_form)i;
		o->as_given = true;
		return 0;
	}
	return failure_set(failure, -EINVAL,
			   "--as \"%.32s\" is none of iproute2, networkd, nixos, netplan, ifupdown "
			   "and nmcli",
			   value);
}

static int read_incident(struct options *o, const char *value, struct failure *failure)
{
	o->incident = value;
	return 0;
}

static int read_no_watch(struct options *o, const char *value, struct failure *failure)
{
	o->no_watch = true;
	return 0;
}

static int read_json(struct options *o, const char *value, struct failure *failure)
{
	o->json = true;
	return 0;
}

static int read_against(struct options *o, const char *value, struct failure *failure)
{
	o->against = value;
	return 0;
}

static int read_verbose(struct options *o, const char *value, struct failure *failure)
{
	o->verbose = true;
	return 0;
}

const struct option_row option_rows[OPTIONS] = {
	[OPT_INTERFACE] = {"interface", 'i', "IF",
			   "watch this interface; may be given again; \"any\" is every one that is "
			   "up but lo (default: those with a default route, else any)",
			   read_interface},
	[OPT_NAME] = {"name", 'n', "NAME",
		      "a name whose A and AAAA records should be served here; may be given again",
		      read_name},
	[OPT_MX] = {"mx", 0, "NAME", "the same for the mail exchangers of NAME", read_mx},
	[OPT_SRV] = {"srv", 0, "NAME", "the same for the SRV targets of NAME", read_srv},
	[OPT_DNS] = {"dns", 0, "ADDRESS[:PORT]",
		     "ask this DNS server; may be given again (default: the system's)", read_dns},
	[OPT_NO_DNS] = {"no-dns", 0, NULL, "ask DNS nothing", read_no_dns},
	[OPT_NO_PTR] = {"no-ptr", 0, NULL,
			"do not ask which names an address has that clients call in vain",
			read_no_ptr},
	[OPT_ELSEWHERE] = {"elsewhere", 0, "PREFIX",
			   "published addresses in PREFIX belong to other hosts", read_elsewhere},
	[OPT_ALIAS] = {"alias", 0, "PUBLIC=PRIVATE",
		       "the published address PUBLIC reaches this host as PRIVATE (1:1 NAT)",
		       read_alias},
	[OPT_HOST] = {"host", 0, "FILE",
		      "the recorded host, as synhole host --json has written it there; \"none\": "
		      "nothing is known of it (default: this host)",
		      read_host},
	[OPT_ZONE] = {"zone", 0, "FILE",
		      "records in zone-file form, as they were then, instead of asking DNS now "
		      "(without -n every name in there counts)",
		      read_zone},
	[OPT_ATTACH] = {"attach", 0, "HOW",
			"auto, native, generic, tc or clsact (default auto: native XDP where the "
			"driver takes it without disturbing the link, else tc)",
			read_attach},
	[OPT_DETACH_ALL] =
		{"detach-all", 0, NULL,
		 "remove what the daemon has left in the kernel, counts included, and end",
		 read_detach_all},
	[OPT_CONFIG] = {"config", 'c', "FILE",
			"read the configuration there (default /etc/synhole/synhole.conf)",
			read_config},
	[OPT_SOCKET] = {"socket", 0, "PATH",
			"ask the daemon there (default: as \"listen\" in the configuration says)",
			read_socket},
	[OPT_DURATION] = {"duration", 'd', "SECONDS", "how long to watch (default 10; verify 1)",
			  option_duration},
	[OPT_WAIT] =
		{"wait", 0, "SECONDS",
		 "look again until all is in order, at most for so long (default 0: look once)",
		 option_wait},
	[OPT_NO_WATCH] = {"no-watch", 0, NULL, "do not watch what arrives", read_no_watch},
	[OPT_INCIDENT] = {"incident", 0, "ID", "explain this incident of the store", read_incident},
	[OPT_AS] = {"as", 0, "FORM",
		    "write the mend in this form: iproute2, networkd, nixos, netplan, ifupdown or "
		    "nmcli (default: what this host is configured by)",
		    read_as},
	[OPT_TABLE] =
		{"table", 0, "SIZE",
		 "memory of the counting table, like 64M; a row takes 64 bytes (default 2M for "
		 "each processor, 64M at most)",
		 option_table},
	[OPT_WRITE] =
		{"write", 'w', "FILE",
		 "write the packets of what is wrong there, as pcapng with the verdict beside "
		 "each; compressed if FILE ends in .gz",
		 read_write},
	[OPT_WRITE_ALL] = {"write-all", 0, NULL,
			   "with --write: the packets of all destinations, and what follows the "
			   "headers",
			   read_write_all},
	[OPT_PORTS] = {"ports", 0, "LIST",
		       "only destinations that were called on these ports, like 25,993,8000-8100",
		       option_ports},
	[OPT_PORT] =
		{"port", 0, "N",
		 "a port that must be answered; may be given again (default: all that something "
		 "listens on)",
		 option_port},
	[OPT_ALL] = {"all", 0, NULL, "show destinations that are in order, too", read_all},
	[OPT_LIMIT] = {"limit", 0, "N", "show at most N rows, 0 for all (default 50)",
		       option_limit},
	[OPT_STORE] = {"store", 0, "FILE", "the store to read (default: that of the configuration)",
		       option_store},
	[OPT_NEW_STORE] = {"store", 0, "FILE",
			   "keep the incidents in a new store there, for show and report",
			   option_store},
	[OPT_SINCE] = {"since", 0, "TIME",
		       "only incidents that were open after TIME: an age like 2d, 12h or 30m, or a "
		       "time like 2026-11-22T14:47:00Z or 2026-11-22",
		       option_since},
	[OPT_UNTIL] = {"until", 0, "TIME", "only incidents that were open before TIME",
		       option_until},
	[OPT_OPEN] = {"open", 0, NULL, "only incidents that are open", option_open},
	[OPT_OF_NAME] = {"name", 'n', "NAME", "only incidents of this name", option_of_name},
	[OPT_ADDRESS] = {"address", 0, "ADDRESS", "only incidents of this address", option_address},
	[OPT_VERDICT] = {"verdict", 0, "VERDICT",
			 "only incidents of this verdict: blackhole, unusable, mute or stray",
			 option_verdict},
	[OPT_OUTPUT] = {"output", 'o', "FILE.html", "write the page there", option_output},
	[OPT_JSON] = {"json", 0, NULL, "print one JSON document", read_json},
	[OPT_AGAINST] =
		{"against", 0, "FILE",
		 "the host is to have the addresses in FILE, whatever it has now: what ip -j "
		 "address prints, or one ADDRESS[/LENGTH] in each line",
		 read_against},
	[OPT_VERBOSE] = {"verbose", 'v', NULL, "show what libbpf and the kernel say", read_verbose},
	[OPT_HELP] = {"help", 'h', NULL, "print this help", NULL},
	[OPT_VERSION] = {"version", 0, NULL, "print the version", NULL},
};
