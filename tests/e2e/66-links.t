#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Under the daemon interfaces come, change their names and go, and the configuration names others.

. "$(dirname "$0")/world.sh"
. "$here/daemon.sh"
world_begin nsd curl python3
world_hoster
serve_dns
address=$mail6

get_owned() { # NAME
	get /metrics | grep -q "synhole_address_owned{name=\"$1\""
}

configure_any() { # LINE...
	configure_daemon "$@"
	sed -i 's/^interfaces = .*/interfaces = {"any"}/' "$work/synhole.conf"
}

watches() { # INTERFACE...: these and no others
	local names
	names=$(get /v1/status | jq -r '[.interfaces[].name] | sort | join(" ")')
	[[ $names == "$*" ]]
}

said_times() { # N WORDS
	[[ $(grep -cF "$2" "$work/daemon.err") == "$1" ]]
}

reload() { # the file was changed
	reloads=$((${reloads:-0} + 1))
	kill -HUP "$daemon"
	eventually said_times "$reloads" "was read again"
}

configure_any 'name "imap.example.org" {}'
ok "the daemon serves" daemon_begin
ok "it watches what is up" eventually watches eth0
inside mail ip link add new0 type veth peer name peer0
inside mail ip link set new0 up
ok "an interface that comes is watched" eventually watches eth0 new0
inside mail ip link set new0 down
inside mail ip link set new0 name other0
inside mail ip link set other0 up
ok "one that is renamed is watched on" eventually watches eth0 other0
inside mail ip link del other0
ok "one that goes is let go" eventually watches eth0
for i in 1 2 3; do
	inside mail ip link add "turn$i" type veth peer name "peer$i"
	inside mail ip link set "turn$i" up
	ok "turn $i: watched" eventually watches eth0 "turn$i"
	inside mail ip link del "turn$i"
	ok "turn $i: let go" eventually watches eth0
done
inside mail ip link add new0 type veth peer name peer0
inside mail ip link set new0 up
ok "one with a name of before is watched" eventually watches eth0 new0

# --- the configuration names others --------------------------------------------------------------

configure_daemon 'name "good.example.org" {}' 'elsewhere = {"192.0.2.0/24"}'
ok "it is read again" reload
ok "what it does not name is let go" eventually watches eth0
ok "and its names are asked" eventually get_owned good.example.org
configure_any 'name "imap.example.org" {}' 'alias = {"203.0.113.7=10.0.0.7"}' 'quiet = 60'
ok "it is read once more" reload
ok "and watched again" eventually watches eth0 new0
ok "so is the name" eventually get_owned imap.example.org
send_one() {
	inside router "$here/syn.py" --dev host --to "$(mac mail eth0)" --count 3 "$mail6"
}
ok "three SYNs come" send_one
ok "and make an incident" eventually incident_is '$i.syns == 3'
configure_any 'name "good.example.org" {}'
ok "its name is taken out of the configuration" reload
ok "that closes it" eventually incident_is '$i.end == "withdrawn"'

# --- and again -----------------------------------------------------------------------------------

daemon_end
is "$status" 0 "SIGTERM: 0"
ok "another run watches the same" daemon_begin
ok "all of it" eventually watches eth0 new0
daemon_end
is "$status" 0 "SIGTERM: 0"
done_testing
