#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What capture --write leaves behind, as the real tshark and capinfos read it.

. "$(dirname "$0")/world.sh"
world_begin nsd php unshare python3 tshark capinfos setpriv
world_hoster
serve_dns
serve_imap

read_file() { # FILE FIELD...: a line for each packet, fields separated by "|"
	local args=() field
	for field in "${@:2}"; do args+=(-e "$field"); done
	tshark -r "$1" -T fields -E 'separator=|' -E occurrence=f "${args[@]}" 2>"$work/tshark.err"
}

# Of a capture while a client dials the address that is not there, and one that is.
capture_both() { # ARGUMENT...
	capture_begin mail 1 -i eth0 --dns "$dns" -n imap.example.org -d 60 --json --no-ptr "$@"
	dial "$mail4" 1 >/dev/null || :
	dial "$mail6" 2 >/dev/null || :
	sleep 1.2 # past the answer window
	capture_end
}

# --- of what is wrong only -----------------------------------------------------------------------

file=$work/wrong.pcapng
capture_both -w "$file"
is "$status" 2 "a capture that writes still says what is wrong"
ok "it says how much it has written" grep -q "wrote [0-9]* packets to $file" "$work/err"
syns=$(jq --arg a "$mail6" '.destinations[] | select(.address == $a) | .syns' "$work/out")
ok "capinfos takes the file" capinfos -M "$file"
capinfos -M "$file" >"$work/capinfos"
ok "its times are nanoseconds" grep -q 'nanoseconds' "$work/capinfos"
ok "it is of one interface, of Ethernet" grep -q 'Number of interfaces in file: *1' "$work/capinfos"
ok "which has its name" grep -q 'Name = eth0' "$work/capinfos"
ok "nothing else is beside it" test -z "$(find "$work" -name 'wrong.pcapng?*')"
read_file "$file" ipv6.dst tcp.flags.str frame.packet_flags_direction frame.cap_len >"$work/packets"
is "$(wc -l <"$work/packets")" "$syns" "every SYN to the missing address is there"
ok "and nothing else, all inbound, headers without what follows" \
	fails grep -v '^2001:db8:1::2|.*S.*|0x00000001|94$' "$work/packets"
read_file "$file" frame.comment >"$work/comments"
is "$(grep -c '^blackhole (critical): address-missing, no-default-route; dropped by the kernel: IP_INNOROUTES' \
	"$work/comments")" "$syns" "beside each: verdict, causes, and why the kernel dropped it"
ok "and beside the first the whole sentence" grep -q 'imap.example.org publishes 2001:db8:1::2, which' \
	<(head -n 1 "$work/comments")
is "$(grep -c 'publishes' "$work/comments")" 1 "which is said once"
read_file "$file" frame.time_epoch >"$work/times"
ok "times are in order, and now" awk -v now="$(date +%s)" \
	'$1 < last || $1 < now - 60 || $1 > now + 1 { exit 1 } { last = $1 }' "$work/times"
is "$(stat -c %a "$file")" 600 "it is its owner's alone: callers' addresses are in there"

# --- of everything -------------------------------------------------------------------------------

file=$work/all.pcapng.gz
echo old >"$file"
capture_both -w "$file" --write-all
ok "a name with .gz is compressed" gzip -t "$file"
read_file "$file" ip.dst ip.src tcp.flags.str frame.packet_flags_direction frame.comment >"$work/packets"
ok "the SYN that was answered is there" grep -q "^$mail4|.*S·|0x00000001|served (ok) \[route to $mail4 is local; route back to 192.0.2.5 is there\]$" "$work/packets"
ok "and its answer, outbound" grep -q "|$mail4|.*A··S·|0x00000002|served (ok)" "$work/packets"
ok "beside those that were lost" grep -q 'blackhole (critical)' "$work/packets"

# --- in a flood of strangers ---------------------------------------------------------------------

file=$work/flood.pcapng
capture_begin mail 1 -i eth0 --dns "$dns" -n imap.example.org -d 60 --json --no-ptr --all --limit 0 -w "$file"
inside router "$here/flood.py" host "$(mac mail eth0)" 100000 "$mail6" 20
read -r _ most <<<"$(resident)"
capture_end
is "$(capinfos -Mc "$file" | awk '/Number of packets/ { print $NF }')" 5000 \
	"every SYN to the published address is there"
read_file "$file" ipv6.dst frame.comment >"$work/packets"
is "$(grep -c "^$mail6|blackhole (critical).*; dropped by the kernel: IP_INNOROUTES" "$work/packets")" 5000 \
	"each with why it was dropped"
ok "what could not be kept of the strangers is said" grep -q '[0-9] packets came too fast' "$work/err"
ok "and stands in the file" test "$(tshark -r "$file" -T fields -e frame.number -c 1 2>/dev/null)" = 1 -a \
	"$(capinfos "$file" | grep -c 'Capture comment: .*; [1-9][0-9]* packets are missing')" = 1
ok "memory stays small ($most KiB)" test "$most" -lt 100000

# --- what does not work --------------------------------------------------------------------------

refused() { # WHAT WORDS ARGUMENT...
	run capture -d 1 --no-dns "${@:3}"
	is "$status" 3 "$1: exit 3"
	ok "and one sentence says why" grep -qxE "synhole: .*$2.*" "$work/err"
}
refused "into a directory that is not there" "nowhere.*No such file" -w "$work/nowhere/file"
mkfifo "$work/pipe"
refused "over a pipe" "no plain file" -w "$work/pipe"
refused "everything, but nowhere" "add --write" --write-all
capture_begin mail 1 -i eth0 --no-dns -d 60 -w "$work/killed.pcapng"
capture_end KILL
ok "one that is killed leaves nothing" fails ls "$work"/killed*
mkdir "$work/full"
trap 'umount -q "$work/full" || :; world_end' EXIT
if mount -t tmpfs -o size=4k synhole "$work/full"; then
	capture_begin mail 1 -i eth0 --no-dns -d 60 --json -w "$work/full/file" --write-all
	python3 - "$work" <<-'END' >/dev/null
		import os, sys
		open(sys.argv[1] + "/full/filler", "wb").write(os.urandom(4096))
	END
	dial "$mail4" 1 >/dev/null || :
	capture_end
	is "$status" 3 "no room on the disk: exit 3"
	ok "and a sentence" grep -q "cannot write packets to .*No space" "$work/err"
	ok "the report comes all the same" jq -e '.kind == "capture"' "$work/out"
	ok "and half a file does not stay" test "$(ls "$work/full")" = filler
else
	skip "no room on the disk" "no tmpfs can be mounted here"
fi
capture_begin mail 1 -i eth0 --no-dns -d 60 --json -w "$work/empty.pcapng"
capture_end
ok "where nothing came, a file without packets is valid" \
	test "$(capinfos -Mc "$work/empty.pcapng" | grep -c 'Number of packets: *0')" = 1
done_testing
