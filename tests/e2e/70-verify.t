#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# verify, before the mend and after it: with all servers of the incident, and mail still by IPv4.
. "$(dirname "$0")/world.sh"
world_begin nsd dovecot php openssl unshare slapd postfix smtp-sink
world_hoster
serve_dns
serve_imap
serve_ldap
serve_smtp "smtp_address_preference = ipv4"
export MAIL_CONFIG=$work/postfix
take_mail

verify() { # ARGUMENT...
	run verify "$@" --dns "$dns" --no-watch
}

# --- before the mend -----------------------------------------------------------------------------

before=$(all_there_is)
verify imap.example.org --json
is "$status" 2 "before: exit 2"
names "default-route owned" "both faults are named, and nothing that follows from them"
json "IPv4 is in order, and that is said" '.kind == "verify" and .name == "imap.example.org"
	and .status == "critical" and (.addresses | length == 2)
	and (.addresses[] | select(.family == "IPv4") | .status == "ok")'
verify imap.example.org
ok "in words: one family works" printed "^IPv4 $mail4: in order"
ok "and one does not" printed "^IPv6 $mail6: NOT in order: owned, default route"
is "$(all_there_is)" "$before" "nothing on the host was changed"

# --- the mend ------------------------------------------------------------------------------------

inside mail ip -6 addr add "$mail6/64" dev eth0
inside mail ip -6 route add default via fe80::1 dev eth0
before=$(all_there_is)
verify imap.example.org --port 993 --json
is "$status" 0 "after the mend: exit 0"
json "a real handshake was answered" '[.addresses[].steps[] | select(.step == "answered"
	and .port == 993) | .state] == ["ok", "ok"]'
json "the missing reverse name and SPF are said, and do not matter: mail leaves by IPv4" '
	[.addresses[] | select(.family == "IPv6") | .steps[] | select(.step == "reverse-name"
	or .step == "spf") | .state] == ["note", "note"]
	and (.addresses[] | select(.family == "IPv6") | .standing | .fcrdns == false
		and .spf[0].result == "softfail")'
json "IPv4 has a name that leads back, and may send" '.addresses[] | select(.family == "IPv4")
	| .standing | .fcrdns and .reverse[0].name == "mail.example.org" and .spf[0].result == "pass"'
is "$(all_there_is)" "$before" "nothing on the host was changed"
is "$(send_mail)" 4 "mail leaves by IPv4"
verify imap.example.org
is "$status" 0 "without --port: all that listens is called"
ok "LDAP, too" printed "ok +answered +a call to port 389 \(ldap\)"
run verify "$mail6" -n imap.example.org --port 993 --dns "$dns" -d 3 --json &
verifying=$!
until ! kill -0 "$verifying" 2>/dev/null; do dial "$mail6" 1 >/dev/null || : && sleep 0.1; done
wait "$verifying"
json "calls from outside are seen to be answered" 'any(.addresses[].steps[]; .step == "answered"
	and .state == "ok" and .port == null and (.sentence | test("outside")))'
json "and there is a way back to the client" 'any(.addresses[].steps[]; .step == "return-route"
	and (.sentence | test("back to 2001:db8:7::5, who called")))'
ip -n "$world-mail" route add unreachable 2001:db8:7::/64
run verify "$mail6" -n imap.example.org --port 993 --dns "$dns" -d 3 --json &
verifying=$!
until ! kill -0 "$verifying" 2>/dev/null; do dial "$mail6" 1 >/dev/null || : && sleep 0.1; done
wait "$verifying"
names "return-route" "without a way back to the client that calls"

done_testing
