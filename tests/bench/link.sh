#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# SYNs a second from a veth pair up the stack: unwatched, watched by synhole in its default mode,
# by nft and by tcpdump. Before each of them, in every round, the unwatched link is measured anew:
# what is told is a ratio of two neighbours in time.
#
# Usage: link.sh SYNHOLE BENCH_SEND [ROUNDS]

set -euo pipefail

readonly synhole=$1 generator=$2 count=300000 rounds=${3:-5}
readonly away=sh-bench-$$-a here=sh-bench-$$-h
readonly setups=(synhole nft "tcpdump other" "tcpdump these")
work=$(mktemp -d)
stats=$(sysctl -n kernel.bpf_stats_enabled)
watcher=

inside() { # NAMESPACE COMMAND...
	nsenter --net=/run/netns/"$1" "${@:2}"
}

leave() {
	sysctl -qw kernel.bpf_stats_enabled="$stats"
	[[ -z $watcher ]] || kill "$watcher" 2>/dev/null || :
	ip netns del "$away" 2>/dev/null || :
	ip netns del "$here" 2>/dev/null || :
	rm -rf "$work"
}

die() {
	echo "link.sh: $*" >&2
	exit 1
}

# Nothing but the generator's frames goes over the link: no neighbour discovery, no reports.
make_world() {
	ip netns add "$away"
	ip netns add "$here"
	ip -n "$away" link add out type veth peer name in netns "$here"
	inside "$away" sysctl -qw net.ipv6.conf.out.disable_ipv6=1
	ip -n "$here" link set in address 02:00:5e:10:00:02
	ip -n "$here" link set lo up
	ip -n "$here" link set in up
	ip -n "$away" link set out up
	inside "$here" ethtool -K in gro on
	sleep 2 # addresses and groups have been announced
}

received() {
	# shellcheck disable=SC2016 # awk's
	inside "$here" awk '$1 == "Ip6InReceives" { print $2 }' /proc/net/snmp6
}

wait_for() { # FILE TEXT
	for _ in {1..100}; do
		! grep -qs "$2" "$1" || return 0
		sleep 0.05
	done
	die "$watching did not begin: $(cat "$1")"
}

attached() {
	for _ in {1..100}; do
		! grep -qs tcx /proc/"$watcher"/fdinfo/* || return 0
		[[ -z $(inside "$here" tc filter show dev in egress) ]] || return 0
		sleep 0.05
	done
	die "synhole did not attach: $(cat "$work/said")"
}

ruleset='table ip6 watch {
	set strangers { type ipv6_addr; size 65536; flags dynamic; counter; }
	chain in {
		type filter hook prerouting priority raw;
		tcp flags & (syn | ack) == syn fib daddr type != local update @strangers { ip6 daddr }
	}
}'

watch() { # SETUP
	watching=$1
	case $watching in
	nothing) return ;;
	nft) inside "$here" nft "$ruleset" && return ;;
	synhole)
		nsenter --net=/run/netns/"$here" "$synhole" capture -i in --no-dns -d 60 --json \
			>"$work/report" 2>"$work/said" &
		watcher=$!
		attached
		return
		;;
	"tcpdump other") filter='tcp port 9' ;;
	"tcpdump these") filter='tcp port 993' ;;
	esac
	nsenter --net=/run/netns/"$here" tcpdump -U -n -i in -w /dev/null "$filter" >/dev/null 2>"$work/said" &
	watcher=$!
	wait_for "$work/said" 'listening on'
}

# What it says of the SYNs: a watcher that has seen nothing has cost nothing.
unwatch() {
	local seen=
	if [[ $watching == nft ]]; then
		seen=$(inside "$here" nft -j list set ip6 watch strangers | grep -o '"packets"' | wc -l)
		inside "$here" nft delete table ip6 watch
		((seen > 0)) || die "nft has counted nothing"
	elif [[ -n $watcher ]]; then
		kill "$watcher"
		wait "$watcher" || :
		watcher=
	fi
	if [[ $watching == synhole ]]; then
		seen=$(jq '[.. | .syns? | numbers] | max' "$work/report")
		((seen >= count)) || die "synhole saw $seen SYNs of $count"
	fi
}

# Millions of SYNs a second.
measure() { # SETUP one|random
	local before after seconds
	watch "$1"
	before=$(received)
	seconds=$(inside "$away" "$generator" out 02:00:5e:10:00:02 "$2" "$count")
	sleep 0.1
	after=$(received)
	unwatch
	((after - before >= count * 99 / 100)) || die "$1: $((after - before)) of $count came in"
	rate=$(awk -v n=$((after - before)) -v s="$seconds" 'BEGIN { printf "%.4f", n / s / 1e6 }')
}

compare() { # SETUP one|random
	local unwatched rate
	measure nothing "$2"
	unwatched=$rate
	measure "$1" "$2"
	echo "$unwatched $rate" >>"$work/$1.$2"
}

spread() { # FILE: least, median and most of its numbers
	sort -n "$1" | awk '
		{ v[NR] = $1 }
		END { printf "%8.3f %8.3f %8.3f", v[1], v[int((NR + 1) / 2)], v[NR] }'
}

tell() { # SETUP one|random
	local ratios unwatched watched
	unwatched=$(spread <(cut -d' ' -f1 "$work/$1.$2"))
	watched=$(spread <(cut -d' ' -f2 "$work/$1.$2"))
	ratios=$(spread <(awk '{ print 100 * $2 / $1 }' "$work/$1.$2"))
	printf '%-14s %-7s %s %s   ' "$1" "$2" "$unwatched" "$watched"
	# shellcheck disable=SC2086 # three numbers
	printf '%6.1f %6.1f %6.1f\n' $ratios
}

# What the kernel says of each of synhole's programs. Its own clock is in it, so this is no part of
# the rounds.
profile() { # one|random
	local id
	watch synhole
	sysctl -qw kernel.bpf_stats_enabled=1
	inside "$away" "$generator" out 02:00:5e:10:00:02 "$1" "$count" >/dev/null
	sysctl -qw kernel.bpf_stats_enabled="$stats"
	sed -n 's/^prog_id:\t//p' /proc/"$watcher"/fdinfo/* | sort -u | while read -r id; do
		bpftool -j prog show id "$id" | jq -r --arg n "$count" --arg keys "$1" '
			select(.run_cnt >= ($n | tonumber)) |
			"\(.name), \($keys): \(.run_time_ns / .run_cnt | round) ns"'
	done
	unwatch
}

trap leave EXIT
make_world
for ((round = 0; round < rounds; round++)); do
	for keys in one random; do
		for setup in "${setups[@]}"; do compare "$setup" "$keys"; done
	done
done
echo "millions of SYNs a second through the stack: unwatched, watched, and the ratio in per cent"
echo "(each least, median, most), to one stranger and to a new one each time"
for keys in one random; do
	for setup in "${setups[@]}"; do tell "$setup" "$keys"; done
done
echo "the kernel's own account (about 20 ns of each are its clock's)"
for keys in one random; do profile "$keys"; done
