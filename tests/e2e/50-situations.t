#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every situation at once, each with its own address, and for each what is to be said of it.
# Usage: 50-situations.t [FILE of situations/]...

. "$(dirname "$0")/world.sh"
. "$here/situations.sh"
world_begin nsd python3 nft timeout bash
files=("$@")
(($#)) || files=("$here"/situations/*.sh)
mkdir "$work/zone"
cat >"$work/zone/example.org.zone" <<'ZONE'
$ORIGIN example.org.
$TTL 300
@	SOA	ns admin 1 3600 600 86400 300
@	NS	ns
ns	A	192.0.2.53
ZONE
for h in "${hosts[@]}"; do
	echo "-n ns.example.org" >"$work/options.$h"
	echo "--elsewhere 192.0.2.53" >>"$work/options.$h"
done

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

judge_all
for entry in "${captures[@]}"; do
	read -r h mode pid <<<"$entry"
	work_of_all=$work
	work=$work/$h.$mode
	accounted
	work=$work_of_all
done
confusion
done_testing
