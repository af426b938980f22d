#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Bad input gets one clear sentence and exit 3; hostile bytes never reach the terminal.

. "$(dirname "$0")/world.sh"
world_begin nsd setpriv
world_hoster
serve_dns

# One line that says what is meant, exit 3, and nothing that could be taken for data.
refused() { # DESCRIPTION PATTERN
	is "$status" 3 "$1: exit 3"
	is "$(wc -l <"$work/err")" 1 "$1: one line on standard error"
	ok "$1: it says /$2/" grep -qiE -- "$2" "$work/err"
	is "$(wc -c <"$work/out")" 0 "$1: nothing on standard output"
}

bad() { # DESCRIPTION PATTERN ARGUMENT...
	run "${@:3}"
	refused "$1" "$2"
}

# --- usage ---------------------------------------------------------------------------------------

run
is "$status" 3 "no command: exit 3"
ok "no command: standard error tells which there are" grep -qw capture "$work/err"
is "$(wc -c <"$work/out")" 0 "no command: nothing on standard output"
bad "an unknown command" 'captre.*capture' captre
bad "an unknown option" '--interfaec.*--interface' capture --interfaec eth0
bad "an unknown option of check" '--naem.*--name' check --naem imap.example.org
bad "an unknown short option" '-Z' capture -Z
bad "an option without its value" '-d|--duration|--seconds' capture -d
bad "an argument too many" 'eth0' capture eth0
bad "an unknown way to attach" 'nativ.*(native|auto)' capture --attach nativ
for seconds in 0 -1 ten 10x 1e99 '' 99999999999999999999; do
	bad "a duration of '$seconds'" '-d|seconds|duration' capture -i eth0 -d "$seconds"
done
bad "a broken limit" 'limit' capture -i eth0 --limit x
bad "a resolver that is no address" 'resolver\.example' check -n a.example.org \
	--dns resolver.example
bad "a resolver with a broken port" '70000' check -n a.example.org --dns 192.0.2.53:70000
bad "check without a name" 'name' check
bad "an empty name" 'empty|name' check -n ''
bad "an over-long name" '253|long' check -n "$(printf 'a%.0s.' {1..130})org"
bad "an over-long label" '63|long' check -n "$(printf 'a%.0s' {1..64}).example.org"
bad "a name with an empty label" 'empty|label' check -n a..example.org
bad "a capture of an over-long label" '63|long' capture -i eth0 -n "$(printf 'a%.0s' {1..64}).org"
bad "a hostile name" '\\027\[31m' check -n $'\e[31m..example.org'
bad "no such interface" 'nosuch0' capture -i nosuch0 --no-dns
bad "an empty interface" 'interface' capture -i '' --no-dns
bad "an over-long interface" 'interface' capture -i abcdefghijklmnopqrstuvwxyz --no-dns
bad "a hostile interface" '\\027\[31m' capture -i $'\e[31m' --no-dns

for command in '' capture check host; do
	for option in --help -h --version; do
		# shellcheck disable=SC2086 # no command is no argument
		run $command $option
		is "$status" 0 "synhole $command $option: exit 0"
		ok "synhole $command $option: on standard output" test -s "$work/out" -a ! -s "$work/err"
	done
done

# --- privilege -----------------------------------------------------------------------------------

run_as_nobody capture -i eth0 --no-dns -d 1
refused "without privilege" 'CAP_(BPF|NET_ADMIN)'
readonly perfmon=cap_38 bpf=cap_39 # by number, which setpriv knows in any version
run_as "-all,+$bpf,+$perfmon" capture -i eth0 --no-dns -d 1
refused "without CAP_NET_ADMIN" 'CAP_NET_ADMIN'
run_as "-all,+net_admin,+$perfmon" capture -i eth0 --no-dns -d 1
refused "without CAP_BPF" 'CAP_BPF'
run_as "-all,+net_admin,+$bpf" capture -i eth0 --no-dns -d 1
[[ $status -eq 0 ]] || refused "without CAP_PERFMON" 'CAP_PERFMON'
run_as "-all,+net_admin,+$bpf,+$perfmon" capture -i eth0 --no-dns -d 1 --json
is "$status" 0 "with these three: exit 0"
json "it captures, for as long as it was told" '.interfaces[0].name == "eth0" and .seconds >= 1'
run_as_nobody host --json
is "$status" 0 "synhole host needs no privilege"

# --- DNS that fails ------------------------------------------------------------------------------

asked() { # NAME EXIT STATUS [ARGUMENT...]
	run check -n "$1" --dns "${4:-$dns}" --json
	is "$status" "$2" "check -n $1 (${4:-$dns}): exit $2"
	json "its status is $3" ".names | length == 1 and .[0].status == \"$3\""
}

asked good.example.org 0 ok
asked good.example.org 0 ok $dns:53
asked alias.example.org 1 ok
asked nothing.example.org 3 nxdomain
asked text.example.org 3 nodata
asked elsewhere.test 3 refused
began=$SECONDS
asked good.example.org 3 timeout 192.0.2.54
echo "# a dead resolver costs $((SECONDS - began)) s"
run check -n good.example.org --dns 192.0.2.1 --json
is "$status" 3 "check with a resolver that refuses: exit 3"
json "and says so" '.names[0] | .status != "ok" and (.error | length > 0)'
run capture -i eth0 -d 1 -n good.example.org --dns 192.0.2.54 --json
is "$status" 3 "capture with a dead resolver: exit 3"
json "it captured nevertheless" '.status == "unknown" and .interfaces[0].frames >= 0
	and .names[0].status == "timeout"'
run check -n good.example.org -n imap.example.org -n nothing.example.org --dns $dns --json
is "$status" 3 "unknown wins over warning"
json "and the others are there" '[.names[].status] | sort == ["nxdomain", "ok", "ok"]'

# --- hostile bytes -------------------------------------------------------------------------------

printable() {
	! LC_ALL=C grep -nP '[^\x20-\x7e]' "$work/out" "$work/err"
}

readonly hostile='ev\\027[31mil\\200\\255\\010.example.org'
run check --mx hostile.example.org --dns $dns
is "$status" 1 "a hostile MX target: exit 1"
ok "no byte outside printable ASCII" printable
ok "it is spelled out" grep -qF "${hostile//\\\\/\\}" "$work/out"
run check --mx hostile.example.org --dns $dns --json
ok "nor in JSON" printable
json "it is spelled out in JSON" "any(.names[]; .name == \"$hostile\") and
	any(.destinations[].published[]; .name == \"$hostile\")"

done_testing
