#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# More strangers are called than the counting table holds: what is published stays exact, and every
# SYN is accounted for.
. "$(dirname "$0")/world.sh"
world_begin nsd python3
world_hoster
serve_dns
address=$mail6
count=200000

capture_begin mail 1 -i eth0 -n imap.example.org --dns "$dns" -d 60 --json --all --limit 0
inside router "$here/flood.py" host "$(mac mail eth0)" $count "$address"
capture_end
is "$status" 2 "a black hole is found in the flood: exit 2"
json "every SYN is accounted for" ".counts.syns == $count
	and .counts.syns == .counts.attributed + .counts.unattributed
	and .counts.attributed == ([.destinations[].syns] | add)"
json "the table was full" '.counts.unattributed > 0'
json "and the published address is counted exactly" "\$d.syns == $count / 100"

done_testing
