#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A program that was detached behind our back sees nothing, and that must be said: silence would
# pass for peace.
. "$(dirname "$0")/world.sh"
. "$here/frames.sh"

world_begin bpftool jq
world_hoster
hostmac=$(mac mail eth0)

capture_begin mail 1 -i eth0 --no-dns -d 60 --json
link=$(grep -l '^attach_type:\s*46' "/proc/$capture"/fdinfo/* | head -n 1)
ok "somebody detaches the program" bpftool link detach id "$(sed -n 's/^link_id:\s*//p' "$link")"
send --count 40 2001:db8:1::bad
capture_end
is "$status" 3 "what was not seen is unknown: exit 3"
ok "and said in one line" test "$(grep -c 'eth0 received .* frames and the program saw' "$work/err")" = 1
json "and in the document" '.status == "unknown" and (.interfaces[0].error | test("the program saw"))'

done_testing
