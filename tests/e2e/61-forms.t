#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every form of the mend, read by the program that it is written for, and applied where it can be.
. "$(dirname "$0")/world.sh"
world_begin
world_hoster
address=$mail6
# The router is known from the time when it was talked to.
ip -n "$world-mail" -6 neigh replace fe80::1 lladdr "$(mac router host)" dev eth0 router nud stale

# The mend as the form has it, in $work/lines.
form() { # FORM [ARGUMENT...]
	run explain "$address" --no-watch --no-dns --as "$1" --json "${@:2}"
	jq -r '.destinations[0].lasting.lines[]?' "$work/out" >"$work/lines"
}

has() { # ADDRESS/LENGTH of the mail host, and its default route
	[[ $(ip -n "$world-mail" -6 addr show dev eth0) == *"inet6 $1 "* ]] &&
		[[ $(ip -n "$world-mail" -6 route show default) == *"via $2 dev eth0"* ]]
}

take_away() {
	ip -n "$world-mail" addr flush dev eth0 scope global
	ip -n "$world-mail" -6 route del default dev eth0 2>/dev/null || :
}

form iproute2
jq -r '.destinations[0].plan[].lines[]' "$work/out" >"$work/plan"
inside mail sh -e "$work/plan"
ok "iproute2: the steps give both" has "$mail6/64" fe80::1
take_away

if command -v ifup >/dev/null; then
	form ifupdown
	mkdir "$work/ifstate"
	ok "ifupdown: ifup takes it" inside mail env PATH="$PATH:/usr/sbin:/sbin" ifup \
		-i "$work/lines" --state-dir "$work/ifstate" eth0
	ok "ifupdown: it gives both" has "$mail6/64" fe80::1
	take_away
else
	skip "ifupdown" "ifup is not installed"
fi

# networkd waits for udev unless /sys is read-only, and keeps what it finds under /run.
beside_networkd() { # COMMAND...
	inside mail unshare -m sh -e -c 'mount --bind "$1/run" /run
		mount --bind "$1/etc" /etc/systemd/network
		mount -t sysfs -o ro sysfs /sys
		shift && exec "$@"' sh "$work" "$@"
}

networkd() {
	rm -rf "$work/run"
	mkdir -p "$work"/run/systemd/netif/{links,lldp,leases} "$work/etc"
	chown -R systemd-network: "$work/run/systemd/netif"
	beside_networkd /lib/systemd/systemd-networkd >"$work/networkd.log" 2>&1 &
}

networkd_ends() {
	kill "$!"
	wait "$!" || :
	take_away
}

# The file that the form names, below the directory that stands in for /etc/systemd/network.
put_networkd() {
	local file
	file=$work/etc/$(jq -r '.destinations[0].lasting.file' "$work/out" | cut -d / -f 5-)
	mkdir -p "$(dirname "$file")"
	jq -r '.destinations[0].lasting.lines[]' "$work/out" >"$file"
}

if [[ -x /lib/systemd/systemd-networkd ]] && getent passwd systemd-network >/dev/null; then
	mkdir -p "$work/etc"
	form networkd
	put_networkd
	networkd
	ok "networkd: it gives both" eventually has "$mail6/64" fe80::1
	ok "networkd: it has no word against any line" fails grep -E '\.network:[0-9]+' \
		"$work/networkd.log"
	networkd_ends

	rm -r "$work/etc"/*
	printf '%s\n' '[Match]' 'Name=eth0' '[Network]' 'Address=198.51.100.2/32' >"$work/etc/5-a.network"
	networkd
	eventually grep -rq NETWORK_FILE "$work/run/systemd/netif/links"
	beside_networkd "$synhole" explain "$address" --no-watch --no-dns --json >"$work/out"
	json "networkd: that it configures the link is found out" '$d.lasting.form == "networkd"
		and $d.lasting.file == "/etc/systemd/network/5-a.network.d/synhole.conf"'
	networkd_ends
	put_networkd
	networkd
	ok "networkd: its file is added to" eventually has "$mail6/64" fe80::1
	ok "networkd: and holds" eventually test -n \
		"$(ip -n "$world-mail" addr show to 198.51.100.2)"
	networkd_ends
else
	skip "networkd" "systemd-networkd is not installed"
fi

if command -v netplan >/dev/null; then
	form netplan
	mkdir -p "$work/root/etc/netplan"
	cp "$work/lines" "$work/root/etc/netplan/60-synhole.yaml"
	chmod 600 "$work/root/etc/netplan/60-synhole.yaml"
	printf '%s\n' network: '  ethernets:' '    eth0:' '      addresses: [198.51.100.2/32]' \
		>"$work/root/etc/netplan/50-before.yaml"
	chmod 600 "$work/root/etc/netplan/50-before.yaml"
	ok "netplan: it is taken" netplan generate --root-dir "$work/root"
	ok "netplan: the address" grep -rqx "Address=$mail6/64" "$work/root/run/systemd/network"
	ok "netplan: and what was there" grep -rqx "Address=198.51.100.2/32" \
		"$work/root/run/systemd/network"
	ok "netplan: the router" grep -rqx 'Gateway=fe80::1' "$work/root/run/systemd/network"
else
	skip "netplan" "netplan is not installed"
fi

if command -v nmcli >/dev/null; then
	form nmcli
	is "$(cut -d ' ' -f 1-4 "$work/lines")" "nmcli connection modify eth0" "nmcli: the connection"
	read -r -a words <"$work/lines"
	nmcli --offline connection add type ethernet ifname eth0 con-name eth0 \
		ipv6.method disabled >"$work/before"
	nmcli --offline connection modify "${words[@]:4}" <"$work/before" >"$work/after" \
		2>"$work/said" || :
	ok "nmcli: the address" grep -qx "address1=$mail6/64,fe80::1" "$work/after"
	ok "nmcli: it is used" grep -qx method=manual "$work/after"
else
	skip "nmcli" "NetworkManager is not installed"
fi

# As the options have it: a list of addresses, and a gateway with its interface.
if command -v nix-instantiate >/dev/null; then
	form nixos
	{ echo '{' && cat "$work/lines" && echo '}'; } >"$work/mend.nix"
	nix-instantiate --store "$work/nix" --eval --strict --json "$work/mend.nix" \
		>"$work/out" 2>"$work/err" || :
	ok "nixos: it is what the options want" jq -e '.networking == {
		interfaces: {eth0: {ipv6: {addresses: [
			{address: "2001:db8:1::2", prefixLength: 64}]}}},
		defaultGateway6: {address: "fe80::1", interface: "eth0"}}' "$work/out"
else
	skip "nixos" "nix-instantiate is not installed"
fi

# --- where another address can be used for the host's own connections ------------------------------

ip -n "$world-mail" addr add 2001:db8:1::7/64 dev eth0
form iproute2
json "the steps keep it a destination only" '$d.source.avoided
	and $d.source.instead == "2001:db8:1::7" and $d.derived.prefix_len.guess == false
	and $d.plan[0].lines == ["ip -6 addr add 2001:db8:1::2/64 dev eth0 preferred_lft 0"]'
jq -r '.destinations[0].plan[].lines[]' "$work/out" | inside mail sh -e
is "$(inside mail ip -j -6 route get 2001:db8:9::9 | jq -r '.[0].prefsrc')" 2001:db8:1::7 \
	"and so it is"

# --- what no form can mend --------------------------------------------------------------------------

if command -v nft php >/dev/null; then
	inside mail "$here/listen.py" 993 >/dev/null 2>&1 &
	eventually listening mail t 993
	inside mail nft 'add table inet f; add chain inet f in { type filter hook input priority 0; };
		add rule inet f in tcp dport 993 drop'
	ip -n "$world-mail" -6 route replace default via fe80::1 dev eth0
	dialled run explain "$mail6" --no-dns -i eth0 -d 5 --json
	json "a firewall: what it does, and what mends it" '$d.verdict == "mute" and $d.plan == []
		and any($d.faults[]; .cause == "filtered" and (.remedy | test("firewall")))'
else
	skip "what no form can mend" "nft or php is not installed"
fi

done_testing
