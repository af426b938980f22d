#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# How fast a recording is judged, beside tshark making the same table of SYNs by destination and port.
#
# Usage: replay.sh SYNHOLE [PACKETS]

set -euo pipefail

readonly synhole=$1 packets=${2:-1000000} here=$(dirname "$0")
readonly filter='tcp.flags.syn == 1 && tcp.flags.ack == 0 && tcp.flags.reset == 0 && tcp.flags.fin == 0'
work=$(mktemp -d "${TMPDIR:-/tmp}/sh-bench-replay.XXXXXX")
trap 'rm -rf "$work"' EXIT

seconds() { # TIMES COMMAND...: the best of them by the wall, and its processor time
	local best= times=$1
	shift
	for ((; times; times--)); do
		TIMEFORMAT='%R %U %S'
		{ time "$@" >"$work/out" 2>/dev/null; } 2>"$work/time" || :
		best=$(sort -n "$work/time" <(echo "${best:-$(cat "$work/time")}") | head -n 1)
	done
	awk '{ print $1, $2 + $3 }' <<<"$best"
}

by_synhole() {
	"$synhole" replay "$work/mixed.pcap" --host none --no-dns --all --limit 0 --json
}

by_tshark() {
	tshark -n -r "$work/mixed.pcap" -Y "$filter" -T fields -E separator=' ' -e ip.dst -e ipv6.dst \
		-e tcp.dstport | sort | uniq -c
}

table_of() { # synhole|tshark, from $work/out
	if [[ $1 == synhole ]]; then
		jq -r '.destinations[] | .address as $a | .ports[] | "\($a) \(.port) \(.syns)"' "$work/out"
	else
		awk '{ print $2, $3, $1 }' "$work/out"
	fi | sort
}

python3 "$here/mixed.py" "$work/mixed.pcap" "$packets"
cat "$work/mixed.pcap" >/dev/null # into the page cache
printf '%s packets, %s MB, in the page cache; by the wall, and of processor time\n' "$packets" \
	"$(($(stat -c %s "$work/mixed.pcap") / 1000000))"
read -r ours ours_cpu < <(seconds 5 by_synhole)
table_of synhole >"$work/ours"
awk -v n="$packets" -v s="$ours" -v c="$ours_cpu" 'BEGIN {
	printf "  %-24s %6.2f s %6.2f s, %.2f M packets a second of processor time\n", "synhole replay", s, c,
		n / c / 1e6 }'
if ! command -v tshark >/dev/null; then
	echo "  tshark was not measured: it is missing"
	exit
fi
read -r theirs theirs_cpu < <(seconds 1 by_tshark)
table_of tshark >"$work/theirs"
awk -v n="$packets" -v s="$theirs" -v c="$theirs_cpu" -v o="$ours_cpu" 'BEGIN {
	printf "  %-24s %6.2f s %6.2f s, %.2f M packets a second: replay is %.0f times as fast\n",
		"tshark, the same table", s, c, n / c / 1e6, c / o }'
cmp -s "$work/ours" "$work/theirs" && echo "  the tables are the same" || echo "  THE TABLES DIFFER"
