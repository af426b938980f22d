#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the daemon serves: metrics as Prometheus wants them, its health, and what it knows, to curl and
# to synhole status.
. "$(dirname "$0")/world.sh"
world_begin nsd curl
world_hoster
serve_dns
mkdir "$work/run"
chgrp 65533 "$work/run" && chmod 2755 "$work/run" # so that the socket is for that group
configure_watch() { # LINE...
	printf '%s\n' 'interfaces = {"eth0"}' "dns = {\"$dns\"}" 'store = ""' \
		'name "imap.example.org" {}' 'name "gone.example.org" {}' "$@" >"$work/conf"
}
configure_watch "listen = {\"127.0.0.1:9469\", \"unix:$work/run/socket\"}"

get() { # PATH [CURL OPTION...]
	inside mail curl -sS --max-time 20 "http://127.0.0.1:9469$1" "${@:2}"
}
metric() { # SERIES VALUE
	get /metrics | grep -xF -- "$1 $2" >/dev/null || { get /metrics && return 1; }
}

run status --socket "$work/run/socket"
is "$status" 3 "no daemon: exit 3"
ok "which is said" grep -q 'not running' "$work/err"

nsenter --net="/run/netns/$world-mail" "$synhole" watch -c "$work/conf" >"$work/watch.out" 2>"$work/watch.err" </dev/null &
watch=$!
ok "well as soon as it watches" eventually get /healthz -f
is "$(get /healthz)" ok "/healthz"
eventually metric 'synhole_dns_failures_total{name="gone.example.org",status="nxdomain"}' 1
run status -c "$work/conf"
ok "a name that is not there: exit 3" test "$status" = 3
ok "a published address that nobody has is not in order, and no incident yet" \
	printed "^latent $mail6|^No incident is open"

dial "$mail6" 4 >/dev/null || :
is_blackhole() {
	run status -c "$work/conf" --json
	[[ $status == 2 ]] && jq -e --arg a "$mail6" '.status == "critical"
		and any(.incidents[]; .address == $a and .verdict == "blackhole" and .clients > 0)' \
		"$work/out"
}
ok "a client in vain: an incident, exit 2" eventually is_blackhole
address=$mail6
json "the document has what a capture's has, and losses" '.schema == "synhole/1" and .kind == "status"
	and .counts.syns == .counts.attributed + .counts.unattributed and .losses.store_errors == 0
	and any(.interfaces[]; .name == "eth0" and .hook != null)
	and any(.names[]; .name == "imap.example.org" and .answered != null)
	and (.incidents[0].fix | length > 0)'
run status -c "$work/conf"
is "$status" 2 "as text: exit 2"
ok "... with the incident, and what mends it" printed "^1: blackhole $mail6 since .* SYNs?, 1 client"
ok "... mend" printed "mend: ip -6 addr add $mail6/64 dev eth0"
ok "/v1/incidents has all that is known" eval "get /v1/incidents | jq -e '.kind == \"incidents\"
	and (.incidents[0].events | length > 1) and (.incidents[0].sources[0].kind == \"client\")'"

series='{name="imap.example.org",type="AAAA",address="2001:db8:1::2"'
ok "metrics: not owned" metric "synhole_address_owned$series}" 0
ok "metrics: owned" metric \
	'synhole_address_owned{name="imap.example.org",type="A",address="198.51.100.2"}' 1
ok "metrics: the verdict" metric "synhole_address_verdict$series,verdict=\"blackhole\"}" 1
ok "metrics: one incident" metric 'synhole_incidents_open{verdict="blackhole"}' 1
ok "metrics: SYNs to the published address" eval "get /metrics |
	grep -E '^synhole_published_syns_total\{.*address=\"2001:db8:1::2\",port=\"993\"\} [1-9]'"
ok "metrics: SYNs of the interface" eval "get /metrics |
	grep -E '^synhole_syns_total\{interface=\"eth0\"\} [1-9]'"
if command -v promtool >/dev/null; then
	lint=$(get /metrics | promtool check metrics 2>&1) && passed=0 || passed=$?
	is "$passed:$lint" "0:" "promtool finds nothing to complain of"
else
	skip "promtool finds nothing to complain of" "promtool is not installed"
fi
ok "200 at once" eval "[[ \$(inside mail curl -sS --parallel --parallel-immediate --parallel-max 200 \
	-o /dev/null -w '%{http_code}\n' 'http://127.0.0.1:9469/metrics?[1-200]' | grep -c 200) == 200 ]]"

run_as_nobody status -c "$work/conf"
is "$status" 3 "another user: exit 3"
ok "... who is told what is missing" grep -q 'not permitted.*run this as root' "$work/err"
status=0
inside mail setpriv --reuid=65534 --regid=65533 --clear-groups "$work/synhole" status \
	--socket "$work/run/socket" >"$work/out" 2>&1 || status=$?
is "$status" 2 "a member of the socket's group may ask"

configure_watch 'listen = {"127.0.0.1:9470"}'
kill -HUP "$watch"
moved() { inside mail curl -sSf http://127.0.0.1:9470/healthz && fails get /healthz; }
ok "SIGHUP: another place to listen on" eventually moved
ok "... the file of the old one is gone" test ! -e "$work/run/socket"
run status -c "$work/conf"
is "$status" 3 "no Unix socket: exit 3"
ok "... which is said" grep -q '"listen".*no Unix socket' "$work/err"
configure_watch 'listen = {"192.0.2.77:9470"}'
kill -HUP "$watch"
ok "SIGHUP: a place that cannot be had changes nothing" eventually \
	grep -q '192.0.2.77:9470.*nothing is changed' "$work/watch.err"
ok "... the old one is served" inside mail curl -sSf http://127.0.0.1:9470/healthz
configure_watch 'listen = {"127.0.0.1:9472"}' \
	"alertmanager = {$(printf '"http://192.0.2.%d", ' {1..8})\"http://192.0.2.9\"}"
kill -HUP "$watch"
ok "SIGHUP: more Alertmanagers than it can tell change nothing" eventually \
	grep -q 'more than 8 Alertmanagers; nothing is changed' "$work/watch.err"
ok "... the old place is served" inside mail curl -sSf http://127.0.0.1:9470/healthz
ok "... the other is not" fails inside mail curl -sSf http://127.0.0.1:9472/healthz
ended=0
kill "$watch" && wait "$watch" || ended=$?
is "$ended" 0 "SIGTERM ends it"

if command -v systemd-socket-activate >/dev/null; then
	configure_watch 'listen = {"127.0.0.1:9470"}'
	nsenter --net="/run/netns/$world-mail" systemd-socket-activate -l 127.0.0.1:9471 \
		"$synhole" watch -c "$work/conf" >"$work/watch.out" 2>"$work/watch.err" </dev/null &
	ok "a socket that systemd has opened is served, too" eventually inside mail curl -sSf \
		--max-time 10 http://127.0.0.1:9471/healthz http://127.0.0.1:9470/healthz
	kill -HUP $! && eventually grep -q 'was read again' "$work/watch.err"
	ok "... also after a reload" inside mail curl -sSf http://127.0.0.1:9471/healthz
	kill $!
else
	skip "a socket that systemd has opened is served, too" "systemd-socket-activate is not installed"
fi

done_testing
