#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# explain --incident: what the daemon has kept, and what is lacking still.
. "$(dirname "$0")/world.sh"
world_begin nsd php unshare
world_hoster
serve_dns
address=$mail6
printf '%s\n' 'interfaces = {"eth0"}' "dns = {\"$dns\"}" "store = \"$work/store.db\"" \
	'name "imap.example.org" {}' >"$work/conf"

explain_it() { # ARGUMENT...
	run explain --incident 1 --store "$work/store.db" --dns "$dns" "$@"
}

run explain --incident 1 --store "$work/store.db"
is "$status" 3 "no store: exit 3"

inside mail "$synhole" watch -c "$work/conf" >"$work/watch.out" 2>"$work/watch.err" </dev/null &
watch=$!
is_kept() {
	dial "$mail6" 2 >/dev/null || :
	explain_it --no-dns && [[ $status = 2 ]]
}
ok "the daemon keeps an incident" eventually is_kept

explain_it --json
is "$status" 2 "explain it: exit 2"
json "the incident as it was kept" '.kind == "explain" and $d.id == 1
	and $d.verdict == "blackhole" and $d.closed == null and $d.syns >= 1
	and ($d.events | length >= 1) and $d.rule.row == 12'
json "its evidence, and the host of now" '[$d.evidence[].about]
	| contains(["published", "called", "callers", "owned", "default-route"])'
json "and the mend, step by step" '[$d.plan[].lines[]]
	== ["ip -6 addr add 2001:db8:1::2/64 dev eth0", "ip -6 route add default via fe80::1 dev eth0"]
	and [$d.withdraw[].name] == ["imap.example.org"]'

inside mail ip -6 addr add "$mail6/64" dev eth0
explain_it --as nixos
ok "what is lacking still" printed 'networking.defaultGateway6'
ok "and nothing else" fails printed 'ip -6 addr add'
ok "what happened, and when" printed '^  20[0-9-]{8}T.*Z  '
inside mail ip -6 route add default via fe80::1 dev eth0
explain_it
ok "in the end nothing is" printed 'no address and no route is lacking now'

run explain 2001:db8:1::3 --incident 1 --store "$work/store.db"
is "$status" 3 "another address than the incident's: exit 3"
ok "which is said" grep -q 'of another address' "$work/err"
run explain --incident 99 --store "$work/store.db"
is "$status" 3 "no such incident: exit 3"
kill "$watch"
wait "$watch" || :
done_testing
