// SPDX-License-Identifier: GPL-2.0-only
/* A mend, written in each of the forms in which hosts are configured. */
#include "core/mend_forms.h"

#include "base/address.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What all forms are made of, as text. */
struct parts {
	const struct mend *mend;
	const struct mend_place *place;
	bool v4;
	const char *link;		/* as it is */
	char shell[80];			/* ... quoted for a shell */
	char quoted[80];		/* ... within double quotes, for Nix and YAML */
	char address[ADDRESS_TEXT + 4]; /* with its length */
	char bare[ADDRESS_TEXT], gateway[ADDRESS_TEXT];
};

static void __attribute__((format(printf, 2, 3))) line(struct mend_text *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (t->count < MEND_LINES)
		vsnprintf(t->lines[t->count++], MEND_LINE, format, args);
	va_end(args);
}

#define say(member, ...) snprintf(member, sizeof(member), __VA_ARGS__)

/* A name may hold what a shell acts on: all but '/' and white space is allowed. */
static void quote_for_shell(const char *name, char ret_text[static 80])
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_.-@:+";
	size_t n = 0;

	if (strspn(name, plain) == strlen(name)) {
		memcpy(ret_text, name, strlen(name) + 1);
		return;
	}
	ret_text[n++] = '\'';
	for (; *name; name++)
		n += (size_t)sprintf(ret_text + n, *name == '\'' ? "'\\''" : "%c", *name);
	ret_text[n++] = '\'';
	ret_text[n] = '\0';
}

/* "${" begins an expression in a Nix string; YAML does not know "\$", and needs none. */
static void quote_doubly(const char *name, bool nix, char ret_text[static 80])
{
	size_t n = 0;

	ret_text[n++] = '"';
	for (; *name; name++) {
		if (*name == '"' || *name == '\\' || (nix && *name == '$'))
			ret_text[n++] = '\\';
		ret_text[n++] = *name;
	}
	ret_text[n++] = '"';
	ret_text[n] = '\0';
}

static void write_iproute2(const struct parts *p, struct mend_text *t)
{
	const char *six = p->v4 ? "" : "-6 ";
	char vrf[80] = "";

	if (p->mend->vrf)
		quote_for_shell(p->mend->vrf->name, vrf);
	if (p->mend->add_address)
		line(t, "ip %saddr add %s dev %s%s", six, p->address, p->shell,
		     p->mend->avoid_as_source ? " preferred_lft 0" : "");
	if (p->mend->add_route)
		line(t, "ip %sroute add default via %s dev %s%s%s%s", six, p->gateway, p->shell,
		     p->v4 ? " onlink" : "", *vrf ? " vrf " : "", vrf);
}

/* A drop-in of the file that configures the link already, else a file of its own. */
static void place_networkd(const struct parts *p, struct mend_text *t)
{
	const char *slash = strrchr(p->place->file, '/');

	if (slash) {
		say(t->file, "/etc/systemd/network%.200s.d/synhole.conf", slash);
		return;
	}
	say(t->file, "/etc/systemd/network/10-%s.network", p->link);
	line(t, "[Match]");
	line(t, "Name=%s", p->link);
	line(t, "%s", "");
}

static void write_networkd(const struct parts *p, struct mend_text *t)
{
	place_networkd(p, t);
	if (p->mend->add_address) {
		line(t, "[Address]");
		line(t, "Address=%s", p->address);
		if (p->mend->avoid_as_source)
			line(t, "PreferredLifetime=0");
	}
	if (p->mend->add_address && p->mend->add_route)
		line(t, "%s", "");
	if (p->mend->add_route) {
		line(t, "[Route]");
		line(t, "Gateway=%s", p->gateway);
		if (p->v4)
			line(t, "GatewayOnLink=yes");
	}
	say(t->apply, "networkctl reload");
}

static void write_nixos(const struct parts *p, struct mend_text *t)
{
	say(t->file, "/etc/nixos/configuration.nix");
	if (p->mend->add_address) {
		line(t, "networking.interfaces.%s.ipv%d.addresses = [", p->quoted, p->v4 ? 4 : 6);
		line(t, "  { address = \"%s\"; prefixLength = %u; }", p->bare, p->mend->prefix_len);
		line(t, "];");
	}
	if (p->mend->add_route) {
		line(t, "networking.defaultGateway%s = {", p->v4 ? "" : "6");
		line(t, "  address = \"%s\";", p->gateway);
		line(t, "  interface = %s;", p->quoted);
		line(t, "};");
	}
	if (p->mend->add_address && p->mend->avoid_as_source)
		say(t->note, "NixOS has no option for a preferred lifetime of 0: pin the sources "
			     "of outgoing connections instead");
	say(t->apply, "nixos-rebuild switch");
}

/* Netplan sorts links by their kind. */
static const char *netplan_kind(const struct input_link *link)
{
	static const struct {
		const char *driver, *kind;
	} kinds[] = {{"bridge", "bridges"},
		     {"bond", "bonds"},
		     {"bonding", "bonds"},
		     {"vlan", "vlans"},
		     {"802.1Q VLAN Support", "vlans"}};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(link->driver, kinds[i].driver) == 0)
			return kinds[i].kind;
	return "ethernets";
}

static void write_netplan(const struct parts *p, struct mend_text *t)
{
	say(t->file, "/etc/netplan/60-synhole.yaml"); /* netplan adds up its files */
	line(t, "network:");
	line(t, "  version: 2");
	line(t, "  %s:", netplan_kind(p->mend->link));
	line(t, "    %s:", p->quoted);
	if (p->mend->add_address) {
		line(t, "      addresses:");
		line(t, "        - \"%s\"%s", p->address, p->mend->avoid_as_source ? ":" : "");
		if (p->mend->avoid_as_source)
			line(t, "            lifetime: 0");
	}
	if (p->mend->add_route) {
		line(t, "      routes:");
		line(t, "        - to: \"%s\"", p->v4 ? "0.0.0.0/0" : "::/0");
		line(t, "          via: \"%s\"", p->gateway);
		if (p->v4)
			line(t, "          on-link: true");
	}
	say(t->apply, "netplan apply");
}

/* A stanza says the address even where only the route is lacking: it cannot do without. */
static void write_ifupdown(const struct parts *p, struct mend_text *t)
{
	say(t->file, "%s", p->place->file[0] ? p->place->file : "/etc/network/interfaces");
	line(t, "iface %s inet%s static", p->link, p->v4 ? "" : "6");
	line(t, "    address %s", p->address);
	if (p->mend->avoid_as_source)
		line(t, "    preferred-lifetime 0");
	if (p->mend->add_route)
		line(t, "    gateway %s", p->gateway);
}

/* Where the default route is lacking, nothing on the link configures the family by itself. */
static void write_nmcli(const struct parts *p, struct mend_text *t)
{
	char connection[80], set[160] = "", gateway[80] = "", method[32] = "";
	int v = p->v4 ? 4 : 6;

	quote_for_shell(p->place->connection, connection);
	if (p->mend->add_address)
		snprintf(set, sizeof(set), " +ipv%d.addresses %s", v, p->address);
	if (p->mend->add_route) {
		snprintf(gateway, sizeof(gateway), " ipv%d.gateway %s", v, p->gateway);
		snprintf(method, sizeof(method), " ipv%d.method manual", v);
	}
	line(t, "nmcli connection modify %s%s%s%s", p->place->connection[0] ? connection : p->shell,
	     set, gateway, method);
	if (p->mend->add_address && p->mend->avoid_as_source)
		say(t->note, "NetworkManager has no setting for a preferred lifetime of 0: pin the "
			     "sources of outgoing connections instead");
	say(t->apply, "nmcli device reapply %s", p->shell);
}

static struct parts make_parts(const struct mend *m, const struct mend_place *place)
{
	struct parts p = {
		.mend = m,
		.place = place,
		.v4 = address_is_v4(&m->address),
		.link = m->link->name,
		.gateway = "ROUTER",
	};

	quote_for_shell(m->link->name, p.shell);
	quote_doubly(m->link->name, place->form == MEND_NIXOS, p.quoted);
	address_format(&m->address, p.bare);
	snprintf(p.address, sizeof(p.address), "%s/%u", p.bare, m->prefix_len);
	if (m->has_gateway)
		address_format(&m->gateway, p.gateway);
	return p;
}

const char *const mend_form_names[MEND_FORMS + 1] = {
	[MEND_IPROUTE2] = "iproute2", [MEND_NETWORKD] = "networkd", [MEND_NIXOS] = "nixos",
	[MEND_NETPLAN] = "netplan",   [MEND_IFUPDOWN] = "ifupdown", [MEND_NMCLI] = "nmcli",
};

void mend_write(const struct mend *m, const struct mend_place *place, struct mend_text *ret_text)
{
	static void (*const writers[MEND_FORMS])(const struct parts *p, struct mend_text *t) = {
		[MEND_IPROUTE2] = write_iproute2, [MEND_NETWORKD] = write_networkd,
		[MEND_NIXOS] = write_nixos,	  [MEND_NETPLAN] = write_netplan,
		[MEND_IFUPDOWN] = write_ifupdown, [MEND_NMCLI] = write_nmcli,
	};
	struct parts parts;

	*ret_text = (struct mend_text){0};
	if (!m->link || !(m->add_address || m->add_route))
		return;
	parts = make_parts(m, place);
	writers[place->form](&parts, ret_text);
}
