#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What looks owned and is not, and what looks unowned and is served.

. "$(dirname "$0")/world.sh"
world_begin nsd dovecot php openssl unshare python3
world_hoster
serve_dns
serve_imap
inside mail ip -6 route add default via fe80::1 dev eth0

capture() { # NAME COMMAND...: what happens meanwhile
	capture_begin mail 1 -i eth0 -n "$1" --dns "$dns" -d 60 --json --all --limit 0
	"${@:2}" >/dev/null || :
	sleep 1.2 # past the answer window
	capture_end
}

check() { # NAME
	run check -n "$1" --dns "$dns" --json --all
}

dad_state() { # ADDRESS FLAG
	inside mail ip -6 addr show dev eth0 to "$1" "$2" | grep -q inet6
}

dad_on() { # SOLICITATIONS
	inside mail sh -c "echo 1 >/proc/sys/net/ipv6/conf/eth0/accept_dad
		echo $1 >/proc/sys/net/ipv6/conf/eth0/dad_transmits"
}

# --- a duplicate: the router has the address too -------------------------------------------------

address=2001:db8:1::dad
inside router ip -6 addr add $address/128 dev host
dad_on 1
inside mail ip -6 addr add $address/64 dev eth0
ok "the kernel finds the duplicate" eventually dad_state $address dadfailed
check dad.example.org
is "$status" 2 "dadfailed: check exits 2"
json "dadfailed: unusable" '.status == "critical" and $d.verdict == "unusable"
	and $d.severity == "critical" and $d.owned == "dadfailed"
	and ($d.causes | contains(["address-dadfailed"]))'
inside router ip -6 addr del $address/128 dev host
capture dad.example.org dial $address 2
is "$status" 2 "dadfailed: capture exits 2"
json "dadfailed: unusable, although dialled" '$d.verdict == "unusable" and $d.syns >= 1'
sums
inside mail ip -6 addr del $address/64 dev eth0

# --- tentative: the kernel is still asking -------------------------------------------------------

address=2001:db8:1::20
tentative_too_long() {
	check moving.example.org
	[[ $status -eq 2 ]]
}
dad_on 600
inside mail ip -6 addr add $address/64 dev eth0
check moving.example.org
is "$status" 0 "tentative for a moment: check exits 0"
json "tentative for a moment: pending" '$d.verdict == "pending" and $d.owned == "tentative"'
ok "tentative for long: check exits 2" eventually tentative_too_long
json "tentative for long: unusable" '$d.verdict == "unusable" and $d.owned == "tentative"
	and ($d.causes | contains(["address-tentative"]))'
inside mail ip -6 addr del $address/64 dev eth0

# --- served without an address on the interface --------------------------------------------------

address=2001:db8:1::a:7
inside mail ip -6 route add local 2001:db8:1::a:0/112 dev lo
ok "AnyIP: the client connects" dial anyip.example.org
capture anyip.example.org dial $address
is "$status" 0 "AnyIP: capture exits 0"
json "AnyIP: served" '$d.verdict == "served" and $d.owned == "yes" and $d.route == "local"'
check anyip.example.org
is "$status" 0 "AnyIP: check exits 0"

address=2001:db8:1::10
inside mail ip -6 addr add $address/128 dev lo
ok "on lo: the client connects" dial lo.example.org
capture lo.example.org dial $address
is "$status" 0 "on lo: capture exits 0"
json "on lo: served" '$d.verdict == "served" and $d.owned == "yes"'
check lo.example.org
is "$status" 0 "on lo: check exits 0"

# --- nobody published it, nobody needs it --------------------------------------------------------

address=2001:db8:1::bad
capture good.example.org inside router "$here/syn.py" --dev host --to "$(mac mail eth0)" $address
is "$status" 0 "a scanner's SYN: capture exits 0"
json "a scanner's SYN: scan" '.status == "ok" and $d.verdict == "scan" and $d.severity == "ok"
	and $d.owned == "no" and $d.published == [] and $d.syns == 1'
sums

# --- a forwarding host throws it back to the router, and the router back again ------------------

address=$mail6
inside mail sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
capture imap.example.org hangs $address 2
is "$status" 2 "a forwarding host: capture exits 2"
json "a forwarding host: blackhole" '$d.verdict == "blackhole" and $d.owned == "no" and $d.syns > 30
	and ($d.causes | index("no-default-route") == null)'
sums
inside mail sh -c 'echo 0 >/proc/sys/net/ipv6/conf/all/forwarding'

# --- a broadcast address is the host's, but no connection is served there ------------------------

address=198.51.100.3
inside mail ip addr add 198.51.100.1/30 broadcast $address dev eth0
check smtp.example.org
is "$status" 1 "a broadcast address: check exits 1"
json "a broadcast address: latent" '$d.verdict == "latent" and $d.owned == "no"'

done_testing
