#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The founding incident: a published AAAA that no interface has, a client that hangs, and the mend.

. "$(dirname "$0")/world.sh"
world_begin nsd dovecot php openssl unshare setpriv
world_hoster
serve_dns
serve_imap

# A capture while the client dials, for as long as it takes.
capture_dialled() { # NAME ARGUMENT...
	capture_begin mail 1 -i eth0 --dns "$dns" -d 60 "${@:2}"
	dial "$1" 3 >/dev/null || :
	sleep 1.2 # past the answer window
	capture_end
}

mend() { # LINE as printed
	ok "its line runs: $1" inside mail sh -c "$1"
}

fix_lines() {
	jq -r --arg address "$address" '.destinations[] | select(.address == $address) | .fix[]' \
		"$work/out"
}

# --- before: latent ------------------------------------------------------------------------------

address=$mail6
run check -n imap.example.org --dns "$dns" --json
is "$status" 1 "check, before anybody dials: exit 1"
json "the address is latent" '.kind == "check" and .status == "warning"
	and $d.verdict == "latent" and $d.severity == "warning" and $d.owned == "no"
	and $d.interface == null and $d.syns == 0 and (.counts | all(. == 0))'
json "the name's records say which is owned" '.names[0].records | map({(.type): .owned}) | add
	== {"A": "yes", "AAAA": "no"}'
run_as_nobody check -n imap.example.org --dns "$dns" --json
is "$status" 1 "check needs no privilege"
json "and says the same without" '$d.verdict == "latent"'
run check -n good.example.org --dns "$dns"
is "$status" 0 "check of a name whose address is owned: exit 0"
run check -n imap.example.org -n good.example.org --dns 192.0.2.54 --json
is "$status" 3 "check with a dead resolver: exit 3"
json "each name says why" '.status == "unknown"
	and (.names | map(.status) == ["timeout", "timeout"]) and (.names | all(.error | length > 0))'

# --- while it happens: a black hole --------------------------------------------------------------

ok "the client hangs" hangs imap.example.org
capture_dialled imap.example.org -n imap.example.org -n mail.example.org --json --all --limit 0
is "$status" 2 "capture: exit 2"
json "blackhole, with both causes" '.status == "critical" and $d.verdict == "blackhole"
	and $d.severity == "critical" and $d.owned == "no" and $d.answered == "no"
	and ($d.causes | contains(["address-missing", "no-default-route"]))'
json "the document is a capture's" '.schema == "synhole/1" and .kind == "capture"
	and ([.version, .host, .kernel] | all(type == "string" and length > 0))
	and (.started | test("^[0-9-]{10}T[0-9:]{8}\\.[0-9]{6}Z$")) and .seconds >= 3
	and (.interfaces | length == 1) and (.interfaces[0] | .name == "eth0" and .unparsed == 0
		and (.hook | test("^(xdp-native|tcx|clsact)$")))'
json "no promised field is left out" '(["address", "interface", "verdict", "severity", "causes",
	"owned", "route", "answered", "published", "syns", "attempts", "retransmits", "looped",
	"clients", "solicitations", "first", "last", "drops", "ports", "sources", "sentence", "fix"]
	- ($d | keys)) == []'
json "which names point there" '[$d.published[] | select(.type == "AAAA" and .ttl <= 300
	and .server == "192.0.2.53") | .name] | sort == ["imap.example.org", "mail.example.org"]'
json "what was dialled" '$d.interface == "eth0" and $d.syns >= 2 and $d.first <= $d.last
	and ($d.ports | length == 1) and ($d.ports[0] | .port == 993 and .service == "imaps"
		and .syns == $d.syns and .listener == true)'
json "in a sentence" '$d.sentence | contains("imap.example.org") and contains("2001:db8:1::2")'
json "under its name" '.names[] | select(.name == "imap.example.org") | .status == "ok"
	and any(.records[]; .type == "AAAA" and .owned == "no" and .verdict == "blackhole")'
sums
mapfile -t fix < <(fix_lines)
is "${#fix[@]}" 2 "it takes two steps to mend"
is "${fix[0]}" "ip -6 addr add $mail6/64 dev eth0" "first the address"
is "${fix[1]}" "ip -6 route add default via fe80::1 dev eth0" "then the way back"

capture_dialled imap.example.org -n imap.example.org
is "$status" 2 "the same as a table: exit 2"
ok "it names the black hole" printed "$mail6.*blackhole|blackhole.*$mail6"
ok "and the mend" printed "${fix[0]}"
ok "without escape codes, as this is no terminal" fails grep -q $'\e' "$work/out" "$work/err"

# --- half a mend ---------------------------------------------------------------------------------

mend "${fix[0]}"
ok "with the address alone the client still hangs" hangs imap.example.org
capture_dialled imap.example.org -n imap.example.org --json --all --limit 0
ok "capture: exit 2 or 3" test "$status" -ge 2
json "nothing is called fine" '(.status == "critical" or .status == "unknown")
	and $d.owned == "yes" and $d.verdict != "served"'
sums

# --- the mend ------------------------------------------------------------------------------------

mend "${fix[1]}"
ok "with both the client connects" dial imap.example.org
capture_dialled imap.example.org -n imap.example.org --json --all --limit 0
is "$status" 0 "capture: exit 0"
json "served" '.status == "ok" and $d.verdict == "served" and $d.severity == "ok"
	and $d.owned == "yes" and $d.answered == "syn-ack" and $d.causes == [] and $d.fix == []
	and $d.syns >= 1'
sums
run check -n imap.example.org -n mail.example.org --dns "$dns" --json
is "$status" 0 "check, after: exit 0"
json "every record is owned" '[.names[].records[].owned] == ["yes", "yes", "yes", "yes"]'

# --- the same in IPv4 ----------------------------------------------------------------------------

address=198.51.100.3
ok "IPv4: the client hangs" hangs smtp.example.org
capture_dialled smtp.example.org -n smtp.example.org --json --all --limit 0
is "$status" 2 "IPv4: exit 2"
json "IPv4: blackhole, for want of the address alone" '$d.verdict == "blackhole"
	and $d.causes == ["address-missing"] and $d.published[0].type == "A"'
sums
mapfile -t fix < <(fix_lines)
is "${#fix[@]}" 1 "IPv4: one step mends it"
mend "${fix[0]}"
ok "IPv4: the client connects" dial smtp.example.org
capture_dialled smtp.example.org -n smtp.example.org --json --all --limit 0
is "$status" 0 "IPv4: exit 0"
json "IPv4: served" '$d.verdict == "served"'

done_testing
