#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# An independent judge: what tshark counts in a recording, replay counts, to the last SYN.

set -Eeuo pipefail
here=$(cd "$(dirname "$0")" && pwd)
synhole=${SYNHOLE:-$(readlink -m "$here/../../build/synhole")}
. "$here/tap.sh"
for tool in tshark editcap jq; do
	command -v "$tool" >/dev/null || skip_all "$tool is not installed"
done
/usr/bin/python3 -c 'import scapy' 2>/dev/null || skip_all "scapy is not installed"
work=$(mktemp -d "${TMPDIR:-/tmp}/sh-tshark.XXXXXX")
trap 'rm -rf "$work"' EXIT

# Each fragment by itself, as a network card sees it; and a SYN that an error quotes is not one.
readonly filter='tcp.flags.syn == 1 && tcp.flags.ack == 0 && tcp.flags.reset == 0
	&& tcp.flags.fin == 0 && !icmp && !icmpv6'

tshark_counts() { # FILE: a line of address, port, SYNs for each
	tshark -n -r "$1" -o ip.defragment:FALSE -o ipv6.defragment:FALSE -Y "$filter" -T fields \
		-E occurrence=f -E separator=' ' -e ip.dst -e ipv6.dst -e tcp.dstport 2>/dev/null |
		awk '{ n[$1 " " $2]++ } END { for (k in n) print k, n[k] }' | sort
}

replay_counts() { # FILE: the same, of a file that is wholly read
	"$synhole" replay "$1" --host none --no-dns --all --limit 0 --json >"$work/out" 2>"$work/err" || : # frames that are cut too short
	jq -e '.counts.unattributed == 0' "$work/out" >/dev/null || echo "not all is attributed"
	jq -r '.destinations[] | .address as $a | .ports[] | "\($a) \(.port) \(.syns)"' "$work/out" |
		awk '{ n[$1 " " $2] += $3 } END { for (k in n) print k, n[k] }' | sort
}

compare() { # FILE
	local syns
	tshark_counts "$1" >"$work/tshark"
	replay_counts "$1" >"$work/replay"
	syns=$(awk '{ sum += $3 } END { print sum + 0 }' "$work/tshark")
	ok "${1##*/}: the same $syns SYNs" cmp "$work/tshark" "$work/replay"
}

mkdir "$work/files"
/usr/bin/python3 "$here/recordings.py" "$work/files" 2>/dev/null
for format in nsecpcap modpcap pcapng; do
	editcap -F "$format" "$work/files/ethernet.pcap" "$work/files/$format.cap" 2>/dev/null
done
gzip -k "$work/files/ethernet.pcap"
for file in "$work"/files/*; do
	compare "$file"
done
ok "and they hold some" test "$(replay_counts "$work/files/ethernet.pcap" | wc -l)" -gt 50

# --- recordings of others, and the whole of what pcapng knows, in either byte order ---------------

readonly public=/usr/share/gocode/src/github.com/google/gopacket
[[ -e $public/pcap ]] || skip "recordings of others" "golang-github-google-gopacket-dev is not installed"
for file in "$public"/pcap/*.pcap; do
	[[ ! -e $file ]] || compare "$file"
done
for file in "$public"/pcapgo/tests/le/*.pcapng; do
	[[ -e $file ]] || continue
	# tshark takes custom blocks for frames, too.
	frames=$({ tshark -n -r "$file" -Y 'frame.protocols != "data"' 2>/dev/null || :; } | wc -l)
	for order in le be; do
		replay_counts "${file%/le/*}/$order/${file##*/}" >"$work/replay"
		is "$(jq '[.interfaces[].frames] | add // 0' "$work/out")" "$frames" \
			"$order/${file##*/}: the same $frames frames"
	done
done

# --- several files are one, whatever their order -------------------------------------------------

founding() { # FILE...
	"$synhole" replay "$@" --host "$here/../recordings/founding.host.json" --no-dns --json >"$work/out" || :
	jq -S '{destinations, incidents, counts}' "$work/out"
}

recording=$here/../recordings/founding.pcapng
editcap -r "$recording" "$work/first.pcapng" 1-16 18 20-22
editcap -r -F nsecpcap "$recording" "$work/second.pcap" 17 19 23-25
founding "$recording" >"$work/whole"
founding "$work/second.pcap" "$work/first.pcapng" >"$work/merged"
ok "two files are merged by the times of their frames" cmp "$work/whole" "$work/merged"

done_testing
