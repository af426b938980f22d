#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A stranger that real clients call may have a name: one that points back makes it published.
. "$(dirname "$0")/world.sh"
. "$here/daemon.sh"
world_begin nsd php python3 curl
world_hoster
serve_dns

senders=()

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
# The same stranger by two links is asked about once, and has its name on both.
wire router second mail eth1
up router second mail eth1
capture_begin mail 2 -i eth0 -i eth1 --dns "$dns" -d 60 --json --all --limit 0
for dev in host second; do
	to=eth0
	[[ $dev == host ]] || to=eth1
	inside router "$here/stacks.py" --dev $dev --to "$(mac mail $to)" macos 2001:db8:1::77 &
	senders+=($!)
done
wait "${senders[@]}"
capture_end
is "$status" 2 "a stray by two links: exit 2"
json "each has the name" '[.destinations[] | select(.address == "2001:db8:1::77" and .verdict == "blackhole"
	and .published[0].name == "forgotten.example.org") | .interface] | sort == ["eth0", "eth1"]'
json "which stands there once" '(.names | length) == 1 and (.names[0].records | length) == 1'

strays --no-ptr
is "$status" 1 "--no-ptr: exit 1"
json "--no-ptr: both are strays" 'all(.destinations[]; .verdict == "stray") and .names == []'

# --- the daemon ----------------------------------------------------------------------------------

has_name() {
	metric_is 'synhole_address_owned{name="forgotten.example.org",type="AAAA",address="2001:db8:1::77"}' 0
}

address=2001:db8:1::77
configure_daemon 'quiet = 600'
ok "the daemon serves" daemon_begin
dial 2001:db8:1::77 3 >/dev/null || :
ok "what clients call in vain gets its name" eventually incident_is \
	'$i.verdict == "blackhole" and $i.names == ["forgotten.example.org"]'
ok "which is a published one" eventually has_name
daemon_end
ok "it comes again" daemon_begin
ok "and asks for the names of its incidents" eventually has_name
ok "one goes on" incident_is '($all | length) == 1 and $i.end == "open" and $i.verdict == "blackhole"'
daemon_end

done_testing
