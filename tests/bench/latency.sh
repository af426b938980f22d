#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# How long after the first SYN to a published stranger a line on the terminal says so: on an idle
# link, and while one processor calls strangers as fast as it can.
#
# Usage: latency.sh [RUNS]; SYNHOLE says what is measured.
. "$(dirname "$0")/../e2e/world.sh"
generator=${synhole%/*}/tests/bench/bench_send
world_begin nsd python3 ethtool "$generator"
runs=${1:-200}

# A name for each address, so that each finding has a line of its own.
make_zone() {
	local i
	zones=$work/zones
	mkdir "$zones"
	cp "$here"/*.zone "$zones"
	for ((i = 1; i <= runs; i++)); do
		printf 'r%d AAAA 2001:db8:1::1:%x\n' $i $i
	done >>"$zones/example.org.zone"
	mapfile -t names < <(for ((i = 1; i <= runs; i++)); do printf -- '-n\nr%d.example.org\n' $i; done)
}

measure() { # WHAT MOST
	local took
	read -ra took < <(inside router "$here/../bench/latency.py" host "$to" "$runs" \
		nsenter --net="/run/netns/$world-mail" "$synhole" capture -i eth0 -d 600 \
		--dns "$dns" --no-ptr "${names[@]}")
	[[ ${#took[@]} -eq 3 ]] || exit 1
	printf '%-28s %8s %8s %8s  p99 at most %s: %s\n' "$1" "${took[@]}" "$2" \
		"$(awk -v a="${took[1]}" -v most="$2" 'BEGIN { print (a <= most) ? "holds" : "DOES NOT HOLD" }')"
}

world_hoster
make_zone
serve_dns
inside mail ethtool -K eth0 gro on
to=$(mac mail eth0)
echo "milliseconds from the first SYN to a published stranger to the line that says so, $runs runs"
printf '%-28s %8s %8s %8s\n' '' median p99 most
measure idle 10
(while :; do inside router "$generator" host "$to" random one 200000; done >"$work/scan") &
scan=$!
measure "under a scan" 100
kill "$scan"
wait "$scan" 2>/dev/null || :
awk '{ n++; s += $1 } END { if (s) printf "the scan: %.2f million SYNs a second\n", n / s }' "$work/scan"
