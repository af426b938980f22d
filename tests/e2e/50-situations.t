#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every situation at once, each with its own address, and for each what is to be said of it: live,
# and of the packets that were written.
# Usage: 50-situations.t [FILE of situations/]...

. "$(dirname "$0")/world.sh"
. "$here/situations.sh"
. "$here/situations_run.sh"
world_begin nsd python3 nft timeout bash
files=("$@")
(($#)) || files=("$here"/situations/*.sh)
situations_zone

# As sums, but what loops is more than all events are for: then some are lost, and that is said.
accounted() {
	json "every SYN is accounted for ($h by $mode)" '(.counts.syns == .counts.attributed + .counts.unattributed)
		and .counts.attributed == ([.destinations[].syns] | add // 0)
		and .counts.syns == ([.interfaces[].syns] | add // 0)'
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

judge_all
for entry in "${captures[@]}"; do
	read -r h mode pid <<<"$entry"
	work_of_all=$work
	work=$work/$h.$mode
	accounted
	work=$work_of_all
done
each compare
confusion
done_testing
