#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The daemon dies, at any moment, and comes again: no SYN is lost and none is counted twice, no
# incident is lost that was reported, and one program is on the interface. KILLS: how often.

. "$(dirname "$0")/world.sh"
. "$here/daemon.sh"
world_begin nsd curl bpftool python3 sqlite3
world_hoster
serve_dns
inside mail ip -6 route add default via fe80::1 dev eth0
hostmac=$(mac mail eth0)
address=$mail6
kills=${KILLS:-6}
[[ -d $(dirname "$(dirname "$(pins mail)")") ]] || skip_all "no BPF file system is mounted"

send() { # COUNT ADDRESS
	inside router "$here/syn.py" --dev host --to "$hostmac" --count "$1" "$2"
}

syns_are() { # N: on the interface
	metric_is 'synhole_syns_total{interface="eth0"}' "$1"
}

programs() { # on the way in and out of the mail host
	inside mail "$here/tcx.py" eth0
}

is_two() { [[ $(programs) == "1 1" ]]; }

fails_with() { # WORDS COMMAND...
	local out
	! out=$("${@:2}" 2>&1) && [[ $out == *"$1"* ]]
}

# --- counting goes on ----------------------------------------------------------------------------

configure_daemon 'name "imap.example.org" {}' 'name "lo.example.org" {}' 'name "moving.example.org" {}' \
	'quiet = 600'
ok "the daemon serves" daemon_begin
send 10 "$mail6"
ok "an incident of 10 SYNs" eventually incident_is '$i.syns == 10 and $i.verdict == "blackhole"'
daemon_end
is "$status" 0 "SIGTERM: 0"
is "$(programs)" "1 1" "its programs stay: one on the way in, one on the way out"
send 7 "$mail6"
ok "it comes again" daemon_begin
ok "what came while it was away is counted" eventually syns_are 17
ok "and belongs to the incident, once" eventually incident_is '$i.id == 1 and $i.syns == 17'
ok "which was not closed meanwhile, though DNS answers only after the first look" incident_is '$i.reopened == 0'
ok "a second daemon is refused, and told who runs" eventually fails_with "pid $daemon" \
	inside mail "$synhole" watch -c "$work/synhole.conf"

# --- killed at any moment ------------------------------------------------------------------------

sent=17
for ((n = 0; n < kills; n++)); do
	send 1 "$mail6"
	sent=$((sent + 1))
	sleep "0.$((RANDOM % 10))"
	daemon_end KILL
	send 1 "$mail6"
	sent=$((sent + 1))
	nsenter --net="/run/netns/$world-mail" "$synhole" watch -c "$work/synhole.conf" \
		>>"$work/daemon.out" 2>>"$work/daemon.err" </dev/null &
	daemon=$!
	sleep "0.$((RANDOM % 10))"
done
ok "after $kills kills it serves" eventually get /healthz
ok "no SYN is lost" eventually syns_are "$sent"
is "$(programs)" "1 1" "one program on the way in, one on the way out"
ok "the incident is the same" eventually incident_is '($all | length) == 1 and $i.id == 1'
ok "and has every SYN" eventually incident_is "\$i.syns == $sent"
ok "the store is whole" inside mail "$synhole" show 1 --store "$work/synhole.db"

# --- killed while it writes ----------------------------------------------------------------------

# An incident that has grown waits to be written, another opens, and that is written at once: dies in
# the midst of it, when it makes this system call for the Nth time.
dies_in() { # CALL N ADDRESS
	strace -qq -o /dev/null -p "$daemon" -e trace="$1" -e inject="$1:signal=KILL:when=$2" &
	tracer=$!
	eventually grep -q '^TracerPid:.*[1-9]' "/proc/$daemon/status"
	send 3 "$mail6"
	sent=$((sent + 3))
	eventually incident_is "\$i.syns == $sent"
	send 2 "$3"
	wait "$tracer" 2>/dev/null || :
	status=0
	wait "$daemon" 2>/dev/null || status=$?
	is "$status" 137 "it dies in its $1 $2"
	ok "it comes again" daemon_begin
	ok "the incident that waited has every SYN, once" eventually incident_is "\$i.syns == $sent"
	address=$3
	ok "and so has the one that opened" eventually incident_is '$i.syns == 2'
	address=$mail6
}

if command -v strace >/dev/null; then
	dies_in fdatasync 1 2001:db8:1::10
	dies_in pwrite64 2 2001:db8:1::20
else
	skip "killed while it writes" "strace is not installed"
fi

# --- many that have closed since ------------------------------------------------------------------

daemon_end
sqlite3 "$work/synhole.db" "
	WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 300)
	INSERT INTO incidents (address, names, verdict, severity, opened, closed, last, document)
	SELECT '192.0.2.' || i, '', verdict, severity, opened, unixepoch() * 1000000000, last,
		json_set(document, '$.id', 1000 + i, '$.end', 'quiet', '$.address', '203.0.113.' || (i % 256),
			'$.closed', strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
	FROM n, incidents WHERE id = 1"
ok "with 300 that closed since, it comes again" daemon_begin
send 1 "$mail6"
sent=$((sent + 1))
ok "the old one that is open goes on" eventually incident_is "\$i.id == 1 and \$i.syns == $sent"

# --- another table -------------------------------------------------------------------------------

daemon_end
rm "$(pins mail)/layout"
ok "what does not fit is replaced" daemon_begin
is "$(programs)" "1 1" "and no program is there twice"
send 3 "$mail6"
ok "counting begins anew, the incident goes on" eventually incident_is "\$i.id == 1 and \$i.syns == $((sent + 3))"

# --- taken off behind its back -------------------------------------------------------------------

ok "somebody takes it off" bpftool link detach pinned "$(pins mail)/i$(ip -n "$world-mail" -j link show dev eth0 | jq ".[0].ifindex")"
is "$(programs)" "0 1" "it is off"
ok "what somebody takes off comes back" eventually said "it is attached again"
ok "and there are two again" eventually is_two
send 2 "$mail6"
ok "it counts" eventually incident_is "\$i.syns >= $((sent + 5))"

# --- removed -------------------------------------------------------------------------------------

ok "while it runs nothing is removed" fails_with "pid $daemon" inside mail "$synhole" watch --detach-all
daemon_end
ok "--detach-all" inside mail "$synhole" watch --detach-all
is "$(programs)" "0 0" "no program is left"
ok "nothing is pinned" test ! -e "$(pins mail)"
ok "again: nothing to do" inside mail "$synhole" watch --detach-all
done_testing
