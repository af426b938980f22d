#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# verify with each single step of the mend left out, or undone: it names that step, and no other.
. "$(dirname "$0")/world.sh"
world_begin nsd dovecot openssl unshare postfix nft php
world_hoster
serve_dns
serve_imap
serve_smtp "smtp_address_preference = ipv4"
export MAIL_CONFIG=$work/postfix
inside mail ip -6 addr add "$mail6/64" dev eth0
inside mail ip -6 route add default via fe80::1 dev eth0

# What arrives is watched only where that matters: attaching takes seconds on a busy machine.
watch=(--no-watch)

verify() { # ARGUMENT...
	run verify "$mail6" -n imap.example.org --port 993 --dns "$dns" "${watch[@]}" "$@"
}

verify --json
names "" "with all of it"
is "$status" 0 "with all of it: exit 0"

# --- each step left out --------------------------------------------------------------------------

inside mail ip -6 addr del "$mail6/64" dev eth0
verify --json
names "owned" "without the address"
is "$status" 2 "without the address: exit 2"
inside mail ip -6 addr add "$mail6/64" dev eth0

inside mail ip -6 route del default
verify --json
names "default-route" "without the default route"
inside mail ip -6 route add default via fe80::1 dev eth0

inside mail ip -6 route replace default via fe80::99 dev eth0
verify --json
names "default-route" "a router that is not there"
is "$status" 1 "a router that is not there: exit 1"
inside mail ip -6 route replace default via fe80::1 dev eth0

sed -i /smtp_address_preference/d "$work/postfix/main.cf"
verify --json
names "reverse-name spf" "without keeping mail to IPv4"
is "$status" 1 "without keeping mail to IPv4: exit 1"
json "it says how" 'any(.addresses[].steps[]; .step == "spf" and (.sentence
	| test("postconf -e smtp_address_preference=ipv4")))'
echo "smtp_address_preference = ipv4" >>"$work/postfix/main.cf"

inside mail ip -6 rule add from "$mail6" unreachable pref 5
verify --json
names "return-route" "a policy that lets nothing leave from it"
inside mail ip -6 rule del pref 5

ip -n "$world-router" addr add "$mail6/128" dev host nodad
verify --json
names "alone" "another host has it, too"
json "that is named by its MAC address" "any(.addresses[].steps[]; .step == \"alone\"
	and (.sentence | test(\"$(mac router host)\")))"
ip -n "$world-router" addr del "$mail6/128" dev host

verify --port 110 --json
names "listening" "a port that nobody listens on"

watch=(-d 0.1)
firewall input "tcp dport 993 drop"
verify --json
names "unfiltered" "a firewall that drops"
firewall input "tcp dport 993 reject with tcp reset"
verify --json
names "unfiltered" "a firewall that refuses"
inside mail "$here/listen.py" --stuck 0 994 >/dev/null 2>&1 &
eventually listening mail t 994
with_dns client php -n "$here/client.php" "$mail6" 994 1 >/dev/null || :
with_dns client php -n "$here/client.php" "$mail6" 994 1 >/dev/null || :
run verify "$mail6" -n imap.example.org --port 994 --dns "$dns" "${watch[@]}" --json
names "answered" "a program that takes no calls"
json "that is said" 'any(.addresses[].steps[]; .step == "answered" and (.sentence | test("queue")))'
firewall output "tcp sport 993 drop"
verify --json
names "answered" "a firewall that lets no answer out"
inside mail nft flush ruleset
watch=(--no-watch)

run verify "$mail6" -n good.example.org --port 993 --dns "$dns" --no-watch --json
names "published" "a name that does not have it"

done_testing
