#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The daemon through the founding incident's life: opened, mended, answered, closed; and what else
# ends an incident. NSD, Dovecot and PHP are real.

. "$(dirname "$0")/world.sh"
. "$here/daemon.sh"
world_begin nsd dovecot php openssl curl
world_hoster
zones=$work/zones
mkdir "$zones"
cp "$here"/*.zone "$zones"
sed -i 's/^\$TTL 300/$TTL 1/' "$zones/example.org.zone"
serve_dns
serve_imap
address=$mail6

get_owned() { # NAME
	get /metrics | grep -q "synhole_address_owned{name=\"$1\""
}

publish() { # SED-COMMAND: the zone changes
	sed -i "$1" "$zones/example.org.zone"
	kill -HUP "$(cat "$work/nsd.pid")"
}

# --- opened, while the PHP client hangs ----------------------------------------------------------

configure_daemon 'name "imap.example.org" {}' 'name "example.org" { mx = true }' 'refresh = 10' 'quiet = 20'
ok "the daemon serves" daemon_begin
ok "the record is told as not owned" eventually metric_is \
	"synhole_address_owned{name=\"imap.example.org\",type=\"AAAA\",address=\"$mail6\"}" 0
ok "no incident before a call" metric_is 'synhole_incidents_open{verdict="blackhole"}' 0
ok "the client hangs" hangs imap.example.org 3
ok "a black hole is open" eventually incident_is \
	'$i.verdict == "blackhole" and $i.end == "open" and $i.severity == "critical"'
ok "with both names, causes and the port" eventually incident_is \
	'($i.names | sort) == ["imap.example.org", "mail.example.org"]
	and $i.causes == ["address-missing", "no-default-route"]
	and $i.ports[0].port == 993 and $i.syns == $i.ports[0].syns and $i.clients == 1'
ok "with its timeline" eventually incident_is \
	'[$i.events[].kind] | sort == ["first-client", "first-syn", "opened"]'
ok "it is counted" metric_is 'synhole_incidents_open{verdict="blackhole"}' 1
ok "the published address has a series" eventually fails metric_is \
	"synhole_published_syns_total{name=\"imap.example.org\",address=\"$mail6\",port=\"993\"}" ''

# --- mended, in the order that it says -----------------------------------------------------------

get /v1/incidents | jq -r '.incidents[0].fix[]' >"$work/fix"
is "$(wc -l <"$work/fix")" 2 "it says two lines that mend it"
ok "the lines run" inside mail sh -e "$work/fix"
ok "the client is answered" eventually dial "$mail6" 2
ok "the incident is closed: answered" eventually incident_is \
	'$i.end == "answered" and $i.closed != null'
ok "the timeline tells of the mend" incident_is \
	'[$i.events[].kind] | contains(["address-added", "route-added", "answered", "closed"])'
ok "the record is owned" metric_is \
	"synhole_address_owned{name=\"imap.example.org\",type=\"AAAA\",address=\"$mail6\"}" 1
ok "nothing is open" metric_is 'synhole_incidents_open{verdict="blackhole"}' 0

# --- another run knows it ------------------------------------------------------------------------

daemon_end
is "$status" 0 "SIGTERM ends it with 0"
ok "another run" daemon_begin
ok "the next run still has it" incident_is '$i.id == 1 and $i.end == "answered"'

# --- taken away again: the same incident within the quiet time ------------------------------------

inside mail ip -6 addr del "$mail6/64" dev eth0
ok "the client hangs again" hangs "$mail6" 2
ok "the incident is opened again" eventually incident_is \
	'$i.id == 1 and $i.reopened == 1 and $i.end == "open"'
recorded() { # the minutes have each SYN of the incident
	inside mail "$synhole" show 1 --json -c "$work/synhole.conf" |
		jq -e '([.minutes[].syns] | add) == .syns'
}
ok "its minutes have what was counted in both runs" eventually recorded

# --- withdrawn from DNS --------------------------------------------------------------------------

publish "/$mail6/d"
ok "withdrawn: closed" eventually incident_is '$i.end == "withdrawn"'
ok "the timeline says so" incident_is '[$i.events[].kind] | contains(["withdrawn"])'

# --- reload --------------------------------------------------------------------------------------

before=$(metric 'synhole_syns_total{interface="eth0"}')
configure_daemon 'name "good.example.org" {}' 'quiet = soon'
kill -HUP "$daemon"
ok "a bad file changes nothing, and is said with its line" eventually said "synhole.conf:6:"
configure_daemon 'name "good.example.org" {}' 'quiet = 2'
kill -HUP "$daemon"
ok "a good one is taken" eventually said "was read again"
ok "its name is looked at" eventually metric_is \
	"synhole_address_owned{name=\"good.example.org\",type=\"A\",address=\"$mail4\"}" 1
ok "the names of before are forgotten" fails get_owned imap.example.org
is "$(metric 'synhole_syns_total{interface="eth0"}')" "$before" "and no count is lost"

daemon_end
is "$status" 0 "ends with 0"
done_testing
