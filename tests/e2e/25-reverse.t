#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A stranger that real clients call may have a name: one that points back makes it published.
. "$(dirname "$0")/world.sh"
world_begin nsd php
world_hoster
serve_dns

strays() { # ARGUMENT...
	capture_begin mail 1 -i eth0 --dns "$dns" -d 60 --json --all --limit 0 "$@"
	{ dial 2001:db8:1::77 3 >/dev/null || :; } &
	dial 2001:db8:1::78 3 >/dev/null || :
	wait %% || :
	capture_end
}

strays
is "$status" 2 "a name points back: exit 2"
address=2001:db8:1::77
json "then its address is published, and a black hole" '$d.verdict == "blackhole"
	and ($d.published | length == 1) and $d.published[0].name == "forgotten.example.org"
	and $d.published[0].via == "ptr"'
json "other addresses of that name are nobody's business here" '.names | length == 1
	and (.[0].records | length == 1)'
address=2001:db8:1::78
json "a name that does not point back proves nothing" '$d.verdict == "stray" and $d.published == []'
strays --no-ptr
is "$status" 1 "--no-ptr: exit 1"
json "--no-ptr: both are strays" 'all(.destinations[]; .verdict == "stray") and .names == []'

done_testing
