#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Recordings judged: the founding incident as it was recorded, and every way to give it.

set -Eeuo pipefail
here=$(cd "$(dirname "$0")" && pwd)
synhole=${SYNHOLE:-$(readlink -m "$here/../../build/synhole")}
recordings=$here/../recordings
. "$here/tap.sh"
. "$here/servers.sh"
for tool in jq gzip python3; do
	command -v "$tool" >/dev/null || skip_all "$tool is not installed"
done
work=$(mktemp -d "${TMPDIR:-/tmp}/sh-replay.XXXXXX")
trap 'rm -rf "$work"' EXIT

founding=("$recordings/founding.pcapng" --host "$recordings/founding.host.json"
	--zone "$recordings/founding.zone")

replay() { # ARGUMENT...
	status=0
	"$synhole" replay "$@" >"$work/out" 2>"$work/err" || status=$?
}

# --- the founding incident, from nothing but what was kept of it ---------------------------------

address=2001:db8:1::2
replay "${founding[@]}" --json --all --limit 0
is "$status" 2 "the founding incident, replayed: exit 2"
json "a black hole, with both causes" '.kind == "replay" and .status == "critical"
	and $d.verdict == "blackhole" and $d.owned == "no" and $d.route == "none"
	and $d.causes == ["address-missing", "no-default-route"]'
json "one client, who tried six times" '$d.syns == 6 and $d.attempts == 1 and $d.retransmits == 5
	and $d.clients == 1 and $d.sources == [{address: "2001:db8:7::5", kind: "client", syns: 6}]'
json "on a port where something listens" '$d.ports == [{port: 993, service: "imaps", syns: 6,
	attempts: 1, retransmits: 5, answers: 0, listener: true}]'
json "with the times of the recording" '.started == "2026-11-22T19:52:18.590787Z"
	and .seconds > 11 and .seconds < 12 and $d.first == "2026-11-22T19:52:20.834248Z"'
json "the mend, with the router of that day" '$d.fix == ["ip -6 addr add 2001:db8:1::2/64 dev eth0",
	"ip -6 route add default via fe80::1 dev eth0"]'
json "the names of that day" '[$d.published[] | select(.type == "AAAA" and .ttl == 300) | .name]
	== ["imap.example.org", "mail.example.org"] and [.names[].status] == ["ok", "ok"]'
json "of that host" '.host == "mail" and .kernel == "6.1.0" and (.interfaces | length == 1)
	and (.interfaces[0] | .name == "eth0" and .frames == 25 and .syns == 6 and .hook == null)'
sums
json "and the incident that the daemon would have made of it" '(.incidents | length == 1)
	and (.incidents[0] | .address == "2001:db8:1::2" and .verdict == "blackhole" and .end == "open"
	and .opened == "2026-11-22T19:52:21.854760Z" and .syns == 6 and .clients == 1
	and ([.events[].kind] == ["first-syn", "first-client", "opened"]))'

replay "${founding[@]}"
is "$status" 2 "the same in words: exit 2"
ok "it names the black hole" printed "blackhole +$address +eth0"
ok "the incident" printed "1  2026-11-22 19:52:21  8 seconds +blackhole  $address .*imap.example.org .*open"
ok "its first moments" printed '2026-11-22 19:52:20  first SYN'
ok "and the mend" printed 'ip -6 addr add 2001:db8:1::2/64 dev eth0'

# --- nothing is known of the host ----------------------------------------------------------------

replay "$recordings/founding.pcapng" --host none --zone "$recordings/founding.zone" --json
is "$status" 2 "without the host: exit 2, for a client waits"
json "who has the address is not known, nor why it does not answer" '$d.verdict == "blackhole"
	and $d.owned == null and $d.causes == [] and $d.fix == [] and $d.answered == null
	and ($d.sentence | contains("which does not answer")) and .host == null'
json "of what nobody called nothing is said" '[.destinations[].address] == ["2001:db8:1::2"]
	and ([.names[].records[] | select(.type == "A") | .verdict] == [null, null])'

# A file without names of interfaces, with one frame of plain IP.
printf '\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\0\0\x04\0\x65\0\0\0' >"$work/nameless.pcap"
printf '\x01\0\0\0\0\0\0\0\x01\0\0\0\x01\0\0\0\x45' >>"$work/nameless.pcap"
replay "$work/nameless.pcap" --host none --no-dns --all --json
json "nobody knows which interface it was" '[.interfaces[] | [.name, .index, .frames]] == [["unnamed", null, 1]]'

# --- every way to give it ------------------------------------------------------------------------

findings() {
	jq '{counts, destinations, names} | del(.names[].answered)' "$work/out"
}

replay "${founding[@]}" --json
wanted=$(findings)
gzip -c "$recordings/founding.pcapng" >"$work/founding.pcapng.gz"
replay "$work/founding.pcapng.gz" "${founding[@]:1}" --json
is "$(findings)" "$wanted" "zipped: the same"
replay - "${founding[@]:1}" --json <"$work/founding.pcapng.gz"
is "$(findings)" "$wanted" "zipped, from a pipe: the same"
replay - "${founding[@]:1}" --json < <(cat "$recordings/founding.pcapng")
is "$(findings)" "$wanted" "from a pipe: the same"

# --- and to end it: who writes into a pipe is told, too, like tcpdump by Ctrl-C ------------------

mkfifo "$work/pipe"
"$synhole" replay - "${founding[@]:1}" --json <"$work/pipe" >"$work/out" 2>"$work/err" &
replaying=$!
exec 7>"$work/pipe"
cat "$recordings/founding.pcapng" >&7
sleep 0.3
kill -INT $replaying
sleep 0.1
exec 7>&-
status=0
wait $replaying || status=$?
is "$(findings)" "$wanted" "what the pipe held when it was interrupted is judged"
is "$status $(wc -l <"$work/err")" "2 0" "as if nothing had happened"
"$synhole" replay - "${founding[@]:1}" <"$work/pipe" >"$work/out" 2>"$work/err" &
replaying=$!
exec 7>"$work/pipe"
sleep 0.3
kill -TERM $replaying && sleep 0.1 && kill -TERM $replaying
status=0
wait $replaying 2>/dev/null || status=$?
exec 7>&-
is "$status" 143 "the second signal ends it"

# --- the names of that day may be in the host's file, too ----------------------------------------

jq '.names = [{name: "imap.example.org", via: null, status: "ok", error: null, records: [
	{type: "AAAA", address: "2001:db8:1::2", ttl: 60}]}]' "$recordings/founding.host.json" >"$work/host.json"
replay "$recordings/founding.pcapng" --host "$work/host.json" --no-dns --json
json "and count where none is asked for" '$d.verdict == "blackhole"
	and [$d.published[] | [.name, .ttl]] == [["imap.example.org", 60]]'
replay "$recordings/founding.pcapng" --host "$work/host.json" --zone "$recordings/founding.zone" \
	--mx example.org --json
json "a zone comes before, and MX are asked of it" '[$d.published[] | [.name, .via]]
	== [["mail.example.org", "mx example.org"]]'

# --- what is damaged -----------------------------------------------------------------------------

head -c 2000 "$recordings/founding.pcapng" >"$work/cut.pcapng"
replay "$work/cut.pcapng" --host "$recordings/founding.host.json" --no-dns --all --json
is "$status" 3 "a file that is cut off: exit 3"
json "what came before is judged" '.destinations[0] | .address == "2001:db8:1::2" and .syns == 2'
ok "and where it ends is said" grep -q 'cut.pcapng is damaged behind frame 15: it ends in the middle' "$work/err"
# Nanoseconds, 60 bytes of each frame: of a SYN of 94 there is no TCP header, of one of 62 enough.
python3 - "$work/short.pcap" <<-'END'
	import struct, sys
	def frame(first, rest, wire):
	    return struct.pack("<IIII", 1, 0, 60, wire) + b"\2\0\0\0\0\1\2\0\0\0\0\2" + first + rest[:60 - 12 - len(first)]
	v6 = bytes.fromhex("6000000000280640") + bytes.fromhex("20010db8000700000000000000000005" "20010db8000100000000000000000002")
	v4 = bytes.fromhex("4500003000010000400600000a000001c6336402")
	tcp = bytes.fromhex("c0de03e100000001000000007002ffff0000000002040578") + bytes(40)
	open(sys.argv[1], "wb").write(struct.pack("<IHHiIII", 0xa1b23c4d, 2, 4, 0, 0, 60, 1)
	    + frame(b"\x86\xdd", v6 + tcp, 94) + frame(b"\x08\0", v4 + tcp, 62))
END
replay "$work/short.pcap" --host none --no-dns --all --json
is "$status" 3 "a SYN of which too little was recorded: exit 3"
json "it is counted as not read" '.interfaces[0].unparsed == 1 and .counts.syns == 1'
ok "and what would help is said" grep -q '^synhole: 1 frame on unnamed ended before the headers did.*tcpdump -s 256' "$work/err"
for bad in /dev/null "$here" "$0" "$work/none"; do
	replay "$bad" --host none --no-dns
	is "$status $(wc -l <"$work/err") $(wc -c <"$work/out")" "3 1 0" "${bad##*/}: one sentence, exit 3"
done
replay "$recordings/founding.pcapng" --host "$recordings/founding.zone"
is "$status $(wc -l <"$work/err")" "3 1" "a zone for a host: one sentence, exit 3"
replay "$recordings/founding.pcapng" --host none --zone "$recordings/founding.host.json"
is "$status $(wc -l <"$work/err")" "3 1" "a host for a zone: one sentence, exit 3"

done_testing
