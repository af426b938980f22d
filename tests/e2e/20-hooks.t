#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every hook counts the same frames alike, beside others, and leaves the link as it was.

. "$(dirname "$0")/world.sh"
. "$here/frames.sh"
world_begin python3 tc bpftool clang
world_hoster

hooks() { # DEV: all that hangs at it
	inside mail bpftool -j net show dev "$1"
	tc -n "$world-mail" qdisc show dev "$1"
	tc -n "$world-mail" filter show dev "$1" ingress
	tc -n "$world-mail" filter show dev "$1" egress
	ip -n "$world-mail" -j link show dev "$1" | jq '.[0] | .xdp, .promiscuity, .flags'
}

clean() { # DEV: nothing of ours stayed
	diff "$work/before" <(hooks "$1")
}

attached_generic() { # PROGRAM-ID
	inside mail bpftool -j net show dev eth0 |
		jq -e --argjson id "$1" '[.[0].xdp[] | select(.mode == "generic") | .id] == [$id]'
}

hostmac=$(mac mail eth0)
hooks eth0 >"$work/before"

# --- the modes -----------------------------------------------------------------------------------

for mode in auto native generic tc; do
	capture_burst $mode
	is "$status" 0 "--attach $mode: exit 0"
	case $mode in
	auto | tc) hooked "$tc" ;;
	*) hooked "^xdp-$mode$" ;;
	esac
	json "every SYN of the 110 is counted where it belongs" "$all_counted"
	sums
	ok "the interface is as before" clean eth0
done

# --- however it ends -----------------------------------------------------------------------------

gone() { # LINK-ID
	! bpftool link show id "$1"
}

for mode in native generic tc; do
	capture_begin mail 1 --attach $mode -i eth0 --no-dns -d 60
	mapfile -t ids < <(links)
	ok "attached (--attach $mode)" test "$(hooks_held "$world-mail")" -eq 1
	kill -KILL "$capture" || :
	capture_wait 2>/dev/null
	for id in "${ids[@]}"; do
		ok "killed: link $id is gone" eventually gone "$id"
	done
	ok "killed: the interface is as before" eventually clean eth0
done

for signal in INT TERM; do
	capture_begin mail 1 -i eth0 --no-dns -d 60 --json --all --limit 0
	burst
	capture_end $signal
	json "SIG$signal ends it early, and it still prints the result" "$all_counted and .seconds < 60"
done

# --- what others have there ----------------------------------------------------------------------

inside mail tc qdisc add dev eth0 clsact
inside mail tc filter add dev eth0 ingress prio 7 protocol all bpf bytecode '1,6 0 0 0,' flowid 1:1
hooks eth0 >"$work/before"
ok "someone has a tc filter" grep -q 'pref 7 bpf' "$work/before"
capture_burst tc
json "beside someone's tc filter" "$all_counted"
ok "theirs stays and ours goes" clean eth0
inside mail tc qdisc del dev eth0 clsact

cat >"$work/other.c" <<'END'
char _license[] __attribute__((section("license"), used)) = "GPL";
__attribute__((section("xdp"), used)) int someone_elses(void *ctx) { return 2; /* XDP_PASS */ }
__attribute__((section("xdp.frags"), used)) int who_takes_all(void *ctx) { return 2; }
END
clang -target bpf -O2 -g -c "$work/other.c" -o "$work/other.o"
inside mail ip link set dev eth0 xdpgeneric obj "$work/other.o" sec xdp
id=$(inside mail bpftool -j net show dev eth0 | jq '.[0].xdp[0].id')
wire router second mail eth1
up router second mail eth1
for mode in native generic; do
	capture_burst $mode
	is "$status" 3 "someone else's XDP program is in the way of --attach $mode: exit 3"
	ok "it is named" grep -q "someone_elses" "$work/err"
	ok "with its id" grep -qw "$id" "$work/err"
	is "$(wc -l <"$work/err")" 1 "in one sentence"
done
ok "it stays" attached_generic "$id"
capture_burst tc
json "tc works beside it" "$all_counted"

# On Linux 6.18 such a one leaves no Ethernet header. Of ARP nothing can be said then.
inside mail ip link set dev eth0 xdpgeneric off
inside mail ip link set dev eth0 xdpgeneric obj "$work/other.o" sec xdp.frags
for mode in tc clsact; do
	capture_burst $mode
	json "by $mode too, where it takes frames of several buffers" \
		"$all_counted or (.interfaces[0].unparsed = 0 | $all_counted)"
done
capture_begin mail 1 --attach tc -i eth0 --no-dns -d 60 --json --all --limit 0
send --to 02:00:00:00:00:99 --count 5 2001:db8:1::bad
capture_end
json "frames for another host are no calls there" '.counts.syns == 0 or
	all(.destinations[]; .verdict == "foreign")'

# --- one bad interface never stops the others ----------------------------------------------------

hostmac=$(mac mail eth1)
for bad in eth0 nosuch0; do
	capture_begin mail 1 -i $bad -i eth1 --attach native --no-dns -d 60 --json --all --limit 0
	inside router "$here/syn.py" --dev second --to "$hostmac" --count 12 2001:db8:1::bad
	capture_end
	is "$status" 3 "beside a bad interface ($bad): exit 3"
	ok "which is named" grep -q $bad "$work/err"
	json "the other is watched" '.counts.syns == 12 and .status == "unknown"
		and any(.interfaces[]; .name == "eth1" and .hook == "xdp-native" and .syns == 12)'
done
inside mail ip link set dev eth0 xdpgeneric off
hostmac=$(mac mail eth0)

done_testing
