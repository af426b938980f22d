#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A thousand names and a scan that overflows the table: what matters is counted, and the daemon's
# memory stays within 12 MiB.

. "$(dirname "$0")/world.sh"
. "$here/daemon.sh"
world_begin nsd curl python3
world_hoster
zones=$work/zones
mkdir "$zones"
cp "$here"/*.zone "$zones"
for ((n = 0; n < 1000; n++)); do
	printf 'n%d\tA\t198.51.100.2\nn%d\tAAAA\t2001:db8:1::%x\n' "$n" "$n" $((4096 + n))
done >>"$zones/example.org.zone"
serve_dns
inside mail ip -6 route add default via fe80::1 dev eth0
hostmac=$(mac mail eth0)
address=2001:db8:1::1000

resident() { # in KiB
	awk '/^VmRSS/ { print $2 }' "/proc/$daemon/status"
}

is_small() {
	(($(resident) <= 12288))
}

all_heard() {
	[[ $(get /metrics | grep -c '^synhole_address_owned') == 2000 ]]
}

configure_daemon 'quiet = 600'
for ((n = 0; n < 1000; n++)); do
	echo "name \"n$n.example.org\" {}"
done >>"$work/synhole.conf"
ok "the daemon serves" daemon_begin
ok "a thousand names are heard of" eventually all_heard
inside router "$here/syn.py" --dev host --to "$hostmac" --count 5 $address
inside router "$here/flood.py" host "$hostmac" 200000 $address
inside router "$here/syn.py" --dev host --to "$hostmac" --count 6 $address
ok "the published address is counted to the last SYN" eventually incident_is '$i.syns == 2011'
ok "the scan makes no incidents" incident_is '($all | length) == 1'
ok "its destinations are counted" test "$(metric synhole_strangers)" -gt 10000
ok "12 MiB are enough, when the burst is over" eventually is_small
echo "# resident: $(resident) KiB"
daemon_end
done_testing
