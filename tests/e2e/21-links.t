#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Jumbo frames, links without an Ethernet header, and several links at once.

. "$(dirname "$0")/world.sh"
. "$here/frames.sh"
world_begin python3 tc
world_hoster
hostmac=$(mac mail eth0)

# What a packet means does not depend on what carried it.
readonly without_ethernet='.counts.syns == 40 and .interfaces[0].unparsed == 0
	and (.destinations | map({(.address): .syns}) | add)
		== {"2001:db8:1::bad": 25, "198.51.100.7": 15}'

tunnel() { # ROLE PEER ENDPOINT: its end of a WireGuard tunnel to the peer
	[[ -e $work/$1.key ]] || (umask 077 && wg genkey >"$work/$1.key")
	[[ -e $work/$2.key ]] || (umask 077 && wg genkey >"$work/$2.key")
	inside "$1" wg set wg0 listen-port 51820 private-key "$work/$1.key" \
		peer "$(wg pubkey <"$work/$2.key")" endpoint "$3:51820" allowed-ips 0.0.0.0/0,::/0
	inside "$1" ip link set wg0 up
}

shaken_hands() {
	inside mail wg show wg0 latest-handshakes | grep -qvw 0
}

# --- jumbo frames --------------------------------------------------------------------------------

ip -n "$world-router" link set host mtu 9000
ip -n "$world-mail" link set eth0 mtu 9000
if [[ $(printf '%s\n' 5.18 "$(uname -r)" | sort -V | head -n 1) == 5.18 ]]; then
	capture_burst native
	hooked '^xdp-native$'
	json "MTU 9000: every SYN is counted" "$all_counted"
else
	skip "MTU 9000 in native mode" "before kernel 5.18 no program can take such frames"
fi

# --- all at once ---------------------------------------------------------------------------------

wire router second mail eth1
up router second mail eth1
capture_begin mail 2 -i any --no-dns -d 60 --json --all --limit 0
burst
inside router "$here/syn.py" --dev second --to "$(mac mail eth1)" --count 12 2001:db8:1::bad
capture_end
json "any: all that are up, the loopback left out" '([.interfaces[].name] | contains(["eth0", "eth1"])
	and index("lo") == null) and .counts.syns == 122'
json "any: each destination once for each interface" '[.destinations[]
	| select(.address == "2001:db8:1::bad") | {(.interface): .syns}] | add
	== {"eth0": 40, "eth1": 12}'
sums

# --- links without an Ethernet header ------------------------------------------------------------

if [[ -c /dev/net/tun ]] && inside mail ip tuntap add dev tun0 mode tun 2>/dev/null; then
	inside mail ip link set tun0 up
	for mode in auto generic; do
		capture_begin mail 1 -i tun0 --attach $mode --no-dns -d 60 --json --all --limit 0
		inside mail "$here/syn.py" --tun tun0 --count 25 2001:db8:1::bad
		inside mail "$here/syn.py" --tun tun0 --count 15 198.51.100.7
		capture_end
		json "a tun device (--attach $mode): every SYN is counted" "$without_ethernet"
		sums
	done
else
	skip "a tun device" "this machine has no /dev/net/tun"
fi

if ! inside mail ip link add wg0 type wireguard 2>/dev/null; then
	skip "WireGuard" "this kernel has none"
elif ! command -v wg >/dev/null; then
	skip "WireGuard" "wg is not installed"
else
	inside router ip link add wg0 type wireguard
	tunnel mail router 203.0.113.1
	tunnel router mail "$mail4"
	inside router "$here/syn.py" --dev wg0 2001:db8:1::bad
	ok "WireGuard: the tunnel stands" eventually shaken_hands
	for mode in auto generic; do
		capture_begin mail 1 -i wg0 --attach $mode --no-dns -d 60 --json --all --limit 0
		inside router "$here/syn.py" --dev wg0 --count 25 2001:db8:1::bad
		inside router "$here/syn.py" --dev wg0 --count 15 198.51.100.7
		capture_end
		json "WireGuard (--attach $mode): every SYN is counted" "$without_ethernet"
		sums
	done
fi

done_testing
