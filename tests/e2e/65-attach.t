#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The daemon attaches otherwise than the one before it: by links, by filters of clsact, elsewhere. What
# that one left is replaced, and no SYN is counted twice.

. "$(dirname "$0")/world.sh"
. "$here/daemon.sh"
world_begin nsd curl tc python3
world_hoster
serve_dns
wire router spare mail eth1
up router spare mail eth1
hostmac=$(mac mail eth0)
address=$mail6
sent=0
[[ -d $(dirname "$(dirname "$(pins mail)")") ]] || skip_all "no BPF file system is mounted"
inside mail "$here/tcx.py" eth0 >/dev/null 2>&1 || skip_all "this kernel has no tcx"

filters() { # IF DIRECTION: how many there are
	inside mail tc filter show dev "$1" "$2" | grep -c ' handle 0x5359 ' || :
}

hooks() { # IF: links in and out, filters in and out
	echo "$(inside mail "$here/tcx.py" "$1") $(filters "$1" ingress) $(filters "$1" egress)"
}

hooks_are() { [[ $(hooks "$1") == "$2" ]]; }

runs() { # ATTACH INTERFACES WANTED-HOOKS
	configure_daemon 'name "imap.example.org" {}' 'quiet = 600' "attach = $1"
	sed -i "s/^interfaces = .*/interfaces = {$2}/" "$work/synhole.conf"
	ok "$1 on $2" daemon_begin
	is "$(hooks eth0)" "$3" "each program is there once: $3"
	inside router "$here/syn.py" --dev host --to "$hostmac" --count 5 "$mail6"
	sent=$((sent + 5))
	ok "every SYN is counted, once" eventually incident_is "\$i.syns == $sent"
}

runs clsact '"eth0", "eth1"' "0 0 1 1"
is "$(hooks eth1)" "0 0 1 1" "on the other interface, too"
inside mail tc filter del dev eth0 ingress
ok "what somebody takes off on the way in comes back" eventually hooks_are eth0 "0 0 1 1"
daemon_end
runs auto '"eth0"' "1 1 0 0"
is "$(hooks eth1)" "0 0 0 0" "nothing is left where nobody looks any more"
ok "nor the qdisc" fails grep -q clsact <(inside mail tc qdisc show dev eth0)
daemon_end
runs clsact '"eth0"' "0 0 1 1"
daemon_end
runs generic '"eth0"' "0 1 0 0"
daemon_end
runs clsact '"eth0"' "0 0 1 1"
daemon_end
ok "--detach-all" inside mail "$synhole" watch --detach-all
is "$(hooks eth0)" "0 0 0 0" "nothing is left"
done_testing
