#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The founding incident from its first lost call to its close: the daemon keeps it, explain says what
# mends it and what that exposes, its steps are done, verify agrees, and mail still leaves by IPv4.
. "$(dirname "$0")/world.sh"
world_begin nsd dovecot php openssl unshare slapd postfix smtp-sink
world_hoster
serve_dns
serve_imap
serve_ldap
serve_smtp
take_mail
address=$mail6
printf '%s\n' 'interfaces = {"eth0"}' "dns = {\"$dns\"}" "store = \"$work/store.db\"" \
	'listen = {}' 'name "imap.example.org" {}' 'name "mail.example.org" {}' >"$work/conf"
inside mail "$synhole" watch -c "$work/conf" >"$work/watch.out" 2>"$work/watch.err" </dev/null &
watch=$!

incidents() { # ARGUMENT...: how many, and the verdict and end of the newest
	"$synhole" incidents --store "$work/store.db" --json "$@" 2>/dev/null |
		jq -r '.incidents | "\(length) \(.[0].verdict) \(.[0].end)"'
}

told() { # WANTED ARGUMENT...
	[[ $(incidents "${@:2}") == "$1" ]]
}

# --- it happens ----------------------------------------------------------------------------------

ok "the client hangs" hangs imap.example.org
is_kept() {
	dial "$mail6" 2 >/dev/null || :
	told "1 blackhole open" --open
}
ok "the daemon opens an incident" eventually is_kept

# --- what explain says ---------------------------------------------------------------------------

run explain --incident 1 --store "$work/store.db" --dns "$dns"
is "$status" 2 "explain the incident: exit 2"
ok "it warns of LDAP" printed '! port 389 \(ldap\), slapd .*not reachable over IPv6'
ok "of the missing reverse name" printed "$mail6 has no name in reverse DNS"
ok "of SPF" printed "SPF record of example.org does not count $mail6"
ok "and of the mail" printed 'keep outgoing mail where it is'
run explain --incident 1 --store "$work/store.db" --dns "$dns" --json
mapfile -t steps < <(jq -r '.destinations[0].plan[].lines | join(" && ")' "$work/out")
is "${#steps[@]}" 3 "three steps: the mail, the address, the way out"

# --- each step left out --------------------------------------------------------------------------

apply() { # STEP that is left out, from 0 on
	for i in "${!steps[@]}"; do
		((i == $1)) || inside mail sh -c "${steps[i]}" 2>>"$work/steps.err"
	done
}

undo() {
	postconf -X smtp_address_preference
	ip -n "$world-mail" -6 route del default 2>/dev/null || :
	ip -n "$world-mail" -6 addr del "$mail6/64" dev eth0 2>/dev/null || :
}

verify() { # ARGUMENT...
	run verify imap.example.org --port 993 --dns "$dns" --no-watch --json "$@"
}

wanted=("reverse-name spf" "owned" "default-route")
for left in "${!steps[@]}"; do
	apply "$left"
	verify
	names "${wanted[left]}" "left out: ${steps[left]}"
	undo
done

verify --store "$work/store.db"
names "default-route incidents owned" "nothing done: the incident is open"

# --- all of them, in their order -----------------------------------------------------------------

apply -1
verify
is "$status" 0 "with all steps verify passes"
names "" "and names none"
ok "the client connects" dial imap.example.org
until [[ -e $work/enough ]]; do dial "$mail6" 2 >/dev/null || : && sleep 0.1; done &
verify --store "$work/store.db" --wait 120
touch "$work/enough"
wait %% || :
is "$status" 0 "verify waits until the incident is closed, too"
json "it says so" '.addresses[] | select(.address == $address) | .steps[]
	| select(.step == "incidents") | .state == "ok" and (.sentence | test("incident.*1 .blackhole"))'
is "$(send_mail)" 4 "mail still leaves by IPv4"
eventually told "1 blackhole answered" || :
is "$(incidents)" "1 blackhole answered" "the incident is closed, because the address answers"
run explain --incident 1 --store "$work/store.db" --dns "$dns"
is "$status" 0 "explain it again: exit 0"
ok "nothing is lacking" printed 'no address and no route is lacking now'
kill "$watch"
wait "$watch" || :
done_testing
