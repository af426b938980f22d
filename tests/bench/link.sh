#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a link keeps of its throughput and of its SYNs a second while it is watched: by synhole in its
# default mode, and by what one would use instead. Before each watcher, in every round, the
# unwatched link is measured anew: what is told is a ratio of two neighbours in time. "hooks" are
# synhole's with nothing in them: what the kernel takes for them, whoever uses them.
#
# Usage: link.sh SYNHOLE BENCH_SEND BENCH_HOOKS [ROUNDS]
# On a machine that does other things meanwhile, CLOCK=cpu counts SYNs for each second that the
# processor spent on them.

set -euo pipefail

readonly synhole=$1 generator=$2 hooks=$3 count=150000 rounds=${4:-5}
readonly away=sh-bench-$$-a here=sh-bench-$$-h
readonly watchers=(synhole hooks nft "tcpdump other" "tcpdump these" bpftrace)
# TCP's throughput; SYNs to a port that is served, to one that is closed, to one stranger, and to a
# new stranger each time.
readonly rows=(iperf3 served closed stranger strangers)
readonly served=2001:db8:1:0:8000::9 closed=2001:db8:1:0:8000::a # as in the vectors
work=$(mktemp -d)
stats=$(sysctl -n kernel.bpf_stats_enabled)
watcher=
helpers=()

# What goes to the background is not called by this, so that its process is the command's.
inside() { # NAMESPACE COMMAND...
	nsenter --net=/run/netns/"$1" "${@:2}"
}

leave() {
	sysctl -qw kernel.bpf_stats_enabled="$stats"
	[[ -z $watcher ]] || kill "$watcher" 2>/dev/null || :
	[[ ${#helpers[@]} -eq 0 ]] || kill "${helpers[@]}" 2>/dev/null || :
	ip netns del "$away" 2>/dev/null || :
	ip netns del "$here" 2>/dev/null || :
	rm -rf "$work"
}

die() {
	echo "link.sh: $*" >&2
	exit 1
}

# Nothing but the generator's frames and iperf3's go over the link: no neighbour discovery, no
# reports. Whoever is answered is behind a router whose MAC address is known.
make_world() {
	ip netns add "$away"
	ip netns add "$here"
	ip -n "$away" link add out type veth peer name in netns "$here"
	inside "$away" sysctl -qw net.ipv6.conf.out.disable_ipv6=1
	inside "$here" sysctl -qw net.ipv6.conf.in.accept_dad=0 net.ipv4.tcp_syncookies=2
	ip -n "$away" link set out address 02:00:5e:10:00:01
	ip -n "$here" link set in address 02:00:5e:10:00:02
	ip -n "$here" link set lo up
	ip -n "$here" link set in up
	ip -n "$away" link set out up
	ip -n "$away" addr add 192.0.2.1/24 dev out
	ip -n "$here" addr add 192.0.2.2/24 dev in
	ip -n "$here" addr add $served/128 dev in nodad
	ip -n "$here" addr add $closed/128 dev in nodad
	ip -n "$here" -6 route add 2001:db8:7::/64 via fe80::1 dev in
	ip -n "$here" -6 neigh add fe80::1 dev in lladdr 02:00:5e:10:00:01 nud permanent
	inside "$here" ethtool -K in gro on
	sleep 2 # addresses and groups have been announced
}

serve() {
	nsenter --net=/run/netns/"$here" iperf3 -s -B 192.0.2.2 >/dev/null 2>&1 &
	helpers+=($!)
	nsenter --net=/run/netns/"$here" python3 -c "
import socket, time
s = socket.socket(socket.AF_INET6)
s.bind(('$served', 993))
s.listen(4096)
time.sleep(100000)" &
	helpers+=($!)
	for _ in {1..100}; do
		[[ $(inside "$here" ss -Hltn | wc -l) -lt 2 ]] || return 0
		sleep 0.05
	done
	die "the servers did not begin"
}

counter() { # NAME in the kernel's own counts
	inside "$here" nstat -asz "$1" | awk -v name="$1" '$1 == name { print $2 }'
}

wait_for() { # FILE TEXT
	for _ in {1..200}; do
		! grep -qs "$2" "$1" || return 0
		sleep 0.05
	done
	die "$watching did not begin: $(cat "$1")"
}

attached() {
	for _ in {1..200}; do
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

# shellcheck disable=SC2016 # bpftrace's
script='tracepoint:net:netif_receive_skb {
	$skb = (struct sk_buff *)args->skbaddr;
	$ip = (struct ipv6hdr *)($skb->head + $skb->network_header);
	if ($ip->nexthdr == 6) { @[$ip->daddr.in6_u.u6_addr8] = count(); }
}'

watch() { # WATCHER
	watching=$1
	case $watching in
	nothing) return ;;
	nft) inside "$here" nft "$ruleset" && return ;;
	synhole)
		nsenter --net=/run/netns/"$here" "$synhole" capture -i in --no-dns -d 600 --json >"$work/report" \
			2>"$work/said" &
		watcher=$!
		attached
		return
		;;
	hooks)
		nsenter --net=/run/netns/"$here" "$hooks" in >"$work/said" 2>&1 &
		watcher=$!
		wait_for "$work/said" attached
		return
		;;
	bpftrace) # which looks for its tracepoints in what may not be mounted
		# shellcheck disable=SC2016 # of the inner shell
		unshare -m sh -c 'mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
			exec nsenter --net="$1" bpftrace -e "$2"' sh /run/netns/"$here" "$script" \
			>"$work/said" 2>&1 &
		watcher=$!
		wait_for "$work/said" 'Attaching'
		sleep 1
		return
		;;
	"tcpdump other") filter='tcp port 9' ;;
	"tcpdump these") filter='ip6 and tcp port 993 or tcp port 5201' ;;
	esac
	nsenter --net=/run/netns/"$here" tcpdump -U -n -i in -w /dev/null "$filter" >/dev/null 2>"$work/said" &
	watcher=$!
	wait_for "$work/said" 'listening on'
}

# What it says of the SYNs: a watcher that has seen nothing has cost nothing.
unwatch() { # SYNs that came meanwhile
	local seen=1 least=1
	if [[ $watching == nft ]]; then
		seen=$(inside "$here" nft -j list set ip6 watch strangers | grep -o '"packets"' | wc -l)
		inside "$here" nft delete table ip6 watch
	elif [[ -n $watcher ]]; then
		kill -INT "$watcher"
		wait "$watcher" || :
		watcher=
	fi
	case $watching in
	synhole) least=$1 seen=$(jq .counts.syns "$work/report") ;;
	bpftrace) seen=$(grep -c '^@' "$work/said" || :) ;;
	"tcpdump these") seen=$(awk '/packets received by filter/ { print $1 }' "$work/said") ;;
	esac
	((seen >= least)) || die "$watching has seen $seen SYNs of $least: $(tail -n 3 "$work/said")"
}

# Gbit/s.
measure_iperf3() {
	inside "$away" iperf3 -c 192.0.2.2 -t 1 -J | jq '.end.sum_received.bits_per_second / 1e9'
}

# What the kernel counts of a row's SYNs: that they came, or that they were answered.
declare -A fate=([served]=TcpExtSyncookiesSent [closed]=TcpOutRsts [stranger]=Ip6InReceives
	[strangers]=Ip6InReceives)
declare -A target=([served]="9 many" [closed]="a many" [stranger]="2 one" [strangers]="random one")

# Millions of SYNs a second.
measure_syns() { # ROW
	local before after seconds
	before=$(counter "${fate[$1]}")
	# shellcheck disable=SC2086 # two words
	seconds=$(inside "$away" "$generator" out 02:00:5e:10:00:02 ${target[$1]} $count)
	if [[ ${CLOCK:-wall} == cpu ]]; then seconds=${seconds#* }; else seconds=${seconds% *}; fi
	sleep 0.1
	after=$(counter "${fate[$1]}")
	((after - before >= count * 99 / 100)) || die "$1: $((after - before)) of $count came in"
	awk -v n=$((after - before)) -v s="$seconds" 'BEGIN { printf "%.4f\n", n / s / 1e6 }'
}

measure_all() { # WATCHER FILE: a number for each row
	local row
	watch "$1"
	for row in "${rows[@]}"; do
		if [[ $row == iperf3 ]]; then measure_iperf3; else measure_syns "$row"; fi
	done >"$2"
	unwatch $(((${#rows[@]} - 1) * count))
}

spread() { # least, median and most of the numbers on standard input
	sort -n | awk '{ v[NR] = $1 } END { printf "%8.3f %8.3f %8.3f", v[1], v[int((NR + 1) / 2)], v[NR] }'
}

median() { # ROW WATCHER
	awk '{ print 100 * $2 / $1 }' "$work/$1.$2" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# Is synhole's share more than each peer's? Prints those it is not ahead of.
ahead() { # ROW
	local ours peer
	ours=$(median "$1" synhole)
	for peer in "${watchers[@]:2}"; do
		awk -v a="$ours" -v b="$(median "$1" "$peer")" 'BEGIN { exit (a > b) }' && echo "$peer"
	done
	return 0
}

tell() { # ROW WATCHER
	local kept behind
	kept=$(awk '{ print 100 * $2 / $1 }' "$work/$1.$2" | spread)
	printf '%-10s %-14s %s %s %s' "$1" "$2" "$(cut -d' ' -f1 "$work/$1.$2" | spread)" \
		"$(cut -d' ' -f2 "$work/$1.$2" | spread)" "$kept"
	if [[ $2 == synhole ]]; then
		behind=$(ahead "$1" | paste -sd, | sed 's/,/, /g')
		awk -v kept="$(median "$1" synhole)" 'BEGIN {
			printf "  at least 97: %s", (kept >= 97) ? "holds" : "DOES NOT HOLD" }'
		[[ -n $behind ]] && printf '; NOT AHEAD of %s' "$behind" || printf '; ahead of each'
	fi
	echo
}

# What the kernel says of each of synhole's programs. Its own clock is in it, so this is no part of
# the rounds.
profile() { # ROW
	local id
	watch synhole
	sysctl -qw kernel.bpf_stats_enabled=1
	measure_syns "$1" >/dev/null
	sysctl -qw kernel.bpf_stats_enabled="$stats"
	sed -n 's/^prog_id:\t//p' /proc/"$watcher"/fdinfo/* | sort -u | while read -r id; do
		bpftool -j prog show id "$id" | jq -r --argjson n $count --arg row "$1" '
			select(.run_cnt >= $n / 2) |
			"\($row): \(.name), \(.run_time_ns / .run_cnt | round) ns"'
	done
	unwatch $count
}

trap leave EXIT
make_world
serve
for ((round = 0; round < rounds; round++)); do
	for setup in "${watchers[@]}"; do
		measure_all nothing "$work/bare"
		measure_all "$setup" "$work/watched"
		for i in "${!rows[@]}"; do
			paste -d' ' <(sed -n $((i + 1))p "$work/bare") \
				<(sed -n $((i + 1))p "$work/watched") >>"$work/${rows[i]}.$setup"
		done
	done
done
echo "what the link carries unwatched, watched, and the ratio in per cent (each least, median, most):"
echo "Gbit/s of iperf3, millions of SYNs a second of the others"
for row in "${rows[@]}"; do
	for setup in "${watchers[@]}"; do tell "$row" "$setup"; done
done
echo "the kernel's own account of synhole's programs (some 45 ns of each are its clock's)"
for row in "${rows[@]:1}"; do profile "$row"; done
