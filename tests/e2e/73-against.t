#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# check --against: addresses that are only intended, in a file, against what DNS publishes.
. "$(dirname "$0")/world.sh"
world_begin nsd
world_hoster
serve_dns
file=$work/intended
address=$mail6

against() { # ARGUMENT...
	run check --dns "$dns" -n imap.example.org --against "$file" "$@"
}

# A list, as a build writes it. The host itself has the IPv4 address only: it is not asked.
printf '%s\n' "# the mail host" "$mail4/32 # as ever" >"$file"
against --json
is "$status" 1 "an address is forgotten: exit 1"
json "it is latent" '$d.verdict == "latent" and $d.owned == "no" and $d.route == null'
json "the address is the only cause: routes are not known" '$d.causes == ["address-missing"]'
json "the document says what was looked at" ".against == \"$file\" and .kind == \"check\""
printf '\t%s/64\r\n\n%s' "$mail6" "$mail4" >"$file"
against --json
is "$status" 0 "all are there: exit 0"
json "both are owned" '[.names[].records[].owned] == ["yes", "yes"]'
ok "that routes are not known is said" grep -q "routes, and what listens, are not known" "$work/err"
printf '%s\n' 192.0.2.99 "$mail6" >"$file"
against --json
json "an address that only the host has does not count" 'any(.names[].records[]; .type == "A"
	and .owned == "no")'

# What ip prints.
inside mail ip -j address >"$file"
against --json
is "$status" 1 "ip's JSON before the mend: exit 1"
ip -n "$world-mail" addr add "$mail6/64" dev eth0
inside mail ip -j address >"$file"
ip -n "$world-mail" addr del "$mail6/64" dev eth0
against
is "$status" 0 "ip's JSON after the mend: exit 0"
inside mail ip -j address show dev eth0 >"$file" # which prints {} for the others
run check --dns "$dns" -n good.example.org --against "$file"
is "$status" 0 "ip's JSON of one link: exit 0"
jq -c '.[].addr_info[0].dadfailed = true' "$file" >"$work/failed"
run check --dns "$dns" -n good.example.org --against "$work/failed" --json
is "$status" 2 "an address that has failed: exit 2"
run_as_nobody check --dns "$dns" -n good.example.org --against /dev/stdin
is "$status" 3 "an empty file: exit 3"
ok "says so" grep -q "no address in it" "$work/err"

wrong() { # TEXT SENTENCE
	printf '%b' "$1" >"$file"
	against
	is "$status" 3 "wrong file: exit 3: $2"
	ok "in one sentence" grep -qE "^synhole: [^:]*$2" "$work/err"
	is "$(wc -l <"$work/err")" 1 "and no more"
}
wrong '192.0.2.1\nx\033[31m' ', line 2: "x.027.31m" is no address'
wrong '192.0.2.1/33' ', line 1: .* is no address'
wrong '2001:db8::/-1' ', line 1: .* is no address'
wrong '[{"ifname":"eth0","addr_info":[{"local":1}]}]' ': "" in addr_info is no address'
wrong '[{"ifname":"eth0","addr_info":[{"local":"::1","prefixlen":129}]}]' ': ::1 has a wrong prefixlen'
wrong '[[[[' ' is no JSON as ip -j address prints it'
wrong '{}' ' is no JSON as ip -j address prints it: it is no list of links'
head -c 5000000 /dev/zero >"$file"
against
is "$status" 3 "a file that is too large: exit 3"
rm "$file"
against
is "$status" 3 "no file: exit 3"

done_testing
