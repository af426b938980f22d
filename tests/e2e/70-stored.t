#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the daemon has kept is listed and shown; whatever a store holds, nothing worse than a
# sentence comes of it.

. "$(dirname "$0")/world.sh"
world_begin sqlite3 setpriv

readonly store=$work/synhole.db
"${synhole%/*}/tests/incidents/write_store" "$store"

read_store() { # ARGUMENT...
	status=0
	"$synhole" "$@" --store "$store" >"$work/out" 2>"$work/err" || status=$?
}

lists() { # IDS ARGUMENT...
	read_store incidents --json "${@:2}"
	is "$status" 0 "incidents ${*:2}: exit 0"
	json "incidents ${*:2}: $1" "[.incidents[].id] == $1"
}

refused() { # DESCRIPTION PATTERN
	is "$status" 3 "$1: exit 3"
	is "$(wc -l <"$work/err")" 1 "$1: one line on standard error"
	ok "$1: it says /$2/" grep -qE -- "$2" "$work/err"
}

printable() {
	! LC_ALL=C grep -nP '[^\x20-\x7e]' "$work/out" "$work/err"
}

# --- the list ------------------------------------------------------------------------------------

read_store incidents
is "$status" 0 "incidents: exit 0"
ok "one line for each" grep -qE '^ +1 +2026-11-22 14:42:00 +29 minutes.* blackhole +2001:db8:1::2 ' \
	"$work/out"
ok "and a sum" grep -qx '3 incidents, 1 of them open.' "$work/out"
lists '[3,2,1]'
json "the document says what it is" '.schema == "synhole/1" and .kind == "incidents"
	and (.more | not)'
json "with every member" '.incidents[2] | .names == ["imap.example.org", "mail.example.org"]
	and .verdict == "blackhole" and .end == "answered" and .failed == 51 and .clients == 2
	and (.events | length) == 9 and .ports[0].port == 993 and .sources[0].kind == "client"
	and .opened == "2026-11-22T14:42:00.000250Z" and (.schedule.times | length) == 5'
lists '[3]' --open
lists '[3]' --since 1h
lists '[2,1]' --until 2026-11-22T15:00:00Z
lists '[1]' --since 2026-11-22T15:11:30Z --until 2026-11-22T15:11:35Z
lists '[]' --until 2026-11-22
lists '[1]' --name imap.example.org
lists '[1]' -n IMAP.example.org.
lists '[]' --name example.org
lists '[2,1]' --address 2001:DB8:1:0::2
lists '[3]' --verdict stray
lists '[3,2]' --limit 2
json "--limit says that there are more" '.more'
read_store incidents --since yesterday
refused "a time that is none" '--since "yesterday".*2d'
read_store incidents --verdict served
refused "a verdict that makes no incident" '--verdict "served".*blackhole'

# --- one -----------------------------------------------------------------------------------------

read_store show 1
is "$status" 0 "show 1: exit 0"
for words in 'closed: the address answers' 'about 51 connections' '28 minutes 29 seconds' \
	'no interface of this host has the address' 'mend: ip -6 addr add 2001:db8:1::2/64 dev eth0' \
	'15:10:00 +address added' '993 +imaps +300' '2001:db8:7::5 +client +280' '8 more SYNs' \
	'IP_INNOROUTES +290' 'IPv6 +none' 'AAAA 2001:db8:1::2 +not owned' \
	'IPv6 via fe80::1 on eth0' '5 +15.0 s'; do
	ok "show 1 says /$words/" grep -qE -- "$words" "$work/out"
done
read_store show 1 --json
json "show --json has the counts and the host beside it" '.kind == "incident" and .id == 1
	and (.minutes | length) == 32 and .minutes[31].answers == 1
	and .opening.kind == "host" and .close.routes[0].gateway == "fe80::1"'
read_store show 3 --json
json "what is not known is null" '.minutes == [] and .opening == null and .close == null'
for what in incidents 'show 2' 'show 2 --json'; do
	# shellcheck disable=SC2086 # the words of a command
	read_store $what
	ok "$what: no byte outside printable ASCII" printable
done
read_store show 99
refused "no such incident" 'no incident 99'
read_store show one
refused "no number" '"one" is no number'

# --- a store made of a recording -----------------------------------------------------------------

readonly recordings=$here/../recordings old=$work/old.db
replay() {
	status=0
	"$synhole" replay "$recordings/founding.pcapng" --host "$recordings/founding.host.json" \
		--zone "$recordings/founding.zone" --store "$old" >"$work/out" 2>"$work/err" ||
		status=$?
}
replay
is "$status" 2 "replay --store: exit 2"
"$synhole" show 1 --store "$old" >"$work/out"
for words in 'lasts +8 seconds' 'about 1 connection ' '993 +imaps +6' 'IPv6 +none' \
	'first client waits'; do
	ok "show of a recording says /$words/" grep -qE -- "$words" "$work/out"
done
"$synhole" show 1 --store "$old" --json >"$work/out"
json "SYNs are counted in the minutes of the recording" '.minutes
	== [{at: "2026-11-22T19:52:00.000000Z", syns: 6, answers: 0}]'
json "the host is that of --host" '.opening.kind == "host"'
replay
refused "a store that is there" "$old is there already"

# --- who may read --------------------------------------------------------------------------------

readonly group=4242
as_reader() { # GROUP
	status=0
	cp "$synhole" "$work/synhole" # who may not be able to look into the build directory
	setpriv --reuid 65534 --regid "$1" --clear-groups "$work/synhole" incidents --store "$store" \
		>"$work/out" 2>"$work/err" || status=$?
}
chgrp $group "$store"*
as_reader $group
is "$status" 0 "a member of its group may read it"
as_reader 65534
refused "another may not" 'Permission denied'

# --- stores of others ----------------------------------------------------------------------------

odd() { # DESCRIPTION PATTERN
	read_store incidents
	refused "$1" "$2"
	rm -rf "$store"*
}
"$synhole" incidents -c /dev/null --store '' >"$work/out" 2>"$work/err" || status=$?
refused "no name" '--store'
echo "store = \"$store\"" >"$work/conf"
status=0
"$synhole" incidents -c "$work/conf" --json >"$work/out" 2>"$work/err" || status=$?
json "the configuration names the store" '.incidents | length == 3'
rm "$store"*
odd "no store" 'there is no store'
mkdir "$store"
odd "a directory" 'no regular file'
head -c 100000 /dev/urandom >"$store"
odd "random bytes" 'damaged'
sqlite3 "$store" 'CREATE TABLE t (x)'
odd "another database" 'no store of synhole'
"${synhole%/*}/tests/incidents/write_store" "$store"
sqlite3 "$store" "UPDATE incidents SET document = '[]' WHERE id = 1"
read_store incidents --json
is "$status" 3 "one damaged record: exit 3"
json "the others are told" '[.incidents[].id] == [3,2]'

done_testing
