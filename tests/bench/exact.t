#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Counts of what matters are exact while strangers without number are called on every processor, as
# fast as the kernel takes it; and of the strangers those that are called most are found.
#
# Usage: exact.t [SYNs to strangers, 25 million in `make bench`]
. "$(dirname "$0")/../e2e/world.sh"
generator=${synhole%/*}/tests/bench/bench_send
world_begin nsd python3 ethtool "$generator"
world_hoster
serve_dns
count=${1:-400000}
cpus=$(nproc)
heavy=20
configure mail <<-END
	addr add 2001:db8:1::10/128 dev eth0 nodad
	addr add 2001:db8:1::11/128 dev eth0 nodad
END
inside mail ethtool -K eth0 gro on # or the generator's frames do not come in
to=$(mac mail eth0)
inside router "$generator" host "$to" random one 1 >"$work/said" 2>&1 ||
	skip_all "the generator does not run here: $(tail -n 1 "$work/said")"

received() {
	ip -n "$world-mail" -j -s link show eth0 | jq '.[0].stats64.rx.packets'
}

flood() {
	local cpu pids=()
	for ((cpu = 0; cpu < cpus; cpu++)); do
		nsenter --net="/run/netns/$world-router" "$generator" host "$to" random one \
			$((count / cpus)) "$cpu" >"$work/flood.$cpu" &
		pids+=($!)
	done
	inside router "$here/../bench/calls.py" host "$to" 500 $heavy "${pids[@]}" >"$work/calls"
	wait "${pids[@]}"
}

capture_begin mail 1 -i eth0 -n imap.example.org --dns "$dns" -d 600 --json --all --limit 0
before=$(received)
flood
came=$(($(received) - before))
kill -INT "$capture"
status=0
wait "$capture" || status=$?
jq -c '.counts' "$work/out" | sed 's/^/# /'
rounds=$(head -n 1 "$work/calls")
echo "# $rounds rounds of calls while $count SYNs to strangers were sent on $cpus processors in" \
	"$(cut -d' ' -f1 "$work"/flood.* | sort -n | tail -n 1) s"

exact() { # ADDRESS PORT...
	jq -e --arg a "$1" --argjson n "$rounds" '
		[.destinations[] | select(.address == $a) | .ports[]]
		| length == ($ARGS.positional | length)
		and all(.syns == $n and (.port | tostring | IN($ARGS.positional[])))' "$work/out" --args "${@:2}"
}

while read -r address ports; do
	# shellcheck disable=SC2086 # a word for each port
	ok "$address: $rounds SYNs to each of its ports" exact "$address" $ports
done < <(tail -n +2 "$work/calls")
ok "the flood was more than can be counted one by one" jq -e '.counts.unattributed > 0' "$work/out"
ok "SYNs seen are attributed or unattributed, and add up" jq -e '
	.counts.syns == .counts.attributed + .counts.unattributed
	and .counts.attributed == ([.destinations[].syns] | add)' "$work/out"
ok "the SYNs seen are those that the kernel counted" jq -e --argjson n "$came" '
	.counts.syns <= $n and $n <= .counts.frames' "$work/out" # neighbours are looked for, too
ok "of the $heavy strangers called most at least $((heavy - 1)) are the first" jq -e --argjson n $heavy '
	[.destinations[] | select(.owned == "no" and .published == [])] | sort_by(-.syns)[:$n]
	| map(select(.address | startswith("2001:db8:1:0:9000:"))) | length >= $n - 1' "$work/out"
ok "and none is said to be called more than it was" jq -e --argjson n "$rounds" '
	[.destinations[] | select(.address | startswith("2001:db8:1:0:9000:")) | .syns] | max <= $n' "$work/out"
done_testing
