#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Replays the founding incident on this machine, with real servers in network namespaces.

. "$(dirname "$0")/e2e/world.sh"

skip_all() { # REASON
	echo "demo: $1" >&2
	exit 1
}

bold='' dim='' plain=''
if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
	bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'
fi

tell() {
	printf '\n%s\n' "$bold$*$plain"
}

typed() { # HOST COMMAND
	printf '%s\n' "$dim$1#$plain $2"
}

client_dials() {
	typed client "php: stream_socket_client(\"ssl://imap.example.org:993\")"
	dial imap.example.org 3 || :
}

# The client tries again and again meanwhile, as clients do. What is printed is for the reader; the
# same as JSON is where this script has the lines from that mend it.
capture_dialled() {
	local arguments=(capture -i eth0 -n imap.example.org --dns "$dns" -d 6 --all) client captured
	while [[ ! -e $work/captured ]]; do
		dial imap.example.org 2 >/dev/null || :
		sleep 0.5
	done &
	client=$!
	typed mail "synhole ${arguments[*]}"
	inside mail "$synhole" "${arguments[@]}" --json >"$work/out" || : &
	captured=$!
	inside mail "$synhole" "${arguments[@]}" || :
	wait "$captured" || :
	touch "$work/captured"
	wait "$client" || :
	rm "$work/captured"
}

mend() { # the lines that synhole printed, one after the other
	jq -r '.destinations[].fix[]' "$work/out" | while read -r line; do
		typed mail "$line"
		inside mail sh -c "$line" </dev/null
	done
}

world_begin nsd dovecot php openssl unshare
tell "A hoster's router, a mail host and a client, each in a network namespace of its own."
world_hoster
serve_dns
serve_imap
cat <<END
NSD serves what the world was told:   imap.example.org  A $mail4  AAAA $mail6
Dovecot listens on the mail host:     0.0.0.0:993 and [::]:993
But nobody ever gave the mail host the address $mail6.
END

tell "For years nobody notices. Then a client gets IPv6, and prefers the AAAA:"
client_dials
tell "Nothing refuses it, nothing is logged. On the mail host, while the client tries again:"
capture_dialled
tell "A black hole, found. The two lines that synhole printed mend it:"
mend
tell "Again:"
client_dials
capture_dialled
dial imap.example.org >/dev/null || { tell "That should have mended it." && exit 1; }
tell "Served. The namespaces and all in them are gone now."
