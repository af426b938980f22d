#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The daemon's evidence: each incident's packets in files of their own, as tshark reads them.

. "$(dirname "$0")/world.sh"
. "$here/daemon.sh"
world_begin nsd dovecot php openssl curl tshark
world_hoster
serve_dns
serve_imap
address=$mail6
evidence=$work/evidence

comments() { # FILE
	tshark -r "$1" -T fields -e ipv6.dst -e frame.comment 2>/dev/null
}

has_answer() {
	local file
	for file in "$evidence"/1-*.pcapng.gz; do
		tshark -r "$file" -Y 'tcp.flags.syn == 1 && tcp.flags.ack == 1' 2>/dev/null
	done | grep -q .
}

configure_daemon 'name "imap.example.org" {}' 'refresh = 10' 'quiet = 20' "evidence = \"$evidence\""
ok "the daemon serves" daemon_begin
ok "the client hangs" hangs imap.example.org 3
ok "when it opens, its first packets are written" eventually test -s "$evidence/1-1.pcapng.gz"
ok "with the verdict beside each" grep -q "^$mail6.blackhole (critical): address-missing, no-default-route; dropped by" \
	<(comments "$evidence/1-1.pcapng.gz")
is "$(stat -c %a "$evidence" "$evidence/1-1.pcapng.gz" "$work/synhole.db" | xargs)" "750 640 640" \
	"who may read the store may read them"
inside mail ip -6 addr add "$mail6/64" dev eth0 nodad
inside mail ip -6 route add default via fe80::1 dev eth0
ok "the client is answered" eventually dial "$mail6" 2
ok "the incident is closed" eventually incident_is '$i.end == "answered"'
ok "then the rest is written, the answer too" eventually has_answer
inside mail ip -6 addr del "$mail6/64" dev eth0
ok "it is open again, and the daemon ends" eval 'hangs "$mail6" 2; eventually incident_is "\$i.reopened == 1"; daemon_end'
packets=$(for file in "$evidence"/1-*.pcapng.gz; do comments "$file"; done | grep -c "^$mail6")
ok "all SYNs that it has counted are there" test "$packets" -ge \
	"$(inside mail "$synhole" show 1 --store "$work/synhole.db" --json | jq .syns)"
run show 1 --store "$work/synhole.db" --json
is "$(jq -r '.evidence[].file' "$work/out")" "$(printf '%s\n' "$evidence"/1-*.pcapng.gz | sort -V)" \
	"show says where they are"
json "and how large" '[.evidence[].bytes > 100] | all and length > 1'
run show 1 --store "$work/synhole.db"
ok "in words, too" printed "$evidence/1-1.pcapng.gz +[0-9]+$"
"$synhole" replay "$evidence"/1-*.pcapng.gz --no-dns --host none --json >"$work/out" 2>/dev/null || :
json "all of them together are a recording" '.counts.syns >= 5 and ([.interfaces[].name] == ["eth0"])'
is "$(find "$evidence" -type f ! -name '1-*.pcapng.gz')" "" "of nothing else, and no half files"
touch -d '100 days ago' "$evidence/1-1.pcapng.gz"
touch "$evidence/mine-1.pcapng.gz" && touch -d '100 days ago' "$evidence/mine-1.pcapng.gz"
ok "another run" daemon_begin
ok "removes what is older than it keeps" eventually test ! -e "$evidence/1-1.pcapng.gz"
ok "and nothing that is not its own" test -e "$evidence/mine-1.pcapng.gz"
daemon_end
done_testing
