#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What somebody took with tcpdump, and what `synhole host --json` wrote there: from that alone the
# verdicts are those that a capture gave, whichever way tcpdump was called.

. "$(dirname "$0")/world.sh"
world_begin nsd tcpdump timeout python3
world_hoster
serve_dns
inside mail "$here/listen.py" 993 >/dev/null 2>&1 &
eventually listening mail t 993
refused6=2001:db8:1::bad
inside mail ip -6 route add prohibit $refused6
inside mail ip -6 route add 2001:db8:9::/64 via fe80::1 dev eth0
names=(-n imap.example.org --dns "$dns")

recorders=()
record() { # FILE ARGUMENT... of tcpdump
	inside mail tcpdump -Z root -U -w "$work/$1" "${@:2}" 2>"$work/$1.err" &
	recorders+=($!)
	eventually grep -q 'listening on' "$work/$1.err"
}
record ethernet.pcap -i eth0
record ethernet-cut.pcap -i eth0 -s 96 --time-stamp-precision=nano
record cooked.pcap -i any -y LINUX_SLL
record cooked2.pcap -i any -y LINUX_SLL2
record only4.pcap -i eth0 ip
record only6.pcap -i eth0 ip6

dials() { # ADDRESS
	inside client timeout 4 bash -c '3<>"/dev/tcp/$1/993"' - "$1" 2>/dev/null || :
}
capture_begin mail 1 -i eth0 "${names[@]}" -d 60 --json --all --limit 0
dialling=()
for to in "$mail6" $refused6 "$mail4"; do
	dials "$to" &
	dialling+=($!)
done
wait "${dialling[@]}"
sleep 1.2 # past the answer window
capture_end
kill "${recorders[@]}"
for pid in "${recorders[@]}"; do wait "$pid" || :; done

said() {
	jq -c --arg six "$mail6" --arg refused $refused6 --arg four "$mail4" '[.destinations[]
		| select(.address == $six or .address == $refused or .address == $four)
		| [.address, .verdict, .route, .causes, .answered, .syns, .attempts, .clients]] | sort' "$work/out"
}
live=$(said)
is "$(jq -c 'map(.[0:4])' <<<"$live")" '[["198.51.100.2","served","local",[]],["2001:db8:1::2","blackhole","none",["address-missing","no-default-route"]],["2001:db8:1::bad","stray","blackhole",["address-missing","no-default-route","blackhole-route"]]]' \
	"a capture says what is wrong, and that a route refuses"

inside mail "$synhole" host --json "${names[@]}" >"$work/host.json"
is "$(jq -c '[.kind, (.names[0] | .name, .status), .cut]' "$work/host.json")" \
	'["host","imap.example.org","ok",false]' "host --json has the names, too"
ok "and the routes that refuse or lead elsewhere" jq -e --arg a $refused6 '
	any(.routes[]; .kind == "prohibit" and .prefix == $a) and
	any(.routes[]; .kind == "unicast" and .prefix == "2001:db8:9::" and .gateway == "fe80::1")' "$work/host.json"

replayed() { # DESCRIPTION FILE...: with the host's file, elsewhere
	local what=$1
	shift
	status=0
	"$synhole" replay "${@/#/$work/}" --host "$work/host.json" --json --all --limit 0 \
		>"$work/out" 2>"$work/err" || status=$?
	is "$status" 2 "$what: exit 2"
	is "$(said)" "$live" "$what: the same verdicts, counts and clients"
}
replayed "of one interface" ethernet.pcap
replayed "96 bytes of each frame, in nanoseconds" ethernet-cut.pcap
replayed "of any interface, as SLL2" cooked2.pcap
replayed "as SLL" cooked.pcap
replayed "one file for each protocol, merged" only6.pcap only4.pcap

run replay "$work/ethernet.pcap" "${names[@]}" --json --all --limit 0
is "$(said)" "$live" "on the host itself, which is asked as it is now"
done_testing
