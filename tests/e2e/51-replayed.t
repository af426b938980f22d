#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every situation written with --write-all and replayed: the same is said of each as live.
# Usage: 51-replayed.t [FILE of situations/]...

. "$(dirname "$0")/world.sh"
. "$here/situations.sh"
world_begin nsd python3 nft timeout bash
files=("$@")
(($#)) || files=("$here"/situations/*.sh)
situations_zone
watched_by=([end]=tc [forwards]=tc [bridged]=tc [bare]=generic)
writing=yes

# The same options, the host as it was when the capture ended, and the records of the day.
replay_all() {
	local h mode pid options
	for entry in "${captures[@]}"; do
		read -r h mode pid <<<"$entry"
		mapfile -t options < <(tr ' ' '\n' <"$work/options.$h")
		inside "$(role_of "$h")" "$synhole" host --json >"$work/$h.$mode/host.json"
		"$synhole" replay "$work/$h.$mode/packets.pcapng" --host "$work/$h.$mode/host.json" \
			--zone "$work/zone/example.org.zone" "${options[@]}" --json --all --limit 0 \
			>"$work/$h.$mode/replayed" 2>"$work/$h.$mode/replay.err" || :
		is "$(jq .counts.syns "$work/$h.$mode/replayed")" "$(jq .counts.syns "$work/$h.$mode/out")" \
			"$h: every SYN is in the recording"
	done
}

said_in() { # FILE: of the situation's address
	jq -c --arg a "$address" '[.destinations[] | select(.address == $a) | {interface, verdict, causes}]' "$1"
}

compare() {
	local mode=${watched_by[$host]} live again
	live=$(said_in "$work/$host.$mode/out")
	again=$(said_in "$work/$host.$mode/replayed")
	is "$again" "$live" "$host: $name, replayed: $live"
}

enlist "${files[@]}" >"$work/situations"
world_situations
sift
each publish
(here=$work/zone serve_dns)
each prepare
watch_all
all_at_once act
sleep 1.2 # past the answer window
all_at_once late
end_all
replay_all
each compare
done_testing
