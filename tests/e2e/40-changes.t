#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The host changes while it is watched: what it owns is what it owns now.

. "$(dirname "$0")/world.sh"
world_begin nsd python3 bpftool
world_hoster
serve_dns
hostmac=$(mac mail eth0)
inside mail ip -6 route add default via fe80::1 dev eth0

begin() { # INTERFACES ARGUMENT...
	capture_begin mail "$1" --dns "$dns" -d 60 --json --all --limit 0 "${@:2}"
}

send() { # ARGUMENT...
	inside router "$here/syn.py" --dev host --to "$hostmac" "$@"
}

settle() { # what was just done has been heard of
	sleep 0.3
}

# The programs themselves are told what is owned (1) and published (2): moving.example.org here.
told() { # FLAGS
	known_map | xargs -r bpftool -j map dump id | jq -es --argjson flags "$1" 'any(.[0][].formatted;
		.key[""].bytes == [32, 1, 13, 184, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 32]
		and .value == $flags)'
}

known_map() {
	sed -n 's/^map_id:\s*//p' "/proc/$capture"/fdinfo/* 2>/dev/null | sort -u | while read -r id; do
		bpftool -j map show id "$id" | jq 'select(.name == "known") | .id'
	done
}

# --- an address comes, and goes ------------------------------------------------------------------

address=2001:db8:1::20
begin 1 -i eth0 -n moving.example.org
send --count 3 $address
ok "published: the programs are told" eventually told 2
inside mail ip -6 addr add $address/64 dev eth0
ok "owned: the programs are told" eventually told 3
send --count 3 $address
sleep 1.2
capture_end
is "$status" 0 "an address that came: exit 0"
json "an address that came is owned" '$d.owned == "yes" and $d.severity == "ok" and $d.syns == 6'
sums

begin 1 -i eth0 -n moving.example.org
send --count 3 $address
ok "owned and published: the programs are told" eventually told 3
inside mail ip -6 addr del $address/64 dev eth0
ok "no longer owned: the programs are told" eventually told 2
send --count 3 $address
sleep 1.2
capture_end
is "$status" 2 "an address that went: exit 2"
json "an address that went is a black hole" '$d.verdict == "blackhole" and $d.owned == "no"
	and $d.syns == 6'
sums

# --- an interface goes ---------------------------------------------------------------------------

wire router second mail eth1
up router second mail eth1
begin 2 -i eth0 -i eth1 -n good.example.org
inside router "$here/syn.py" --dev second --to "$(mac mail eth1)" --count 5 2001:db8:1::bad
settle
inside mail ip link del eth1
settle
send --count 7 2001:db8:1::bad
capture_end
ok "an interface that went does not end the capture" test "$status" -le 3 -a -s "$work/out"
json "the others go on" '[.destinations[] | select(.address == "2001:db8:1::bad"
	and .interface == "eth0") | .syns] == [7]'
json "what it had counted is not lost" '.counts.syns == 12
	and any(.interfaces[]; .name == "eth1" and .syns == 5)'
sums

wire router second mail eth1
up router second mail eth1
begin 1 -i eth1
inside mail ip link del eth1
capture_end
json "the only interface went: it still prints" '.kind == "capture" and .interfaces[0].name == "eth1"'

# --- many changes at once ------------------------------------------------------------------------

storm() { # add|del: 2,000 addresses
	seq 1 2000 | awk -v what="$1" \
		'{ printf "addr %s 2001:db8:1::5:%x/128 dev eth0\n", what, $1 }' | configure mail
}

address=2001:db8:1::5:7cf # the last but one
begin 1 -i eth0 -n storm.example.org
storm add
settle
send --count 4 $address
send --count 4 2001:db8:1::5:7d1
sleep 1.2
read -r now peak < <(resident)
echo "# resident memory: $now KiB, at most $peak KiB"
capture_end
is "$status" 0 "after a storm of addresses: exit 0"
json "after a storm: what came is owned" '$d.owned == "yes"'
json "after a storm: what did not come is not" '[.destinations[]
	| select(.address == "2001:db8:1::5:7d1") | .owned] == ["no"]'
sums
ok "after a storm: resident memory is under 12 MiB" test "$now" -lt 12288

begin 1 -i eth0 -n storm.example.org
storm del
settle
send --count 4 $address
sleep 1.2
capture_end
is "$status" 2 "after they went: exit 2"
json "after they went: a black hole" '$d.owned == "no" and $d.verdict == "blackhole"'

# --- for the reader ------------------------------------------------------------------------------

began=$(date +%s%N)
begin 1 -i eth0
echo "# start to attached: about $((($(date +%s%N) - began) / 1000000)) ms"
read -r now peak < <(resident)
echo "# resident memory: $now KiB, at most $peak KiB"
capture_end
ok "at rest: resident memory is under 12 MiB" test "$now" -lt 12288

done_testing
