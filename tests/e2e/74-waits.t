#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# verify waits for what is about to come; without privilege it says what it cannot look at.
. "$(dirname "$0")/world.sh"
world_begin nsd dovecot openssl setpriv
world_hoster
serve_dns
serve_imap
inside mail ip -6 addr add "$mail6/64" dev eth0
inside mail ip -6 route add default via fe80::1 dev eth0

verify() { # ARGUMENT...
	run verify "$mail6" -n imap.example.org --port 993 --dns "$dns" --no-watch "$@"
}

# --- waiting -------------------------------------------------------------------------------------

inside mail ip -6 route del default
(sleep 2 && inside mail ip -6 route add default via fe80::1 dev eth0) &
verify --wait 60
is "$status" 0 "--wait: exit 0 as soon as all is in order"
inside mail ip -6 addr del "$mail6/64" dev eth0
inside mail sh -c 'cd /proc/sys/net/ipv6/conf/eth0
	echo 1 >accept_dad
	echo 3 >dad_transmits
	ip -6 addr add "$1/64" dev eth0' sh "$mail6"
ok "an address is tentative" grep -q tentative <(ip -n "$world-mail" addr show tentative)
verify
is "$status" 0 "it is waited for"

# --- without privilege, and wrong words ----------------------------------------------------------

run_as_nobody verify imap.example.org --dns "$dns" --port 993 --json
is "$status" 3 "without privilege: exit 3"
names "alone answered unfiltered" "it says what it could not look at"
json "and looks at the rest" '[.addresses[].steps[] | select(.step | IN("owned", "default-route",
	"return-route", "listening")) | .state] | length == 8 and all(. == "ok")'
run verify
is "$status" 3 "without a word: exit 3"
run verify imap.example.org --port 0
is "$status" 3 "port 0: exit 3"
run verify nothere.example.org --dns "$dns"
is "$status" 3 "a name that is not there: exit 3"

done_testing
