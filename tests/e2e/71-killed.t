#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# verify's namespace goes with it, at whatever moment it is killed. That its link goes is the proof: no
# one else would take it away.
. "$(dirname "$0")/world.sh"
world_begin nsd dovecot openssl nft
world_hoster
serve_dns
serve_imap
inside mail ip -6 addr add "$mail6/64" dev eth0
inside mail ip -6 route add default via fe80::1 dev eth0

guests() { # how many links of guests there are
	inside mail ip -o link show type veth 2>/dev/null | grep -c synhole- || :
}

no_guest() { (($(guests) == 0)); }
guest() { (($(guests) > 0)); }
guest_is_up() { inside mail ip -o link show up type veth 2>/dev/null | grep -q synhole-; }
guest_is_called() { inside mail ip -o addr show 2>/dev/null | grep -q synhole-; }
all_there_is() { inside mail sh -c 'ip link; ip addr; ip route; ip -6 route'; }

# Until the condition holds, as often as the machine can look.
once() { # COMMAND
	for _ in {1..2000}; do
		! "$@" || return 0
	done
	return 1
}

before=$(all_there_is)
address=
# A firewall holds the calls up, so that the guest stands for seconds.
firewall input "tcp dport 993 drop"
for moment in guest guest_is_up guest_is_called; do
	inside mail "$synhole" verify imap.example.org --dns "$dns" --no-watch >/dev/null 2>&1 &
	pid=$!
	ok "$moment" once "$moment"
	kill -9 "$pid" 2>/dev/null || :
	wait "$pid" 2>/dev/null || :
	ok "killed when there is a $moment: nothing is left" eventually no_guest
done
inside mail "$synhole" verify imap.example.org --dns "$dns" --no-watch >/dev/null 2>&1 &
pid=$!
once guest_is_called || :
run capture -i any -d 0.1 --json
kill -9 "$pid" 2>/dev/null || :
wait "$pid" 2>/dev/null || :
json "captures of any interface leave a guest alone" '[.interfaces[].name] == ["eth0"]'
for ms in 000 030 100 300; do
	inside mail "$synhole" verify imap.example.org --dns "$dns" >/dev/null 2>&1 &
	pid=$!
	sleep "0.$ms"
	kill -9 "$pid" 2>/dev/null || :
	wait "$pid" 2>/dev/null || :
	ok "killed after $ms ms: nothing is left" eventually no_guest
done
for signal in INT TERM; do
	inside mail "$synhole" verify imap.example.org --dns "$dns" >/dev/null 2>&1 &
	pid=$!
	once guest || :
	kill -"$signal" "$pid" 2>/dev/null || :
	wait "$pid" 2>/dev/null || :
	ok "SIG$signal: nothing is left" eventually no_guest
done
is "$(all_there_is)" "$before" "nothing on the host was changed"

done_testing
