#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A router that takes the prefix for one on the link asks who has the address, and never sends the
# SYN: the asking is all that can be seen.
. "$(dirname "$0")/world.sh"
world_begin nsd php
world_hoster
serve_dns
address=$mail6
inside router ip -6 route replace 2001:db8:1::/64 dev host

joined() {
	inside mail ip -6 maddr show dev eth0 | grep -q 'ff02::1:ff00:2$'
}

ok "before: nobody listens for the asking" eval '! joined'
capture_begin mail 1 -i eth0 -n imap.example.org --dns "$dns" -d 60 --json
ok "the group in which the address is asked for is joined" eventually joined
dial "$address" 3 >/dev/null || :
sleep 1
capture_end
is "$status" 2 "asked for and not answered: exit 2"
json "a black hole that no SYN reaches" '$d.verdict == "blackhole" and $d.syns == 0
	and $d.solicitations > 0 and $d.interface == "eth0"
	and ($d.causes | contains(["address-missing", "not-routed-here"]))'
ok "after: the group is left" eventually eval '! joined'

done_testing
