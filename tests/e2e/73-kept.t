#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The daemon while its store fails: the disk is full, somebody has locked it, it is damaged, it is
# removed. It watches on, says so, and what it could not write is there when it can be written.

. "$(dirname "$0")/world.sh"
. "$here/daemon.sh"
world_begin nsd curl sqlite3 mkfifo
world_hoster
serve_dns
address=$mail6
mkdir "$work/disk"
readonly store=$work/disk/synhole.db names='name "imap.example.org" {}'
mount -t tmpfs -o size=2m tmpfs "$work/disk"
trap 'umount -l "$work/disk"; world_end' EXIT

begin() {
	rm -f "$work/daemon.err"
	daemon_begin
}

# A client calls one of the prefix's addresses that nobody has, and waits a little.
call() {
	inside client timeout 1.2 bash -c "exec 3<>/dev/tcp/$address/993" 2>/dev/null || :
}

is_open() {
	call
	incident_is '$i.verdict == "blackhole" and $i.end == "open"'
}

# What a reader finds of the address, "null" if nothing.
kept() {
	"$synhole" incidents --store "$store" --address "$address" --json 2>/dev/null |
		jq -r '.incidents[0].end'
}

is_kept() { # END
	[[ $(kept) == "$1" ]]
}

errors() { metric synhole_store_errors_total; }

# --- the disk is full ----------------------------------------------------------------------------

configure_daemon "$names"
sed -i "s|^store = .*|store = \"$store\"|" "$work/synhole.conf"
ok "the daemon serves" begin
dd if=/dev/zero of="$work/disk/filler" bs=4k 2>/dev/null || :
ok "the disk is full: an incident opens all the same" eventually is_open
ok "the log says so" eventually said 'disk is full'
ok "and that incidents are kept in memory" said 'kept in memory'
ok "the metric counts it" test "$(errors)" -gt 0
ok "health tells of it" fails get /healthz
ok "a reader finds nothing yet" fails is_kept open
rm "$work/disk/filler"
ok "there is room again: it is written" eventually is_kept open
ok "the log says that, too" eventually said 'can be written again'
ok "health is well" eventually get /healthz

# --- somebody has locked it ----------------------------------------------------------------------

mkfifo "$work/lock"
# The daemon may be writing just now: then it waits, and never goes on without the lock.
sqlite3 -bail -cmd '.timeout 10000' "$store" <"$work/lock" >/dev/null 2>"$work/lock.err" &
locker=$!
exec 9>"$work/lock"
echo 'BEGIN IMMEDIATE; DELETE FROM incidents;' >&9
is_locked() { ! sqlite3 "$store" 'BEGIN IMMEDIATE' 2>/dev/null; }
ok "it is locked" eventually is_locked
before=$(errors)
# What changes is written at once: another cause.
ip -n "$world-mail" -6 route add default via fe80::1 dev eth0
changed() { # CAUSES
	call
	incident_is "\$i.causes == $1"
}
fails_again() { [[ $(errors) -gt $before ]]; }
ok "the incident changes all the same" eventually changed '["address-missing"]'
ok "writing fails" eventually fails_again
ok "the log says why" eventually said 'another process has locked it'
ok "it watches on" incident_is '$i.end == "open"'
kill -9 "$locker"
exec 9>&-
wait "$locker" 2>/dev/null || :
has_changed() {
	"$synhole" incidents --store "$store" --json | jq -e '.incidents[0].causes == ["address-missing"]'
}
ok "free again: what has changed meanwhile is written" eventually has_changed

# --- it is removed -------------------------------------------------------------------------------

rm "$store"*
ip -n "$world-mail" -6 route del default
ok "the incident changes again" eventually changed '["address-missing", "no-default-route"]'
ok "removed: a new one begins, and says so" eventually said 'removed or replaced'
ok "with the incident that is open" eventually is_kept open

# --- it is damaged -------------------------------------------------------------------------------

daemon_end
is "$status" 0 "the daemon ends with 0"
head -c 50000 /dev/urandom >"$store"
cp "$store" "$work/damaged"
ok "damaged: the daemon serves" begin
ok "the log says where it went" said 'corrupt-2'
ok "nothing of it was lost" cmp "$work/damaged" "$store".corrupt-2*Z
ok "an incident opens" eventually is_open
ok "and is kept" eventually is_kept open
daemon_end
is "$status" 0 "the daemon ends with 0"

done_testing
