#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Random strangers are called, 200,000 a second, and a real client waits for one of them.
. "$(dirname "$0")/world.sh"
world_begin python3 php
world_hoster
configure mail <<<'route add default via fe80::1 dev eth0'
address=2001:db8:1::77

capture_begin mail 1 -i eth0 --no-dns -d 60 --json --all --limit 0
inside router "$here/flood.py" host "$(mac mail eth0)" 900000 2001:db8:1:: 0 200000 &
flood=$!
sleep 1
dial "$address" 2.5 >/dev/null || :
wait $flood
capture_end
json "the table was full" '.counts.unattributed > 400000'
json "the client is found" '$d.verdict == "stray" and $d.clients == 1'
json "and no scanner is taken for one" 'all(.destinations[]; .verdict == "scan" or .address == $d.address)'
json "every SYN is accounted for" '.counts.syns == .counts.attributed + .counts.unattributed'

done_testing
