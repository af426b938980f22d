#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# explain: what is wrong, by which evidence, what mends it, and what the mend exposes.
. "$(dirname "$0")/world.sh"
world_begin nsd dovecot php openssl unshare setpriv nft slapd postfix
world_hoster
serve_dns
serve_imap
serve_ldap
serve_smtp
inside mail nft -f - <<-END
	table inet filter {
		chain input {
			type filter hook input priority filter; policy accept;
			ct state established,related accept
			tcp dport 636 drop
			tcp dport 25 ip6 saddr != 2001:db8:7::/48 drop
		}
	}
END
address=$mail6

# The steps, in the order in which they are given.
plan() {
	jq -r --arg address "$address" \
		'.destinations[] | select(.address == $address) | .plan[].lines[]' "$work/out"
}

before=$(all_there_is)

# --- without root --------------------------------------------------------------------------------

run_as_nobody explain imap.example.org --dns "$dns" --json
is "$status" 1 "without privilege: exit 1, as check"
json "all addresses of the name are told, IPv4 as well" '.kind == "explain"
	and ([.destinations[].address] == ["198.51.100.2", "2001:db8:1::2"])
	and (.destinations[0] | .verdict == null and .owned == "yes" and .plan == [])
	and $d.verdict == "latent" and (.names | length == 1)'
json "and who listens, but not which program" 'any($d.exposure[]; .port == 389
	and .process == null and .firewall == null)'
ok "it says that nothing is watched" grep -q 'not watched.*CAP_BPF' "$work/err"

# --- the incident --------------------------------------------------------------------------------

dialled run explain "$mail6" -n imap.example.org -n mail.example.org --dns "$dns" -i eth0 -d 5 --json
is "$status" 2 "while it happens: exit 2"
json "the destination as capture has it" '.status == "critical" and $d.verdict == "blackhole"
	and ($d.causes | contains(["address-missing", "no-default-route"])) and $d.syns >= 2
	and ($d.published | length == 2) and $d.fix == ["ip -6 addr add 2001:db8:1::2/64 dev eth0",
	"ip -6 route add default via fe80::1 dev eth0"]'
json "the rule that fired" '$d.rule == {row: 12,
	words: "published, called or asked for; and lost for certain, or past the answer window"}'
json "the evidence" '([$d.evidence[].about] | contains(["published", "owned", "default-route",
	"called", "listener", "callers", "dropped", "answered"]))
	and any($d.evidence[]; .text | test("port 993"))
	and any($d.evidence[]; .text | test("2001:db8:7::5 sent .* is a real client"))'
json "where each part is from" '$d.derived.interface == {value: "eth0",
	from: "connection attempts came from there", guess: false}
	and $d.derived.prefix_len.value == 64 and $d.derived.prefix_len.guess
	and $d.derived.gateway == {value: "fe80::1", from: "connection attempts came from there",
	guess: false}'
json "the other mend" '[$d.withdraw[] | .name] == ["imap.example.org", "mail.example.org"]'
json "LDAP would be exposed" 'any($d.exposure[]; .port == 389 and .process == "slapd" and .new
	and .new_family) and any($d.exposure[]; .port == 993 and .process == "dovecot" and .new)
	and any($d.exposure[]; .port == 25 and .process == "master")'
json "the firewall says its word" '[$d.exposure[] | {(.port | tostring): .firewall}] | add
	| .["389"] == "accepts" and .["636"] == "drops" and .["25"] == "depends"'
json "the address would be a source, with nothing else to use" '$d.source.chosen == "always"
	and $d.source.chosen_deprecated == "always" and $d.source.instead == null'
json "and Postfix does not know that" '$d.postfix.smtp_address_preference == null
	and $d.postfix.sends == "as-chosen"'
json "nor has the address a name, nor does the domain say that it may send" \
	'$d.standing.reverse == [] and $d.standing.fcrdns == false
	and any($d.standing.spf[]; .domain == "example.org" and .result == "softfail")'
mapfile -t steps < <(plan)
is "${steps[0]}" "postconf -e smtp_address_preference=ipv4" "so the mail is pinned first"

run explain imap.example.org --dns "$dns" --no-watch
is "$status" 1 "as a text, without watching: exit 1"
ok "what is wrong" printed "^$mail6: latent"
ok "the rule" printed "row 14 of .*latent.*published"
ok "the mend" printed "^      ip -6 addr add $mail6/64 dev eth0\$"
ok "what is a guess" printed "length /64: a guess"
ok "that there is something to look at before" printed "Before you begin: [0-9]+ ports become reachable"
ok "the warning of LDAP" printed "! port 389 \(ldap\), slapd .*not reachable over IPv6"
ok "the firewall" printed "636 .*; the firewall lets nobody in"
ok "the other mend" printed "take imap.example.org. AAAA $mail6 out of DNS"
ok "the source" printed "from this address, as there is no other"
ok "the missing reverse name" printed "$mail6 has no name in reverse DNS"
ok "the SPF record" printed "SPF record of example.org does not count $mail6"
ok "no bytes that harm a terminal" fails grep -qP '[^\x20-\x7e\n\t]' "$work/out"

is "$(all_there_is)" "$before" "nothing on the host was changed"

# --- its steps, in their order -------------------------------------------------------------------

for step in "${steps[@]}"; do
	ok "its line runs: $step" inside mail sh -c "$step"
done
ok "the client connects" dial "$mail6"
dialled run explain "$mail6" -n imap.example.org --dns "$dns" -i eth0 -d 2 --json
is "$status" 0 "after the mend: exit 0"
json "served, and nothing to mend" '$d.verdict == "served" and $d.plan == [] and $d.rule.row == 3
	and $d.exposure == []'
is "$(inside mail ip -j -6 route get 2001:db8:9::9 | jq -r '.[0].prefsrc')" "$mail6" \
	"it is the source, as was foretold"

# --- what the words may not do -------------------------------------------------------------------

run explain
is "$status" 3 "without a word: exit 3"
run explain nothere.example.org --dns "$dns" --no-watch
is "$status" 3 "a name that is not there: exit 3"
ok "it says so" printed 'nothere.example.org .*nxdomain'
run explain "$mail6" --no-dns -i nothere0
is "$status" 3 "an interface that is not there: exit 3"
ok "but the rest is told" printed "$mail6: not on this host|$mail6: nothing to find"
run explain imap.example.org --no-dns
is "$status" 3 "a name and --no-dns: exit 3"
run explain "$mail6" --as windows
is "$status" 3 "a form that is none: exit 3"
ok "it names those there are" grep -q 'iproute2, networkd, nixos' "$work/err"

done_testing
